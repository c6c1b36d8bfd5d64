import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { StoreUnavailable } from '../../domain/error.ts'
import type { Bound, Call, Db, Results } from '../sql/port.ts'
import { boundValues, call, type Statement } from '../sql/statement.ts'
import { probe } from '../sql/statements/probe.ts'
import { storeFailure } from './failure.ts'
import { createGroupCommit } from './group-commit.ts'
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

const PATIENCE = 5000
/** SQLite's own wait blocks the event loop: it only bridges what takes a moment. */
const BUSY_TIMEOUT = 10

/**
 * Opens a SQLite file (or `:memory:`), brings its schema up to date and returns it as a `Db`.
 *
 * Durability: write-ahead log with `synchronous=FULL`, so that what was acknowledged survives a power cut; plans
 * that arrive together share one fsync. One gateway per file: a lock beside it refuses a second.
 *
 * Throws `StoreUnavailable` when the file cannot be opened, is in use, is no database, or a newer build's.
 */
export function openNodeDb(file: string, migrations: string, options: NodeDbOptions = {}): NodeDb {
  const { client, opening, release } = open(file, migrations)
  const patience = options.patience ?? PATIENCE
  const run = runner(client)
  const pragma = pragmas(client)
  const readiness = createReadiness(
    () => commit([call(probe, { now: Date.now() })]),
    () => performance.now(),
  )
  const failure = (error: unknown) => readiness.noted(storeError(error))
  const group = createGroupCommit(client, { run, patience, failure })
  const closed = () => new StoreUnavailable(`${file} is closed`)

  /** Moves the log into the file, as far as no reader is in the way. */
  function drain(): void {
    if (!client.open || client.memory) return
    try {
      pragma('wal_checkpoint(PASSIVE)')
    } catch {
      // The next commit does it, or says why it cannot.
    }
  }

  function commit<const Plan extends readonly Call[]>(plan: Plan): Promise<Results<Plan>> {
    return client.open ? group.commit(plan) : Promise.reject(closed())
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
    drain: () =>
      new Promise((resolve) => {
        setImmediate(() => {
          drain()
          resolve()
        })
      }),
    async scrub() {
      if (!client.open || client.memory) return
      try {
        // Until then the log holds the pages as they were.
        pragma('wal_checkpoint(TRUNCATE)')
      } catch (error) {
        throw storeError(error)
      }
    },
    async close() {
      if (!client.open) return
      pragma(`busy_timeout = ${patience}`)
      group.finish()
      try {
        if (!client.memory) pragma('wal_checkpoint(TRUNCATE)')
      } finally {
        client.close()
        release()
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
    keepStatements(client)
    const pragma = pragmas(client)
    pragma('journal_mode = WAL')
    pragma('synchronous = FULL')
    // What is deleted is overwritten: of whoever is erased nothing stays in free pages.
    pragma('secure_delete = ON')
    pragma('cache_size = -65536')
    pragma('temp_store = MEMORY')
    release = claim(file)
    const opening = migrated(client, migrations)
    pragma(`busy_timeout = ${BUSY_TIMEOUT}`)
    return { client, opening, release }
  } catch (error) {
    client?.close()
    release?.()
    throw openFault(file, error)
  }
}

/**
 * Keeps every statement for as long as the connection lives: Node 24 aborts the process when one of better-sqlite3's
 * objects is garbage-collected (`RemoveEnvironmentCleanupHook`, no environment). Each text is prepared once, so that they
 * are a few hundred at most.
 */
function keepStatements(client: Database.Database): void {
  const prepare = client.prepare.bind(client)
  const kept: Database.Statement[] = []
  client.prepare = ((text: string) => {
    const made = prepare(text)
    kept.push(made)
    return made
  }) as typeof client.prepare
}

/** Runs a pragma, each text prepared once: the library's own `pragma` makes a statement for each call. */
function pragmas(client: Database.Database): (text: string) => void {
  const prepared = new Map<string, Database.Statement>()
  return (text) => {
    const ready = prepared.get(text) ?? client.prepare(`PRAGMA ${text}`)
    prepared.set(text, ready)
    if (ready.reader) ready.all()
    else ready.run()
  }
}

type Run = (values: Bound[]) => unknown[]

/** Runs one call; its statement is prepared once. */
function runner(client: Database.Database): (call: Call) => unknown[] {
  const prepared = new WeakMap<Statement, Run>()
  return (call) => {
    let run = prepared.get(call.statement)
    if (!run) {
      run = runOf(client.prepare(call.statement.text))
      prepared.set(call.statement, run)
    }
    return run(boundValues(call))
  }
}

function runOf(ready: Database.Statement): Run {
  if (!ready.reader) {
    return (values) => {
      ready.run(values)
      return []
    }
  }
  // A row of thirty columns that the library makes an object of takes half as long again as the same row as a list.
  const names = ready.columns().map(({ name }) => name)
  const empty: Readonly<Record<string, unknown>> = Object.fromEntries(names.map((name) => [name, null]))
  const rowOf = (values: unknown[]) => {
    const row = { ...empty }
    for (let at = 0; at < names.length; at++) row[names[at] ?? ''] = values[at]
    return row
  }
  ready.raw()
  return (values) => (ready.all(values) as unknown[][]).map(rowOf)
}

function storeError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (!(error instanceof Database.SqliteError)) return error
  return storeFailure(`${error.message}: ${error.code}`, error) ?? error
}
