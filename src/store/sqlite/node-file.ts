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

/** How long a start waits for the gateway before it to end. */
const HANDOVER = 2000

/**
 * Makes this process the only gateway on the file; returns how to give that up. The lock is SQLite's own, on a file
 * beside the database: it ends with its process, however that ends, and readers of the database do not meet it. Throws
 * `StoreUnavailable` where another gateway has it.
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
      'another gateway has it open: stop that one first, or give this one a file of its own with DATABASE_URL',
      { cause: error },
    )
  }
  return () => lock.close()
}

interface Migration {
  readonly tag: string
  /** When it was generated, in milliseconds: by this Drizzle's migrator knows it. */
  readonly when: number
}

/** Brings the schema up to date. Throws `StoreUnavailable` where a newer build has been there. */
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
      `a newer Pushport has changed it (${unknown} migrations that this one does not know): start that version, or restore a backup from before it`,
    )
  }
  if (!moving && client.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(MOVING))
    throw new StoreUnavailable(MOVE_UNFINISHED)
  migrate(client, folder)
  return { made, applied: made ? [] : entries.filter(({ when }) => !before.has(when)).map(({ tag }) => tag) }
}

/** What a file lacks of the schema; null is no file. */
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

/** Runs the migrations that have not run yet. Drizzle's own function for this loads better-sqlite3 wherever it is. */
function migrate(client: Connection, migrationsFolder: string): void {
  const dialect = new SQLiteSyncDialect()
  dialect.migrate(
    readMigrationFiles({ migrationsFolder }),
    new BetterSQLiteSession(client, dialect, undefined),
  )
}

/** The same, where nothing may be changed. Throws `StoreUnavailable` where something would have to be. */
export function unchanged(client: Connection, folder: string): Opening {
  const tables = client.prepare('SELECT count(*) AS n FROM sqlite_master').get() as { n: number }
  const { entries } = readJournal(folder)
  const before = tables.n > 0 ? appliedTo(client) : []
  if (before.length !== entries.length)
    throw new StoreUnavailable('its schema is not of this version: start once without READ_ONLY')
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

/** better-sqlite3's compiled part is missing, or made for another Node: the database is innocent. */
const NOT_BUILT =
  /NODE_MODULE_VERSION|Could not locate the bindings file|different Node\.js version|Cannot find module 'better-sqlite3'/

/** Why a file could not be opened, in one sentence. */
export function openFault(file: string, error: unknown): StoreUnavailable {
  const reason = error instanceof Error ? error.message : String(error)
  const built = !NOT_BUILT.test(reason)
  return new StoreUnavailable(
    built
      ? `cannot open ${file}: ${reason}`
      : 'better-sqlite3 is not built for this version of Node.js: run `npm rebuild better-sqlite3`, or use Node.js 22.16 or newer, which has SQLite of its own.',
    { cause: error },
  )
}
