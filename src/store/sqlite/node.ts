import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { StoreUnavailable } from '../../domain/error.ts'
import type { Call, Db, Results } from '../sql/port.ts'
import { boundValues, call, type Statement } from '../sql/statement.ts'
import { probe } from '../sql/statements/probe.ts'
import { storeFailure } from './failure.ts'
import { claim, migrated, type Opening, openFault } from './node-file.ts'
import { createReadiness } from './readiness.ts'

/** An open database on Node. */
export interface NodeDb extends Db {
  readonly opening: Opening
  /** Writes what waits, checkpoints the log and closes the file. */
  close(): Promise<void>
}

export interface NodeDbOptions {
  /** Milliseconds for which a write waits while another process holds the lock; then it is unavailable. */
  readonly patience?: number
}

interface Waiting {
  readonly plan: readonly Call[]
  readonly resolve: (rows: unknown[][]) => void
  readonly reject: (error: Error) => void
  readonly since: number
}

const PATIENCE = 5000
const RETRY_EVERY = 20
/** SQLite's own wait blocks the event loop: it only bridges what takes a moment. */
const BUSY_TIMEOUT = 10

/**
 * Opens a SQLite file (or `:memory:`), brings its schema up to date and returns it as a `Db`.
 *
 * Durability: write-ahead log with `synchronous=FULL`, so that what was acknowledged survives a power cut. Plans that
 * arrive during one turn of the event loop share one transaction and so one fsync; each runs in its own savepoint, so
 * that one refused plan takes no other with it. One gateway per file: a lock beside it refuses a second.
 *
 * Throws `StoreUnavailable` when the file cannot be opened, is in use, is no database, or a newer build's.
 */
export function openNodeDb(file: string, migrations: string, options: NodeDbOptions = {}): NodeDb {
  const { client, opening, release: giveUp } = open(file, migrations)
  const patience = options.patience ?? PATIENCE
  const prepared = new WeakMap<Statement, Database.Statement>()
  const begin = client.prepare('BEGIN IMMEDIATE')
  const commitAll = client.prepare('COMMIT')
  const abortAll = client.prepare('ROLLBACK')
  const savepoint = client.prepare('SAVEPOINT plan')
  const release = client.prepare('RELEASE plan')
  const undo = client.prepare('ROLLBACK TO plan')
  let waiting: Waiting[] = []
  let scheduled = false
  const readiness = createReadiness(
    () => commit([call(probe, { now: Date.now() })]),
    () => performance.now(),
  )
  const failure = (error: unknown) => readiness.noted(storeError(error))

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

  /** Takes the write lock. While another process has it, the plans wait and the event loop goes on. */
  function begun(): boolean {
    try {
      begin.run()
      return true
    } catch (error) {
      const now = performance.now()
      const busy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
      const late = waiting.filter((one) => !busy || !client.open || now - one.since >= patience)
      waiting = waiting.filter((one) => !late.includes(one))
      for (const one of late) one.reject(failure(error))
      if (waiting.length > 0) schedule(RETRY_EVERY)
      return false
    }
  }

  /** Runs one plan in its own savepoint; where it fails, it is rejected and undone, alone if that is possible. */
  function attempt({ plan, reject }: Waiting): unknown[][] | undefined {
    try {
      savepoint.run()
      const rows = plan.map(run)
      release.run()
      return rows
    } catch (error) {
      reject(failure(error))
      try {
        // A full disk or a broken file has already ended the whole transaction: then there is no savepoint left.
        if (client.inTransaction) {
          undo.run()
          release.run()
        }
      } catch {
        abort()
      }
      return undefined
    }
  }

  function abort(): void {
    try {
      if (client.inTransaction) abortAll.run()
    } catch {
      // SQLite undoes the transaction by itself when it cannot be told to; the next BEGIN says if it is stuck.
    }
  }

  /** One transaction for all that waits. Nothing is acknowledged before COMMIT has succeeded. */
  function flush(): void {
    scheduled = false
    if (waiting.length === 0 || !begun()) return
    const group = waiting
    waiting = []
    const done: { one: Waiting; rows: unknown[][] }[] = []
    for (const [at, one] of group.entries()) {
      const rows = attempt(one)
      if (rows) done.push({ one, rows })
      else if (!client.inTransaction) {
        // The failed plan took the transaction with it: the others start again without it.
        waiting = [...done.map((other) => other.one), ...group.slice(at + 1), ...waiting]
        schedule()
        return
      }
    }
    try {
      commitAll.run()
    } catch (error) {
      abort()
      const code = error instanceof Database.SqliteError ? `: ${error.code}` : ''
      const text = `nothing was committed: ${error instanceof Error ? error.message : error}${code}`
      const fault = readiness.noted(new StoreUnavailable(text, { cause: error }))
      for (const { one } of done) one.reject(fault)
      return
    }
    for (const { one, rows } of done) one.resolve(rows)
  }

  function schedule(delay?: number): void {
    if (scheduled) return
    scheduled = true
    if (delay === undefined) setImmediate(flush)
    else setTimeout(flush, delay)
  }

  const closed = () => new StoreUnavailable(`${file} is closed`)

  function commit<const Plan extends readonly Call[]>(plan: Plan) {
    return new Promise<Results<Plan>>((resolve, reject) => {
      if (!client.open) return reject(closed())
      // As above: by position, each call's own row shape.
      const settle = resolve as (rows: unknown[][]) => void
      waiting.push({ plan, resolve: settle, reject, since: performance.now() })
      schedule()
    })
  }

  return {
    opening,
    inThread: true,

    async read<const Plan extends readonly Call[]>(plan: Plan) {
      if (!client.open) throw closed()
      try {
        // The rows have the shape that each statement declares; SQLite has no types to check that against.
        return plan.map(run) as Results<Plan>
      } catch (error) {
        throw failure(error)
      }
    },
    commit,
    async health() {
      if (!client.open) throw closed()
      return { fault: await readiness.fault(), warnings: [] }
    },
    async scrub() {
      if (!client.open || client.memory) return
      try {
        // Until then the log holds the pages as they were.
        client.pragma('wal_checkpoint(TRUNCATE)')
      } catch (error) {
        throw storeError(error)
      }
    },
    async close() {
      if (!client.open) return
      client.pragma(`busy_timeout = ${patience}`)
      while (waiting.length > 0) flush()
      try {
        if (!client.memory) client.pragma('wal_checkpoint(TRUNCATE)')
      } finally {
        client.close()
        giveUp()
      }
    },
  }
}

function open(file: string, migrations: string) {
  let client: Database.Database | undefined
  let release: (() => void) | undefined
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    client = new Database(file, { timeout: 5000 })
    client.pragma('journal_mode = WAL')
    client.pragma('synchronous = FULL')
    // What is deleted is overwritten: of whoever is erased nothing stays in free pages.
    client.pragma('secure_delete = ON')
    client.pragma('cache_size = -65536')
    client.pragma('temp_store = MEMORY')
    release = claim(file)
    const opening = migrated(client, migrations)
    client.pragma(`busy_timeout = ${BUSY_TIMEOUT}`)
    return { client, opening, release }
  } catch (error) {
    client?.close()
    release?.()
    throw openFault(file, error)
  }
}

function storeError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (!(error instanceof Database.SqliteError)) return error
  return storeFailure(`${error.message}: ${error.code}`, error) ?? error
}
