/** One page; `next` is where the one after it begins, null on the last. */
export interface Page<T, At = Cursor> {
  readonly items: readonly T[]
  readonly next: At | null
}

export interface PageRequest {
  readonly cursor: Cursor | null
  readonly limit: number
}

/** Where a page begins: after the row of that time and id. */
export interface Cursor {
  readonly at: number
  readonly id: string
}
