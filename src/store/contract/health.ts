/** The state of the database, for operators. */
export interface Health {
  /** What to do before the database can be used; null if it is ready. */
  readonly fault: string | null
  readonly warnings: readonly string[]
}
