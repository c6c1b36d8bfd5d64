import type { Health } from '../contract/health.ts'
import type { Any } from './template.ts'

/** A value that all drivers bind alike. Booleans, dates and documents are encoded first. */
export type Bound = string | number | null

/** A statement for all engines; drivers prepare it once per connection. `text` and `binds` are for SQLite. */
export interface Statement<Row = unknown, Names extends string = string> {
  /** The template that other engines render (`engines/`); absent if the text is the same on all engines. */
  readonly template?: Any
  readonly text: string
  /** The names of the values, in the order of the question marks. */
  readonly binds: readonly Names[]
  /** Only for the type system: the shape of a row. */
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
   * Running the plan twice has the same effect and result as running it once, including history. A driver whose connection
   * may break between the change and the answer retries only such plans.
   */
  readonly repeatable?: boolean
}

/**
 * The operations of a database. There are no interactive transactions, because D1 has none: a plan is a fixed list of
 * statements with their own conditions.
 *
 * Both methods reject with `StoreUnavailable` if the database is unreachable, locked, full or broken, and with
 * `ConstraintViolated` if a unique index refuses a row; then nothing of the plan was written. Only if the connection broke
 * while a plan ran may it have been written anyway; nobody was told so, and the caller tries again.
 */
export interface Db {
  /** Runs read-only calls in one round trip. */
  read<const Plan extends readonly Call[]>(plan: Plan): Promise<Results<Plan>>
  /** Runs calls in order, all or nothing, in one round trip. Durable once it resolves. */
  commit<const Plan extends readonly Call[]>(plan: Plan, options?: CommitOptions): Promise<Results<Plan>>
  /**
   * True if statements run in the thread that serves all requests, so each must be short. Otherwise a round trip costs more
   * than its rows.
   */
  readonly inThread?: boolean
  /** True if a commit for no app blocks those of all apps; then a claim first checks whether there is anything to claim. */
  readonly holdsAll?: boolean
  /**
   * Copies the log's pages into the database file in a turn of its own, for work that writes many pages in batches; a later
   * commit would otherwise copy all at once and block every request. Never fails: remaining pages are copied later.
   */
  drain?(): Promise<void>
  /** Removes deleted data from the database's own files, if it has any. */
  scrub?(): Promise<void>
  /** The state for operators; for databases that do not manage schema and size themselves. */
  health?(): Promise<Health>
  /** The size in bytes, if known without a query. */
  size?(): number | null
}

/** Limits enforced within a plan, so that concurrent writers cannot exceed them together: the plan ends as a refusal. */
export type Refusal = 'tags' | 'elements' | 'waiting'

/** A unique index refused a row. */
export class ConstraintViolated extends Error {
  override readonly name = 'ConstraintViolated'
}
