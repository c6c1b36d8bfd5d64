import { ofApp, staying } from '../conditions.ts'
import { array, elements, inTurn, item, member, number, numeric } from '../forms.ts'
import { OLDEST } from '../keyset.ts'
import { statement } from '../statement.ts'
import {
  clients,
  devices,
  events,
  jobItems,
  jobs,
  keptStates,
  mirrorCopies,
  mirrorCopySubjects,
  outbox,
  receipts,
  removals,
  subscriptions,
  tags,
  userWork,
} from '../tables.ts'
import {
  columns,
  type Expression,
  integer,
  join,
  orNull,
  type RowOf,
  sql,
  type Template,
  text,
  value,
} from '../template.ts'
import { aboutEvent, eventColumns } from './history.ts'
import { columnsOfReceipt } from './receipts.ts'

/** Data about one user of an app: on their devices, and in rows that name the user. */

const d = devices.as('d')
const w = devices.as('w')
const j = jobs.as('j')
const going = removals.as('going')
const asked = userWork.as('asked')
const event = events.as('t')
const e = events.as('e')
const receipt = receipts.as('t')
const job = jobItems.as('t')
const client = clients.as('t')
const kept = keptStates.as('t')
const earlier = events.as('earlier')
const outgoing = outbox.as('t')
const copy = mirrorCopies.as('t')
const named = mirrorCopySubjects.as('t')

/** Not on a device that is being removed. */
const onStaying = (of: { readonly deviceId: Expression }) =>
  sql`NOT EXISTS (SELECT 1 FROM ${d} WHERE ${d.id} = ${of.deviceId} AND NOT ${staying(d)})`
/** Rows naming the user are hidden while the user is being erased. */
const notErased = (at: Expression) => sql`NOT EXISTS (SELECT 1 FROM ${going} WHERE ${ofApp(going)}
  AND ${going.dialect} IS NULL AND ${going.userId} = ${value('userId')} AND ${at} <= ${going.at})`

const KEYS = {
  events: [event.id],
  receipts: [receipt.deviceId, receipt.messageId, receipt.kind],
  jobRows: [job.jobId, job.position],
  clients: [client.id],
  keptStates: [kept.subject],
} as const

/** Rows by their keys, each a JSON array (`numbers`: indexes of numeric values); the cost depends on the rows shown. */
const rows = <Row>(
  key: readonly Expression[],
  table: Template,
  shown: Template<never, Row>,
  { joined = sql``, numbers = [] }: { readonly joined?: Template; readonly numbers?: readonly number[] } = {},
) => {
  const same = key.map(
    (column, at) =>
      sql`${column} = ${(numbers.includes(at) ? numeric : member)(item('j').value, `$[${at}]`)}`,
  )
  return statement(sql`SELECT ${shown} FROM ${elements(value('keys'))} j
    ${inTurn(table, join(same, ' AND '))} ${joined} ORDER BY ${join(key, ', ')}`)
}

const stateColumns = columns({
  subject: kept.subject,
  app_id: kept.appId,
  dialect: kept.dialect,
  device_id: kept.deviceId,
  user_id: kept.userId,
  document: orNull(text(kept.document)),
  sealed: orNull(text(kept.sealed)),
  at: kept.at,
})
export type HeldStateRow = RowOf<typeof stateColumns>

export const held = {
  events: rows([e.id], e, eventColumns, { joined: aboutEvent, numbers: [0] }),
  receipts: rows(KEYS.receipts, receipt, columnsOfReceipt(receipt)),
  jobRows: rows(
    KEYS.jobRows,
    job,
    columns({
      job_id: job.jobId,
      position: job.position,
      label: job.label,
      state: job.state,
      reason: job.reason,
    }),
    { numbers: [1] },
  ),
  clients: rows(
    KEYS.clients,
    client,
    columns({ id: client.id, dialect: client.dialect, about: client.about }),
  ),
  keptStates: rows(KEYS.keptStates, kept, stateColumns),
}

/** The user's devices, of which there may be any number, are scanned in windows after a place. */
const oldest = { afterAt: d.createdAt, afterId: d.id }
const behind = sql`${ofApp(d)} AND ${d.userId} = ${value('userId')} AND ${OLDEST.behind(oldest)} ${OLDEST.by(oldest)}`
const window = sql`(SELECT d.* FROM ${d} WHERE ${behind} LIMIT ${value('window')}) w`
/** The end of the window; no row if no device follows. */
export const windowEnd = statement(sql`
  SELECT ${columns({ created_at: d.createdAt, id: d.id })} FROM ${d} WHERE ${behind} LIMIT 1 OFFSET ${value('window')} - 1`)
export const windowDevices = statement(
  sql`SELECT ${columns({ n: integer(sql`count(*)`) })} FROM ${window} WHERE ${staying(w)}`,
)

/** Distinct keys, since both halves may find the same row; limited to the number needed. */
const keys = <Names extends string>(key: readonly Expression[], from: Template<Names>) =>
  statement(sql`SELECT ${columns({ key: array(...key) })} ${from} LIMIT ${value('most')}`)

const keptOf = (deviceId: Expression) =>
  sql`${kept.appId} = ${w.appId} AND ${kept.dialect} = ${w.dialect} AND ${kept.deviceId} = ${deviceId}`

