import type { DialectApp } from '../domain/app.ts'
import type { CatalogueTopic } from '../domain/catalogue.ts'
import { appGone } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Subscription, SubscriptionOutcome } from '../domain/subscription.ts'
import { repaired } from '../domain/text.ts'
import type { TopicPolicy } from '../domain/topic.ts'
import type { Store } from '../store/store.ts'
import { type DeviceRef, keyOf, requireNames, UNKNOWN_CAUSE } from './device-key.ts'

export const scopeOf = ({ app, dialect }: DialectApp) => ({ appId: app.id, dialect })

/** Topics that are created explicitly, in dialects with a topic catalogue. */
export interface Catalogue {
  /** Null if the name is taken. */
  create(topic: {
    readonly app: DialectApp
    readonly name: string
    readonly description: string
  }): Promise<CatalogueTopic | null>
  /** An absent description is not changed. Null for an unknown topic. */
  update(change: {
    readonly app: DialectApp
    readonly name: string
    readonly description?: string | undefined
  }): Promise<CatalogueTopic | null>
  find(app: DialectApp, name: string): Promise<CatalogueTopic | null>
  /** Removes the topic and its subscriptions. False for an unknown topic. */
  remove(app: DialectApp, name: string, cause?: string): Promise<boolean>
}

/** Changes a device's subscriptions to catalogue topics; at least one name, duplicates count once. */
export interface SubscriptionRequest extends DeviceRef {
  readonly names: readonly string[]
  readonly policy: TopicPolicy
  readonly cause?: string
}

/** Subscriptions with their own ids. Each change writes its webhook events in the same transaction. */
export interface Subscriptions {
  /** The outcome for each name, in order; null for an unknown device. */
  add(request: SubscriptionRequest): Promise<readonly SubscriptionOutcome[] | null>
  /** Like `add`. */
  remove(request: SubscriptionRequest): Promise<readonly SubscriptionOutcome[] | null>
  find(app: DialectApp, id: string): Promise<Subscription | null>
  /** False for an unknown id. */
  removeById(app: DialectApp, id: string, cause?: string): Promise<boolean>
}

interface Deps {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
}

export function createCatalogue({ store, now, ids }: Deps): Catalogue {
  return {
    async create({ app, name, description }) {
      requireNames([name])
      const draft = { id: ids.row(), name, description: repaired(description) }
      const made = await store.catalogue.create(scopeOf(app), draft, now())
      if (made === 'gone') throw appGone()
      return made
    },
    update: ({ app, name, description }) =>
      store.catalogue.update(
        scopeOf(app),
        name,
        { description: description === undefined ? undefined : repaired(description) },
        now(),
      ),
    find: (app, name) => store.catalogue.find(scopeOf(app), name),
    remove: (app, name, cause = UNKNOWN_CAUSE) =>
      store.catalogue.remove(scopeOf(app), name, { at: now(), cause }),
  }
}

export function createSubscriptions({ store, now, ids }: Deps): Subscriptions {
  function change({ names, policy, ...ref }: SubscriptionRequest) {
    requireNames(names)
    const topics = [...new Set(names)].map((name) => ({ name, id: ids.row() }))
    return { key: keyOf(ref), topics, automatic: policy.automatic }
  }
  const occasion = ({ cause = UNKNOWN_CAUSE }: SubscriptionRequest) => ({ at: now(), cause })
  return {
    add: async (request) => store.subscriptions.add(change(request), occasion(request)),
    remove: async (request) => store.subscriptions.remove(change(request), occasion(request)),
    find: (app, id) => store.subscriptions.find(scopeOf(app), id),
    removeById: (app, id, cause = UNKNOWN_CAUSE) =>
      store.subscriptions.removeById(scopeOf(app), id, { at: now(), cause }),
  }
}
