import ipaddr from 'ipaddr.js'

/** Whether an address is anything but a public one; text that is no address counts as private. */
export const isPrivateAddress = (address: string): boolean =>
  !ipaddr.isValid(address) || ipaddr.process(address).range() !== 'unicast'

/** What can be told from a URL's host name alone; what it resolves to, the runtime checks when it connects. */
export function isPrivateHost(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (ipaddr.isValid(name)) return isPrivateAddress(name)
  return !name.includes('.') || /\.(localhost|local|internal|home\.arpa)$/i.test(name)
}
