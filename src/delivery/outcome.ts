import type { Environment } from '../domain/push-token.ts'
import { Unanswered } from './transport/transport.ts'

/** The service accepted the message; the target is done. */
interface Accepted {
  readonly class: 'accepted'
  /** The service's own id of the message, for the debug log only. */
  readonly messageId?: string
  /** A token by which the service replaces the one sent to (ADM). */
  readonly replacedBy?: string
  /** The environment to which the token actually belongs (APNs), if it is not the stored one. */
  readonly environment?: Environment
}

/** The service no longer knows the token. */
interface Dead {
  readonly class: 'dead'
  readonly reason: string
  /** Since when, if the answer contains it; otherwise the start of the attempt (identity R11). */
  readonly at?: Date
  /** The service states explicitly that the registration ended; otherwise the mass-death limit applies. */
  readonly certain: boolean
}

/** The service refuses the credential, not the message or target. */
interface CredentialRefused {
  readonly class: 'credential'
  readonly reason: string
  /** The whole lane, or only the part that `Lane.part` names for this target. */
  readonly scope: 'lane' | 'part'
}

/** The token belongs to another app, sender, topic or key (`mismatch`), or the message is refused (`payload`). */
interface Refused {
  readonly class: 'mismatch' | 'payload'
  readonly reason: string
}

/** The service asks for a pause: for the lane, for a part of it, or for this phone only. */
interface Throttled {
  readonly class: 'throttled'
  readonly reason: string
  readonly scope: 'lane' | 'part' | 'device'
  /** The Retry-After of the answer, in milliseconds. */
  readonly retryAfter?: number
  /** The service's minimum wait, in milliseconds, if the answer contains none. */
  readonly floor: number
}

/** No answer, or one that does not concern the message: the same request may succeed later. */
interface Temporary {
  readonly class: 'temporary'
  readonly reason: string
  /** The service cannot be reached: the lane pauses immediately, and the attempt does not count. */
  readonly down?: boolean
  readonly retryAfter?: number
  readonly floor: number
}

/**
 * The result of one attempt for one target (delivery.md 2.1). A reason is a word or a sentence for operators,
 * of up to 200 characters; it never contains a token, an endpoint or a secret.
 */
export type Outcome = Accepted | Dead | CredentialRefused | Refused | Throttled | Temporary

/** The minimum wait before a retry if the service gives none (delivery.md 2.2). */
export const FLOOR = 5_000

const LONGEST_REASON = 200

/** A service's own text as a reason: one line, limited in length, without the texts to hide. */
export function reasonOf(text: string, hidden: readonly string[] = []): string {
  const shown = hidden
    .filter((secret) => secret !== '')
    .reduce((left, secret) => left.replaceAll(secret, '…'), text)
  // Services quote endpoints, which are secret; control characters would break a log line.
  const plain = shown.replace(/https?:\/\/\S+/gi, '…').replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
  return plain.trim().slice(0, LONGEST_REASON)
}

/**
 * An error in a request that others depend on, such as one for an access token: the outcome applies to all of
 * them.
 */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly outcome: Outcome

  constructor(outcome: Outcome) {
    super(outcome.class)
    this.outcome = outcome
  }
}

/**
 * The outcome of a request without an answer, for a service whose address is configured by the operator or by
 * us.
 */
export function noAnswer(error: unknown, floor = FLOOR): Outcome {
  if (error instanceof Stopped) return error.outcome
  if (!(error instanceof Unanswered)) throw error
  const { kind, message: reason } = error
  return kind === 'private' || kind === 'local'
    ? { class: 'credential', reason, scope: 'lane' }
    : { class: 'temporary', reason, floor, ...(kind === 'relay' && { down: true }) }
}
