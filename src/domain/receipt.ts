/** What a client reported about a message. */
export type ReceiptKind = 'delivered' | 'opened'

/** The counted reports of one device about one message. */
export interface Receipt {
  readonly deviceId: string
  readonly messageId: string
  readonly kind: ReceiptKind
  readonly count: number
  readonly firstAt: Date
  readonly lastAt: Date
  readonly details: Readonly<Record<string, unknown>>
}
