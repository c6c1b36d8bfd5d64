import ipaddr from 'ipaddr.js'

/** Names that lead to this machine or to a network of the operator's own. */
const LOCAL_NAMES = /(^|\.)(localhost|local|internal|home\.arpa)\.?$/i

/** Whether a URL's host is, as far as its text says, on a private, loopback or link-local network. */
export function isPrivateTarget({ hostname }: URL): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return LOCAL_NAMES.test(bare) || !bare || (ipaddr.isValid(bare) && isPrivateAddress(bare))
}

/** Whether an address is anything but one of the public internet. */
export function isPrivateAddress(address: string): boolean {
  return !ipaddr.isValid(address) || ipaddr.process(address).range() !== 'unicast'
}
