import type { Occasion } from './occasion.ts'

/** What is done without a request. Every method does a bounded piece and says how much that was. */
export interface UpkeepStore {
  /** Removes devices whose time is over, with an event each. */
  expireDevices(batch: number, occasion: Occasion): Promise<number>
  /** Forgets what happened to devices before a time. */
  dropHistory(before: Date, batch: number): Promise<number>
  /** Forgets what was last reported before a time. */
  dropReceipts(before: Date, batch: number): Promise<number>
  /** Forgets push tokens that nothing has pointed at since before a time. */
  dropTombstones(before: Date, batch: number): Promise<number>
}
