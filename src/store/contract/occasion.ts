/** The time and cause of a change, recorded in the history. */
export interface Occasion {
  readonly at: Date
  /** The request id. */
  readonly cause: string
}
