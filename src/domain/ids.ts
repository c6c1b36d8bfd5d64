/** The time, as a parameter. */
export type Clock = () => Date

/** Sources of ids, as parameters. */
export interface Ids {
  /** For rows: sorts by time, so that indexes grow at their end. A UUID of version 7. */
  readonly row: () => string
  /** For what a client holds as its only credential: nothing to guess. A UUID of version 4, lower case. */
  readonly secret: () => string
}
