import type { Call } from '../../sql/port.ts'

/** Where the writes of a database go: all of them, one group after the other. */
export interface Writer {
  /** Runs a plan, together with all others that wait. Durable once it resolves with the rows of each call. */
  commit(plan: readonly Call[]): Promise<unknown[][]>
  /** Moves what the log holds into the file, as far as no reader is in the way. Never fails. */
  drain(): Promise<void>
  /** Empties the log: until then it holds pages as they were. */
  scrub(): Promise<void>
  /** Writes what waits, empties the log and lets go of the file. */
  close(): Promise<void>
}
