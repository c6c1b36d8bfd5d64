/** What an operator should know of the database. */
export interface Health {
  /** What has to be done before it can be used, or null. */
  readonly fault: string | null
  readonly warnings: readonly string[]
}
