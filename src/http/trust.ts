import ipaddr from 'ipaddr.js'

/** Which proxies' forwarding headers are trusted: the parsed `TRUST_PROXY`. */
export type Trust =
  | { readonly kind: 'off' }
  /** A fixed number of proxies, whatever their addresses. */
  | { readonly kind: 'hops'; readonly hops: number }
  /** Proxies at these addresses; with `cloudflare`, the caller is read from `CF-Connecting-IP`. */
  | { readonly kind: 'addresses' | 'cloudflare'; readonly ranges: readonly Range[] }

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = readonly [Address, number]

const LOOPBACK = ['127.0.0.0/8', '::1/128']

/** https://www.cloudflare.com/ips/, and loopback for Cloudflare's tunnel daemon. */
const CLOUDFLARE = [
  ...LOOPBACK,
  ...['173.245.48.0/20', '103.21.244.0/22', '103.22.200.0/22', '103.31.4.0/22', '141.101.64.0/18'],
  ...['108.162.192.0/18', '190.93.240.0/20', '188.114.96.0/20', '197.234.240.0/22', '198.41.128.0/17'],
  ...['162.158.0.0/15', '104.16.0.0/13', '104.24.0.0/14', '172.64.0.0/13', '131.0.72.0/22'],
  ...['2400:cb00::/32', '2606:4700::/32', '2803:f800::/32', '2405:b500::/32', '2405:8100::/32'],
  ...['2a06:98c0::/29', '2c0f:f248::/32'],
]

/** Longer proxy chains are an attack, not a deployment. */
export const MOST_HOPS = 32

/** Parses `off`, `loopback`, `cloudflare`, a number of hops, or comma-separated addresses and networks; else null. */
export function parseTrust(text: string): Trust | null {
  const words = text.split(',').map((word) => word.trim().toLowerCase())
  const [only = ''] = words
  if (words.length === 1) {
    if (only === 'off' || only === '0') return { kind: 'off' }
    if (only === 'cloudflare') return { kind: 'cloudflare', ranges: CLOUDFLARE.map(parsedRange) }
    if (/^[0-9]{1,2}$/.test(only)) {
      const hops = Number(only)
      return hops <= MOST_HOPS ? { kind: 'hops', hops } : null
    }
  }
  const named = words.flatMap((word) => (word === 'loopback' ? LOOPBACK : [word]))
  return named.every(isRange) ? { kind: 'addresses', ranges: named.map(parsedRange) } : null
}

const isRange = (text: string): boolean =>
  text.includes('/') ? ipaddr.isValidCIDR(text) : isPlainAddress(text)

/** ipaddr.js also accepts `10.1` and `0x7f000001`, which are typing errors here. */
const isPlainAddress = (text: string): boolean =>
  ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)

function parsedRange(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** Whether forwarding headers from this address are trusted. */
export function trusts(trust: Trust, address: string): boolean {
  if (trust.kind === 'off') return false
  if (trust.kind === 'hops') return true
  const parsed = addressOf(address)
  return parsed !== null && trust.ranges.some(([network, bits]) => isInside(parsed, network, bits))
}

const isInside = (address: Address, network: Address, bits: number): boolean =>
  address.kind() === network.kind() && address.match(network, bits)

/** Parses an address; an IPv4-mapped IPv6 address becomes IPv4. */
const addressOf = (text: string): Address | null => (isPlainAddress(text) ? ipaddr.process(text) : null)

/**
 * The key under which rate limits count an address. IPv6 addresses are grouped by /64, because a customer can use any
 * address in it. Text that is not an address is only cut.
 */
export function countedAddress(text: string): string {
  const address = addressOf(text)
  if (address === null) return text.slice(0, 64)
  if (!('parts' in address)) return address.toString()
  return `${address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}
