import type { Health } from '../contract/health.ts'
import type { Any } from './template.ts'

/** A value that both drivers bind alike. Booleans, dates and documents are encoded before. */
export type Bound = string | number | null

/** SQL, written once for all engines; a driver prepares it once per connection. `text` and `binds` are SQLite's. */
export interface Statement<Row = unknown, Names extends string = string> {
  /** What other engines render in their own words (`engines/`); without one the text is the same on all of them. */
  readonly template?: Any
  readonly text: string
  /** The names of the values, in the order of the question marks. */
  readonly binds: readonly Names[]
  /** Only for the compiler: the shape of a row. */
  readonly row?: Row
}

/** A statement with its values. */
export interface Call<Row = unknown> {
  readonly statement: Statement<Row>
  readonly values: Readonly<Record<string, Bound>>
}

/** The rows of each call of a plan, by position. */
export type Results<Plan extends readonly Call[]> = {
  -readonly [I in keyof Plan]: Plan[I] extends Call<infer Row> ? Row[] : never
}

export interface CommitOptions {
  /**
   * Sent twice, the plan leaves what it leaves sent once, history included, and answers the same. A driver whose
   * connection may break between the change and the answer sends such a plan again, and no other.
   */
  readonly repeatable?: boolean
}

/**
 * All that a database has to offer. There is no interactive transaction, because D1 has none: a plan is a fixed list
 * whose statements decide by their own conditions.
 *
 * Both methods reject with `StoreUnavailable` when the database cannot be reached, is locked, full or broken, and with
 * `ConstraintViolated` when a unique index refuses a row; then nothing of the plan has happened. Only where a connection
 * broke while a plan ran can it have happened all the same: nobody was told so, and the caller asks again.
 */
export interface Db {
  /** Runs calls that only read, in one round trip. */
  read<const Plan extends readonly Call[]>(plan: Plan): Promise<Results<Plan>>
  /** Runs calls in order, all or nothing, in one round trip. Durable once it resolves. */
  commit<const Plan extends readonly Call[]>(plan: Plan, options?: CommitOptions): Promise<Results<Plan>>
  /**
   * True where statements run in the thread that serves everybody: what one of them does must be little. Elsewhere each
   * round trip costs more than its rows.
   */
  readonly inThread?: boolean
  /** True where a commit that is of no app holds up those of all: a claim looks first whether there is anything to claim. */
  readonly holdsAll?: boolean
  /**
   * Moves what the log holds into the database file, in a turn of its own, for work that writes many pages in pieces: left
   * to a later commit, it would all be moved at once, and hold up every request. It never fails: what is left moves later.
   */
  drain?(): Promise<void>
  /** Takes what was deleted out of files that still hold it; for databases that have files of their own. */
  scrub?(): Promise<void>
  /** What an operator should know; for databases that do not see to their schema and size themselves. */
  health?(): Promise<Health>
  /** Bytes of the database, where it knows them without asking. */
  size?(): number | null
}

/** Limits that a plan keeps by itself, so that two writers cannot pass them together: it ends as a refusal. */
export type Refusal = 'tags' | 'elements' | 'waiting'

/** A unique index refused a row. */
export class ConstraintViolated extends Error {
  override readonly name = 'ConstraintViolated'
}
