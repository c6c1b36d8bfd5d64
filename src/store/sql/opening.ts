/** How a database was found when it was opened. */
export interface Opening {
  /** There was nothing in it: it is new. */
  readonly made: boolean
  /** The migrations that were applied to what was there. */
  readonly applied: readonly string[]
}
