import type { Device } from './device.ts'

/** A device as a list shows it: without its topics and tags, which are not read for it. */
export type ListedDevice = Omit<Device, 'topics' | 'subscriptionIds' | 'tags'>

/** A device's subscription to a topic, in dialects that hand subscriptions out by id. */
export interface Subscription {
  readonly id: string
  readonly topic: string
  readonly device: ListedDevice
  readonly createdAt: Date
}

/** What a change of subscriptions made of one topic of its request. */
export interface SubscriptionOutcome {
  readonly topic: string
  /** Null where there is no subscription: none was made, or none was there to be taken away. */
  readonly id: string | null
  /** Whether this change made it or took it away. */
  readonly changed: boolean
  /** Whether the dialect's catalogue has the topic. */
  readonly known: boolean
}
