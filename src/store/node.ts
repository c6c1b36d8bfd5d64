import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { type Call, ConstraintViolated, type Db, type Results, StoreUnavailable } from './port.ts'
import { boundValues, type Statement } from './statement.ts'

/** An open database on Node. */
export interface NodeDb extends Db {
  /** Writes what waits, checkpoints the log and closes the file. */
  close(): Promise<void>
}

interface Waiting {
  readonly plan: readonly Call[]
  readonly resolve: (rows: unknown[][]) => void
  readonly reject: (error: Error) => void
}

/**
 * Opens a SQLite file (or `:memory:`), brings its schema up to date and returns it as a `Db`.
 *
 * Durability: write-ahead log with `synchronous=FULL`, so that what was acknowledged survives a power cut. Plans that
 * arrive during one turn of the event loop share one transaction and so one fsync; each runs in its own savepoint, so
 * that one refused plan takes no other with it. One process per file.
 *
 * Throws `StoreUnavailable` when the file cannot be opened, is locked or is no database.
 */
export function openNodeDb(file: string, migrations: string): NodeDb {
  const client = open(file, migrations)
  const prepared = new WeakMap<Statement, Database.Statement>()
  const begin = client.prepare('BEGIN IMMEDIATE')
  const commitAll = client.prepare('COMMIT')
  const abortAll = client.prepare('ROLLBACK')
  const savepoint = client.prepare('SAVEPOINT plan')
  const release = client.prepare('RELEASE plan')
  const undo = client.prepare('ROLLBACK TO plan')
  let waiting: Waiting[] = []

  function run(call: Call): unknown[] {
    let ready = prepared.get(call.statement)
    if (!ready) {
      ready = client.prepare(call.statement.text)
      prepared.set(call.statement, ready)
    }
    const values = boundValues(call)
    if (ready.reader) return ready.all(values)
    ready.run(values)
    return []
  }

  function runOne({ plan, reject }: Waiting): unknown[][] | undefined {
    savepoint.run()
    try {
      const rows = plan.map(run)
      release.run()
      return rows
    } catch (error) {
      // A full disk or a broken file has already ended the whole transaction: then there is no savepoint left.
      if (!client.inTransaction) throw error
      undo.run()
      release.run()
      reject(storeError(error))
      return undefined
    }
  }

  function flush(): void {
    const group = waiting
    waiting = []
    if (group.length === 0) return
    try {
      begin.run()
      const done = group.map((one) => [one, runOne(one)] as const)
      commitAll.run()
      for (const [one, rows] of done) if (rows) one.resolve(rows)
    } catch (error) {
      if (client.inTransaction) abortAll.run()
      for (const one of group) one.reject(storeError(error))
    }
  }

  return {
    async read<const Plan extends readonly Call[]>(plan: Plan) {
      try {
        // The rows have the shape that each statement declares; SQLite has no types to check that against.
        return plan.map(run) as Results<Plan>
      } catch (error) {
        throw storeError(error)
      }
    },
    commit<const Plan extends readonly Call[]>(plan: Plan) {
      return new Promise<Results<Plan>>((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush)
        // As above: by position, each call's own row shape.
        waiting.push({ plan, resolve: resolve as (rows: unknown[][]) => void, reject })
      })
    },
    async close() {
      flush()
      if (client.open && !client.memory) client.pragma('wal_checkpoint(TRUNCATE)')
      client.close()
    },
  }
}

function open(file: string, migrations: string): Database.Database {
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const client = new Database(file, { timeout: 5000 })
    client.pragma('journal_mode = WAL')
    client.pragma('synchronous = FULL')
    client.pragma('cache_size = -65536')
    client.pragma('temp_store = MEMORY')
    migrate(drizzle(client), { migrationsFolder: migrations })
    return client
  } catch (error) {
    throw new StoreUnavailable(`cannot open ${file}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    })
  }
}

function storeError(error: unknown): Error {
  if (!(error instanceof Database.SqliteError))
    return error instanceof Error ? error : new Error(String(error))
  if (error.code.startsWith('SQLITE_CONSTRAINT'))
    return new ConstraintViolated(error.message, { cause: error })
  const passing = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PROTOCOL)/
  return passing.test(error.code) ? new StoreUnavailable(error.message, { cause: error }) : error
}
