/** How many days data is kept after its last use. */
export interface Retention {
  /** Device history. */
  readonly historyDays: number
  /** Clients' reports about messages. */
  readonly receiptDays: number
  /** Messages that are over, with what became of each phone. */
  readonly messageDays: number
  /** Push tokens without a device; they record which dialects a phone was registered in (identity R6). */
  readonly tombstoneDays: number
  /** Superseded devices, counted from when they were superseded or last called (identity R3). */
  readonly supersededDays: number
}
