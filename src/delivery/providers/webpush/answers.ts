import { FLOOR, type Outcome, reasonOf } from '../../outcome.ts'
import { retryAfterOf } from '../../retry.ts'
import type { Answer } from '../../transport/transport.ts'

/**
 * Texts with which services report that the subscription belongs to another key pair: a fault of one phone,
 * not of the key.
 */
const OTHER_PAIR = /credentials used to create|VapidPkHashMismatch/i

/** The outcome of an answer (delivery.md 5.3); `hidden` are texts to hide. */
export function outcomeOf(answer: Answer, now: Date, hidden: readonly string[]): Outcome {
  const { status } = answer
  if (status >= 200 && status < 300) return { class: 'accepted' }
  const words = wordsOf(answer)
  const reason = reasonOf(words ? `HTTP ${status}: ${words}` : `HTTP ${status}`, hidden)
  const retryAfter = retryAfterOf(answer.headers['retry-after'], now)
  const wait = { floor: FLOOR, ...(retryAfter !== undefined && { retryAfter }) }
  // Redirects are never followed, because the new address may belong to anybody.
  if (status < 400) return { class: 'payload', reason: 'moved' }
  if (status === 404 || status === 410) return { class: 'dead', reason, certain: true }
  if ([400, 401, 403].includes(status) && OTHER_PAIR.test(words)) return { class: 'mismatch', reason }
  if (status === 401 || status === 403) return { class: 'credential', reason, scope: 'part' }
  if (status === 406 || status === 429) return { class: 'throttled', reason, scope: 'device', ...wait }
  return status >= 500 ? { class: 'temporary', reason, ...wait } : { class: 'payload', reason }
}

/** A service's explanation: WNS sends it in a header, others in a JSON document or as text. */
function wordsOf({ headers, text }: Answer): string {
  const description = headers['x-wns-error-description']
  if (description) return description
  try {
    const document: unknown = JSON.parse(text)
    if (typeof document !== 'object' || document === null) return ''
    const { errno, reason, message, error } = document as Record<string, unknown>
    const parts = [errno === undefined ? undefined : `errno ${errno}`, reason, message ?? error]
    return parts.filter((one) => typeof one === 'string').join(': ')
  } catch {
    // HTML pages are not useful to an operator.
    return text.trimStart().startsWith('<') ? '' : text
  }
}
