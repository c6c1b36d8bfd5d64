import type { Device } from './device.ts'

/** A device in a list: without topics and tags, which are not loaded. */
export type ListedDevice = Omit<Device, 'topics' | 'subscriptionIds' | 'tags'>

/** A device's subscription to a topic, in dialects whose subscriptions have ids. */
export interface Subscription {
  readonly id: string
  readonly topic: string
  readonly device: ListedDevice
  readonly createdAt: Date
}

/** The outcome of a subscription change for one topic. */
export interface SubscriptionOutcome {
  readonly topic: string
  /** Null if there is no subscription: none was created, or there was none to remove. */
  readonly id: string | null
  /** Whether this change created or removed it. */
  readonly changed: boolean
  /** Whether the dialect's catalogue has the topic. */
  readonly known: boolean
}
