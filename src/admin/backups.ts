/** A copy of the database, as it was at one moment. */
export interface Backup {
  readonly id: string
  readonly state: 'running' | 'ready' | 'failed'
  readonly createdAt: Date
  /** Of the whole copy; null while that is not known. */
  readonly bytes: number | null
  readonly done: number
  /** What each table held, for whoever fetches it to compare; null until it is ready. */
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly sha256: string }>> | null
  readonly error: string | null
}

/** What a runtime whose database is a file of its own can do. */
export interface Backups {
  /** Null while another one is being made. */
  start(): Promise<Backup | null>
  find(id: string): Backup | null
  /** Null for one that is unknown or not ready. */
  read(id: string): ReadableStream<Uint8Array> | null
  /** False for an unknown one. */
  remove(id: string): Promise<boolean>
}
