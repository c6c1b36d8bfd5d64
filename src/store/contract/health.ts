/** The state of the database, for operators. */
export interface Health {
  /** What to do before the database can be used; null if it is ready. */
  readonly fault: string | null
  readonly warnings: readonly string[]
  /** Of a database that is a server. */
  readonly server?: ServerState
}

/** A database server as this gateway sees it. */
export interface ServerState {
  /** The gateway writes to a primary alone; a standby is told where it has found no other. */
  readonly role: 'primary' | 'standby' | 'unknown'
  readonly connections: { readonly open: number; readonly idle: number; readonly most: number }
  /** Writes and reads that wait for their turn. */
  readonly waiting: number
}
