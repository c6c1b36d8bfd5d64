// The SQLite of Node.js behind the interface of better-sqlite3, as far as it is used here.
import type BetterSqlite from 'better-sqlite3'

/** A connection in the form of better-sqlite3. */
export type Connection = BetterSqlite.Database

export interface ConnectionOptions {
  readonly readonly?: boolean
  readonly fileMustExist?: boolean
  /** How long SQLite itself waits for a lock, in milliseconds. */
  readonly timeout?: number
}

/** `node:sqlite`, which the types for the oldest supported Node.js lack. */
interface NodeSqlite {
  readonly DatabaseSync: new (
    file: string,
    options: { readonly readOnly: boolean; readonly timeout: number },
  ) => DatabaseSync
  readonly StatementSync: { readonly prototype: object }
  backup(
    from: DatabaseSync,
    into: string,
    options: { readonly rate: number; readonly progress: (done: Progress) => void },
  ): Promise<number>
}

interface DatabaseSync {
  readonly isOpen: boolean
  readonly isTransaction: boolean
  exec(text: string): void
  prepare(text: string): StatementSync
  close(): void
}

interface StatementSync {
  all(...values: unknown[]): unknown[]
  get(...values: unknown[]): unknown
  run(...values: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  iterate(...values: unknown[]): Iterator<unknown> & Iterable<unknown>
  columns(): { readonly name: string }[]
  setReturnArrays(on: boolean): void
  setReadBigInts(on: boolean): void
}

interface Progress {
  readonly totalPages: number
  readonly remainingPages: number
}

/** SQLite's primary result codes, by number (sqlite.org/rescode.html). */
const CODES = [
  ...['OK', 'ERROR', 'INTERNAL', 'PERM', 'ABORT', 'BUSY', 'LOCKED', 'NOMEM', 'READONLY', 'INTERRUPT'],
  ...['IOERR', 'CORRUPT', 'NOTFOUND', 'FULL', 'CANTOPEN', 'PROTOCOL', 'EMPTY', 'SCHEMA', 'TOOBIG'],
  ...['CONSTRAINT', 'MISMATCH', 'MISUSE', 'NOLFS', 'AUTH', 'FORMAT', 'RANGE', 'NOTADB'],
]
/** The default of better-sqlite3. */
const TIMEOUT = 5000
const BACKUP_PAGES = 1000

/** Opens connections with `node:sqlite`; undefined before Node.js 22.16, where it is missing or incomplete. */
export function builtInSqlite(): ((file: string, options?: ConnectionOptions) => Connection) | undefined {
  const sqlite = loaded()
  if (!sqlite || !('setReturnArrays' in sqlite.StatementSync.prototype)) return undefined
  return (file, options = {}) => new BuiltIn(sqlite, file, options) as unknown as Connection
}

/** Loads the module without its experimental warning; the start-up log says which SQLite is used. */
function loaded(): NodeSqlite | undefined {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined
  } finally {
    process.emitWarning = emitWarning
  }
}

class BuiltIn {
  readonly memory: boolean
  readonly #client: DatabaseSync
  readonly #sqlite: NodeSqlite

  constructor(sqlite: NodeSqlite, file: string, { readonly = false, timeout = TIMEOUT }: ConnectionOptions) {
    this.memory = file === ':memory:'
    this.#sqlite = sqlite
    this.#client = told(() => new sqlite.DatabaseSync(file, { readOnly: readonly, timeout }))
  }

  get open() {
    return this.#client.isOpen
  }

  get inTransaction() {
    return this.#client.isTransaction
  }

  prepare(text: string) {
    return new Prepared(told(() => this.#client.prepare(text)))
  }

  exec(text: string) {
    told(() => this.#client.exec(text))
  }

  pragma(text: string, { simple = false } = {}) {
    const statement = this.prepare(`PRAGMA ${text}`)
    if (simple) return statement.pluck().get()
    return statement.all()
  }

  transaction(work: () => unknown) {
    return () => {
      this.exec('BEGIN')
      try {
        work()
        this.exec('COMMIT')
      } catch (error) {
        if (this.inTransaction) this.exec('ROLLBACK')
        throw error
      }
    }
  }

  async backup(into: string, { progress = (_: Progress) => BACKUP_PAGES } = {}) {
    await this.#sqlite
      .backup(this.#client, into, { rate: BACKUP_PAGES, progress: (done) => void progress(done) })
      .catch(rethrown)
  }

  close() {
    if (this.open) this.#client.close()
  }
}

class Prepared {
  /** Whether it returns rows. */
  readonly reader: boolean
  readonly #statement: StatementSync
  #pluck = false

  constructor(statement: StatementSync) {
    this.#statement = statement
    this.reader = statement.columns().length > 0
  }

  columns() {
    return this.#statement.columns()
  }

  raw() {
    this.#statement.setReturnArrays(true)
    return this
  }

  pluck() {
    this.#pluck = true
    return this.raw()
  }

  safeIntegers() {
    this.#statement.setReadBigInts(true)
    return this
  }

  all(...values: unknown[]): unknown[] {
    const rows = told(() => this.#statement.all(...flat(values)))
    return this.#pluck ? rows.map((row) => (row as unknown[])[0]) : rows
  }

  get(...values: unknown[]): unknown {
    const row = told(() => this.#statement.get(...flat(values)))
    return this.#pluck && row !== undefined ? (row as unknown[])[0] : row
  }

  run(...values: unknown[]) {
    return told(() => this.#statement.run(...flat(values)))
  }

  iterate(...values: unknown[]) {
    return told(() => this.#statement.iterate(...flat(values)))
  }
}

/** Values may be passed one by one or as one list. */
const flat = ([first, ...rest]: unknown[]): unknown[] =>
  Array.isArray(first) ? first : first === undefined && rest.length === 0 ? [] : [first, ...rest]

function told<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    return rethrown(error)
  }
}

/** Gives SQLite's error the code that better-sqlite3 would. */
function rethrown(error: unknown): never {
  if (error instanceof Error && 'errcode' in error) {
    const name = CODES[Number(error.errcode) & 0xff] ?? 'ERROR'
    Object.assign(error, { code: `SQLITE_${name}`, name: 'SqliteError' })
  }
  throw error
}
