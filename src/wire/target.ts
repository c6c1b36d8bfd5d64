import ipaddr from 'ipaddr.js'

/** Whether an address is anything but a public one; text that is no address counts as private. */
export const isPrivateAddress = (address: string): boolean =>
  !ipaddr.isValid(address) || ipaddr.process(address).range() !== 'unicast'

/**
 * Whether a URL's host is, as far as its text says, on a private, loopback or link-local network. What a name resolves to
 * is checked when a call connects (outbound.ts); this is for refusing such an address when it is given.
 */
export function isPrivateTarget({ hostname }: URL): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (ipaddr.isValid(name)) return isPrivateAddress(name)
  return !name.includes('.') || /\.(localhost|local|internal|home\.arpa)$/i.test(name)
}
