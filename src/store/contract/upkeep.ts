import type { Occasion } from './occasion.ts'

/** What is done without a request. Every method does a bounded piece and says how much that was. */
export interface UpkeepStore {
  /** Removes devices whose time is over, with an event each. */
  expireDevices(batch: number, occasion: Occasion): Promise<number>
  /**
   * Notes the time of a run, and says whether it may be believed. A clock that is more than a day ahead of every time that
   * was believed must first have gone on for a day without a jump: else one wrong setting would make all data old.
   */
  noteTime(now: Date): Promise<boolean>
  /** Removes superseded devices that neither were superseded nor have called since before a time (identity R3). */
  dropSuperseded(before: Date, batch: number, occasion: Occasion): Promise<number>
  /** Forgets counters that count nothing. */
  dropSpentCounters(batch: number): Promise<number>
  /** Forgets what happened to devices before a time. */
  dropHistory(before: Date, batch: number): Promise<number>
  /** Forgets what was last reported before a time. */
  dropReceipts(before: Date, batch: number): Promise<number>
  /** Forgets push tokens that nothing has pointed at since before a time. */
  dropTombstones(before: Date, batch: number): Promise<number>
}
