import { membersOf } from '../../json.ts'
import { FLOOR, type Outcome, reasonOf } from '../../outcome.ts'
import { retryAfterOf } from '../../retry.ts'
import type { Answer } from '../../transport/transport.ts'

const SUCCESS = '80000000'
const PARTLY = '80100000'
const ALL_INVALID = '80300007'
const TOKEN_EXPIRED = '80200003'

type Class = 'payload' | 'credential' | 'temporary'

/** delivery.md 7. An invalid token may become valid again: it is reported, but never marked as dead. */
const CLASSES: Readonly<Record<string, Class>> = {
  80300010: 'payload',
  80100016: 'payload',
  80100001: 'payload',
  80100003: 'payload',
  80100004: 'payload',
  80100013: 'payload',
  80300008: 'payload',
  80200001: 'credential',
  [TOKEN_EXPIRED]: 'credential',
  80300002: 'credential',
  80300011: 'credential',
  80600003: 'temporary',
  81000001: 'temporary',
}

interface Context {
  readonly now: Date
  /** Texts to hide. */
  readonly hidden: readonly string[]
}

/**
 * The outcome of each token of a list; undefined for those that were not sent because of other tokens in it.
 */
export function outcomesOf(
  answer: Answer,
  tokens: readonly string[],
  context: Context,
): readonly (Outcome | undefined)[] {
  const { code, msg, requestId } = membersOf(answer.text)
  const words = typeof msg === 'string' ? msg : ''
  const invalid: Outcome = { class: 'mismatch', reason: ALL_INVALID }
  const accepted: Outcome = {
    class: 'accepted',
    ...(typeof requestId === 'string' && { messageId: requestId.slice(0, 100) }),
  }
  if (code === SUCCESS) return tokens.map(() => accepted)
  const named = illegalTokens(words)
  if (code === PARTLY) return tokens.map((token) => (named.has(token) ? invalid : accepted))
  if (code === ALL_INVALID) {
    const some = tokens.some((token) => named.has(token))
    return tokens.map((token) => (!some || named.has(token) ? invalid : undefined))
  }
  const outcome = outcomeOf(answer, typeof code === 'string' ? code : '', words, context)
  return tokens.map(() => outcome)
}

function outcomeOf(
  { status, headers }: Answer,
  code: string,
  words: string,
  { now, hidden }: Context,
): Outcome {
  const reason = reasonOf([code, words].filter((one) => one).join(': '), hidden) || `HTTP ${status}`
  const retryAfter = retryAfterOf(headers['retry-after'], now)
  const wait = { floor: FLOOR, ...(retryAfter !== undefined && { retryAfter }) }
  const known = Object.hasOwn(CLASSES, code) ? CLASSES[code] : undefined
  if (status === 503 || status === 429) return { class: 'throttled', reason, scope: 'lane', ...wait }
  if (known === 'temporary' || status >= 500) return { class: 'temporary', reason, ...wait }
  if (known === 'payload') return { class: 'payload', reason }
  if (known === 'credential' || status === 401 || status === 403)
    return { class: 'credential', reason, scope: 'lane' }
  // An answer in another format comes from a wrong address.
  if (status < 400 && code === '') return strange(status, reason)
  return { class: 'payload', reason }
}

/** A success without a readable code: the message may have been sent, and a retry would send it twice. */
const strange = (status: number, reason: string): Outcome =>
  status >= 200 && status < 300 ? { class: 'accepted' } : { class: 'credential', reason, scope: 'lane' }

/** Whether the access token itself was refused, so that a new one may be accepted. */
export const refusesToken = ({ status, text }: Answer): boolean =>
  status === 401 || membersOf(text).code === TOKEN_EXPIRED

/** The tokens that a message lists as invalid; its format is poorly documented. */
function illegalTokens(words: string): ReadonlySet<string> {
  const { illegal_tokens: one, illegalTokens: other } = membersOf(words)
  const listed = [one, other].find(Array.isArray) ?? []
  return new Set(listed.filter((token: unknown): token is string => typeof token === 'string'))
}
