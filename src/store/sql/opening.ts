/** The state of a database when it was opened. */
export interface Opening {
  /** Whether it was empty and is new. */
  readonly made: boolean
  /** The migrations that were applied to an existing database. */
  readonly applied: readonly string[]
  /** Why the SQLite of Node.js is used; absent with better-sqlite3 and for other databases. */
  readonly builtIn?: string
}

/** The difference between a database's schema and this build's. */
export interface SchemaState {
  /** Whether it is empty or missing. */
  readonly empty: boolean
  /** Pending migrations. */
  readonly pending: readonly string[]
  /** The number of applied migrations unknown to this build; they come from a newer one. */
  readonly unknown: number
}

/** A table that marks a database as the target of a running move (src/move); no gateway opens it while the table exists. */
export const MOVING = 'pushport_move'
export const MOVE_UNFINISHED =
  'rows are being moved into it: end that with the same `pushport move`, or empty it'

/** Options for migrating a schema. */
export interface SchemaOptions {
  /** True if the caller is the move whose target it is. */
  readonly moving?: boolean
}
