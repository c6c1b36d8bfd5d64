import { ofApp, scoped } from '../conditions.ts'
import { member, without } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { type Statement, statement } from '../statement.ts'
import {
  type Alias,
  catalogue,
  clients,
  counters,
  devices,
  documents,
  events,
  grants,
  jobItems,
  jobs,
  outbox,
  pushTokens,
  receipts,
  removalPicks,
  removalSpares,
  removals,
  signingKeys,
  subscriptions,
  type Table,
  type TableName,
  tags,
  tagTypes,
  webhooks,
} from '../tables.ts'
import { columns, type Expression, join, sql, type Template, value } from '../template.ts'
import { erasePicked, erasePickedOfApp, type Removal, removePicked } from './removal.ts'
import { forgetWork } from './user-work.ts'

/** What goes as a whole: an app, a dialect of it, a user of it in every dialect, a user in one dialect. */
export const EXTENTS = ['app', 'dialect', 'user', 'userOfDialect'] as const
export type Extent = (typeof EXTENTS)[number]

/** What a removal binds; a user or a dialect that it does not name is null. */
type Names = 'removal' | 'app' | 'dialect' | 'userId' | 'now' | 'cause' | 'batch' | 'rows'
type Part = Template<Names>

const d = devices.as('d')
const j = jobs.as('j')
const spared = removalSpares.as('spared')
const { id, dialect, userId, erase, cause, at } = removals

const newest = sql`SELECT ${devices.id} FROM ${devices} WHERE ${ofApp(devices)} ORDER BY ${devices.createdAt} DESC, ${devices.id} DESC LIMIT 1`
/** From here on nobody sees what it names, and whatever comes later is not meant. */
export const startRemoval = statement(
  insertion(removals, {
    id: value('removal'),
    appId: value('app'),
    dialect: value('dialect'),
    userId: value('userId'),
    erase: value('erase'),
    cause: value('cause'),
    at: value('now'),
    untilAt: sql`coalesce((SELECT max(${devices.createdAt}) FROM ${devices} WHERE ${ofApp(devices)}), 0)`,
    untilId: sql`coalesce((${newest}), '')`,
  }),
)

/** The removal that has waited longest. */
export const oldestRemoval = statement(
  sql`SELECT ${columns({ id, app_id: removals.appId, dialect, user_id: userId, erase, cause, at })} FROM ${removals} ORDER BY ${at}, ${id} LIMIT 1`,
)

const ofUser = (of: { readonly userId: Expression }) => sql`${of.userId} = ${value('userId')}`
const before = (of: { readonly createdAt: Expression }) => sql`${of.createdAt} <= ${value('now')}`
// The plus keeps the planner from an index that has the time but not the order: it would sort all that is left each time.
const meant = sql`(+${d.createdAt}, ${d.id}) <= (SELECT ${removals.untilAt}, ${removals.untilId} FROM ${removals} WHERE ${id} = ${value('removal')})
  AND NOT EXISTS (SELECT 1 FROM ${spared} WHERE ${spared.removalId} = ${value('removal')} AND ${spared.deviceId} = ${d.id})`

/** The devices of each extent, and an order in which an index has them. */
const DEVICES: Record<Extent, { readonly where: Part; readonly order: Template }> = {
  app: { where: ofApp(d), order: sql`${d.createdAt}, ${d.id}` },
  dialect: { where: sql`${scoped(d)} AND ${meant}`, order: d.id },
  user: { where: sql`${ofApp(d)} AND ${ofUser(d)} AND ${meant}`, order: sql`${d.createdAt}, ${d.id}` },
  userOfDialect: { where: sql`${scoped(d)} AND ${ofUser(d)} AND ${meant}`, order: d.id },
}

/** The next devices of an extent, no more than a batch. */
const next = (extent: Extent) => {
  const { where, order } = DEVICES[extent]
  return sql`(SELECT d.* FROM ${d} WHERE ${where} ORDER BY ${order} LIMIT ${value('batch')})`
}

/** The rows of a table, which are `t` where they are looked for, and their key. */
const rowsOf = <Name extends TableName>(
  table: Table<Name>,
  key: (of: Alias<Name>) => readonly Expression[],
) => {
  const t = table.as('t')
  return { table: table as Template, rows: t as Template, key: key(table), of: key(t) }
}
/** Rows of one table that go with an extent; `set` where the row stays and only says less. */
interface Trace extends ReturnType<typeof rowsOf> {
  readonly from: Part
  readonly set?: Template
}

const take = ({ table, key, of, from, set }: Trace): Statement<unknown, Names> => {
  const found = sql`(${join(key, ', ')}) IN (SELECT ${join(of, ', ')} ${from} LIMIT ${value('rows')})`
  return set === undefined
    ? statement(sql`DELETE FROM ${table} WHERE ${found}`)
    : statement(sql`UPDATE ${table} SET ${set} WHERE ${found}`)
}

