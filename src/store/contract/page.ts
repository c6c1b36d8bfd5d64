/** One page; `next` is the start of the following page, null on the last one. */
export interface Page<T, At = Cursor> {
  readonly items: readonly T[]
  readonly next: At | null
}

export interface PageRequest {
  readonly cursor: Cursor | null
  readonly limit: number
}

/** The time and id of the row after which a page begins. */
export interface Cursor {
  readonly at: number
  readonly id: string
}
