import { type SQL, sql } from 'drizzle-orm'
import type { CatalogueCriteria, DeviceCriteria, SubscriptionCriteria } from '../contract/listing.ts'
import type { DeviceRow } from '../rows.ts'
import { type Statement, statement } from '../statement.ts'
import { type CatalogueRow, catalogueColumns } from './catalogue.ts'
import { listedColumns } from './devices.ts'
import { listed, staying, value } from './shared.ts'

/** Each of the lists has one of its strings in the text; values are data, so nothing in them is a pattern. */
const contains = (text: string, name: string): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM json_each(${value(name)}) f
    WHERE NOT EXISTS (SELECT 1 FROM json_each(f.value) v WHERE instr(${sql.raw(text)}, v.value) > 0))`

const platformName = sql.raw(`d.details ->> '$.platformName'`)
/** A column known to be unset is asked for by another condition, so that each form uses its index. */
const noUser = sql.raw('d.user_id IS NULL')

type Conditions<Criteria> = { readonly [Name in keyof Required<Criteria>]: SQL } & { readonly noUser?: SQL }

const DEVICE = {
  platformName: sql`${platformName} = ${value('platformName')}`,
  platformNames: sql`${platformName} IN ${listed('platformNames')}`,
  user: sql`d.user_id = ${value('user')}`,
  noUser,
} satisfies Conditions<DeviceCriteria>

const SUBSCRIPTION = {
  topic: sql`s.topic = ${value('topic')}`,
  topics: sql`s.topic IN ${listed('topics')}`,
  topicContains: contains('s.topic', 'topicContains'),
  externalId: sql`d.external_id = ${value('externalId')}`,
  externalIds: sql`d.external_id IN ${listed('externalIds')}`,
  externalIdContains: contains('d.external_id', 'externalIdContains'),
  user: sql`d.user_id = ${value('user')}`,
  noUser,
} satisfies Conditions<SubscriptionCriteria>

const CATALOGUE = {
  names: sql`name IN ${listed('names')}`,
  nameContains: contains('name', 'nameContains'),
  descriptions: sql`description IN ${listed('descriptions')}`,
  descriptionContains: contains('description', 'descriptionContains'),
} satisfies Conditions<CatalogueCriteria>

type Named<Table> = readonly (keyof Table)[]

/** A set of conditions has one statement, made when it is first used. */
function perSet<Name, Made>(build: (names: readonly Name[]) => Made): (names: readonly Name[]) => Made {
  const built = new Map<string, Made>()
  return (names) => {
    const key = names.join()
    const known = built.get(key)
    if (known) return known
    const made = build(names)
    built.set(key, made)
    return made
  }
}

const all = (...conditions: readonly SQL[]): SQL => sql.join([...conditions], sql` AND `)
const windowed: SQL = sql`LIMIT ${value('limit')} OFFSET ${value('offset')}`

const devicesWhere = (names: Named<typeof DEVICE>): SQL =>
  sql`FROM devices d WHERE ${all(
    sql`d.app_id = ${value('app')} AND d.dialect = ${value('dialect')} AND ${staying('d')}`,
    ...names.map((name) => DEVICE[name]),
  )}`

/** Skipping happens on an index; only the rows that are shown are read. */
export const devicePart = perSet(
  (names: Named<typeof DEVICE>): Statement<DeviceRow> =>
    statement(sql`
      SELECT ${listedColumns} FROM (SELECT d.id ${devicesWhere(names)} AND d.id > ${value('afterDevice')} ORDER BY d.id ${windowed}) k
      CROSS JOIN devices d ON d.id = k.id LEFT JOIN push_tokens p ON p.id = d.push_token_id ORDER BY k.id`),
)
export const deviceCount = perSet(
  (names: Named<typeof DEVICE>): Statement<{ total: number }> =>
    statement(sql`SELECT count(*) AS total ${devicesWhere(names)}`),
)

export type SubscriptionRow = DeviceRow & {
  subscription_id: string | null
  topic: string
  subscribed_at: number
}
const subscriptionColumns: SQL = sql`s.id AS subscription_id, s.topic, s.created_at AS subscribed_at, ${listedColumns}`

/**
 * CROSS JOIN fixes the order: from the topic's subscribers where a topic is named, else from the devices. There the
 * subscriptions' own app must not be asked for: its index would be walked once for each device.
 */
const fromTopic = (names: Named<typeof SUBSCRIPTION>): boolean =>
  names.includes('topic') && !names.includes('externalId')

const subscriptionsWhere = (names: Named<typeof SUBSCRIPTION>): SQL =>
  sql`${
    fromTopic(names)
      ? sql`FROM subscriptions s CROSS JOIN devices d ON d.id = s.device_id WHERE s.app_id = ${value('app')} AND`
      : sql`FROM devices d CROSS JOIN subscriptions s ON s.device_id = d.id WHERE`
  } ${all(
    sql`d.app_id = ${value('app')} AND d.dialect = ${value('dialect')} AND ${staying('d')}`,
    ...names.map((name) => SUBSCRIPTION[name]),
  )}`

export const subscriptionPart = perSet((names: Named<typeof SUBSCRIPTION>): Statement<SubscriptionRow> => {
  const device = sql.raw(fromTopic(names) ? 's.device_id' : 'd.id')
  return statement(sql`
      SELECT k.subscription_id, k.topic, k.subscribed_at, ${listedColumns} FROM (
        SELECT s.id AS subscription_id, s.topic, s.created_at AS subscribed_at, s.device_id ${subscriptionsWhere(names)}
        AND ${device} >= ${value('afterDevice')}
        AND (${device}, s.created_at, s.topic) > (${value('afterDevice')}, ${value('afterAt')}, ${value('afterTopic')})
        ORDER BY ${device}, s.created_at, s.topic ${windowed}) k
      CROSS JOIN devices d ON d.id = k.device_id LEFT JOIN push_tokens p ON p.id = d.push_token_id
      ORDER BY k.device_id, k.subscribed_at, k.topic`)
})
export const subscriptionCount = perSet(
  (names: Named<typeof SUBSCRIPTION>): Statement<{ total: number }> =>
    statement(sql`SELECT count(*) AS total ${subscriptionsWhere(names)}`),
)

/** One subscription with its device, by its id. */
export const shownSubscription: Statement<SubscriptionRow> = statement(sql`
  SELECT ${subscriptionColumns} FROM subscriptions s JOIN devices d ON d.id = s.device_id LEFT JOIN push_tokens p ON p.id = d.push_token_id
  WHERE s.id = ${value('id')} AND d.app_id = ${value('app')} AND d.dialect = ${value('dialect')} AND ${staying('d')}`)

const catalogueWhere = (names: Named<typeof CATALOGUE>): SQL =>
  sql`FROM catalogue WHERE ${all(
    sql`app_id = ${value('app')} AND dialect = ${value('dialect')}`,
    ...names.map((name) => CATALOGUE[name]),
  )}`
export const cataloguePart = perSet(
  (names: Named<typeof CATALOGUE>): Statement<CatalogueRow> =>
    statement(
      sql`SELECT ${catalogueColumns} ${catalogueWhere(names)} AND id > ${value('afterId')} ORDER BY id ${windowed}`,
    ),
)
export const catalogueCount = perSet(
  (names: Named<typeof CATALOGUE>): Statement<{ total: number }> =>
    statement(sql`SELECT count(*) AS total ${catalogueWhere(names)}`),
)
