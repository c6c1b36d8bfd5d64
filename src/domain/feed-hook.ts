import type { EventKind } from './event.ts'
import type { FeedPlace } from './feed.ts'

/** Why a receiver is told nothing. */
export const STOPS = ['gone', 'failing', 'history', 'operator'] as const
export type Stop = (typeof STOPS)[number]

/** Most addresses of an app that are told its events, and of events that each waits for, and that are dead. */
export const MOST_FEED_HOOKS = 10
export const MOST_LETTERS = 500

/** An address that is told the events of an app. */
export interface FeedHook {
  readonly id: string
  readonly appId: string
  readonly name: string
  readonly url: string
  /** Null: all. */
  readonly kinds: readonly EventKind[] | null
  readonly place: FeedPlace
  /** Why nothing is sent; null where it is. */
  readonly stopped: Stop | null
  /** Calls that failed since the last one that arrived. */
  readonly failures: number
  readonly failingSince: Date | null
  /** Calls that arrived. */
  readonly delivered: number
  readonly last: LastCall | null
  /** When it is called again, while it fails. */
  readonly dueAt: Date
  /** Events that wait for their next try, and dead ones. */
  readonly waiting: number
  readonly dead: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** What came of the last call. */
export interface LastCall {
  readonly at: Date
  /** Null where there was no answer. */
  readonly status: number | null
  readonly error: string | null
}

/** An event by its place in the feed; `part` is the device, where it is about all devices of a user. */
export interface LetterRef {
  readonly event: number
  readonly part: string
}

/** An event that its receiver has not taken. */
export interface Letter extends LetterRef {
  readonly kind: string
  /** Empty where it is about none. */
  readonly device: string
  readonly dead: boolean
  readonly tries: number
  readonly status: number | null
  readonly error: string | null
  readonly at: Date
  readonly triedAt: Date | null
  /** Null behind another event of its device, and where it is dead. */
  readonly dueAt: Date | null
}
