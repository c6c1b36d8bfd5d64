/** The current time, injected so that tests control it. */
export type Clock = () => Date

/** Generators of ids, injected so that tests control them. */
export interface Ids {
  /** For rows: a UUID v7, which sorts by time so that indexes grow at the end. */
  readonly row: () => string
  /** For ids that serve as a client's only credential: an unguessable UUID v4, lower case. */
  readonly secret: () => string
}
