import { sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { keyed, value } from './shared.ts'

export const recordReceipt: Statement<{ count: number }> = statement(sql`
  INSERT INTO receipts (device_id, message_id, kind, app_id, count, first_at, last_at, details)
  SELECT d.id, ${value('messageId')}, ${value('kind')}, d.app_id, 1, ${value('now')}, ${value('now')}, ${value('details')}
  FROM devices d WHERE ${keyed('d')}
  ON CONFLICT (device_id, message_id, kind) DO UPDATE SET count = count + 1, last_at = max(last_at, excluded.last_at), details = excluded.details
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

/** One page in the order of the primary key, from behind the receipt whose key the cursor holds. */
export const listReceipts: Statement<ReceiptRow> = statement(sql`
  SELECT device_id, message_id, kind, count, first_at, last_at, details FROM receipts
  WHERE app_id = ${value('app')}
    AND (${value('deviceId')} IS NULL OR device_id = ${value('deviceId')})
    AND (${value('messageId')} IS NULL OR message_id = ${value('messageId')})
    AND (${value('after')} IS NULL OR json_array(device_id, message_id, kind) > ${value('after')})
  ORDER BY json_array(device_id, message_id, kind) LIMIT ${value('limit')}`)
