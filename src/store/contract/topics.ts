import type { DeviceKey } from '../../domain/device.ts'
import type { TopicPage, TopicPolicy } from '../../domain/topic.ts'
import type { Occasion } from './occasion.ts'

/** What became of a change of topics. */
export type TopicOutcome = 'done' | 'unknown' | 'limit'

/** A change of one device's topics, applied as sets (identity R17). */
export interface TopicChange {
  readonly key: DeviceKey
  readonly names: readonly string[]
  readonly policy: TopicPolicy
  /** Whether a superseded device's own topics may change (identity R3); not where it is unknown on the wire. */
  readonly superseded: boolean
}

export interface TopicStore {
  /** Null for an unknown device. `after` is the last topic of the page before, or empty. */
  page(
    key: DeviceKey,
    page: { after: string; limit: number },
    at: { now: Date; superseded: boolean },
  ): Promise<TopicPage | null>
  replace(change: TopicChange, now: Date): Promise<TopicOutcome>
  add(change: TopicChange, now: Date): Promise<TopicOutcome>
  remove(change: TopicChange, now: Date): Promise<TopicOutcome>
  /** Takes topics away and, with its last one, the device. How many it has left; null for an unknown device. */
  leave(key: DeviceKey, names: readonly string[], occasion: Occasion): Promise<number | null>
  /** As `leave`, for the subscription that has this id. False where there is none. */
  leaveById(of: Pick<DeviceKey, 'appId' | 'dialect'>, id: string, occasion: Occasion): Promise<boolean>
}
