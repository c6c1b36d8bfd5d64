import { membersOf } from './json.ts'
import { type Kept, type Shared, shared } from './kept.ts'
import { noAnswer, type Outcome, reasonOf, Stopped } from './outcome.ts'
import type { LaneDeps } from './provider.ts'
import { retryAfterOf } from './retry.ts'
import type { Answer } from './transport/transport.ts'

export interface ClientCredentials {
  readonly url: URL
  /** Fields of the form besides the grant type. */
  readonly form: Readonly<Record<string, string>>
  /** The shortest wait of this service, in milliseconds. */
  readonly floor: number
}

/** If a new access token is refused too, no further one is requested for each following request. */
const REFUSED_MILLISECONDS = 60_000
const RENEWED_BEFORE_END = 5 * 60_000

/** An access token for the id and secret of an app (RFC 6749, section 4.4), one for all requests of a lane. */
export function clientToken(of: ClientCredentials, deps: LaneDeps): Shared {
  return shared({
    name: 'access-token',
    kept: deps.kept,
    now: deps.now,
    due: ({ expiresAt }, now) => expiresAt.getTime() - now.getTime() <= RENEWED_BEFORE_END,
    make: () => exchange(of, deps),
  })
}

async function exchange({ url, form, floor }: ClientCredentials, { now, post }: LaneDeps): Promise<Kept> {
  const madeAt = now()
  const answer = await post(url, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString(),
  }).catch((error: unknown) => {
    throw new Stopped(noAnswer(error, floor))
  })
  const said = membersOf(answer.text)
  if (answer.status !== 200) throw new Stopped(refusal(answer, said, { now: madeAt, floor, form }))
  const [value, seconds] = [said.access_token, Number(said.expires_in)]
  if (typeof value !== 'string' || value === '' || !(seconds > 0))
    throw new Stopped({ class: 'temporary', reason: 'no-access-token', floor })
  return { value, madeAt, expiresAt: new Date(madeAt.getTime() + seconds * 1000) }
}

function refusal(
  { status, headers }: Answer,
  said: Readonly<Record<string, unknown>>,
  { now, floor, form }: { readonly now: Date } & Pick<ClientCredentials, 'floor' | 'form'>,
): Outcome {
  const words = [said.error, said.error_description, said.reason]
  const told = words.filter((one) => typeof one === 'string' || typeof one === 'number').join(': ')
  const reason = reasonOf(told, Object.values(form)) || `HTTP ${status}`
  const retryAfter = retryAfterOf(headers['retry-after'], now)
  const wait = { floor, ...(retryAfter !== undefined && { retryAfter }) }
  if (status === 429) return { class: 'throttled', reason, scope: 'lane', ...wait }
  if (status >= 500) return { class: 'temporary', reason, ...wait }
  return { class: 'credential', reason, scope: 'lane' }
}

interface WithToken {
  readonly token: Shared
  readonly now: LaneDeps['now']
  /** Whether the service refused the access token itself, so that a new one may be accepted. */
  readonly refuses: (answer: Answer) => boolean
}

/** An answer, with the access tokens that its text may contain. */
export interface Authorized {
  readonly answer: Answer
  readonly hidden: readonly string[]
}

/** Sends the request with the access token, and once more with a new one if that was refused. */
export function authorized({ token, now, refuses }: WithToken) {
  let refusedAt = Number.NEGATIVE_INFINITY

  return async (ask: (access: string) => Promise<Answer>): Promise<Authorized> => {
    const access = token.ready() ?? (await token.current())
    const answer = await ask(access)
    const at = now().getTime()
    if (!refuses(answer) || Math.abs(at - refusedAt) < REFUSED_MILLISECONDS)
      return { answer, hidden: [access] }
    const renewed = await token.renewed(access)
    const second = await ask(renewed)
    if (refuses(second)) refusedAt = at
    return { answer: second, hidden: [access, renewed] }
  }
}

/** The URL of a path below a base, which may have a path itself. */
export const below = (base: string, path: string): URL => new URL(base.replace(/\/+$/, '') + path)
