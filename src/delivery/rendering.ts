import type { Json, NeutralMessage, Recipient } from '../domain/message.ts'
import type { Push } from './provider.ts'

/**
 * How a dialect renders messages for its phones. A message is stored as the dialect's own body: the validated
 * request of a send call, or the result of `compose` for an operator's message.
 */
export interface Sending {
  /**
   * The member of a device's details to which an audience's `platformNames` refer; by default `platformName`.
   */
  readonly platformMember?: string
  /** Converts a message in neutral terms to the dialect's body, for sends to devices of all dialects. */
  compose(message: NeutralMessage): Json
  /** The names of the device tags that rendering reads. If absent: none. */
  tags?(body: Json): readonly string[]
  /**
   * A key for the rendered push: recipients with the same key share one push, which is rendered and
   * serialised once.
   */
  variant(body: Json, to: Recipient): string
  /** The dialect shows when a phone was last reached (`deliveredAt`); acceptance by a push service counts. */
  readonly showsReached?: boolean
  /** Null if the dialect has no form for the recipient's push service or platform. Pure. */
  render(body: Json, to: Recipient, sent: Sent): Rendered | null
}

/** A message that is being sent. */
export interface Sent {
  /** The message's id in the dialect. */
  readonly externalId: string
  /** The app's identifier in the dialect. */
  readonly identifier: string
  /** The options of the app in the dialect. */
  readonly options: Json
  /** When the message was accepted or, if it was scheduled, became due. */
  readonly at: Date
}

/** A push, and the seconds for which the push service may keep trying. */
export interface Rendered {
  readonly push: Push
  readonly ttl: number
}
