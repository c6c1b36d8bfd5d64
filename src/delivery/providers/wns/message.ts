import { sha256Hex } from '../../../secrets/hash.ts'
import type { Delivery, Push } from '../../provider.ts'

const BYTES = 5000
const TYPES = ['wns/toast', 'wns/tile', 'wns/badge', 'wns/raw']
const TAG_LENGTH = 16

/** The type that the renderer set, otherwise the one of the XML. */
function typeOf({ body, headers }: Push): string {
  const root = /^\s*(?:<\?[^>]*>\s*)?<(toast|tile|badge)[\s>/]/.exec(body)?.[1]
  return headers?.['x-wns-type'] ?? `wns/${root ?? 'raw'}`
}

/** Why WNS would refuse the message for any target. */
export function fault(push: Push): string | undefined {
  if (!TYPES.includes(typeOf(push))) return 'no-such-type'
  return new TextEncoder().encode(push.body).byteLength > BYTES ? 'too-large' : undefined
}

/** The headers of a request, except for the sender's. */
export function headersOf({ push, ttl }: Delivery): Readonly<Record<string, string>> {
  const type = typeOf(push)
  return {
    'content-type': type === 'wns/raw' ? 'application/octet-stream' : 'text/xml',
    'x-wns-type': type,
    // A TTL of 0 is refused together with a cache policy.
    ...(ttl === 0
      ? { 'x-wns-cache-policy': 'no-cache' }
      : { 'x-wns-cache-policy': 'cache', 'x-wns-ttl': String(ttl) }),
    ...(push.collapse && type !== 'wns/raw' && { 'x-wns-tag': tagOf(push.collapse) }),
  }
}

/** A tag has up to 16 letters and digits. */
const tagOf = (key: string): string =>
  /^[A-Za-z0-9]{1,16}$/.test(key) ? key : sha256Hex(key).slice(0, TAG_LENGTH)
