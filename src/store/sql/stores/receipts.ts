import type { Receipt, ReceiptKind } from '../../../domain/receipt.ts'
import type { ReceiptPlace, ReceiptStore } from '../../store.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import { listReceipts, RECEIPTS, type ReceiptRow, recordReceipt } from '../statements/receipts.ts'
import { pageOf } from './pages.ts'
import { json, keyValues } from './values.ts'

export function receiptStore(db: Db): ReceiptStore {
  return {
    async record({ key, messageId, kind, at, details }) {
      const values = { messageId, kind, now: at.getTime(), details: json(details), ...keyValues(key) }
      // Not repeatable: every report counts.
      const [[counted]] = await db.commit([call(recordReceipt, values)])
      return counted !== undefined
    },

    async list(appId, { deviceId, messageId }, { after, limit }) {
      const of = deviceId === undefined ? 'message' : messageId === undefined ? 'device' : 'both'
      const statement = listReceipts[deviceId === undefined && messageId === undefined ? 'all' : of]
      const values = {
        app: appId,
        deviceId: deviceId ?? null,
        messageId: messageId ?? null,
        ...RECEIPTS.values(after),
        limit,
      }
      const [rows] = await db.read([call(statement, values)])
      return pageOf(rows, limit, toReceipt, receiptPlace)
    },
  }
}

const receiptPlace = (row: ReceiptRow): ReceiptPlace => [row.message_id, row.device_id, row.kind]

export const toReceipt = (row: ReceiptRow): Receipt => ({
  deviceId: row.device_id,
  messageId: row.message_id,
  kind: row.kind as ReceiptKind,
  count: row.count,
  firstAt: new Date(row.first_at),
  lastAt: new Date(row.last_at),
  details: JSON.parse(row.details),
})
