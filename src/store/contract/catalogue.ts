import type { CatalogueTopic } from '../../domain/catalogue.ts'
import type { DeviceKey } from '../../domain/device.ts'
import type { Subscription, SubscriptionOutcome } from '../../domain/subscription.ts'
import type { Scope } from './listing.ts'

/** The topics that exist by themselves in a dialect. */
export interface CatalogueStore {
  /** Null where the name is taken, `gone` where the app has gone; then nothing changed. */
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
  /** With its subscriptions in the dialect. False for an unknown topic. */
  remove(scope: Scope, name: string): Promise<boolean>
}

/** Names with the id that each subscription gets, should it be new. */
export interface SubscriptionChange {
  readonly key: DeviceKey
  /** At least one, each name once. */
  readonly topics: readonly { readonly name: string; readonly id: string }[]
  /** Names that exist without being in the catalogue. */
  readonly automatic: readonly string[]
}

/** Subscriptions by id, to topics of the catalogue alone. A superseded device goes on with its own (identity R3). */
export interface SubscriptionStore {
  /** In the order of the request; null for an unknown device. */
  add(change: SubscriptionChange, now: Date): Promise<readonly SubscriptionOutcome[] | null>
  /** As `add`. */
  remove(change: SubscriptionChange, now: Date): Promise<readonly SubscriptionOutcome[] | null>
  find(scope: Scope, id: string): Promise<Subscription | null>
  /** False where there is none. */
  removeById(scope: Scope, id: string, now: Date): Promise<boolean>
}
