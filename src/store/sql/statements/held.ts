import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import type { ReceiptRow } from './receipts.ts'
import { staying, value } from './shared.ts'

/** What is held about one user of an app: on their devices, and where others' rows name them. */

const app = sql`app_id = ${value('app')}`
/** The user's devices in whatever dialect, by their own index. */
const devices = sql`devices d`
const theirs = sql`d.${app} AND d.user_id = ${value('userId')} AND ${staying('d')}`

/** Nor what is on a device that is going. */
const onStaying = sql`NOT EXISTS (SELECT 1 FROM devices d WHERE d.id = t.device_id AND NOT ${staying('d')})`
/** What names the user stays out of sight while they are being erased. */
const notErased = (at: string): SQL => sql`NOT EXISTS (SELECT 1 FROM removals going WHERE going.${app}
  AND going.dialect IS NULL AND going.user_id = ${value('userId')} AND ${sql.raw(at)} <= going.at)`

interface Held {
  readonly key: string
  readonly columns: string
  /** On their devices. */
  readonly on: SQL
  /** Elsewhere. */
  readonly naming?: SQL
}

const HELD = {
  events: {
    key: 't.id',
    columns: 't.id, t.device_id, t.kind, t.cause, t.detail, t.at',
    on: sql`FROM ${devices} CROSS JOIN events t ON t.app_id = d.app_id AND t.device_id = d.id WHERE ${theirs}`,
    naming: sql`FROM events t WHERE t.${app} AND t.detail ->> '$.userId' = ${value('userId')} AND ${notErased('t.at')} AND ${onStaying}`,
  },
  receipts: {
    key: 't.device_id, t.message_id, t.kind',
    columns: 't.device_id, t.message_id, t.kind, t.count, t.first_at, t.last_at, t.details',
    on: sql`FROM ${devices} CROSS JOIN receipts t ON t.device_id = d.id WHERE ${theirs}`,
    naming: sql`FROM receipts t WHERE t.${app} AND t.details ->> '$.userId' = ${value('userId')} AND ${notErased('t.last_at')} AND ${onStaying}`,
  },
  calls: {
    key: 't.id',
    columns: 't.id',
    on: sql`FROM outbox t WHERE t.${app} AND t.event ->> '$.device.userId' = ${value('userId')} AND ${notErased('t.created_at')}`,
  },
  work: {
    key: 'asked.id',
    columns: 'asked.id',
    on: sql`FROM user_work asked WHERE asked.${app} AND ${value('userId')} IN (asked.user_id, asked.target)`,
  },
  jobRows: {
    key: 't.job_id, t.position',
    columns: 't.job_id, t.position, t.label, t.state, t.reason',
    on: sql`FROM ${devices} CROSS JOIN job_items t ON t.subject = d.external_id
      WHERE ${theirs} AND t.subject <> '' AND (SELECT j.app_id FROM jobs j WHERE j.id = t.job_id) = d.app_id`,
    naming: sql`FROM job_items t CROSS JOIN jobs j ON j.id = t.job_id
      WHERE t.input ->> '$.patch.user.id' = ${value('userId')} AND j.${app} AND ${notErased('j.created_at')}`,
  },
  clients: {
    key: 't.id',
    columns: 't.id, t.dialect, t.about',
    on: sql`FROM ${devices} CROSS JOIN clients t ON t.app_id = d.app_id AND t.dialect = d.dialect AND t.external_id = d.external_id
      WHERE ${theirs}`,
  },
} satisfies Record<string, Held>

/** Rows that both halves find are one; each half stops at the limit. */
const rows = <Row>({ columns, on, naming }: Held): Statement<Row> => {
  const half = (from: SQL): SQL =>
    sql`SELECT * FROM (SELECT ${sql.raw(columns)} ${from} LIMIT ${value('limit')})`
  const both = naming ? sql`${half(on)} UNION ${half(naming)}` : half(on)
  return statement(sql`SELECT * FROM (${both}) LIMIT ${value('limit')}`)
}

export const held = {
  events: rows<{ id: number; device_id: string; kind: string; cause: string; detail: string; at: number }>(
    HELD.events,
  ),
  receipts: rows<ReceiptRow>(HELD.receipts),
  jobRows: rows<{ job_id: string; position: number; label: string; state: string; reason: string | null }>(
    HELD.jobRows,
  ),
  clients: rows<{ id: string; dialect: string; about: string }>(HELD.clients),
}

/** The user's devices are counted in windows, as they may be any number: the next ones behind a place. */
const behind = sql`d.${app} AND d.user_id = ${value('userId')} AND (d.created_at, d.id) > (${value('afterAt')}, ${value('afterId')})`
const window = sql`(SELECT d.* FROM devices d WHERE ${behind} ORDER BY d.created_at, d.id LIMIT ${value('window')}) w`
/** Where the window ends; no row where nothing is behind it. */
export const windowEnd: Statement<{ created_at: number; id: string }> = statement(sql`
  SELECT d.created_at, d.id FROM devices d WHERE ${behind} ORDER BY d.created_at, d.id LIMIT 1 OFFSET ${value('window')} - 1`)
export const windowDevices: Statement<{ n: number }> = statement(
  sql`SELECT count(*) AS n FROM ${window} WHERE ${staying('w')}`,
)

/** Rows by their keys, since both halves may find one; no more than matter. */
const keys = (key: string, from: SQL): Statement<{ key: string }> =>
  statement(sql`SELECT json_array(${sql.raw(key)}) AS key ${from} LIMIT ${value('most')}`)

/** What hangs on the devices of a window. */
export const heldOnDevices = {
  events: keys(
    HELD.events.key,
    sql`FROM ${window} CROSS JOIN events t ON t.app_id = w.app_id AND t.device_id = w.id WHERE ${staying('w')}`,
  ),
  receipts: keys(
    HELD.receipts.key,
    sql`FROM ${window} CROSS JOIN receipts t ON t.device_id = w.id WHERE ${staying('w')}`,
  ),
  jobRows: keys(
    HELD.jobRows.key,
    sql`FROM ${window} CROSS JOIN job_items t ON t.subject = w.external_id
      WHERE ${staying('w')} AND t.subject <> '' AND (SELECT j.app_id FROM jobs j WHERE j.id = t.job_id) = w.app_id`,
  ),
  clients: keys(
    HELD.clients.key,
    sql`FROM ${window} CROSS JOIN clients t ON t.app_id = w.app_id AND t.dialect = w.dialect AND t.external_id = w.external_id
      WHERE ${staying('w')}`,
  ),
}

/** What names the user wherever it is. */
export const heldElsewhere = {
  events: keys(HELD.events.key, HELD.events.naming),
  receipts: keys(HELD.receipts.key, HELD.receipts.naming),
  calls: keys(HELD.calls.key, HELD.calls.on),
  work: keys(HELD.work.key, HELD.work.on),
  jobRows: keys(HELD.jobRows.key, HELD.jobRows.naming),
}

const hanging = (table: string): SQL =>
  sql`(SELECT count(*) FROM (SELECT 1 FROM ${sql.raw(table)} t WHERE t.device_id = d.id LIMIT 10000))`
export const heldOfDevice: Statement<Record<'devices' | 'topics' | 'tags' | 'receipts', number>> =
  statement(sql`
  SELECT 1 AS devices, ${hanging('subscriptions')} AS topics, ${hanging('tags')} AS tags, ${hanging('receipts')} AS receipts
  FROM devices d WHERE d.${app} AND d.id = ${value('id')}`)
