import type { Clock } from '../domain/ids.ts'
import { LENGTHS } from '../domain/lengths.ts'
import type { ReceiptKind } from '../domain/receipt.ts'
import { repaired, repairedDocument } from '../domain/text.ts'
import type { Store } from '../store/store.ts'
import { type DeviceRef, keyOf } from './device-key.ts'

/** What clients report about messages. */
export interface Receipts {
  /** Counts one report; repeated ones add up. False for an unknown device, about which nothing is kept. */
  record(
    ref: DeviceRef & {
      readonly messageId: string
      readonly kind: ReceiptKind
      /** When it happened, where the client says so. */
      readonly at?: Date | undefined
      readonly details?: Readonly<Record<string, unknown>>
    },
  ): Promise<boolean>
}

export function createReceipts({ store, now }: { store: Store; now: Clock }): Receipts {
  return {
    async record({ messageId, kind, at, details = {}, ...ref }) {
      // A report is never refused: what it names was delivered, however its id came through.
      const about = {
        messageId: repaired(messageId.slice(0, LENGTHS.id)),
        details: repairedDocument(details),
      }
      return store.receipts.record({ key: keyOf(ref), ...about, kind, at: at ?? now() })
    },
  }
}
