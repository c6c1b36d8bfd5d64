/** A copy of the database at one point in time. */
export interface Backup {
  readonly id: string
  readonly state: 'running' | 'ready' | 'failed'
  readonly createdAt: Date
  /** The size of the whole copy; null until it is known. */
  readonly bytes: number | null
  readonly done: number
  /** Rows and checksum per table, for comparison after a download; null until the copy is ready. */
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly sha256: string }>> | null
  readonly error: string | null
}

/** Database copies, for runtimes whose database is a local file. */
export interface Backups {
  /** Null while another copy is being made. */
  start(): Promise<Backup | null>
  find(id: string): Backup | null
  /** Null for a copy that is unknown or not ready. */
  read(id: string): ReadableStream<Uint8Array> | null
  /** False for an unknown copy. */
  remove(id: string): Promise<boolean>
}
