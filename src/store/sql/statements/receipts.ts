import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { keyed, staying, value } from './shared.ts'

/** Reports may come late and out of order: the times are the first and last of what happened. */
export const recordReceipt: Statement<{ count: number }> = statement(sql`
  INSERT INTO receipts (device_id, message_id, kind, app_id, count, first_at, last_at, details)
  SELECT d.id, ${value('messageId')}, ${value('kind')}, d.app_id, 1, ${value('now')}, ${value('now')}, ${value('details')}
  FROM devices d WHERE ${keyed('d')} AND ${staying('d')}
  ON CONFLICT (device_id, message_id, kind) DO UPDATE SET count = count + 1,
    first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at), details = excluded.details
  RETURNING count`)

export interface ReceiptRow {
  device_id: string
  message_id: string
  kind: string
  count: number
  first_at: number
  last_at: number
  details: string
}

/** Nor of a device, nor by a user, that is being removed: the report of one who is gone already counts as theirs. */
const shown: SQL = sql`(NOT EXISTS (SELECT 1 FROM removals any_going WHERE any_going.app_id = ${value('app')}) OR (
    NOT EXISTS (SELECT 1 FROM devices d WHERE d.id = receipts.device_id AND NOT ${staying('d')})
    AND NOT EXISTS (SELECT 1 FROM removals going WHERE going.app_id = ${value('app')} AND going.dialect IS NULL
      AND going.user_id = receipts.details ->> '$.userId' AND receipts.last_at <= going.at)))`

/** One page by message, device and kind, from behind the receipt that the cursor names; each form walks one index. */
const page = (filter: SQL): Statement<ReceiptRow> =>
  statement(sql`
  SELECT device_id, message_id, kind, count, first_at, last_at, details FROM receipts
  WHERE app_id = ${value('app')} AND ${filter} AND ${shown}
    AND (message_id, device_id, kind) > (${value('afterMessage')}, ${value('afterDevice')}, ${value('afterKind')})
  ORDER BY message_id, device_id, kind LIMIT ${value('limit')}`)

const ofDevice = sql`device_id = ${value('deviceId')}`
const ofMessage = sql`message_id = ${value('messageId')}`
export const listReceipts = {
  all: page(sql`true`),
  device: page(ofDevice),
  message: page(ofMessage),
  both: page(sql`${ofDevice} AND ${ofMessage}`),
}
