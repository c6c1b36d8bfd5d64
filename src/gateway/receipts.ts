import type { Clock } from '../domain/ids.ts'
import type { ReceiptKind } from '../domain/receipt.ts'
import type { Store } from '../store/store.ts'
import { type DeviceRef, keyOf } from './devices.ts'

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
    record: ({ messageId, kind, at, details, ...ref }) =>
      store.receipts.record({ key: keyOf(ref), messageId, kind, at: at ?? now(), details: details ?? {} }),
  }
}