const RECEIPT = rowsOf(receipts, (of) => [of.deviceId, of.messageId, of.kind])
const EVENT = rowsOf(events, (of) => [of.id])
const CALL = rowsOf(outbox, (of) => [of.id])
const CLIENT = rowsOf(clients, (of) => [of.id])
const JOB = rowsOf(jobs, (of) => [of.id])
const ITEM = rowsOf(jobItems, (of) => [of.jobId, of.position])
const { label, subject, input, reason, state } = jobItems
/** The row of a job stays, so that its numbers add up, and is nobody's. */
const JOB_ROW = {
  ...ITEM,
  set: sql`${label} = '', ${subject} = '', ${input} = NULL, ${reason} = CASE WHEN ${state} = 'done' THEN ${reason} ELSE 'was erased' END,
    ${state} = CASE WHEN ${state} = 'done' THEN ${state} ELSE 'failed' END`,
}

const receipt = receipts.as('t')
const event = events.as('t')
const outgoing = outbox.as('t')
const client = clients.as('t')
const item = jobItems.as('t')
const job = jobs.as('t')
const token = pushTokens.as('t')

/** `d` is one of the devices that are looked at; what an index finds by it. */
type Hanging = Omit<Trace, 'from'> & { readonly on: Template }

const reports: Hanging = { ...RECEIPT, on: sql`${receipt.deviceId} = ${d.id}` }
const history: Hanging = { ...EVENT, on: sql`${event.appId} = ${d.appId} AND ${event.deviceId} = ${d.id}` }
const calls: Hanging = {
  ...CALL,
  on: sql`${outgoing.appId} = ${d.appId} AND ${member(outgoing.event, '$.device.id')} = ${d.id}`,
}
/** What hangs on the devices of an extent and may be more than a piece holds: it goes before them. */
const HANGING: Record<Extent, readonly Hanging[]> = {
  app: [reports, history, calls],
  dialect: [reports, history, calls],
  userOfDialect: [reports],
  user: [
    reports,
    history,
    calls,
    {
      ...EVENT,
      on: sql`${event.appId} = ${d.appId} AND ${member(event.detail, '$.by')} IN (${d.externalId}, ${d.id})`,
      set: sql`${events.detail} = ${without(events.detail, '$.by')}`,
    },
    {
      ...JOB_ROW,
      on: sql`${item.subject} = ${d.externalId} AND ${item.subject} <> ''
        AND (SELECT ${j.appId} FROM ${j} WHERE ${j.id} = ${item.jobId}) = ${d.appId}`,
    },
    {
      ...CLIENT,
      on: sql`${client.appId} = ${d.appId} AND ${client.dialect} = ${d.dialect} AND ${client.externalId} = ${d.externalId}`,
    },
  ],
}

const i = jobItems.as('i')
const jobsOf = (condition: Part): readonly Trace[] => [
  { ...ITEM, from: sql`FROM ${j} CROSS JOIN ${item} ON ${item.jobId} = ${j.id} WHERE ${condition}` },
  {
    ...JOB,
    from: sql`FROM ${job} WHERE ${job.id} IN (SELECT ${j.id} FROM ${j} WHERE ${condition})
      AND NOT EXISTS (SELECT 1 FROM ${i} WHERE ${i.jobId} = ${job.id})`,
  },
]

/** Tables whose rows all belong to an app. */
type OfApp = { [Name in TableName]: 'appId' extends keyof Alias<Name> ? Name : never }[TableName]
const allOf = <Name extends OfApp>(
  table: Table<Name>,
  key: (of: Alias<Name>) => readonly Expression[],
): Trace => ({
  ...rowsOf(table, key),
  from: sql`FROM ${table.as('t')} WHERE ${ofApp(table.as('t'))}`,
})

const naming = (of: Template & { readonly appId: Expression }, user: Template): Part =>
  sql`FROM ${of} WHERE ${ofApp(of)} AND ${user} = ${value('userId')}`

