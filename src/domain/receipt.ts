/** What a client reported about a message: it arrived, or it was opened. */
export type ReceiptKind = 'delivered' | 'opened'

/** One device's reports about one message, counted. */
export interface Receipt {
  readonly deviceId: string
  readonly messageId: string
  readonly kind: ReceiptKind
  readonly count: number
  readonly firstAt: Date
  readonly lastAt: Date
  readonly details: Readonly<Record<string, unknown>>
}
