/** Days for which what nothing needs any more is kept. */
export interface Retention {
  /** Entries of the history of devices. */
  readonly historyDays: number
  /** What clients reported about messages. */
  readonly receiptDays: number
  /** Push tokens that no device points at: for as long it is known which dialects a phone was in (identity R6). */
  readonly tombstoneDays: number
  /** Superseded devices, after they were superseded or last called (identity R3). */
  readonly supersededDays: number
}
