import type { DialectApp } from '../domain/app.ts'
import type { CatalogueTopic } from '../domain/catalogue.ts'
import type { ListedDevice, Subscription } from '../domain/subscription.ts'
import type {
  CatalogueCriteria,
  DeviceCriteria,
  Listing,
  SubscriptionCriteria,
} from '../store/contract/listing.ts'
import type { Store } from '../store/store.ts'
import { scopeOf } from './catalogue.ts'

export type { CatalogueCriteria, DeviceCriteria, SubscriptionCriteria } from '../store/contract/listing.ts'

/** A list of one dialect, oldest first; every criterion must hold. */
export interface List<Criteria, Item> {
  /** One page and the number of all matches. */
  page(
    app: DialectApp,
    criteria: Criteria,
    window: { readonly offset: number; readonly limit: number },
  ): Promise<{ readonly items: readonly Item[]; readonly total: number }>
  count(app: DialectApp, criteria: Criteria): Promise<number>
  /** All of it in parts, each read when it is asked for: constant memory, whatever the length. */
  parts(app: DialectApp, criteria: Criteria, offset: number): AsyncGenerator<readonly Item[], void>
}

/** What a dialect lists of its own. */
export interface Listings {
  readonly devices: List<DeviceCriteria, ListedDevice>
  readonly subscriptions: List<SubscriptionCriteria, Subscription>
  readonly catalogue: List<CatalogueCriteria, CatalogueTopic>
}

const PART = 500

export function createListings({ store }: { store: Store }): Listings {
  return {
    devices: list(store.listings.devices),
    subscriptions: list(store.listings.subscriptions),
    catalogue: list(store.listings.catalogue),
  }
}

function list<Criteria, Item>(listing: Listing<Criteria, Item>): List<Criteria, Item> {
  return {
    async page(app, criteria, { offset, limit }) {
      const scope = scopeOf(app)
      const [items, total] = await Promise.all([
        listing.part(scope, criteria, { after: null, offset, limit }),
        listing.count(scope, criteria),
      ])
      return { items, total }
    },

    count: (app, criteria) => listing.count(scopeOf(app), criteria),

    async *parts(app, criteria, offset) {
      const scope = scopeOf(app)
      let after: Item | null = null
      for (;;) {
        const skipped: number = after === null ? offset : 0
        const items: readonly Item[] = await listing.part(scope, criteria, {
          after,
          offset: skipped,
          limit: PART,
        })
        yield items
        if (items.length < PART) return
        after = items.at(-1) ?? null
      }
    },
  }
}
