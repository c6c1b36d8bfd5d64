import { importJWK, SignJWT } from 'jose'
import { fromBase64Url, toBase64Url } from '../../../domain/encoding.ts'
import type { VapidPair } from '../../../secrets/vapid.ts'

/** Lifetime of a signed JWT; the RFC allows 24 hours. */
const LIFE_SECONDS = 12 * 3600
/** Renewed an hour before it expires. */
const RENEWED_MILLISECONDS = 11 * 3_600_000

export interface Signed {
  readonly header: string
  readonly at: Date
}

/** The header Authorization for one push service (RFC 8292, section 3). */
export async function vapidHeader(
  { publicKey, privateKey }: VapidPair,
  claims: { readonly audience: string; readonly subject: string; readonly now: Date },
): Promise<Signed> {
  const point = fromBase64Url(publicKey) ?? new Uint8Array()
  const [x, y] = [toBase64Url(point.slice(1, 33)), toBase64Url(point.slice(33))]
  const key = await importJWK({ kty: 'EC', crv: 'P-256', x, y, d: privateKey }, 'ES256')
  const token = await new SignJWT()
    .setProtectedHeader({ typ: 'JWT', alg: 'ES256' })
    .setAudience(claims.audience)
    .setExpirationTime(Math.floor(claims.now.getTime() / 1000) + LIFE_SECONDS)
    .setSubject(claims.subject)
    .sign(key)
  return { header: `vapid t=${token}, k=${toBase64Url(point)}`, at: claims.now }
}

/**
 * Whether a new one must be signed; also after the clock was set back, because the old one would expire too
 * late.
 */
export function isStale({ at }: Signed, now: Date): boolean {
  const age = now.getTime() - at.getTime()
  return age >= RENEWED_MILLISECONDS || age < 0
}

/** Apple refuses other contacts: no spaces or brackets, and a public host. */
const SUBJECT =
  /^(mailto:[^\s@<>()[\]]+@|https:\/\/)((?!localhost)[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,})(\/[^\s<>]*)?$/i

/** Whether push services accept a contact. */
export const isSubject = (text: string): boolean => text.length <= 300 && SUBJECT.test(text)

/** The contact for services that require one, if none is configured. */
const NOBODY = 'mailto:webpush@example.com'

/** The contact that push services see, and a warning for the operator. */
export function subjectOf(
  given: readonly (string | null | undefined)[],
  publicUrl: string | undefined,
): { readonly subject: string; readonly warning: string | null } {
  const chosen = given.find((one): one is string => typeof one === 'string' && isSubject(one))
  if (chosen !== undefined) return { subject: chosen, warning: null }
  const host = publicUrl === undefined ? '' : new URL(publicUrl).hostname
  const own = `mailto:webpush@${host}`
  if (isSubject(own)) return { subject: own, warning: null }
  return { subject: NOBODY, warning: `no contact is set: push services see ${NOBODY}; set subject` }
}
