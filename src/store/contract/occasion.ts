/** When a change happens and what asked for it; both go into the history of events. */
export interface Occasion {
  readonly at: Date
  /** The id of the request. */
  readonly cause: string
}
