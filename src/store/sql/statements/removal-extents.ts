import { ofApp, scoped } from '../conditions.ts'
import {
  arrayOf,
  aside,
  elements,
  inTurn,
  item as itemOf,
  json,
  member,
  merged,
  object,
  without,
} from '../forms.ts'
import {
  type Alias,
  catalogue,
  clients,
  counters,
  devices,
  documents,
  events,
  feedLetters,
  grants,
  importErrors,
  imports,
  jobItems,
  jobs,
  keptStates,
  mirrorCopies,
  outbox,
  pushTokens,
  readinessRecords,
  receipts,
  removalSpares,
  removals,
  sends,
  signingKeys,
  sweeps,
  type Table,
  type TableName,
  tagTypes,
  undoCounts,
  undos,
  webhooks,
} from '../tables.ts'
import { type Expression, sql, type Template, value } from '../template.ts'
import { letters, lettersOf, stillWaits } from './removal-letters.ts'
import { NAMED, OF_DEVICE, ofFormer } from './removal-mirrors.ts'
import { type Hanging, type Part, rowsOf, type Trace } from './removal-traces.ts'
import { forget } from './sends.ts'

/** What a removal covers: an app, a dialect, a user in every dialect, or a user in one dialect. */
export type Extent = 'app' | 'dialect' | 'user' | 'userOfDialect'

const d = devices.as('d')
const j = jobs.as('j')
const spared = removalSpares.as('spared')

const ofUser = (of: { readonly userId: Expression }) => sql`${of.userId} = ${value('userId')}`
const before = (of: { readonly createdAt: Expression }) => sql`${of.createdAt} <= ${value('now')}`
// Prevents an index that has the time but not the order: all remaining devices would be sorted each time.
const meant = sql`(${aside(d.createdAt)}, ${d.id}) <= (SELECT ${removals.untilAt}, ${removals.untilId} FROM ${removals} WHERE ${removals.id} = ${value('removal')})
  AND NOT EXISTS (SELECT 1 FROM ${spared} WHERE ${spared.removalId} = ${value('removal')} AND ${spared.deviceId} = ${d.id})`

/** The devices of each extent, in the order of an index. */
export const DEVICES: Record<Extent, { readonly where: Part; readonly order: Template }> = {
  app: { where: ofApp(d), order: sql`${d.createdAt}, ${d.id}` },
  dialect: { where: sql`${scoped(d)} AND ${meant}`, order: d.id },
  user: { where: sql`${ofApp(d)} AND ${ofUser(d)} AND ${meant}`, order: sql`${d.createdAt}, ${d.id}` },
  userOfDialect: { where: sql`${scoped(d)} AND ${ofUser(d)} AND ${meant}`, order: d.id },
}

/** The next devices of an extent, at most one batch. */
export const next = (extent: Extent) => {
  const { where, order } = DEVICES[extent]
  return sql`(SELECT d.* FROM ${d} WHERE ${where} ORDER BY ${order} LIMIT ${value('batch')})`
}

const RECEIPT = rowsOf(receipts, (of) => [of.deviceId, of.messageId, of.kind])
const EVENT = rowsOf(events, (of) => [of.id])
const CALL = rowsOf(outbox, (of) => [of.id])
const CLIENT = rowsOf(clients, (of) => [of.id])
const JOB = rowsOf(jobs, (of) => [of.id])
const ITEM = rowsOf(jobItems, (of) => [of.jobId, of.position])
const { label, subject, input, reason, state } = jobItems
/** The row of a job stays, so that its counts add up, but no longer belongs to anyone. */
const JOB_ROW = {
  ...ITEM,
  set: sql`${label} = '', ${subject} = '', ${input} = NULL, ${reason} = CASE WHEN ${state} = 'done' THEN ${reason} ELSE 'was erased' END,
    ${state} = CASE WHEN ${state} = 'done' THEN ${state} ELSE 'failed' END`,
}

const keptState = keptStates.as('t')
const receipt = receipts.as('t')
const event = events.as('t')
const outgoing = outbox.as('t')
const client = clients.as('t')
const item = jobItems.as('t')
const job = jobs.as('t')
const token = pushTokens.as('t')

