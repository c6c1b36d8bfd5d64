import type { ReceiptKind } from '../../domain/receipt.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import { listReceipts, recordReceipt } from '../statements/receipts.ts'
import type { ReceiptStore } from '../store.ts'
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
      const values = {
        app: appId,
        deviceId: deviceId ?? null,
        messageId: messageId ?? null,
        after,
        limit: limit + 1,
      }
      const [rows] = await db.read([call(listReceipts, values)])
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map((row) => ({
          deviceId: row.device_id,
          messageId: row.message_id,
          kind: row.kind as ReceiptKind,
          count: row.count,
          firstAt: new Date(row.first_at),
          lastAt: new Date(row.last_at),
          details: JSON.parse(row.details),
        })),
        next: last && rows.length > limit ? json([last.device_id, last.message_id, last.kind]) : null,
      }
    },
  }
}
