import type { Receipt, ReceiptKind } from '../../../domain/receipt.ts'
import type { ReceiptPlace, ReceiptStore } from '../../store.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import { announceReceipt } from '../statements/message-calls.ts'
import { listReceipts, RECEIPTS, type ReceiptRow, recordReceipt } from '../statements/receipts.ts'
import { pageOf } from './pages.ts'
import { json, keyValues } from './values.ts'

export function receiptStore(db: Db): ReceiptStore {
  return {
    async record({ key, messageId, kind, at, details, announce }) {
      const dueAt = announce?.getTime() ?? 0
      const values = { messageId, kind, now: at.getTime(), details: json(details), dueAt, ...keyValues(key) }
      // Not repeatable: every report counts.
      const { counted } = await commit(db, {
        counted: call(recordReceipt, values),
        told: announce ? [call(announceReceipt, values)] : [],
      })
      return counted.length > 0
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
