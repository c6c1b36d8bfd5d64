import type { Json, NeutralMessage, Recipient } from '../domain/message.ts'
import type { Push } from './provider.ts'

/**
 * How a message looks on its way to a phone. A message is kept as the dialect's own body: the checked request of a send
 * call, or what `compose` makes of an operator's message.
 */
export interface Sending {
  /** The member of a device's details that an audience's `platformNames` mean; by default `platformName`. */
  readonly platformMember?: string
  /** The dialect's body of a message in neutral words, for sends to devices of all dialects. */
  compose(message: NeutralMessage): Json
  /** The names of the device's tags that rendering reads. Absent: none. */
  tags?(body: Json): readonly string[]
  /** Recipients with the same text get the same push: it is rendered and serialised once for all of them. */
  variant(body: Json, to: Recipient): string
  /** The dialect shows when a phone was last reached (`deliveredAt`): what a push service accepts counts as that. */
  readonly showsReached?: boolean
  /** Null if the dialect has no form for the recipient's push service or platform. Pure. */
  render(body: Json, to: Recipient, sent: Sent): Rendered | null
}

/** A message on its way. */
export interface Sent {
  /** The message's id in the dialect. */
  readonly externalId: string
  /** The app's identifier in the dialect. */
  readonly identifier: string
  /** The options of the app in the dialect. */
  readonly options: Json
  /** When it was accepted or, if it was scheduled, became due. */
  readonly at: Date
}

/** A push, and the seconds for which the push service may keep trying. */
export interface Rendered {
  readonly push: Push
  readonly ttl: number
}
