import type { Device } from './device.ts'
import type { Event } from './event.ts'

/**
 * Where a reader of an app's events stands: behind an event or, where `device` is not empty, inside one that is about all
 * devices of a user, behind this one of them. `turn` comes first where commits are not in the order of ids.
 */
export type FeedPlace = readonly [turn: number, id: number, device: string]

/** Before everything. */
export const FEED_START: FeedPlace = [0, 0, '']

/** An event, with the device as it is by now: no older than the event. Null: there is none any more, or it is about none. */
export interface FeedItem {
  readonly event: Event
  readonly device: Device | null
  readonly place: FeedPlace
}
