import ipaddr from 'ipaddr.js'

/**
 * Whether a URL's host is, as far as its text says, on a private, loopback or link-local network. What a name resolves to
 * is checked when a call connects (outbound.ts); this is for refusing such an address when it is given.
 */
export function isPrivateTarget({ hostname }: URL): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (ipaddr.isValid(name)) return ipaddr.process(name).range() !== 'unicast'
  return !name.includes('.') || /\.(localhost|local|internal|home\.arpa)$/i.test(name)
}
