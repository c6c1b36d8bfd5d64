import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { BetterSQLiteSession } from 'drizzle-orm/better-sqlite3/session'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core'
import { StoreUnavailable } from '../../domain/error.ts'
import {
  MOVE_UNFINISHED,
  MOVING,
  type Opening,
  type SchemaOptions,
  type SchemaState,
} from '../sql/opening.ts'
import { type Connection, openConnection, sqliteCode } from './driver.ts'

/** How long a start waits for the previous gateway to end, in milliseconds. */
const HANDOVER = 2000

/**
 * Makes this process the only gateway of the file; returns a function that releases it. The lock is an SQLite lock on a file
 * beside the database: it ends with the process in every case and does not affect readers of the database. Throws
 * `StoreUnavailable` if another gateway has it.
 */
export function claim(file: string): () => void {
  if (file === ':memory:') return () => {}
  const lock = openConnection(`${realpathSync(file)}.lock`, { timeout: HANDOVER })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!sqliteCode(error)?.startsWith('SQLITE_BUSY')) throw error
    throw new StoreUnavailable(
      'another gateway has it open: stop that gateway first, or set DATABASE_URL to another file',
      { cause: error },
    )
  }
  return () => lock.close()
}

interface Migration {
  readonly tag: string
  /** When it was generated, in milliseconds; Drizzle's migrator identifies it by that. */
  readonly when: number
}

/** Applies pending migrations. Throws `StoreUnavailable` if a newer build has migrated the file. */
export function migrated(
  client: Connection,
  folder: string,
  { moving = false }: SchemaOptions = {},
): Opening {
  const { entries } = readJournal(folder)
  const made = client.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() === undefined
  const before = new Set(appliedTo(client))
  const known = new Set(entries.map(({ when }) => when))
  const unknown = [...before].filter((when) => !known.has(when)).length
  if (unknown > 0) {
    throw new StoreUnavailable(
      `a newer Pushport has changed it (unknown migrations: ${unknown}): start that version, or restore an older backup`,
    )
  }
  if (!moving && client.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(MOVING))
    throw new StoreUnavailable(MOVE_UNFINISHED)
  migrate(client, folder)
  return { made, applied: made ? [] : entries.filter(({ when }) => !before.has(when)).map(({ tag }) => tag) }
}

/** The difference between a file's schema and this build's; null stands for a missing file. */
export function schemaStateOf(client: Connection | null, folder: string): SchemaState {
  const { entries } = readJournal(folder)
  const applied = new Set(client ? appliedTo(client) : [])
  const known = new Set(entries.map(({ when }) => when))
  return {
    empty: client?.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() === undefined,
    pending: entries.filter(({ when }) => !applied.has(when)).map(({ tag }) => tag),
    unknown: [...applied].filter((when) => !known.has(when)).length,
  }
}

/** Runs pending migrations. Drizzle's own function would load better-sqlite3. */
function migrate(client: Connection, migrationsFolder: string): void {
  const dialect = new SQLiteSyncDialect()
  dialect.migrate(
    readMigrationFiles({ migrationsFolder }),
    new BetterSQLiteSession(client, dialect, undefined),
  )
}

/** Checks the schema of a read-only database. Throws `StoreUnavailable` if migrations are pending. */
export function unchanged(client: Connection, folder: string): Opening {
  const tables = client.prepare('SELECT count(*) AS n FROM sqlite_master').get() as { n: number }
  const { entries } = readJournal(folder)
  const before = tables.n > 0 ? appliedTo(client) : []
  if (before.length !== entries.length)
    throw new StoreUnavailable('its schema is from another version: start once without READ_ONLY')
  return { made: false, applied: [] }
}

const readJournal = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    readonly entries: readonly Migration[]
  }

function appliedTo(client: Connection): readonly number[] {
  const table = "SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'"
  if (client.prepare(table).get() === undefined) return []
  const rows = client.prepare('SELECT created_at AS applied FROM __drizzle_migrations').all()
  return (rows as { applied: number | string }[]).map(({ applied }) => Number(applied))
}

/** better-sqlite3's addon is missing, or was built for another Node.js; the database is not at fault. */
const NOT_BUILT =
  /NODE_MODULE_VERSION|Could not locate the bindings file|different Node\.js version|Cannot find module 'better-sqlite3'/

/** Describes in one sentence why a file could not be opened. */
export function openFault(file: string, error: unknown): StoreUnavailable {
  const reason = error instanceof Error ? error.message : String(error)
  const built = !NOT_BUILT.test(reason)
  return new StoreUnavailable(
    built
      ? `cannot open ${file}: ${reason}`
      : 'better-sqlite3 is not built for this version of Node.js: run `npm rebuild better-sqlite3`, or use Node.js 22.16 or newer, which includes SQLite.',
    { cause: error },
  )
}
