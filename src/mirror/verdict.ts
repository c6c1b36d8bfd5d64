import type { MirroredRoute } from '../domain/mirroring.ts'
import type { VendorAnswer } from './vendor.ts'

/** Whether an answer comes from the vendor itself, or counts as none. */
export type Verdict = 'accepted' | 'refused' | 'throttled' | 'down'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/**
 * Whether an answer comes from the vendor. A server error, an HTML page, a redirect, and an unreadable body
 * where JSON is required come from a proxy, or from a vendor that is down.
 */
export function verdictOf(
  { status, headers, body }: Pick<VendorAnswer, 'status' | 'headers' | 'body'>,
  route: MirroredRoute | null,
): Verdict {
  if (status === 429) return 'throttled'
  if (status >= 500) return 'down'
  if (status >= 300 && status < 400) return route?.sendsOn && headers.has('location') ? 'accepted' : 'down'
  const type = (headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'down'
  const good = status >= 200 && status < 300
  const { answers = 'json' } = route ?? { answers: 'any' }
  const mayBeEmpty = good && (status === 204 || answers !== 'json')
  if (body.byteLength === 0) return mayBeEmpty || answers === 'any' ? verdictBy(good) : 'down'
  if (answers === 'any') return verdictBy(good)
  return parsed(body) === undefined ? 'down' : verdictBy(good)
}

const verdictBy = (good: boolean): Verdict => (good ? 'accepted' : 'refused')

/** The JSON of a body; undefined for anything else. */
export function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body))
  } catch {
    return undefined
  }
}
