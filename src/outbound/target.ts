import ipaddr from 'ipaddr.js'

/** What the internet routes to IPv6 hosts. Everything else is special, or holds an IPv4 address that is not looked at. */
const PUBLIC_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether an address is anything but a public one; text that is no address counts as private. An IPv4 address in an
 * IPv6 one counts as itself where it is only written so, and as private where something translates or tunnels it.
 */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return true
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return true
  return 'parts' in parsed && (!parsed.match(PUBLIC_IPV6) || isTunnel(parsed.parts))
}

/** ISATAP (RFC 5214): the last half of an address of any network is `5efe` and an IPv4 address. */
const isTunnel = (parts: readonly number[]): boolean =>
  parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200)

/**
 * Whether a URL's host is, as far as its text says, on a private, loopback or link-local network. What a name resolves to
 * is checked when a call connects (outbound.ts); this is for refusing such an address when it is given.
 */
export function isPrivateTarget({ hostname }: URL): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (ipaddr.isValid(name)) return isPrivateAddress(name)
  return !name.includes('.') || /\.(localhost|local|internal|home\.arpa)$/i.test(name)
}
