import { toBase64Url } from '../../../domain/encoding.ts'
import { wrappedEndpoint } from '../../../domain/push-token.ts'
import { sha256Hex } from '../../../secrets/hash.ts'
import { urlOf } from '../../endpoint.ts'
import type { Delivery, Push, Target } from '../../provider.ts'

/** 4,096 bytes of body minus the overhead of encryption. */
const MOST_BYTES = 3993
const TOPIC_BYTES = 24

/** Why any push service would refuse the message. */
export const fault = ({ body }: Push): string | undefined =>
  new TextEncoder().encode(body).byteLength > MOST_BYTES ? 'too-large' : undefined

const addresses = new WeakMap<Target, { readonly url: URL | undefined }>()
/**
 * The address of a subscription, in the form that its SDK stores; undefined if there is none. Parsed once.
 */
export function addressOf(target: Target): URL | undefined {
  const known = addresses.get(target)
  if (known) return known.url
  const { token } = target
  const url = urlOf(token.startsWith('http') ? token : (wrappedEndpoint(token) ?? token))
  addresses.set(target, { url })
  return url
}

/** Apple refuses topics whose length is 1 modulo 4; these always have 32 characters, the most that the RFC allows. */
function topicOf(collapse: string): string {
  const hash = sha256Hex(collapse).match(/../g) ?? []
  return toBase64Url(Uint8Array.from(hash.slice(0, TOPIC_BYTES), (pair) => Number.parseInt(pair, 16)))
}

/** The headers of a request, except for those that identify the sender. */
export function headersOf({ push, ttl }: Pick<Delivery, 'push' | 'ttl'>, { hostname }: URL) {
  // Microsoft's service accepts a TTL only together with a matching cache policy.
  const policy = ttl === 0 ? 'no-cache' : 'cache'
  const own = push.headers ?? {}
  return {
    ttl: String(ttl),
    'content-encoding': 'aes128gcm',
    'content-type': 'application/octet-stream',
    urgency: own.urgency ?? push.priority,
    ...(push.collapse !== undefined && { topic: topicOf(push.collapse) }),
    ...(hostname.endsWith('.notify.windows.com') && { 'x-wns-cache-policy': policy }),
  }
}
