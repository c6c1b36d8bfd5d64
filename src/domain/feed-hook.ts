import type { EventKind } from './event.ts'
import type { FeedPlace } from './feed.ts'

/** Why nothing is sent to a receiver. */
export const STOPS = ['gone', 'failing', 'history', 'operator'] as const
export type Stop = (typeof STOPS)[number]

/** Per app: most receivers. Per receiver: most events waiting for a retry, and most dead events. */
export const MOST_FEED_HOOKS = 10
export const MOST_LETTERS = 500

/** An address that receives an app's events. */
export interface FeedHook {
  readonly id: string
  readonly appId: string
  readonly name: string
  readonly url: string
  /** Null for all kinds. */
  readonly kinds: readonly EventKind[] | null
  readonly place: FeedPlace
  /** Why nothing is sent; null if calls are made. */
  readonly stopped: Stop | null
  /** Failed calls since the last successful one. */
  readonly failures: number
  readonly failingSince: Date | null
  /** Successful calls. */
  readonly delivered: number
  readonly last: LastCall | null
  /** When the next retry is due, while calls fail. */
  readonly dueAt: Date
  /** Events waiting for a retry, and dead events. */
  readonly waiting: number
  readonly dead: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** The outcome of the last call. */
export interface LastCall {
  readonly at: Date
  /** Null if there was no answer. */
  readonly status: number | null
  readonly error: string | null
}

/** An event by its id in the feed; `part` is the device, for an event about all devices of a user. */
export interface LetterRef {
  readonly event: number
  readonly part: string
}

/** An event that its receiver did not accept. */
export interface Letter extends LetterRef {
  readonly kind: string
  /** Empty for an event that names no device. */
  readonly device: string
  readonly dead: boolean
  readonly tries: number
  readonly status: number | null
  readonly error: string | null
  readonly at: Date
  readonly triedAt: Date | null
  /** Null if the event waits for an earlier one of its device, or is dead. */
  readonly dueAt: Date | null
}
