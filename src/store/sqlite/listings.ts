import type { CatalogueTopic } from '../../domain/catalogue.ts'
import type { ListedDevice, Subscription } from '../../domain/subscription.ts'
import type { Listing, ListingStore, Place, Scope, Window } from '../contract/listing.ts'
import type { Bound, Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call, type Statement } from '../statement.ts'
import type { CatalogueRow } from '../statements/catalogue.ts'
import * as L from '../statements/listings.ts'
import { json } from './values.ts'

export const scopeValues = ({ appId, dialect }: Scope) => ({ app: appId, dialect })

interface Kind<Name, Row, Item> {
  readonly part: (names: readonly Name[]) => Statement<Row>
  readonly count: (names: readonly Name[]) => Statement<{ total: number }>
  readonly item: (row: Row) => Item
  readonly place: (item: Item) => Place
  /** Where a window begins, for the statement. */
  readonly after: (place: Place) => Readonly<Record<string, Bound>>
}

/** A criterion that is null asks for what has none; every other one is bound by its name, lists as JSON. */
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

function listing<Criteria extends object, Name extends string, Row, Item>(
  db: Db,
  kind: Kind<Name, Row, Item>,
): Listing<Criteria, Item> {
  return {
    async part(scope: Scope, criteria: Criteria, { after, offset, limit }: Window) {
      const { names, values } = conditions(criteria)
      // The criteria's members are the statements' names by type (`Conditions` in statements/listings.ts).
      const statement = kind.part(names as Name[])
      const bound = { ...scopeValues(scope), ...values, ...kind.after(after ?? []), offset, limit }
      const [rows] = await db.read([call(statement, bound)])
      return rows.map(kind.item)
    },

    placeOf: kind.place,

    async count(scope, criteria) {
      const { names, values } = conditions(criteria)
      const [[row]] = await db.read([call(kind.count(names as Name[]), { ...scopeValues(scope), ...values })])
      return row?.total ?? 0
    },
  }
}

export function toListedDevice(row: Parameters<typeof toDevice>[0]): ListedDevice {
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

export function listingStore(db: Db): ListingStore {
  return {
    devices: listing(db, {
      part: L.devicePart,
      count: L.deviceCount,
      item: toListedDevice,
      place: ({ id }) => [id],
      after: ([id = '']) => ({ afterDevice: String(id) }),
    }),
    subscriptions: listing(db, {
      part: L.subscriptionPart,
      count: L.subscriptionCount,
      item: toSubscription,
      place: ({ device, createdAt, topic }) => [device.id, createdAt.getTime(), topic],
      after: ([device = '', at = 0, topic = '']) => ({
        afterDevice: String(device),
        afterAt: Number(at) || 0,
        afterTopic: String(topic),
      }),
    }),
    catalogue: listing(db, {
      part: L.cataloguePart,
      count: L.catalogueCount,
      item: toCatalogueTopic,
      place: ({ id }) => [id],
      after: ([id = '']) => ({ afterId: String(id) }),
    }),
  }
}
