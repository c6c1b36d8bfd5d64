import type { CatalogueCriteria, DeviceCriteria, SubscriptionCriteria } from '../../contract/listing.ts'
import { ofApp, scoped, staying } from '../conditions.ts'
import { digest, elements, holds, inTurn, item, listed, member, part } from '../forms.ts'
import { BY_ID, order } from '../keyset.ts'
import { type Statement, statement } from '../statement.ts'
import { catalogue, devices, pushTokens, subscriptions } from '../tables.ts'
import {
  column,
  columns,
  type Expression,
  inner,
  join,
  type RowOf,
  raw,
  sql,
  type Template,
  value,
} from '../template.ts'
import { type CatalogueRow, catalogueColumns } from './catalogue.ts'
import { type DeviceRow, joinedToken, listedColumns, listedParts } from './device-view.ts'

const d = devices.as('d')
const o = devices.as('o')
const p = pushTokens.as('p')
const s = subscriptions.as('s')
const j = item('j')
const device = devices.as('w')
const subscription = subscriptions.as('w')
const topic = catalogue.as('w')
/** The columns of the windows: those of the tables, and computed ones. */
const w = {
  id: device.id,
  dialect: device.dialect,
  externalId: device.externalId,
  userId: device.userId,
  noUser: raw('w.no_user'),
  pushTokenId: device.pushTokenId,
  token: pushTokens.as('w').token,
  platformName: raw('w.platform_name'),
  subscriptionId: raw('w.subscription_id'),
  topic: subscription.topic,
  subscribedAt: raw('w.subscribed_at'),
  device: subscription.device,
  deviceId: raw('w.device_id'),
  name: topic.name,
  description: topic.description,
} as const

/**
 * A list is read in steps. Each scans a window `w` of bounded size after a place, in the order of one index,
 * and tests the other conditions on each row: the cost of a step is that of its window, whatever the filter and the matches.
 */
interface Condition {
  /** A condition on the window's rows. It binds criteria by their own names, which are known at run time. */
  readonly test: Template<string>
  /** A condition on the tables of the window that selects an index. */
  readonly drive?: Template<string>
}
type Conditions<Criteria> = { readonly [Name in keyof Required<Criteria>]: Condition } & {
  readonly noUser?: Condition
}

/** For each list, the text contains one of its strings; they are plain text, not patterns. */
const contains = (text: Template, lists: Template<string>) =>
  sql`NOT EXISTS (SELECT 1 FROM ${elements(lists)} f
    WHERE NOT EXISTS (SELECT 1 FROM ${elements(item('f').value)} v WHERE ${holds(text, item('v').value)}))`

/** Looked up in an index, however many values there are. */
const among = (text: Template, name: string) => sql`${text} IN ${listed(name)}`

const scope = sql`${scoped(d)} AND ${staying(d)}`

const OF_DEVICE = {
  externalId: {
    test: sql`${w.externalId} = ${value('externalId')}`,
    drive: sql`${d.externalId} = ${value('externalId')}`,
  },
  externalIds: {
    test: among(w.externalId, 'externalIds'),
    drive: sql`${d.id} IN (SELECT ${o.id} FROM ${elements(value('externalIds'))} j
      ${inTurn(o, sql`${scoped(o)} AND ${o.externalId} = ${j.value}`)})`,
  },
  externalIdContains: { test: contains(w.externalId, value('externalIdContains')) },
  user: { test: sql`${w.userId} = ${value('user')}`, drive: sql`${d.userId} = ${value('user')}` },
  // A column known to be unset has its own condition, so that each form uses its index.
  noUser: { test: sql`${w.userId} IS NULL` },
  users: {
    test: sql`coalesce(${w.userId}, '') IN (SELECT coalesce(value, '') FROM ${elements(value('users'))} users)`,
  },
  userContains: {
    test: contains(sql`coalesce(${w.userId}, ${w.noUser})`, part(value('userContains'), '$.lists')),
  },
} satisfies Partial<Conditions<DeviceCriteria & SubscriptionCriteria>>

const tokenIds = sql`SELECT ${p.id} FROM ${elements(value('tokens'))} j
  ${inTurn(p, sql`${ofApp(p)} AND ${p.provider} = ${member(j.value, '$.provider')} AND ${p.digest} = ${digest(member(j.value, '$.hash'))} AND ${p.token} = ${member(j.value, '$.token')}`)}`

const platformName = member(d.details, '$.platformName')

const DEVICE = {
  ...OF_DEVICE,
  tokens: {
    test: sql`${w.pushTokenId} IN (${tokenIds})`,
    drive: sql`${d.id} IN (SELECT ${o.id} FROM (${tokenIds}) t ${inTurn(o, sql`${o.pushTokenId} = t.id AND ${o.dialect} = ${value('dialect')}`)})`,
  },
  tokenContains: { test: contains(w.token, value('tokenContains')) },
  platformName: {
    test: sql`${w.platformName} = ${value('platformName')}`,
    drive: sql`${platformName} = ${value('platformName')}`,
  },
  platformNames: { test: among(w.platformName, 'platformNames') },
} satisfies Conditions<DeviceCriteria>