/** What goes with an extent besides what hangs on its devices. */
const REST: Record<Extent, readonly Trace[]> = {
  app: [
    ...jobsOf(ofApp(j)),
    allOf(receipts, (of) => [of.deviceId, of.messageId, of.kind]),
    allOf(events, (of) => [of.id]),
    allOf(outbox, (of) => [of.id]),
    allOf(clients, (of) => [of.id]),
    allOf(grants, (of) => [of.id]),
    allOf(signingKeys, (of) => [of.id]),
    allOf(documents, (of) => [of.appId, of.dialect, of.kind]),
    allOf(webhooks, (of) => [of.appId, of.dialect, of.name]),
    allOf(catalogue, (of) => [of.appId, of.dialect, of.name]),
    allOf(tagTypes, (of) => [of.appId, of.dialect, of.name]),
    allOf(counters, (of) => [of.appId, of.kind, of.name]),
    {
      ...rowsOf(pushTokens, (of) => [of.id]),
      // Asked once, before any of them is looked at.
      from: sql`FROM (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM ${d} WHERE ${ofApp(d)})) CROSS JOIN ${token} WHERE ${ofApp(token)}`,
    },
  ],
  dialect: [
    ...jobsOf(sql`${scoped(j)} AND ${before(j)}`),
    { ...CALL, from: sql`FROM ${outgoing} WHERE ${scoped(outgoing)} AND ${before(outgoing)}` },
    { ...CLIENT, from: sql`FROM ${client} WHERE ${scoped(client)} AND ${before(client)}` },
  ],
  user: [
    { ...EVENT, from: naming(event, member(event.detail, '$.userId')) },
    { ...RECEIPT, from: naming(receipt, member(receipt.details, '$.userId')) },
    { ...CALL, from: naming(outgoing, member(outgoing.event, '$.device.userId')) },
    {
      ...JOB_ROW,
      from: sql`FROM ${item} JOIN ${j} ON ${j.id} = ${item.jobId}
        WHERE ${member(item.input, '$.patch.user.id')} = ${value('userId')} AND ${ofApp(j)} AND ${before(j)}`,
    },
  ],
  userOfDialect: [],
}

/** How much hangs on a device, as far as it matters: no more than a piece holds. */
const weight = (of: Template & { readonly deviceId: Expression }) =>
  sql`(SELECT count(*) FROM (SELECT 1 FROM ${of} WHERE ${of.deviceId} = ${d.id} LIMIT ${value('rows')}))`
const weights = sql`${weight(subscriptions.as('t'))} + ${weight(tags.as('t'))}`

/** Devices on which no more hangs than a piece can take, at least one. */
const pick = (extent: Extent) => {
  const order = DEVICES[extent].order
  const bare = HANGING[extent].map(
    ({ rows, on }) => sql`NOT EXISTS (SELECT 1 FROM ${d} JOIN ${rows} ON ${on} WHERE ${d.id} = k.id)`,
  )
  return statement(sql`
    INSERT INTO ${removalPicks} (${removalPicks.removalId}, ${removalPicks.deviceId})
    SELECT ${value('removal')}, k.id FROM (
      SELECT ${d.id}, sum(d.weight) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - d.weight AS before
      FROM (SELECT ${d.id}, ${d.createdAt}, ${weights} AS weight FROM ${next(extent)} d) d) k
    WHERE k.before < ${value('rows')} AND ${join(bare, ' AND ')}`)
}
const unpick = statement(
  sql`DELETE FROM ${removalPicks} WHERE ${removalPicks.removalId} = ${value('removal')}`,
)

/** Done once nothing is left. */
const finish = (extent: Extent) => {
  const left = [sql`FROM ${d} WHERE ${DEVICES[extent].where}`, ...REST[extent].map(({ from }) => from)]
  const nothing = left.map((from) => sql`NOT EXISTS (SELECT 1 ${from})`)
  return statement(
    sql`DELETE FROM ${removals} WHERE ${id} = ${value('removal')} AND ${join(nothing, ' AND ')} RETURNING ${columns({ id })}`,
  )
}
const forgetSpares = statement(sql`
  DELETE FROM ${removalSpares} WHERE ${removalSpares.removalId} = ${value('removal')}
    AND NOT EXISTS (SELECT 1 FROM ${removals} WHERE ${id} = ${value('removal')})`)

const count = sql`${counters.appId}, ${counters.kind}, ${counters.name}`
/** The names of topics that nobody has any more. */
const forgetCounts = statement(sql`
  DELETE FROM ${counters} WHERE (${count}) IN
    (SELECT ${count} FROM ${counters} WHERE ${ofApp(counters)} AND ${counters.amount} = 0 LIMIT ${value('rows')})`)

/** One piece of a removal: no statement of it changes more rows than `rows` and what hangs on one device. */
export interface Piece {
  readonly before: readonly Statement<unknown, Names>[]
  readonly devices: Removal<Names>
  readonly finish: Statement<{ readonly id: string }, Names>
  readonly after: readonly Statement<unknown, Names>[]
}

const DELETED: Record<Extent, Removal<Names>> = {
  app: erasePickedOfApp,
  dialect: erasePicked,
  user: erasePicked,
  userOfDialect: removePicked,
}

const pieceOf = (extent: Extent): Piece => ({
  before: [
    // As much as may wait at all, and at once: nothing more is done for who is erased.
    ...(extent === 'user' ? [forgetWork] : []),
    ...REST[extent].map(take),
    ...HANGING[extent].map((of) =>
      take({ ...of, from: sql`FROM ${next(extent)} d JOIN ${of.rows} ON ${of.on}` }),
    ),
    pick(extent),
  ],
  devices: DELETED[extent],
  finish: finish(extent),
  after: [unpick, forgetSpares, forgetCounts],
})

export const PIECES: Record<Extent, Piece> = {
  app: pieceOf('app'),
  dialect: pieceOf('dialect'),
  user: pieceOf('user'),
  userOfDialect: pieceOf('userOfDialect'),
}
