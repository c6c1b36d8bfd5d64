import type { DialectApp } from '../domain/app.ts'
import type { CatalogueTopic } from '../domain/catalogue.ts'
import { appGone } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Subscription, SubscriptionOutcome } from '../domain/subscription.ts'
import { repaired } from '../domain/text.ts'
import type { TopicPolicy } from '../domain/topic.ts'
import type { Store } from '../store/store.ts'
import { type DeviceRef, keyOf, requireNames } from './device-key.ts'

export const scopeOf = ({ app, dialect }: DialectApp) => ({ appId: app.id, dialect })

/** The topics of a dialect that has a catalogue of them. */
export interface Catalogue {
  /** Null where the name is taken. */
  create(of: {
    readonly app: DialectApp
    readonly name: string
    readonly description: string
  }): Promise<CatalogueTopic | null>
  /** An absent description stays. Null for an unknown topic. */
  update(of: {
    readonly app: DialectApp
    readonly name: string
    readonly description?: string | undefined
  }): Promise<CatalogueTopic | null>
  find(app: DialectApp, name: string): Promise<CatalogueTopic | null>
  /** Takes its subscriptions too. False for an unknown topic. */
  remove(app: DialectApp, name: string): Promise<boolean>
}

/** A change of a device's subscriptions to topics of the catalogue; at least one name, duplicates count once. */
export interface SubscriptionRequest extends DeviceRef {
  readonly names: readonly string[]
  readonly policy: TopicPolicy
}

/** Subscriptions that have an id of their own. Webhooks are told of each in the same write. */
export interface Subscriptions {
  /** What became of each name, in order; null for an unknown device. */
  add(request: SubscriptionRequest): Promise<readonly SubscriptionOutcome[] | null>
  /** As `add`. */
  remove(request: SubscriptionRequest): Promise<readonly SubscriptionOutcome[] | null>
  find(app: DialectApp, id: string): Promise<Subscription | null>
  /** False where there is none. */
  removeById(app: DialectApp, id: string): Promise<boolean>
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
    remove: (app, name) => store.catalogue.remove(scopeOf(app), name),
  }
}

export function createSubscriptions({ store, now, ids }: Deps): Subscriptions {
  function change({ names, policy, ...ref }: SubscriptionRequest) {
    requireNames(names)
    const topics = [...new Set(names)].map((name) => ({ name, id: ids.row() }))
    return { key: keyOf(ref), topics, automatic: policy.automatic }
  }
  return {
    add: async (request) => store.subscriptions.add(change(request), now()),
    remove: async (request) => store.subscriptions.remove(change(request), now()),
    find: (app, id) => store.subscriptions.find(scopeOf(app), id),
    removeById: (app, id) => store.subscriptions.removeById(scopeOf(app), id, now()),
  }
}
