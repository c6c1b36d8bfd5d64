import type { DialectApp } from '../domain/app.ts'
import type { CatalogueTopic } from '../domain/catalogue.ts'
import { BY_NUMBERS, BY_TEXT, BY_TEXT_AND_TIME, type PlaceForm } from '../domain/cursor.ts'
import type { Target, TargetPlace } from '../domain/message.ts'
import type { Place, TextPlace } from '../domain/page.ts'
import { comparedForm, type PushTokenDraft } from '../domain/push-token.ts'
import type { ListedDevice, Subscription } from '../domain/subscription.ts'
import { turn } from '../domain/turn.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type {
  CatalogueCriteria,
  DeviceCriteria,
  ListedToken,
  Listing,
  SubscriptionCriteria,
  SubscriptionPlace,
  TargetCriteria,
} from '../store/contract/listing.ts'
import type { Window } from '../store/contract/step.ts'
import type { Store } from '../store/store.ts'
import { scopeOf } from './catalogue.ts'
import { offsetPage } from './offsets.ts'

export type {
  CatalogueCriteria,
  DeviceCriteria,
  SubscriptionCriteria,
  TargetCriteria,
} from '../store/contract/listing.ts'

/** A list within one dialect, oldest first; criteria are combined by AND. */
export interface List<Criteria, Item, At extends Place> {
  /** The form of the list's places, for cursors. */
  readonly places: PlaceForm<At>
  /**
   * One page by offset, the total number of matches, and the place of its last item. With `known`, the last place and
   * the total of the page before, the page begins after that place and costs only its own rows, however long the list is.
   */
  page(
    app: DialectApp,
    criteria: Criteria,
    window: {
      readonly offset: number
      readonly limit: number
      readonly known?: { readonly after: At; readonly total: number } | undefined
    },
  ): Promise<{ readonly items: readonly Item[]; readonly total: number; readonly last: At | null }>
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
  readonly devices: List<DeviceQuery, ListedDevice, TextPlace>
  readonly subscriptions: List<SubscriptionCriteria, Subscription, SubscriptionPlace> & {
    /** The number of subscriptions of each topic. */
    countEach(app: DialectApp, topics: readonly string[]): Promise<ReadonlyMap<string, number>>
  }
  readonly catalogue: List<CatalogueCriteria, CatalogueTopic, TextPlace>
  /** What became of the phones of one message, in the order in which they are sent to. */
  readonly targets: List<TargetCriteria, Target, TargetPlace>
}

/** Items per part: about ten milliseconds of the event loop. */
const PART = 100
/** Topics counted per query. */
const TOPICS = 40

export function createListings({ store }: { store: Store }): Listings {
  const { devices, subscriptions, catalogue, targets } = store.listings
  return {
    devices: list<DeviceQuery, ListedDevice, TextPlace>(
      {
        step: (scope, { tokens, ...criteria }, window) =>
          devices.step(scope, { ...criteria, tokens: tokens?.map(listedToken) }, window),
        placeOf: devices.placeOf,
      },
      BY_TEXT,
    ),
    subscriptions: {
      ...list(subscriptions, BY_TEXT_AND_TIME),
      countEach: (app, topics) => countEach(subscriptions, app, topics),
    },
    catalogue: list(catalogue, BY_TEXT),
    targets: list(targets, BY_NUMBERS),
  }
}

const listedToken = (draft: PushTokenDraft): ListedToken => ({
  provider: draft.provider,
  hash: sha256Hex(comparedForm(draft)),
  token: draft.token,
})

const COUNT_ONLY = { offset: 0, limit: 0, counted: true } as const

function list<Criteria, Item, At extends Place>(
  listing: Listing<Criteria, Item, At>,
  places: PlaceForm<At>,
): List<Criteria, Item, At> {
  return {
    places,

    async page(app, criteria, { offset, limit, known }) {
      const step = (window: Window<At>) => listing.step(scopeOf(app), criteria, window)
      const { items, total } = known
        ? await offsetPage(step, { limit, offset: 0, counted: false }, known.after)
        : await offsetPage(step, { limit, offset, counted: true })
      const last = items.at(-1)
      return {
        items,
        total: total ?? known?.total ?? 0,
        last: last === undefined ? null : listing.placeOf(last),
      }
    },

    count: (app, criteria) => countFrom(listing, app, criteria, null),

    async *parts(app, criteria, offset) {
      const scope = scopeOf(app)
      let after: At | null = null
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

async function countFrom<Criteria, At extends Place>(
  listing: Listing<Criteria, unknown, At>,
  app: DialectApp,
  criteria: Criteria,
  after: At | null,
): Promise<number> {
  const step = (window: Window<At>) => listing.step(scopeOf(app), criteria, window)
  return (await offsetPage(step, COUNT_ONLY, after)).total ?? 0
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
