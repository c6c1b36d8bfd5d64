/**
 * Keyset paging, used by every list: a list has a fixed order, and a page begins after the position of a row, not after a
 * number of rows. Rows added or removed between two pages cause no repetitions or gaps, each page costs only its own rows,
 * and a reader keeps nothing but a position.
 */

/** The position of a row in its list: the values that order the list, unique together. */
export type Place = readonly (string | number)[]
/** For lists by time; rows of the same millisecond are ordered by id. */
export type TimePlace = readonly [at: number, id: string]
/** For lists by an id or a name. */
export type TextPlace = readonly [text: string]

/** One page; `next` is the position after which the following page begins, null on the last page. */
export interface Page<T, At extends Place = TimePlace> {
  readonly items: readonly T[]
  readonly next: At | null
}

export interface PageRequest<At extends Place = TimePlace> {
  /** Null for the first page. */
  readonly after: At | null
  readonly limit: number
}

/**
 * A page by offset, for vendor APIs without cursors. It is read in steps over a bounded number of rows each
 * (`gateway/offsets.ts`): a deep page takes long, but other requests are served in between.
 */
export interface OffsetPage {
  readonly limit: number
  readonly offset: number
  /** Whether to count all matches, which scans all of them. */
  readonly counted: boolean
}
