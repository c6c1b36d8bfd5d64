import { compactVerify } from 'jose'
import { fromBase64Url } from '../../src/domain/encoding.ts'
import { isStorable } from '../../src/domain/text.ts'
import { mapOf, nearestNumber, parseJsonText } from '../../src/wire/json.ts'
import { fault } from './errors.ts'

/** The vendor's tolerance for tokens signed by a clock ahead of ours (section 5). */
const LEEWAY_SECONDS = 60
/** In Unicode characters. */
export const MAX_USER_ID = 164

export interface UserTokenCheck {
  readonly token: string
  /** The app's secret keys; their characters are the HMAC key. */
  readonly secrets: readonly string[]
  readonly instanceId: string
  readonly now: Date
}

/** The content of a verified Beams user token. */
export interface ProvedUser {
  readonly id: string
  /** The secret key that signed it. */
  readonly secret: string
}

/** Verifies a Beams user token. Throws the contract's errors, signature first. */
export async function verifiedUser({ token, secrets, instanceId, now }: UserTokenCheck): Promise<ProvedUser> {
  const { claims, secret } = await signedClaims(token, secrets)
  const { exp, sub, iss } = claims
  if (exp === undefined || exp === null) throw fault('expMissing')
  if (sub === undefined || sub === null) throw fault('subMissing')
  const fine = typeof sub === 'string' && sub !== '' && [...sub].length <= MAX_USER_ID && isStorable(sub)
  if (!fine) throw fault('subLength')
  if (iss === undefined || iss === null) throw fault('issMissing')
  const issuer = `https://${instanceId}.pushnotifications.pusher.com`
  if (typeof iss !== 'string' || iss.toLowerCase() !== issuer.toLowerCase()) throw fault('issForbidden')
  const seconds = now.getTime() / 1000
  const early = [claims.iat, claims.nbf].some((at) => (nearestNumber(at) ?? 0) > seconds + LEEWAY_SECONDS)
  if (!((nearestNumber(exp) ?? 0) > seconds) || early) throw fault('authorizationMalformed')
  return { id: sub, secret }
}

/** The user of a token that the vendor has verified. */
export function vouchedUser(token: string): string {
  const user = userOf(token)
  if (user === null) throw fault('subLength')
  return user
}

/** The user that a token names, without verification; null for none. */
export function userOf(token: string): string | null {
  const bytes = fromBase64Url(token.split('.')[1] ?? '')
  const sub = bytes && mapOf(parseJsonText(new TextDecoder().decode(bytes)))?.sub
  const fine = typeof sub === 'string' && sub !== '' && [...sub].length <= MAX_USER_ID && isStorable(sub)
  return fine ? sub : null
}

async function signedClaims(
  token: string,
  secrets: readonly string[],
): Promise<{ readonly claims: Record<string, unknown>; readonly secret: string }> {
  for (const secret of secrets) {
    try {
      const key = new TextEncoder().encode(secret)
      const { payload, protectedHeader } = await compactVerify(token, key, { algorithms: ['HS256'] })
      if (protectedHeader.typ !== undefined && protectedHeader.typ.toUpperCase() !== 'JWT') break
      const claims = parseJsonText(new TextDecoder().decode(payload))
      if (!Array.isArray(claims) && mapOf(claims))
        return { claims: claims as Record<string, unknown>, secret }
    } catch {
      // Another key may have signed it; a token that fits no key is malformed.
    }
  }
  throw fault('authorizationMalformed')
}
