import type { Clock } from '../domain/ids.ts'
import { LENGTHS } from '../domain/lengths.ts'
import type { ReceiptKind } from '../domain/receipt.ts'
import { repaired, repairedDocument } from '../domain/text.ts'
import type { WebhookDialects } from '../domain/webhook.ts'
import type { Store } from '../store/store.ts'
import { type DeviceRef, keyOf } from './device-key.ts'

/** Delivery and open reports from clients. */
export interface Receipts {
  /** Counts one report; repeated reports add up. False for an unknown device; nothing is stored then. */
  record(
    ref: DeviceRef & {
      readonly messageId: string
      readonly kind: ReceiptKind
      /** When it happened, if the client reports it; by default now. */
      readonly at?: Date | undefined
      readonly details?: Readonly<Record<string, unknown>>
    },
  ): Promise<boolean>
}

interface Deps {
  readonly store: Store
  readonly now: Clock
  readonly webhookDialects: WebhookDialects
}

export function createReceipts({ store, now, webhookDialects }: Deps): Receipts {
  return {
    async record({ messageId, kind, at, details = {}, ...ref }) {
      // Reports are never refused, so unstorable ids are repaired and long ones cut.
      const about = {
        messageId: repaired(messageId.slice(0, LENGTHS.id)),
        details: repairedDocument(details),
      }
      const announce = webhookDialects.has(ref.app.dialect) && { announce: now() }
      return store.receipts.record({ key: keyOf(ref), ...about, ...announce, kind, at: at ?? now() })
    },
  }
}
