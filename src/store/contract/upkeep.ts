import type { Occasion } from './occasion.ts'

/** Background work. Every method processes one bounded batch and returns the number of rows. */
export interface UpkeepStore {
  /** Removes expired devices, with an event each. */
  expireDevices(batch: number, occasion: Occasion): Promise<number>
  /**
   * Records the time of a run and returns whether it can be trusted. A clock more than a day ahead of every trusted time
   * must first run for a day without a jump; otherwise one wrong clock setting would expire all data.
   */
  noteTime(now: Date): Promise<boolean>
  /** Removes superseded devices that were superseded, and last called, before a time (identity R3). */
  dropSuperseded(before: Date, batch: number, occasion: Occasion): Promise<number>
  /** Deletes counters that are no longer needed. */
  dropSpentCounters(batch: number): Promise<number>
  /** Deletes history events older than `before`, and notes it for the readers of the feed. */
  dropHistory(before: Date, batch: number): Promise<number>
  /** Deletes receipts last reported before a time. */
  dropReceipts(before: Date, batch: number): Promise<number>
  /** Deletes push tokens that no device has held since a time. */
  dropTombstones(before: Date, batch: number): Promise<number>
}
