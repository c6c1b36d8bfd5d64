import type { CatalogueTopic } from '../../domain/catalogue.ts'
import type { DeviceKey } from '../../domain/device.ts'
import type { Subscription, SubscriptionOutcome } from '../../domain/subscription.ts'
import type { Scope } from './listing.ts'
import type { Occasion } from './occasion.ts'

/** Topics that are created explicitly, in dialects with a topic catalogue. */
export interface CatalogueStore {
  /** Null if the name is taken, `gone` if the app is gone; then nothing changed. */
  create(
    scope: Scope,
    topic: { readonly id: string; readonly name: string; readonly description: string },
    now: Date,
  ): Promise<CatalogueTopic | null | 'gone'>
  /** Null for an unknown topic. An absent description stays. */
  update(
    scope: Scope,
    name: string,
    change: { description?: string | undefined },
    now: Date,
  ): Promise<CatalogueTopic | null>
  find(scope: Scope, name: string): Promise<CatalogueTopic | null>
  /** Removes the topic and its subscriptions in the dialect. False for an unknown topic. */
  remove(scope: Scope, name: string, occasion: Occasion): Promise<boolean>
}

/** Topic names, each with the id for its subscription if that is new. */
export interface SubscriptionChange {
  readonly key: DeviceKey
  /** At least one, each name once. */
  readonly topics: readonly { readonly name: string; readonly id: string }[]
  /** Names that are valid without being in the catalogue. */
  readonly automatic: readonly string[]
}

/** Subscriptions with ids, to catalogue topics only. A superseded device keeps its own (identity R3). */
export interface SubscriptionStore {
  /** In the order of the request; null for an unknown device. */
  add(change: SubscriptionChange, occasion: Occasion): Promise<readonly SubscriptionOutcome[] | null>
  /** Like `add`. */
  remove(change: SubscriptionChange, occasion: Occasion): Promise<readonly SubscriptionOutcome[] | null>
  find(scope: Scope, id: string): Promise<Subscription | null>
  /** False for an unknown id. */
  removeById(scope: Scope, id: string, occasion: Occasion): Promise<boolean>
}
