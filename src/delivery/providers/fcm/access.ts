import { importPKCS8, SignJWT } from 'jose'
import { membersOf } from '../../json.ts'
import { type Kept, type Shared, shared } from '../../kept.ts'
import { noAnswer, reasonOf, Stopped } from '../../outcome.ts'
import type { LaneDeps } from '../../provider.ts'
import { retryAfterOf } from '../../retry.ts'
import type { Answer } from '../../transport/transport.ts'
import { FLOOR_MILLISECONDS } from './answers.ts'
import type { Credential } from './credential.ts'

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging'
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
/** The longest lifetime that Google accepts. */
const ASSERTION_SECONDS = 3600
const RENEWED_BEFORE_END = 5 * 60_000

/**
 * The access token of a service account, one for all requests of the lane. Throws `Stopped` if none can be
 * obtained.
 */
export function accessToken({ serviceAccount }: Credential, deps: LaneDeps): Shared {
  return shared({
    name: 'access-token',
    kept: deps.kept,
    now: deps.now,
    due: ({ expiresAt }, now) => expiresAt.getTime() - now.getTime() <= RENEWED_BEFORE_END,
    make: () => exchange(serviceAccount, deps),
  })
}

async function exchange(account: Credential['serviceAccount'], { now, post }: LaneDeps): Promise<Kept> {
  const madeAt = now()
  const body = new URLSearchParams({ grant_type: GRANT, assertion: await assertion(account, madeAt) })
  const answer = await post(new URL(account.token_uri), {
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: body.toString(),
  }).catch((error: unknown) => {
    throw new Stopped(noAnswer(error, FLOOR_MILLISECONDS))
  })
  const said = membersOf(answer.text)
  const { access_token: value, expires_in: seconds } = said
  if (answer.status !== 200) throw new Stopped(refusal(answer, said, madeAt))
  if (typeof value !== 'string' || value === '' || typeof seconds !== 'number' || seconds <= 0)
    throw new Stopped({ class: 'temporary', reason: 'no-access-token', floor: FLOOR_MILLISECONDS })
  return { value, madeAt, expiresAt: new Date(madeAt.getTime() + seconds * 1000) }
}

async function assertion(account: Credential['serviceAccount'], at: Date): Promise<string> {
  const seconds = Math.floor(at.getTime() / 1000)
  return new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: account.private_key_id })
    .setIssuer(account.client_email)
    .setAudience(account.token_uri)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + ASSERTION_SECONDS)
    .sign(await importPKCS8(account.private_key, 'RS256'))
}

function refusal({ status, headers }: Answer, said: Readonly<Record<string, unknown>>, now: Date) {
  const words = [said.error, said.error_description].filter((one) => typeof one === 'string')
  const reason = reasonOf(words.join(': ')) || `HTTP ${status}`
  const retryAfter = retryAfterOf(headers['retry-after'], now)
  const wait = { floor: FLOOR_MILLISECONDS, ...(retryAfter !== undefined && { retryAfter }) }
  if (status === 429) return { class: 'throttled', reason, scope: 'lane', ...wait } as const
  if (status >= 500) return { class: 'temporary', reason, ...wait } as const
  return { class: 'credential', reason, scope: 'lane' } as const
}
