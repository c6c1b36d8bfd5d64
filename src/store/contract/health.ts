/** The state of the database, for operators. */
export interface Health {
  /** What to do before the database can be used; null if it is ready. */
  readonly fault: string | null
  readonly warnings: readonly string[]
  /** Only for database servers. */
  readonly server?: ServerState
}

/** A database server as this gateway sees it. */
export interface ServerState {
  /** The gateway writes only to a primary; `standby` if none was found. */
  readonly role: 'primary' | 'standby' | 'unknown'
  readonly connections: { readonly open: number; readonly idle: number; readonly most: number }
  /** Plans waiting for a connection. */
  readonly waiting: number
}
