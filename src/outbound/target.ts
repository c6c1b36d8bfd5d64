import ipaddr from 'ipaddr.js'

/** The IPv6 range of public hosts. Other addresses are special, or embed an IPv4 address that is not checked. */
const PUBLIC_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether an address is not public; invalid addresses count as private. IPv4-mapped IPv6 addresses are judged as IPv4;
 * other embeddings, which are translated or tunnelled, count as private.
 */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return true
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return true
  return 'parts' in parsed && (!parsed.match(PUBLIC_IPV6) || isTunnel(parsed.parts))
}

/** ISATAP (RFC 5214): `5efe` and an IPv4 address in the lower half, in any network. */
const isTunnel = (parts: readonly number[]): boolean =>
  parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200)

/**
 * Whether the text of a URL's host is a private, loopback or link-local address or name; used to refuse an address when
 * it is entered. The address that a name resolves to is checked on connection (guarded-fetch.ts).
 */
export function isPrivateTarget({ hostname }: URL): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (ipaddr.isValid(name)) return isPrivateAddress(name)
  return !name.includes('.') || /\.(localhost|local|internal|home\.arpa)$/i.test(name)
}
