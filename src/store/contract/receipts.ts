import type { DeviceKey } from '../../domain/device.ts'
import type { Page, PageRequest } from '../../domain/page.ts'
import type { Receipt, ReceiptKind } from '../../domain/receipt.ts'

export interface ReceiptDraft {
  readonly key: DeviceKey
  readonly messageId: string
  readonly kind: ReceiptKind
  readonly at: Date
  readonly details: Readonly<Record<string, unknown>>
  /** Set if webhooks receive the first report of each kind: when their calls are due. */
  readonly announce?: Date
}

/** Receipts are listed by message, device and kind. */
export type ReceiptPlace = readonly [messageId: string, deviceId: string, kind: string]

export interface ReceiptStore {
  /** False for an unknown device; nothing is stored then. */
  record(draft: ReceiptDraft): Promise<boolean>
  list(
    appId: string,
    filter: { deviceId?: string; messageId?: string },
    page: PageRequest<ReceiptPlace>,
  ): Promise<Page<Receipt, ReceiptPlace>>
}
