import type { DeviceKey } from '../../domain/device.ts'
import type { Page, PageRequest, TextPlace } from '../../domain/page.ts'
import type { TopicPolicy } from '../../domain/topic.ts'
import type { Occasion } from './occasion.ts'

/** The outcome of a topic change. */
export type TopicOutcome = 'done' | 'unknown' | 'limit'

/** A change of one device's topics, applied as sets (identity R17). */
export interface TopicChange {
  readonly key: DeviceKey
  readonly names: readonly string[]
  readonly policy: TopicPolicy
  /** Whether a superseded device's own topics may change (identity R3); false if the dialect treats it as unknown. */
  readonly superseded: boolean
}

export interface TopicStore {
  /** In byte order. Null for an unknown device. */
  page(
    key: DeviceKey,
    page: PageRequest<TextPlace>,
    at: { now: Date; superseded: boolean },
  ): Promise<Page<string, TextPlace> | null>
  replace(change: TopicChange, occasion: Occasion): Promise<TopicOutcome>
  add(change: TopicChange, occasion: Occasion): Promise<TopicOutcome>
  remove(change: TopicChange, occasion: Occasion): Promise<TopicOutcome>
  /** Removes topics and, with its last one, the device. Returns how many are left; null for an unknown device. */
  leave(key: DeviceKey, names: readonly string[], occasion: Occasion): Promise<number | null>
  /** Like `leave`, for a subscription by id. False for an unknown id. */
  leaveById(scope: Pick<DeviceKey, 'appId' | 'dialect'>, id: string, occasion: Occasion): Promise<boolean>
}
