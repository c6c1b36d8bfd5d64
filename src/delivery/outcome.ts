import type { Environment } from '../domain/push-token.ts'
import { Unanswered } from './transport/transport.ts'

/** What a service accepted: nothing more is done for the target. */
interface Accepted {
  readonly class: 'accepted'
  /** The service's own id of the message, for the debug log only. */
  readonly messageId?: string
  /** A token by which the service replaces the one sent to (ADM). */
  readonly replacedBy?: string
  /** The environment that the token turned out to belong to (APNs), if it is not the stored one. */
  readonly environment?: Environment
}

/** The service knows the token no more. */
interface Dead {
  readonly class: 'dead'
  readonly reason: string
  /** Since when, if the answer says so; else the start of the attempt counts (identity R11). */
  readonly at?: Date
  /** The service says in so many words that the registration ended; anything less falls under the mass-death brake. */
  readonly certain: boolean
}

/** The service refuses who asks, not what or whom. */
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

/** The service asks for a pause: of the lane, of a part of it, or for this one phone. */
interface Throttled {
  readonly class: 'throttled'
  readonly reason: string
  readonly scope: 'lane' | 'part' | 'device'
  /** What the answer's Retry-After says, in milliseconds. */
  readonly retryAfter?: number
  /** The shortest wait of this service, in milliseconds, where the answer names none. */
  readonly floor: number
}

/** No answer, or one that says nothing about the message: the same request may succeed later. */
interface Temporary {
  readonly class: 'temporary'
  readonly reason: string
  /** The way to the service is down: the lane rests at once, and no attempt counts. */
  readonly down?: boolean
  readonly retryAfter?: number
  readonly floor: number
}

/**
 * What became of one attempt for one target (delivery.md 2.1). A reason is a word or a sentence for operators, of up to
 * 200 characters; it never holds a token, an endpoint or a secret.
 */
export type Outcome = Accepted | Dead | CredentialRefused | Refused | Throttled | Temporary

/** The shortest wait before a retry where a service names none (delivery.md 2.2). */
export const FLOOR = 5_000

const LONGEST_REASON = 200

/** A service's own words as a reason: one line, bounded, without any of the texts that must not be shown. */
export function reasonOf(text: string, hidden: readonly string[] = []): string {
  const shown = hidden
    .filter((secret) => secret !== '')
    .reduce((left, secret) => left.replaceAll(secret, '…'), text)
  // An endpoint is a capability, and services quote it; control characters would break the line of a log.
  const plain = shown.replace(/https?:\/\/\S+/gi, '…').replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
  return plain.trim().slice(0, LONGEST_REASON)
}

/** Ends what leads to an answer, such as an exchange for an access token: the outcome of every request that needs it. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly outcome: Outcome

  constructor(outcome: Outcome) {
    super(outcome.class)
    this.outcome = outcome
  }
}

/** The outcome of a request to a service whose address is the operator's or ours: there was no answer. */
export function noAnswer(error: unknown, floor = FLOOR): Outcome {
  if (error instanceof Stopped) return error.outcome
  if (!(error instanceof Unanswered)) throw error
  const { kind, message: reason } = error
  return kind === 'private' || kind === 'local'
    ? { class: 'credential', reason, scope: 'lane' }
    : { class: 'temporary', reason, floor, ...(kind === 'relay' && { down: true }) }
}
