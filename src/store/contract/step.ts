import type { Place } from '../../domain/page.ts'

/** Filtered lists are read in steps: each scans a bounded number of rows, however few of them match. */

/** The start of a step and its limits. */
export interface Window<At extends Place> {
  /** Null for the start. A crafted place starts at an arbitrary row, but never leaves the scope. */
  readonly after: At | null
  /** Matches to skip. */
  readonly offset: number
  /** Most items to return; with 0, no item is read. */
  readonly limit: number
  /** Whether to count matches. */
  readonly counted: boolean
}

/** The result of a step over the rows that it scanned. */
export interface Step<Item, At extends Place> {
  readonly items: readonly Item[]
  /** All matches, skipped ones included; 0 unless `counted` is set. */
  readonly matches: number
  /** The place after which the next step begins; null at the end of the list. */
  readonly end: At | null
}