const SUBSCRIPTION = {
  ...OF_DEVICE,
  topic: { test: sql`${w.topic} = ${value('topic')}`, drive: sql`${s.topic} = ${value('topic')}` },
  topics: { test: among(w.topic, 'topics') },
  topicContains: { test: contains(w.topic, value('topicContains')) },
} satisfies Conditions<SubscriptionCriteria>

const CATALOGUE = {
  names: { test: among(w.name, 'names') },
  nameContains: { test: contains(w.name, value('nameContains')) },
  descriptions: { test: among(w.description, 'descriptions') },
  descriptionContains: { test: contains(w.description, value('descriptionContains')) },
} satisfies Conditions<CatalogueCriteria>

type Named<Table> = readonly (keyof Table)[]

/** One index is scanned, the one that finds the fewest rows; other conditions are tested. */
const NARROWEST = ['externalId', 'externalIds', 'tokens', 'topic', 'user', 'platformName'] as const

function chosen(table: Readonly<Record<string, Condition>>, names: readonly string[]) {
  const driver = NARROWEST.find((name) => names.includes(name))
  const tests = names.filter((name) => name !== driver).flatMap((name) => table[name]?.test ?? [])
  return { driver, drive: driver && table[driver]?.drive, tests }
}

/** The members of a place, by number; null if the list ends within the window. */
export type End = Readonly<Record<string, string | number | null>>

/** The statements of a list's steps for one set of conditions. */
export interface Steps<Row> {
  /** The matches in the window to be shown. */
  readonly rows: Statement<Row>
  /** The number of matches in the window, with its end. */
  readonly matches: Statement<{ matches: number }>
  /** The place of the window's last row; no row if the list ends before. */
  readonly end: Statement<End>
  /** Whether some rows of the window may not match. */
  readonly selective: boolean
}

/** The statements for a set of conditions, built on first use. */
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

const all = (conditions: readonly Template<string>[]) => join(conditions, ' AND ')
const where = (tests: readonly Template<string>[]) => (tests.length === 0 ? sql`` : sql`WHERE ${all(tests)}`)
const shown = sql`LIMIT ${value('limit')} OFFSET ${value('offset')}`
const scanned = sql`LIMIT ${value('scan')}`
const lastScanned = sql`LIMIT 1 OFFSET ${value('scan')} - 1`

const matches = columns({ matches: column<number>('m.matches', 'matches') })
/** The members of a place, by number. */
const placed = (members: readonly Expression<string | number>[]) =>
  join(
    members.map((one, at) => sql`${one} AS ${raw(`"${at}"`)}`),
    ', ',
  ) as Template<never, End>

function stepsOf<Row>(of: {
  /** Columns and tables of the window, up to its limit. */
  readonly window: <Of>(columns: Template<string, Of>, bound: Template<string>) => Template<string, Of>
  readonly columns: Template<string>
  readonly place: readonly Expression<string | number>[]
  readonly tests: readonly Template<string>[]
  readonly rows: (window: Template<string>) => Template<string, Row>
}): Steps<Row> {
  const window = of.window(of.columns, scanned)
  const end = of.window(placed(of.place), lastScanned)
  return {
    rows: statement(of.rows(sql`(${window}) w ${where(of.tests)}`)),
    matches:
      statement(sql`SELECT ${matches}, e.* FROM (SELECT count(*) AS matches FROM (${window}) w ${where(of.tests)}) m
      LEFT JOIN (${inner(end)}) e ON 1 = 1`),
    end: statement(end),
    selective: of.tests.length > 0,
  }
}

const noUser = sql`, ${member(value('userContains'), '$.none')} AS no_user`

export const deviceSteps = perSet((names: Named<typeof DEVICE>): Steps<DeviceRow> => {
  const { drive, tests } = chosen(DEVICE, names)
  const asks = (...of: Named<typeof DEVICE>) => of.some((name) => names.includes(name))
  return stepsOf({
    window: (columns, bound) => sql`SELECT ${columns} FROM ${d}
      WHERE ${all([scope, ...(drive ? [drive] : []), BY_ID.behind({ afterId: d.id })])} ${BY_ID.by({ afterId: d.id })} ${bound}`,
    columns: sql`${d.id}, ${d.externalId}, ${d.userId}, ${d.pushTokenId}${asks('userContains') ? noUser : sql``}
      ${asks('platformName', 'platformNames') ? sql`, ${platformName} AS platform_name` : sql``}
      ${asks('tokenContains') ? sql`, (SELECT ${p.token} FROM ${p} WHERE ${p.id} = ${d.pushTokenId}) AS token` : sql``}`,
    place: [d.id],
    tests,
    rows: (window) => sql`
      SELECT ${listedColumns} FROM (SELECT ${w.id} FROM ${window} ORDER BY ${w.id} ${shown}) k
      ${inTurn(d, sql`${d.id} = k.id`)} ${joinedToken} ORDER BY k.id`,
  })
})
const subscriptionColumns = columns({
  subscription_id: s.id,
  topic: s.topic,
  subscribed_at: s.createdAt,
  ...listedParts,
})
export type SubscriptionRow = RowOf<typeof subscriptionColumns>

