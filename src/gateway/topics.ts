import type { DialectApp } from '../domain/app.ts'
import type { Device } from '../domain/device.ts'
import type { Clock } from '../domain/ids.ts'
import type { Page, PageRequest, TextPlace } from '../domain/page.ts'
import { isStorable } from '../domain/text.ts'
import type { TopicPolicy } from '../domain/topic.ts'
import type { Store, TopicOutcome } from '../store/store.ts'
import { type DeviceRef, keyOf, requireNames, UNKNOWN_CAUSE } from './device-key.ts'

/** A change of a device's topics. Names must be valid in the dialect; duplicates are ignored. */
export interface TopicRequest extends DeviceRef {
  readonly names: readonly string[]
  readonly policy: TopicPolicy
  /** Whether a superseded device keeps its own topics (identity R3); false if the dialect treats it as unknown. */
  readonly superseded: boolean
  readonly cause?: string
}

/** Set operations on the topics of one device (identity R17): each is one atomic write. */
export interface Topics {
  /** In byte order. Null for an unknown device. */
  page(
    ref: DeviceRef & PageRequest<TextPlace> & { readonly superseded: boolean },
  ): Promise<Page<string, TextPlace> | null>
  /** `limit`: the device would have too many topics; nothing changed. */
  replace(request: TopicRequest): Promise<TopicOutcome>
  add(request: TopicRequest): Promise<TopicOutcome>
  /** `done` even if the device had none of them. */
  remove(request: TopicRequest): Promise<TopicOutcome>
  /**
   * For devices that exist only while they have topics: removes topics, and unregisters the device with its last one.
   * Superseded devices too. Returns how many topics are left; null for an unknown device.
   */
  leave(
    ref: DeviceRef & { readonly names: readonly string[]; readonly cause: string },
  ): Promise<number | null>
  /** The device of the first of these subscriptions that exists; null if none does. */
  holder(query: {
    readonly app: DialectApp
    readonly subscriptionIds: readonly string[]
  }): Promise<Device | null>
  /** Like `leave`, for one subscription by id. False for an unknown id in the app's dialect. */
  leaveById(query: {
    readonly app: DialectApp
    readonly subscriptionId: string
    readonly cause: string
  }): Promise<boolean>
}

export function createTopics({ store, now }: { store: Store; now: Clock }): Topics {
  function change({ names, policy, superseded, ...ref }: TopicRequest) {
    requireNames(names)
    return { key: keyOf(ref), names: [...new Set(names)], policy, superseded }
  }
  const occasion = ({ cause = UNKNOWN_CAUSE }: TopicRequest) => ({ at: now(), cause })
  return {
    page: ({ after, limit, superseded, ...ref }) =>
      store.topics.page(keyOf(ref), { after, limit }, { now: now(), superseded }),
    replace: async (request) => store.topics.replace(change(request), occasion(request)),
    add: async (request) => store.topics.add(change(request), occasion(request)),
    // No device can have an unstorable topic.
    remove: async (request) =>
      store.topics.remove(change({ ...request, names: request.names.filter(isStorable) }), occasion(request)),
    leave: ({ names, cause, ...ref }) =>
      store.topics.leave(keyOf(ref), names.filter(isStorable), { at: now(), cause }),
    holder: ({ app, subscriptionIds }) =>
      store.devices.findBySubscriptions({ appId: app.app.id, dialect: app.dialect }, subscriptionIds, now()),
    leaveById: ({ app, subscriptionId, cause }) =>
      store.topics.leaveById({ appId: app.app.id, dialect: app.dialect }, subscriptionId, {
        at: now(),
        cause,
      }),
  }
}
