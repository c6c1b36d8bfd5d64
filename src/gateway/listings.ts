import type { DialectApp } from '../domain/app.ts'
import type { CatalogueTopic } from '../domain/catalogue.ts'
import type { ListedDevice, Subscription } from '../domain/subscription.ts'
import type {
  CatalogueCriteria,
  DeviceCriteria,
  Listing,
  Place,
  SubscriptionCriteria,
} from '../store/contract/listing.ts'
import type { Store } from '../store/store.ts'
import { scopeOf } from './catalogue.ts'

export type {
  CatalogueCriteria,
  DeviceCriteria,
  Place,
  SubscriptionCriteria,
} from '../store/contract/listing.ts'

/** A list of one dialect, oldest first; every criterion must hold. */
export interface List<Criteria, Item> {
  /**
   * One page, the number of all matches, and the place behind which the next page begins. Where a page before has told
   * place and number, they are taken from there: then it costs no more than its own rows, however long the list is.
   */
  page(
    app: DialectApp,
    criteria: Criteria,
    window: {
      readonly offset: number
      readonly limit: number
      readonly known?: { readonly after: Place; readonly total: number } | undefined
    },
  ): Promise<{ readonly items: readonly Item[]; readonly total: number; readonly last: Place | null }>
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
    async page(app, criteria, { offset, limit, known }) {
      const scope = scopeOf(app)
      const window = known ? { after: known.after, offset: 0, limit } : { after: null, offset, limit }
      const [items, total] = await Promise.all([
        listing.part(scope, criteria, window),
        known?.total ?? listing.count(scope, criteria),
      ])
      const last = items.at(-1)
      return { items, total, last: last === undefined ? null : listing.placeOf(last) }
    },

    count: (app, criteria) => listing.count(scopeOf(app), criteria),

    async *parts(app, criteria, offset) {
      const scope = scopeOf(app)
      let after: Place | null = null
      for (;;) {
        const skipped: number = after === null ? offset : 0
        const items: readonly Item[] = await listing.part(scope, criteria, {
          after,
          offset: skipped,
          limit: PART,
        })
        yield items
        if (items.length < PART) return
        const last = items.at(-1)
        if (last !== undefined) after = listing.placeOf(last)
      }
    },
  }
}
