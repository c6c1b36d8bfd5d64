import { membersOf } from '../../json.ts'
import { type Outcome, reasonOf } from '../../outcome.ts'
import { retryAfterOf } from '../../retry.ts'
import type { Answer } from '../../transport/transport.ts'

export const FLOOR_MILLISECONDS = 60_000

interface Context {
  readonly now: Date
  /** The registration id that was used. */
  readonly token: string
  /** Texts to hide in reasons. */
  readonly hidden: readonly string[]
}

/** delivery.md 8. */
export function outcomeOf({ status, headers, text }: Answer, { now, token, hidden }: Context): Outcome {
  const said = membersOf(text)
  if (status >= 200 && status < 300) {
    const { registrationID: id } = said
    const messageId = headers['x-amzn-requestid']
    return {
      class: 'accepted',
      ...(messageId !== undefined && { messageId: messageId.slice(0, 100) }),
      // The service replaces ids over time, and reports the new id only here.
      ...(typeof id === 'string' && id !== '' && id !== token && { replacedBy: id }),
    }
  }
  const told = typeof said.reason === 'string' ? said.reason : ''
  const reason = reasonOf(told, hidden) || `HTTP ${status}`
  const retryAfter = retryAfterOf(headers['retry-after'], now)
  const wait = { floor: FLOOR_MILLISECONDS, ...(retryAfter !== undefined && { retryAfter }) }
  if (told === 'Unregistered') return { class: 'dead', reason, certain: true }
  // Damaged, or of another app.
  if (told === 'InvalidRegistrationId') return { class: 'mismatch', reason }
  if (status < 400 || status === 401 || status === 403) return { class: 'credential', reason, scope: 'lane' }
  if (status === 429) return { class: 'throttled', reason, scope: 'device', ...wait }
  if (status >= 500) return { class: 'temporary', reason, ...wait }
  return { class: 'payload', reason }
}
