import { type SQL, sql } from 'drizzle-orm'
import type { CatalogueCriteria, DeviceCriteria, SubscriptionCriteria } from '../../contract/listing.ts'
import type { DeviceRow } from '../rows.ts'
import { type Statement, statement } from '../statement.ts'
import { type CatalogueRow, catalogueColumns } from './catalogue.ts'
import { listedColumns } from './device-view.ts'
import { listed, staying, value } from './shared.ts'

/**
 * A list is read in steps. Each looks at a window `w` of so many rows behind a place, which one index gives in the list's
 * order, and tests on each of them what else is asked for: so a step costs its window, whatever is asked and found.
 */
interface Condition {
  /** Of the window's rows. */
  readonly test: SQL
  /** Of the tables that the window is made of: walks an index. */
  readonly drive?: SQL
}
type Conditions<Criteria> = { readonly [Name in keyof Required<Criteria>]: Condition } & {
  readonly noUser?: Condition
}

/** Each of the lists has one of its strings in the text; values are data, so nothing in them is a pattern. */
const contains = (text: string, lists: SQL): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM json_each(${lists}) f
    WHERE NOT EXISTS (SELECT 1 FROM json_each(f.value) v WHERE instr(${sql.raw(text)}, v.value) > 0))`

/** Looked up in one index of the values, however many there are. */
const among = (column: string, name: string): SQL => sql`${sql.raw(column)} IN ${listed(name)}`

const scope: SQL = sql`d.app_id = ${value('app')} AND d.dialect = ${value('dialect')} AND ${staying('d')}`

const OF_DEVICE = {
  externalId: {
    test: sql`w.external_id = ${value('externalId')}`,
    drive: sql`d.external_id = ${value('externalId')}`,
  },
  externalIds: {
    test: among('w.external_id', 'externalIds'),
    drive: sql`d.id IN (SELECT o.id FROM json_each(${value('externalIds')}) j CROSS JOIN devices o
      ON o.app_id = ${value('app')} AND o.dialect = ${value('dialect')} AND o.external_id = j.value)`,
  },
  externalIdContains: { test: contains('w.external_id', value('externalIdContains')) },
  user: { test: sql`w.user_id = ${value('user')}`, drive: sql`d.user_id = ${value('user')}` },
  // A column known to be unset is asked for by another condition, so that each form uses its index.
  noUser: { test: sql.raw('w.user_id IS NULL') },
  users: {
    test: sql`coalesce(w.user_id, '') IN (SELECT coalesce(value, '') FROM json_each(${value('users')}))`,
  },
  userContains: {
    test: contains(`coalesce(w.user_id, w.no_user)`, sql`json_extract(${value('userContains')}, '$.lists')`),
  },
} satisfies Partial<Conditions<DeviceCriteria & SubscriptionCriteria>>

const tokenIds: SQL = sql`SELECT p.id FROM json_each(${value('tokens')}) j CROSS JOIN push_tokens p
  ON p.app_id = ${value('app')} AND p.provider = j.value ->> '$.provider' AND p.hash = j.value ->> '$.hash' AND p.token = j.value ->> '$.token'`

const DEVICE = {
  ...OF_DEVICE,
  tokens: {
    test: sql`w.push_token_id IN (${tokenIds})`,
    drive: sql`d.id IN (SELECT o.id FROM (${tokenIds}) t CROSS JOIN devices o ON o.push_token_id = t.id AND o.dialect = ${value('dialect')})`,
  },
  tokenContains: { test: contains('w.token', value('tokenContains')) },
  platformName: {
    test: sql`w.platform_name = ${value('platformName')}`,
    drive: sql`${sql.raw(`d.details ->> '$.platformName'`)} = ${value('platformName')}`,
  },
  platformNames: { test: among('w.platform_name', 'platformNames') },
} satisfies Conditions<DeviceCriteria>

const SUBSCRIPTION = {
  ...OF_DEVICE,
  topic: { test: sql`w.topic = ${value('topic')}`, drive: sql`s.topic = ${value('topic')}` },
  topics: { test: among('w.topic', 'topics') },
  topicContains: { test: contains('w.topic', value('topicContains')) },
} satisfies Conditions<SubscriptionCriteria>

const CATALOGUE = {
  names: { test: among('w.name', 'names') },
  nameContains: { test: contains('w.name', value('nameContains')) },
  descriptions: { test: among('w.description', 'descriptions') },
  descriptionContains: { test: contains('w.description', value('descriptionContains')) },
} satisfies Conditions<CatalogueCriteria>

type Named<Table> = readonly (keyof Table)[]

/** One index is walked: the one that finds the fewest rows. What else is asked for is tested. */
const NARROWEST = ['externalId', 'externalIds', 'tokens', 'topic', 'user', 'platformName'] as const

function chosen(table: Readonly<Record<string, Condition>>, names: readonly string[]) {
  const driver = NARROWEST.find((name) => names.includes(name))
  const tests = names.filter((name) => name !== driver).flatMap((name) => table[name]?.test ?? [])
  return { driver, drive: driver && table[driver]?.drive, tests }
}

/** The members of a place, by number; null where the list ends within the window. */
export type End = Readonly<Record<string, string | number | null>>

/** The statements of a list's steps for one set of conditions. */
export interface Steps<Row> {
  /** The matches in the window that are shown. */
  readonly rows: Statement<Row>
  /** How many match in the window, with its end. */
  readonly matches: Statement<{ matches: number } & End>
  /** The place of the window's last row; nothing where the list ends before. */
  readonly end: Statement<End>
  /** Whether a row of the window may be no match. */
  readonly selective: boolean
}

/** A set of conditions has its statements, made when they are first used. */
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

const all = (conditions: readonly SQL[]): SQL => sql.join([...conditions], sql` AND `)
const where = (tests: readonly SQL[]): SQL => (tests.length === 0 ? sql`` : sql`WHERE ${all(tests)}`)
const shown: SQL = sql`LIMIT ${value('limit')} OFFSET ${value('offset')}`
const scanned: SQL = sql`LIMIT ${value('scan')}`
const lastScanned: SQL = sql`LIMIT 1 OFFSET ${value('scan')} - 1`

function stepsOf<Row>(of: {
  /** Columns and tables of the window, up to its bound. */
  readonly window: (columns: SQL, bound: SQL) => SQL
  readonly columns: SQL
  readonly place: SQL
  readonly tests: readonly SQL[]
  readonly rows: (window: SQL) => SQL
}): Steps<Row> {
  const window = of.window(of.columns, scanned)
  return {
    rows: statement(of.rows(sql`(${window}) w ${where(of.tests)}`)),
    matches:
      statement(sql`SELECT m.matches, e.* FROM (SELECT count(*) AS matches FROM (${window}) w ${where(of.tests)}) m
      LEFT JOIN (${of.window(of.place, lastScanned)}) e ON 1 = 1`),
    end: statement(of.window(of.place, lastScanned)),
    selective: of.tests.length > 0,
  }
}

export const deviceSteps = perSet((names: Named<typeof DEVICE>): Steps<DeviceRow> => {
  const { drive, tests } = chosen(DEVICE, names)
  const asks = (...of: Named<typeof DEVICE>) => of.some((name) => names.includes(name))
  return stepsOf({
    window: (columns, bound) => sql`SELECT ${columns} FROM devices d
      WHERE ${all([scope, ...(drive ? [drive] : []), sql`d.id > ${value('afterDevice')}`])} ORDER BY d.id ${bound}`,
    columns: sql`d.id, d.external_id, d.user_id, d.push_token_id${asks('userContains') ? noUser : sql``}
      ${asks('platformName', 'platformNames') ? sql.raw(`, d.details ->> '$.platformName' AS platform_name`) : sql``}
      ${asks('tokenContains') ? sql.raw(', (SELECT p.token FROM push_tokens p WHERE p.id = d.push_token_id) AS token') : sql``}`,
    place: sql.raw('d.id AS "0"'),
    tests,
    rows: (window) => sql`
      SELECT ${listedColumns} FROM (SELECT w.id FROM ${window} ORDER BY w.id ${shown}) k
      CROSS JOIN devices d ON d.id = k.id LEFT JOIN push_tokens p ON p.id = d.push_token_id ORDER BY k.id`,
  })
})
const noUser: SQL = sql`, json_extract(${value('userContains')}, '$.none') AS no_user`

export type SubscriptionRow = DeviceRow & {
  subscription_id: string | null
  topic: string
  subscribed_at: number
}
const subscriptionColumns: SQL = sql`s.id AS subscription_id, s.topic, s.created_at AS subscribed_at, ${listedColumns}`

/**
 * CROSS JOIN fixes the order: from the topic's subscribers where a topic is named, else from the devices. There the
 * subscriptions' own app must not be asked for: its index would be walked once for each device. A topic's subscribers of
 * other dialects are rows of its window, too. What is shown of a window is taken in the window's order: asked for again, it
 * would be sorted whole.
 */
export const subscriptionSteps = perSet((names: Named<typeof SUBSCRIPTION>): Steps<SubscriptionRow> => {
  const { driver, drive, tests } = chosen(SUBSCRIPTION, names)
  const byTopic = driver === 'topic'
  const device = sql.raw(byTopic ? 's.device_id' : 'd.id')
  const from = byTopic
    ? sql`FROM subscriptions s CROSS JOIN devices d ON d.id = s.device_id WHERE s.app_id = ${value('app')} AND d.app_id = ${value('app')} AND ${staying('d')} AND ${drive ?? sql``}`
    : sql`FROM devices d CROSS JOIN subscriptions s ON s.device_id = d.id WHERE ${all([scope, ...(drive ? [drive] : [])])}`
  return stepsOf({
    window: (columns, bound) => sql`SELECT ${columns} ${from}
      AND ${device} >= ${value('afterDevice')}
      AND (${device}, s.created_at, s.topic) > (${value('afterDevice')}, ${value('afterAt')}, ${value('afterTopic')})
      ORDER BY ${device}, s.created_at, s.topic ${bound}`,
    columns: sql`s.id AS subscription_id, s.topic, s.created_at AS subscribed_at, s.device_id, d.dialect, d.external_id, d.user_id${names.includes('userContains') ? noUser : sql``}`,
    place: sql`s.device_id AS "0", s.created_at AS "1", s.topic AS "2"`,
    tests: byTopic ? [sql`w.dialect = ${value('dialect')}`, ...tests] : tests,
    rows: (window) => sql`
      SELECT k.subscription_id, k.topic, k.subscribed_at, ${listedColumns} FROM (
        SELECT w.subscription_id, w.topic, w.subscribed_at, w.device_id FROM ${window} ${shown}) k
      CROSS JOIN devices d ON d.id = k.device_id LEFT JOIN push_tokens p ON p.id = d.push_token_id
      ORDER BY k.device_id, k.subscribed_at, k.topic`,
  })
})

/** One subscription with its device, by its id. */
export const shownSubscription: Statement<SubscriptionRow> = statement(sql`
  SELECT ${subscriptionColumns} FROM subscriptions s JOIN devices d ON d.id = s.device_id LEFT JOIN push_tokens p ON p.id = d.push_token_id
  WHERE s.id = ${value('id')} AND ${scope}`)

export const catalogueSteps = perSet((names: Named<typeof CATALOGUE>): Steps<CatalogueRow> => {
  const { tests } = chosen(CATALOGUE, names)
  return stepsOf({
    window: (columns, bound) => sql`SELECT ${columns} FROM catalogue
      WHERE app_id = ${value('app')} AND dialect = ${value('dialect')} AND id > ${value('afterId')} ORDER BY id ${bound}`,
    columns: catalogueColumns.getSQL(),
    place: sql.raw('id AS "0"'),
    tests,
    rows: (window) => sql`SELECT ${catalogueColumns} FROM ${window} ORDER BY w.id ${shown}`,
  })
})
