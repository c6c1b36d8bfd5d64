/** How a database was found when it was opened. */
export interface Opening {
  /** There was nothing in it: it is new. */
  readonly made: boolean
  /** The migrations that were applied to what was there. */
  readonly applied: readonly string[]
  /** Why SQLite is the one in Node.js; absent where it is better-sqlite3, and of other databases. */
  readonly builtIn?: string
}

/** What a database lacks of the schema of this build. */
export interface SchemaState {
  /** There is nothing in it, or it is not there at all. */
  readonly empty: boolean
  /** The migrations that would run. */
  readonly pending: readonly string[]
  /** How many are there that this build does not know: a newer one has been there. */
  readonly unknown: number
}

/** The table of a database into which rows are being moved (src/move): until it is gone, no gateway opens it. */
export const MOVING = 'pushport_move'
export const MOVE_UNFINISHED =
  'rows are being moved into it: end that with the same `pushport move`, or empty it'

/** How a schema is brought up to date. */
export interface SchemaOptions {
  /** By a move, whose target it is. */
  readonly moving?: boolean
}
