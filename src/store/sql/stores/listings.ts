import type { CatalogueTopic } from '../../../domain/catalogue.ts'
import type { Place } from '../../../domain/page.ts'
import type { ListedDevice, Subscription } from '../../../domain/subscription.ts'
import type {
  Contains,
  Listing,
  ListingStore,
  Scope,
  SubscriptionPlace,
  UserContains,
} from '../../contract/listing.ts'
import { BY_ID } from '../keyset.ts'
import { read } from '../plan.ts'
import type { Bound, Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import type { CatalogueRow } from '../statements/catalogue.ts'
import * as L from '../statements/listings.ts'
import { targetListing } from './targets.ts'
import { json } from './values.ts'

export const scopeValues = ({ appId, dialect }: Scope) => ({ app: appId, dialect })

interface Kind<Name, Row, Item, At extends Place> {
  readonly steps: (names: readonly Name[]) => L.Steps<Row>
  readonly item: (row: Row) => Item
  readonly place: (item: Item) => At
  readonly order: { values(place: Place | null): Readonly<Record<string, Bound>> }
}

/** A null criterion matches missing values and has its own condition; others are bound by name, lists as JSON. */
function conditions(criteria: object): { names: string[]; values: Record<string, Bound> } {
  const names: string[] = []
  const values: Record<string, Bound> = {}
  for (const [name, wanted] of Object.entries(criteria)) {
    if (wanted === undefined) continue
    names.push(wanted === null ? `no${name.charAt(0).toUpperCase()}${name.slice(1)}` : name)
    if (wanted !== null) values[name] = typeof wanted === 'string' ? wanted : json(wanted)
  }
  return { names: names.sort(), values }
}

/** Most rows in a window without searching: about ten milliseconds in SQLite. */
const WIDEST = 10_000
const NARROWEST = 200
/** The cost per row of a list of search texts and of each text, relative to scanning the row. */
const COST = { list: 4, text: 1 }

/** The number of rows per step: the more conditions per row, the fewer rows. */
function scanOf(criteria: object): number {
  const lists = Object.entries(criteria).flatMap(([name, wanted]) => searched(name, wanted))
  const texts = lists.reduce((sum, list) => sum + list.length, 0)
  return Math.max(NARROWEST, Math.floor(WIDEST / (1 + COST.list * lists.length + COST.text * texts)))
}

function searched(name: string, wanted: Contains | UserContains | undefined): Contains {
  if (wanted === undefined || !name.endsWith('Contains')) return []
  return 'lists' in wanted ? wanted.lists : wanted
}

/** The columns of an end are the members of its place, by number. */
function placeOfEnd<At extends Place>(end: L.End | undefined): At | null {
  const members = Object.entries(end ?? {}).flatMap(([name, value]) =>
    name === 'matches' || value === null ? [] : [value],
  )
  // Safe cast: the statements of a list select the members of its places.
  return members.length > 0 ? (members as unknown as At) : null
}

function listing<Criteria extends object, Name extends string, Row, Item, At extends Place>(
  db: Db,
  kind: Kind<Name, Row, Item, At>,
): Listing<Criteria, Item, At> {
  return {
    async step(scope, criteria, { after, offset, limit, counted }) {
      const { names, values } = conditions(criteria)
      // Safe cast: by type, the criteria's members are the statements' names (`Conditions` in statements/listings.ts).
      const { rows, matches, end, selective } = kind.steps(names as Name[])
      const scan = scanOf(criteria)
      const bound = { ...scopeValues(scope), ...values, ...kind.order.values(after), offset, limit, scan }
      // A window never has more matches than rows, so the rows to skip are only counted.
      if (counted && (limit === 0 || offset >= scan)) {
        const [[counts]] = await db.read([call(matches, bound)])
        return { items: [], matches: counts?.matches ?? 0, end: placeOfEnd(counts) }
      }
      if (counted) {
        const both = await read(db, { found: call(rows, bound), counts: call(matches, bound) })
        const [counts] = both.counts
        return { items: both.found.map(kind.item), matches: counts?.matches ?? 0, end: placeOfEnd(counts) }
      }
      const [found] = await db.read([call(rows, bound)])
      const items = found.map(kind.item)
      const lastItem = items.at(-1)
      if (lastItem && items.length === limit) return { items, matches: 0, end: kind.place(lastItem) }
      // If every row matches and the page fits the window, a short result is the end of the list.
      if (!selective && offset + limit <= scan) return { items, matches: 0, end: null }
      const [[last]] = await db.read([call(end, bound)])
      return { items, matches: 0, end: placeOfEnd(last) }
    },

    placeOf: kind.place,
  }
}

function toListedDevice(row: Parameters<typeof toDevice>[0]): ListedDevice {
  const { topics: _topics, subscriptionIds: _ids, tags: _tags, ...device } = toDevice(row)
  return device
}

export const toSubscription = (row: L.SubscriptionRow): Subscription => ({
  id: row.subscription_id ?? '',
  topic: row.topic,
  device: toListedDevice(row),
  createdAt: new Date(row.subscribed_at),
})

export const toCatalogueTopic = (row: CatalogueRow): CatalogueTopic => ({
  id: row.id,
  name: row.name,
  description: row.description,
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
})

/** Rows of the first step of each topic, if many topics are counted at once. */
const FIRST_LOOK = 500

function subscriptionListing(db: Db): ListingStore['subscriptions'] {
  return {
    ...listing(db, {
      steps: L.subscriptionSteps,
      item: toSubscription,
      place: ({ device, createdAt, topic }): SubscriptionPlace => [device.id, createdAt.getTime(), topic],
      order: L.SUBSCRIPTIONS,
    }),

    async countStarts(scope, topics) {
      if (topics.length === 0) return []
      const { matches } = L.subscriptionSteps(['topic'])
      const results = await db.read(
        topics.map((topic) =>
          call(matches, { ...scopeValues(scope), ...L.SUBSCRIPTIONS.values(null), topic, scan: FIRST_LOOK }),
        ),
      )
      return results.map(([counts]) => ({
        items: [],
        matches: counts?.matches ?? 0,
        end: placeOfEnd(counts),
      }))
    },
  }
}

export function listingStore(db: Db): ListingStore {
  return {
    devices: listing(db, {
      steps: L.deviceSteps,
      item: toListedDevice,
      place: ({ id }) => [id] as const,
      order: BY_ID,
    }),
    subscriptions: subscriptionListing(db),
    catalogue: listing(db, {
      steps: L.catalogueSteps,
      item: toCatalogueTopic,
      place: ({ id }) => [id] as const,
      order: BY_ID,
    }),
    targets: targetListing(db),
  }
}