const earlier = events.as('earlier')
const KEPT = rowsOf(keptStates, (of) => [of.subject])
const keptOfDevice = sql`${keptState.appId} = ${d.appId} AND ${keptState.dialect} = ${d.dialect} AND ${keptState.deviceId} = ${d.id}`
/** Of former devices with the external id of a device, which is in what is kept of them. */
const keptOfFormer = sql`
  ${inTurn(earlier, sql`${earlier.appId} = ${d.appId} AND ${earlier.externalId} = ${d.externalId} AND ${earlier.dialect} = ${d.dialect}`)}
  ${inTurn(keptState, sql`${keptState.appId} = ${d.appId} AND ${keptState.dialect} = ${d.dialect} AND ${keptState.deviceId} = ${earlier.deviceId}`)}`
const kept: Hanging = { ...KEPT, on: keptOfDevice }
const reports: Hanging = { ...RECEIPT, on: sql`${receipt.deviceId} = ${d.id}` }
const history: Hanging = { ...EVENT, on: sql`${event.appId} = ${d.appId} AND ${event.deviceId} = ${d.id}` }
const calls: Hanging = {
  ...CALL,
  on: sql`${outgoing.appId} = ${d.appId} AND ${member(outgoing.event, '$.device.id')} = ${d.id}`,
}
/** Rows of the extent's devices that may exceed a batch; deleted before the devices. */
export const HANGING: Record<Extent, readonly Hanging[]> = {
  app: [reports, history, calls],
  dialect: [reports, letters, history, calls],
  userOfDialect: [reports, kept, ...OF_DEVICE],
  user: [
    reports,
    letters,
    history,
    { ...kept, apart: true },
    calls,
    ...OF_DEVICE,
    {
      ...EVENT,
      on: sql`${event.appId} = ${d.appId} AND ${member(event.detail, '$.by')} IN (${d.externalId}, ${d.id})`,
      set: sql`${events.detail} = ${without(events.detail, '$.by')}`,
    },
    {
      ...EVENT,
      on: sql`${event.appId} = ${d.appId} AND ${event.externalId} = ${d.externalId} AND ${event.dialect} = ${d.dialect}`,
      set: sql`${events.externalId} = NULL`,
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
  { ...ITEM, from: sql`FROM ${j} ${inTurn(item, sql`${item.jobId} = ${j.id}`)} WHERE ${condition}` },
  {
    ...JOB,
    from: sql`FROM ${job} WHERE ${job.id} IN (SELECT ${j.id} FROM ${j} WHERE ${condition})
      AND NOT EXISTS (SELECT 1 FROM ${i} WHERE ${i.jobId} = ${job.id})`,
  },
]

const counted = undoCounts.as('t')
const undo = undos.as('t')
const g = undos.as('g')
const n = undoCounts.as('n')
/** Undos of the app, with their counts first. */
const takenBack: readonly Trace[] = [
  {
    ...rowsOf(undoCounts, (of) => [of.undo, of.name]),
    from: sql`FROM ${g} ${inTurn(counted, sql`${counted.undo} = ${g.id}`)} WHERE ${ofApp(g)}`,
  },
  {
    ...rowsOf(undos, (of) => [of.id]),
    from: sql`FROM ${undo} WHERE ${ofApp(undo)} AND NOT EXISTS (SELECT 1 FROM ${n} WHERE ${n.undo} = ${undo.id})`,
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

const message = sends.as('t')
/** Hides messages and stops sending them; their rows are deleted in batches (`pruneSends`), and finally the messages. */
const forgotten = (condition: Part): Trace => ({
  ...rowsOf(sends, (of) => [of.id]),
  from: sql`FROM ${message} WHERE ${condition} AND (${message.finishedAt} IS NULL OR ${message.finishedAt} > 0)`,
  set: forget,
})

const o = imports.as('o')
const importError = importErrors.as('t')
const IMPORT_ERROR = rowsOf(importErrors, (of) => [of.number, of.position])

const user = itemOf('u')
const others = sql`(SELECT ${arrayOf(user.value)} FROM ${elements(outbox.event, '$.users')} u WHERE ${user.value} <> ${value('userId')})`

const naming = (of: Template & { readonly appId: Expression }, user: Template): Part =>
  sql`FROM ${of} WHERE ${ofApp(of)} AND ${user} = ${value('userId')}`

const living = devices.as('living')
const waiting = mirrorCopies.as('waiting')
const former = naming(event, member(event.detail, '$.userId'))
const lives = sql`EXISTS (SELECT 1 FROM ${living} WHERE ${living.id} = ${event.deviceId})`
/** A call of the device waits for the vendor; the device's last event identifies its user. */
const waits = sql`EXISTS (SELECT 1 FROM ${waiting} WHERE ${waiting.owner} = ${event.deviceId})`
const inOrder = sql`ORDER BY ${event.id}`
/** The former devices of the next removal events to be deleted. */
export const endsOfUser = sql`SELECT DISTINCT ${events.deviceId} FROM (
  SELECT ${event.deviceId} ${former} AND NOT ${lives} ${inOrder} LIMIT ${value('rows')}) former WHERE ${events.deviceId} <> ''`

/** Rows of an extent other than those of its devices. */
export const REST: Record<Extent, readonly Trace[]> = {
  app: [
    ...jobsOf(ofApp(j)),
    allOf(receipts, (of) => [of.deviceId, of.messageId, of.kind]),
    allOf(feedLetters, (of) => [of.hook, of.event, of.part]),
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
    allOf(sweeps, (of) => [of.appId, of.kind]),
    allOf(readinessRecords, (of) => [of.id]),
    allOf(keptStates, (of) => [of.subject]),
    ...takenBack,
    forgotten(ofApp(message)),
    {
      ...rowsOf(pushTokens, (of) => [of.id]),
      // Evaluated once, before any row is read.
      from: sql`FROM (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM ${d} WHERE ${ofApp(d)})) bare CROSS JOIN ${token} WHERE ${ofApp(token)}`,
    },
  ],
  dialect: [
    ...jobsOf(sql`${scoped(j)} AND ${before(j)}`),
    { ...CALL, from: sql`FROM ${outgoing} WHERE ${scoped(outgoing)} AND ${before(outgoing)}` },
    { ...CLIENT, from: sql`FROM ${client} WHERE ${scoped(client)} AND ${before(client)}` },
    forgotten(sql`${scoped(message)} AND ${before(message)}`),
    {
      ...KEPT,
      from: sql`FROM ${keptState} WHERE ${scoped(keptState)} AND ${keptState.at} <= ${value('now')}`,
    },
  ],
  user: [
    ...ofFormer(endsOfUser),
    ...lettersOf(
      endsOfUser,
      sql`SELECT ${event.id} ${former} AND NOT ${lives} ${inOrder} LIMIT ${value('rows')}`,
    ),
    {
      ...EVENT,
      from: sql`${former} AND NOT ${lives} AND NOT ${waits} AND NOT ${stillWaits(event)} ${inOrder}`,
    },
    // The event of a device that now belongs to another user stays, without details, for feed readers with its old state.
    { ...EVENT, from: sql`${former} AND ${lives}`, set: sql`${events.detail} = '{}'` },
    // In one statement, because an erasure uses nearly all that a plan may have on D1.
    {
      ...KEPT,
      from: sql`FROM (SELECT ${keptState.subject} ${naming(keptState, keptState.userId)}
        UNION SELECT ${keptState.subject} FROM ${next('user')} d ${inTurn(keptState, keptOfDevice)}
        UNION SELECT ${keptState.subject} FROM ${next('user')} d ${keptOfFormer}) t`,
    },
    { ...RECEIPT, from: naming(receipt, member(receipt.details, '$.userId')) },
    { ...CALL, from: naming(outgoing, member(outgoing.event, '$.device.userId')) },
    {
      ...CALL,
      from: sql`FROM ${outgoing} CROSS JOIN ${elements(outgoing.event, '$.users')} u
        WHERE ${ofApp(outgoing)} AND ${member(outgoing.event, '$.users')} IS NOT NULL AND ${user.value} = ${value('userId')}`,
      set: sql`${outbox.event} = ${merged(outbox.event, object({ users: json(others) }))}`,
    },
    {
      ...JOB_ROW,
      from: sql`FROM ${item} JOIN ${j} ON ${j.id} = ${item.jobId}
        WHERE ${member(item.input, '$.patch.user.id')} = ${value('userId')} AND ${ofApp(j)} AND ${before(j)}`,
    },
    {
      // The row stays, so that the counts add up, but no longer belongs to anyone.
      ...IMPORT_ERROR,
      from: sql`FROM ${importError} CROSS JOIN ${o} WHERE ${o.number} = ${importError.number} AND ${importError.userId} = ${value('userId')} AND ${ofApp(o)}`,
      set: sql`${importErrors.userId} = NULL, ${importErrors.shown} = '{}'`,
    },
    ...NAMED,
  ],
  userOfDialect: [
    {
      ...KEPT,
      from: sql`${naming(keptState, keptState.userId)} AND ${keptState.dialect} = ${value('dialect')}`,
    },
  ],
}