/** Rows that belong to the devices of a window. */
export const heldOnDevices = {
  events: keys(
    KEYS.events,
    sql`FROM ${window} ${inTurn(event, sql`${event.appId} = ${w.appId} AND ${event.deviceId} = ${w.id}`)} WHERE ${staying(w)}`,
  ),
  receipts: keys(
    KEYS.receipts,
    sql`FROM ${window} ${inTurn(receipt, sql`${receipt.deviceId} = ${w.id}`)} WHERE ${staying(w)}`,
  ),
  jobRows: keys(
    KEYS.jobRows,
    sql`FROM ${window} ${inTurn(job, sql`${job.subject} = ${w.externalId}`)}
      WHERE ${staying(w)} AND ${job.subject} <> '' AND (SELECT ${j.appId} FROM ${j} WHERE ${j.id} = ${job.jobId}) = ${w.appId}`,
  ),
  clients: keys(
    KEYS.clients,
    sql`FROM ${window} ${inTurn(client, sql`${client.appId} = ${w.appId} AND ${client.dialect} = ${w.dialect} AND ${client.externalId} = ${w.externalId}`)}
      WHERE ${staying(w)}`,
  ),
  copies: keys(
    [copy.id],
    sql`FROM ${window} ${inTurn(copy, sql`${copy.owner} = ${w.id}`)} WHERE ${staying(w)}`,
  ),
  keptStates: keys(KEYS.keptStates, sql`FROM ${window} ${inTurn(kept, keptOf(w.id))} WHERE ${staying(w)}`),
}

/** Rows of former devices with the external ids of the devices of a window. */
export const heldOnFormer = {
  keptStates: keys(
    KEYS.keptStates,
    sql`FROM ${window} ${inTurn(earlier, sql`${earlier.appId} = ${w.appId} AND ${earlier.externalId} = ${w.externalId} AND ${earlier.dialect} = ${w.dialect}`)}
      ${inTurn(kept, keptOf(earlier.deviceId))} WHERE ${staying(w)}`,
  ),
}

/** Rows that name the user elsewhere. */
export const heldElsewhere = {
  events: keys(
    KEYS.events,
    sql`FROM ${event} WHERE ${ofApp(event)} AND ${member(event.detail, '$.userId')} = ${value('userId')} AND ${notErased(event.at)} AND ${onStaying(event)}`,
  ),
  receipts: keys(
    KEYS.receipts,
    sql`FROM ${receipt} WHERE ${ofApp(receipt)} AND ${member(receipt.details, '$.userId')} = ${value('userId')} AND ${notErased(receipt.lastAt)} AND ${onStaying(receipt)}`,
  ),
  calls: keys(
    [outgoing.id],
    sql`FROM ${outgoing} WHERE ${ofApp(outgoing)} AND ${member(outgoing.event, '$.device.userId')} = ${value('userId')} AND ${notErased(outgoing.createdAt)}`,
  ),
  copies: keys(
    [named.copyId],
    sql`FROM ${named} WHERE ${ofApp(named)} AND ${named.mark} = ${value('subject')}`,
  ),
  work: keys(
    [asked.id],
    sql`FROM ${asked} WHERE ${ofApp(asked)} AND ${value('userId')} IN (${asked.userId}, ${asked.target})`,
  ),
  jobRows: keys(
    KEYS.jobRows,
    sql`FROM ${job} ${inTurn(j, sql`${j.id} = ${job.jobId}`)}
      WHERE ${member(job.input, '$.patch.user.id')} = ${value('userId')} AND ${ofApp(j)} AND ${notErased(j.createdAt)}`,
  ),
  keptStates: keys(
    KEYS.keptStates,
    sql`FROM ${kept} WHERE ${ofApp(kept)} AND ${kept.userId} = ${value('userId')} AND ${notErased(kept.at)}`,
  ),
}

/** Calls with lists of up to a thousand users each are also scanned in windows. */
const l = outbox.as('l')
const waits = outbox.as('w')
const lists = sql`FROM ${l} WHERE ${ofApp(l)} AND ${member(l.event, '$.users')} IS NOT NULL AND ${l.id} > ${value('list')} ORDER BY ${l.id}`
/** The end of the window; no row if no call follows. */
export const listsEnd = statement(
  sql`SELECT ${columns({ id: l.id })} ${lists} LIMIT 1 OFFSET ${value('lists')} - 1`,
)
export const heldInLists = {
  calls: keys(
    [waits.id],
    sql`FROM (SELECT l.* ${lists} LIMIT ${value('lists')}) w CROSS JOIN ${elements(waits.event, '$.users')} u
      WHERE ${item('u').value} = ${value('userId')} AND ${notErased(waits.createdAt)}`,
  ),
}

const hanging = (of: Template, on: Template) =>
  integer(sql`(SELECT count(*) FROM (SELECT 1 FROM ${of} WHERE ${on} LIMIT 10000) few)`)
const topic = subscriptions.as('t')
const tag = tags.as('t')
export const heldOfDevice = statement(sql`
  SELECT ${columns({
    devices: number(1),
    topics: hanging(topic, sql`${topic.device} = ${d.number}`),
    tags: hanging(tag, sql`${tag.deviceId} = ${d.id}`),
    receipts: hanging(receipt, sql`${receipt.deviceId} = ${d.id}`),
  })}
  FROM ${d} WHERE ${ofApp(d)} AND ${d.id} = ${value('id')}`)