/** The rows `k` of a window to be shown. */
const shownColumns = columns({
  subscription_id: column<string | null>('k.subscription_id', 'subscription_id'),
  topic: column<string>('k.topic', 'topic'),
  subscribed_at: column<number>('k.subscribed_at', 'subscribed_at'),
  ...listedParts,
})

const before = devices.as('before')
/**
 * The number of the device at which a page of a topic's subscriptions begins: places contain device ids, and if the device
 * was deleted, the previous one is used.
 */
const numberBefore = sql`coalesce((SELECT ${before.number} FROM ${before} WHERE ${before.id} <= ${value('afterDevice')} ORDER BY ${before.id} DESC LIMIT 1), 0)`

/** By device; those of one device by time. */
export const SUBSCRIPTIONS = order('ASC', { afterDevice: '', afterAt: 0, afterTopic: '' })

/**
 * The join order is fixed: from the topic's subscriptions if a topic is given, else from the devices. In that case there must
 * be no condition on the subscriptions' app, or its index would be scanned once per device. A topic's subscriptions are in
 * order of device number, which is that of ids unless clocks differ; the window includes those of other dialects. Rows to
 * be shown are read in the window's order, because sorting them again would sort the whole window.
 */
export const subscriptionSteps = perSet((names: Named<typeof SUBSCRIPTION>): Steps<SubscriptionRow> => {
  const { driver, drive, tests } = chosen(SUBSCRIPTION, names)
  const byTopic = driver === 'topic'
  const from = byTopic
    ? sql`FROM ${s} ${inTurn(d, sql`${d.number} = ${s.device}`)} WHERE ${ofApp(s)} AND ${ofApp(d)} AND ${staying(d)} AND ${drive ?? sql``}`
    : sql`FROM ${d} ${inTurn(s, sql`${s.device} = ${d.number}`)} WHERE ${all([scope, ...(drive ? [drive] : [])])}`
  const placed = { afterDevice: d.id, afterAt: s.createdAt, afterTopic: s.topic }
  // The place is in two tables, which no index has together: the first condition finds its device.
  const behind = byTopic
    ? sql`${s.device} > ${numberBefore} ORDER BY ${s.device}`
    : sql`${d.id} >= ${value('afterDevice')} AND ${SUBSCRIPTIONS.behind(placed)} ${SUBSCRIPTIONS.by(placed)}`
  return stepsOf({
    window: (columns, bound) => sql`SELECT ${columns} ${from} AND ${behind} ${bound}`,
    columns: sql`${s.id} AS subscription_id, ${s.topic}, ${s.createdAt} AS subscribed_at, ${s.device}, ${d.id} AS device_id, ${d.dialect}, ${d.externalId}, ${d.userId}${names.includes('userContains') ? noUser : sql``}`,
    place: [d.id, s.createdAt, s.topic],
    tests: byTopic ? [sql`${w.dialect} = ${value('dialect')}`, ...tests] : tests,
    rows: (window) => sql`
      SELECT ${shownColumns} FROM (
        SELECT ${w.subscriptionId}, ${w.topic}, ${w.subscribedAt}, ${w.device}, ${w.deviceId} FROM ${window} ${shown}) k
      ${inTurn(d, sql`${d.number} = k.device`)} ${joinedToken}
      ORDER BY ${byTopic ? raw('k.device') : raw('k.device_id, k.subscribed_at, k.topic')}`,
  })
})

/** One subscription with its device, by its id. */
export const shownSubscription = statement(sql`
  SELECT ${subscriptionColumns} FROM ${s} JOIN ${d} ON ${d.number} = ${s.device} ${joinedToken}
  WHERE ${s.id} = ${value('id')} AND ${scope}`)

export const catalogueSteps = perSet((names: Named<typeof CATALOGUE>): Steps<CatalogueRow> => {
  const { tests } = chosen(CATALOGUE, names)
  return stepsOf({
    window: (columns, bound) => sql`SELECT ${columns} FROM ${catalogue}
      WHERE ${scoped(catalogue)} AND ${BY_ID.behind({ afterId: catalogue.id })} ${BY_ID.by({ afterId: catalogue.id })} ${bound}`,
    columns: inner(catalogueColumns),
    place: [catalogue.id],
    tests,
    rows: (window) => sql`SELECT ${catalogueColumns} FROM ${window} ORDER BY ${w.id} ${shown}`,
  })
})
