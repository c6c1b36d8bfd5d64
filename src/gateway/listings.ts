import type { DialectApp } from '../domain/app.ts'
import type { CatalogueTopic } from '../domain/catalogue.ts'
import { comparedForm, type PushTokenDraft } from '../domain/push-token.ts'
import type { ListedDevice, Subscription } from '../domain/subscription.ts'
import { turn } from '../domain/turn.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type {
  CatalogueCriteria,
  DeviceCriteria,
  ListedToken,
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

/** A list within one dialect, oldest first; criteria are combined by AND. */
export interface List<Criteria, Item> {
  /**
   * One page, the total number of matches, and the position of its last item, after which the next page begins. With
   * `known`, the position and total of the previous page, it costs only its own rows, however long the list is.
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
  /** The whole list in parts, each read on demand: constant memory, and other requests are served in between. */
  parts(app: DialectApp, criteria: Criteria, offset: number): AsyncGenerator<readonly Item[], void>
}

/** The store's criteria, with push tokens as the dialect sends them. */
export type DeviceQuery = Omit<DeviceCriteria, 'tokens'> & {
  readonly tokens?: readonly PushTokenDraft[] | undefined
}

/** The lists of a dialect. */
export interface Listings {
  readonly devices: List<DeviceQuery, ListedDevice>
  readonly subscriptions: List<SubscriptionCriteria, Subscription> & {
    /** The number of subscriptions of each topic. */
    countEach(app: DialectApp, topics: readonly string[]): Promise<ReadonlyMap<string, number>>
  }
  readonly catalogue: List<CatalogueCriteria, CatalogueTopic>
}

/** Items per part: about ten milliseconds of the event loop. */
const PART = 100
/** Topics counted per query. */
const TOPICS = 40

export function createListings({ store }: { store: Store }): Listings {
  const { devices, subscriptions, catalogue } = store.listings
  return {
    devices: list({
      step: (scope, { tokens, ...criteria }: DeviceQuery, window) =>
        devices.step(scope, { ...criteria, tokens: tokens?.map(listedToken) }, window),
      placeOf: devices.placeOf,
    }),
    subscriptions: {
      ...list(subscriptions),
      countEach: (app, topics) => countEach(subscriptions, app, topics),
    },
    catalogue: list(catalogue),
  }
}

const listedToken = (draft: PushTokenDraft): ListedToken => ({
  provider: draft.provider,
  hash: sha256Hex(comparedForm(draft)),
  token: draft.token,
})

const COUNT_ONLY = { offset: 0, limit: 0, counted: true } as const

function list<Criteria, Item>(listing: Listing<Criteria, Item>): List<Criteria, Item> {
  return {
    async page(app, criteria, { offset, limit, known }) {
      const scope = scopeOf(app)
      const items: Item[] = []
      let after = known?.after ?? null
      let skip = known ? 0 : offset
      let total = known?.total ?? 0
      for (;;) {
        const window = { after, offset: skip, limit: limit - items.length, counted: known === undefined }
        const step = await listing.step(scope, criteria, window)
        items.push(...step.items)
        if (window.counted) total += step.matches
        if (step.end === null || (known && items.length === limit)) break
        skip = Math.max(0, skip - step.matches)
        after = step.end
        await turn()
      }
      const last = items.at(-1)
      return { items, total, last: last === undefined ? null : listing.placeOf(last) }
    },

    count: (app, criteria) => countFrom(listing, app, criteria, null),

    async *parts(app, criteria, offset) {
      const scope = scopeOf(app)
      let after: Place | null = null
      let skip = offset
      for (;;) {
        const step = await listing.step(scope, criteria, {
          after,
          offset: skip,
          limit: PART,
          counted: skip > 0,
        })
        yield step.items
        const last = step.items.length === PART ? step.items.at(-1) : undefined
        skip = step.items.length > 0 ? 0 : Math.max(0, skip - step.matches)
        after = last === undefined ? step.end : listing.placeOf(last)
        if (after === null) return
        await turn()
      }
    },
  }
}

async function countFrom<Criteria>(
  listing: Listing<Criteria, unknown>,
  app: DialectApp,
  criteria: Criteria,
  from: Place | null,
): Promise<number> {
  let total = 0
  let after = from
  do {
    const step = await listing.step(scopeOf(app), criteria, { after, ...COUNT_ONLY })
    total += step.matches
    after = step.end
    if (after) await turn()
  } while (after)
  return total
}

async function countEach(
  listing: Store['listings']['subscriptions'],
  app: DialectApp,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (let at = 0; at < topics.length; at += TOPICS) {
    const some = topics.slice(at, at + TOPICS)
    const starts = await listing.countStarts(scopeOf(app), some)
    for (const [index, topic] of some.entries()) {
      const { matches = 0, end = null } = starts[index] ?? {}
      counts.set(topic, matches + (end ? await countFrom(listing, app, { topic }, end) : 0))
    }
    await turn()
  }
  return counts
}
