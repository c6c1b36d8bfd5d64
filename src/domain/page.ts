/**
 * The one way in which lists are paged: every list has a fixed order, and a page begins after the place of a row rather than
 * after a number of rows. So rows that come and go between two pages neither repeat nor hide another one, every page costs
 * its own rows however far in it is, and whoever reads a list to its end keeps nothing of it but a place.
 */

/** The place of a row in its list: the values that order the list. Together, no two rows have the same. */
export type Place = readonly (string | number)[]
/** In lists by time, in which rows of one millisecond are ordered by id. */
export type TimePlace = readonly [at: number, id: string]
/** In lists by an id or a name. */
export type TextPlace = readonly [text: string]

/** One page; `next` is the place after which the following page begins, null on the last one. */
export interface Page<T, At extends Place = TimePlace> {
  readonly items: readonly T[]
  readonly next: At | null
}

export interface PageRequest<At extends Place = TimePlace> {
  /** Null: from the start. */
  readonly after: At | null
  readonly limit: number
}

/**
 * A page by the number of rows before it, for vendors' APIs that have no cursors. It is read in steps over a bounded
 * number of rows (`gateway/offsets.ts`): a deep one takes long, but holds nobody up.
 */
export interface OffsetPage {
  readonly limit: number
  readonly offset: number
  /** Whether to count all matches, which costs a scan over them. */
  readonly counted: boolean
}
