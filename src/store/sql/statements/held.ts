import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import type { ReceiptRow } from './receipts.ts'
import { staying, value } from './shared.ts'

/** What is held about one user of an app: on their devices, and where others' rows name them. */

const app = sql`app_id = ${value('app')}`
/** Nor what is on a device that is going. */
const onStaying = sql`NOT EXISTS (SELECT 1 FROM devices d WHERE d.id = t.device_id AND NOT ${staying('d')})`
/** What names the user stays out of sight while they are being erased. */
const notErased = (at: string): SQL => sql`NOT EXISTS (SELECT 1 FROM removals going WHERE going.${app}
  AND going.dialect IS NULL AND going.user_id = ${value('userId')} AND ${sql.raw(at)} <= going.at)`

const KEYS = {
  events: 't.id',
  receipts: 't.device_id, t.message_id, t.kind',
  jobRows: 't.job_id, t.position',
  clients: 't.id',
}

/** The rows of some keys, each a JSON array: so they cost what is shown, however many devices were looked through. */
const rows = <Row>(key: string, table: string, columns: string): Statement<Row> => {
  const same = key.split(', ').map((column, at) => `${column} = j.value ->> '$[${at}]'`)
  return statement(sql`SELECT ${sql.raw(columns)} FROM json_each(${value('keys')}) j
    CROSS JOIN ${sql.raw(`${table} t ON ${same.join(' AND ')} ORDER BY ${key}`)}`)
}

export const held = {
  events: rows<{ id: number; device_id: string; kind: string; cause: string; detail: string; at: number }>(
    KEYS.events,
    'events',
    't.id, t.device_id, t.kind, t.cause, t.detail, t.at',
  ),
  receipts: rows<ReceiptRow>(
    KEYS.receipts,
    'receipts',
    't.device_id, t.message_id, t.kind, t.count, t.first_at, t.last_at, t.details',
  ),
  jobRows: rows<{ job_id: string; position: number; label: string; state: string; reason: string | null }>(
    KEYS.jobRows,
    'job_items',
    't.job_id, t.position, t.label, t.state, t.reason',
  ),
  clients: rows<{ id: string; dialect: string; about: string }>(
    KEYS.clients,
    'clients',
    't.id, t.dialect, t.about',
  ),
}

/** The user's devices are looked through in windows, as they may be any number: the next ones behind a place. */
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
    KEYS.events,
    sql`FROM ${window} CROSS JOIN events t ON t.app_id = w.app_id AND t.device_id = w.id WHERE ${staying('w')}`,
  ),
  receipts: keys(
    KEYS.receipts,
    sql`FROM ${window} CROSS JOIN receipts t ON t.device_id = w.id WHERE ${staying('w')}`,
  ),
  jobRows: keys(
    KEYS.jobRows,
    sql`FROM ${window} CROSS JOIN job_items t ON t.subject = w.external_id
      WHERE ${staying('w')} AND t.subject <> '' AND (SELECT j.app_id FROM jobs j WHERE j.id = t.job_id) = w.app_id`,
  ),
  clients: keys(
    KEYS.clients,
    sql`FROM ${window} CROSS JOIN clients t ON t.app_id = w.app_id AND t.dialect = w.dialect AND t.external_id = w.external_id
      WHERE ${staying('w')}`,
  ),
}

/** What names the user wherever it is. */
export const heldElsewhere = {
  events: keys(
    KEYS.events,
    sql`FROM events t WHERE t.${app} AND t.detail ->> '$.userId' = ${value('userId')} AND ${notErased('t.at')} AND ${onStaying}`,
  ),
  receipts: keys(
    KEYS.receipts,
    sql`FROM receipts t WHERE t.${app} AND t.details ->> '$.userId' = ${value('userId')} AND ${notErased('t.last_at')} AND ${onStaying}`,
  ),
  calls: keys(
    't.id',
    sql`FROM outbox t WHERE t.${app} AND t.event ->> '$.device.userId' = ${value('userId')} AND ${notErased('t.created_at')}`,
  ),
  work: keys(
    'asked.id',
    sql`FROM user_work asked WHERE asked.${app} AND ${value('userId')} IN (asked.user_id, asked.target)`,
  ),
  jobRows: keys(
    KEYS.jobRows,
    sql`FROM job_items t CROSS JOIN jobs j ON j.id = t.job_id
      WHERE t.input ->> '$.patch.user.id' = ${value('userId')} AND j.${app} AND ${notErased('j.created_at')}`,
  ),
}

const hanging = (table: string): SQL =>
  sql`(SELECT count(*) FROM (SELECT 1 FROM ${sql.raw(table)} t WHERE t.device_id = d.id LIMIT 10000))`
export const heldOfDevice: Statement<Record<'devices' | 'topics' | 'tags' | 'receipts', number>> =
  statement(sql`
  SELECT 1 AS devices, ${hanging('subscriptions')} AS topics, ${hanging('tags')} AS tags, ${hanging('receipts')} AS receipts
  FROM devices d WHERE d.${app} AND d.id = ${value('id')}`)
