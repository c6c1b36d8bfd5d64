/** How many days data is kept after its last use. */
export interface Retention {
  /** Device history. */
  readonly historyDays: number
  /** Clients' reports about messages. */
  readonly receiptDays: number
  /** Finished messages, with the outcome for each phone. */
  readonly messageDays: number
  /** Push tokens without a device; they record which dialects a phone was registered in (identity R6). */
  readonly tombstoneDays: number
  /** Superseded devices, counted from when they were superseded or last called (identity R3). */
  readonly supersededDays: number
  /** States that a change has ended, such as a former token, sealed for an undo; 0 keeps none. */
  readonly undoDays: number
}

/**
 * Minimum days that an app may set. Undos and feed readers need history, and a device of an app that is opened once a month
 * is not inactive.
 */
export const LEAST_DAYS = { events: 7, receipts: 1, messages: 1, inactiveDevices: 30 } as const
/** A century. */
export const MOST_DAYS = 36_500
