import type { Receipt, ReceiptKind } from '../../../domain/receipt.ts'
import type { ReceiptStore } from '../../store.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import { listReceipts, type ReceiptRow, recordReceipt } from '../statements/receipts.ts'
import { json, keyValues } from './values.ts'

export function receiptStore(db: Db): ReceiptStore {
  return {
    async record({ key, messageId, kind, at, details }) {
      const values = { ...keyValues(key), messageId, kind, now: at.getTime(), details: json(details) }
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
        limit: limit + 1,
      }
      const [rows] = await db.read([call(statement, { ...values, ...cursorValues(after) })])
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map(toReceipt),
        next: last && rows.length > limit ? json([last.message_id, last.device_id, last.kind]) : null,
      }
    },
  }
}

/** The key that a cursor holds; a text that is none of ours begins at the start. */
function cursorValues(after: string | null) {
  const [message, device, kind] = parts(after)
  return { afterMessage: message ?? '', afterDevice: device ?? '', afterKind: kind ?? '' }
}

function parts(after: string | null): string[] {
  try {
    const list: unknown = JSON.parse(after ?? '[]')
    return Array.isArray(list) ? list.map(String) : []
  } catch {
    return []
  }
}

export const toReceipt = (row: ReceiptRow): Receipt => ({
  deviceId: row.device_id,
  messageId: row.message_id,
  kind: row.kind as ReceiptKind,
  count: row.count,
  firstAt: new Date(row.first_at),
  lastAt: new Date(row.last_at),
  details: JSON.parse(row.details),
})
