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

/**
 * The least that an app may ask for. History is what can be undone and what readers of the feed catch up on; a device that
 * is only asked for monthly is not inactive.
 */
export const LEAST_DAYS = { events: 7, receipts: 1, messages: 1, inactiveDevices: 30 } as const
/** A century. */
export const MOST_DAYS = 36_500
