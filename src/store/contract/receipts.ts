import type { DeviceKey } from '../../domain/device.ts'
import type { Receipt, ReceiptKind } from '../../domain/receipt.ts'
import type { Page } from './page.ts'

export interface ReceiptDraft {
  readonly key: DeviceKey
  readonly messageId: string
  readonly kind: ReceiptKind
  readonly at: Date
  readonly details: Readonly<Record<string, unknown>>
}

export interface ReceiptStore {
  /** False for an unknown device; nothing is stored then. */
  record(draft: ReceiptDraft): Promise<boolean>
  list(
    appId: string,
    filter: { deviceId?: string; messageId?: string },
    page: { after: string | null; limit: number },
  ): Promise<Page<Receipt, string>>
}
