import type { Call } from '../../sql/port.ts'

/** The writer of a database, which all writes go through in groups. */
export interface Writer {
  /** Commits a plan together with other waiting ones. Durable once it resolves with the rows of each call. */
  commit(plan: readonly Call[]): Promise<unknown[][]>
  /** Copies the log's pages into the file, as far as readers allow. Never fails. */
  drain(): Promise<void>
  /** Empties the log, which contains old versions of pages. */
  scrub(): Promise<void>
  /** Writes waiting plans, empties the log and closes the file. */
  close(): Promise<void>
}
