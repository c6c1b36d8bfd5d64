import type { Device } from './device.ts'
import type { Event } from './event.ts'

/**
 * A reader's position in an app's feed: after an event or, if `device` is not empty, within an event about all devices of a
 * user, after this device. `turn` comes first for databases that do not commit in the order of ids.
 */
export type FeedPlace = readonly [turn: number, id: number, device: string]

/** The position before the first event. */
export const FEED_START: FeedPlace = [0, 0, '']

/** An event with the current state of its device. The device is null if it was removed or the event names none. */
export interface FeedItem {
  readonly event: Event
  readonly device: Device | null
  readonly place: FeedPlace
}
