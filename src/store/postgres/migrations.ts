import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import type { Client, PoolClient } from 'pg'
import { StoreUnavailable } from '../../domain/error.ts'
import {
  MOVE_UNFINISHED,
  MOVING,
  type Opening,
  type SchemaOptions,
  type SchemaState,
} from '../sql/opening.ts'
import { appliedTo } from './engine.ts'

interface Migration {
  readonly tag: string
  /** When it was generated, in milliseconds; Drizzle's migrator identifies it by that. */
  readonly when: number
}

/** "pushport" as a number: one lock for all gateways of a database. */
const LOCK = '8101843063862260340'

/**
 * Applies pending migrations: one gateway does, others that start meanwhile wait. Throws `StoreUnavailable` if a newer
 * build has migrated the database.
 */
export async function migrated(
  client: Client | PoolClient,
  folder: string,
  options: SchemaOptions = {},
): Promise<Opening> {
  // No timeout: a migration may rewrite a large table.
  await client.query('SET statement_timeout = 0')
  await client.query(`SELECT pg_advisory_lock(${LOCK})`)
  try {
    return await whileLocked(client, folder, options)
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${LOCK})`)
    await client.query('RESET statement_timeout')
  }
}

async function whileLocked(
  client: Client | PoolClient,
  folder: string,
  { moving = false }: SchemaOptions,
): Promise<Opening> {
  const entries = migrationsOf(folder)
  const before = new Set(await appliedTo(client))
  const known = new Set(entries.map(({ when }) => when))
  const unknown = [...before].filter((when) => !known.has(when)).length
  if (unknown > 0) {
    throw new StoreUnavailable(
      `a newer Pushport has changed it (unknown migrations: ${unknown}): start that version, or restore an older backup`,
    )
  }
  if (before.size === 0 && (await foreign(client))) {
    throw new StoreUnavailable(
      'it contains tables of another program: give the gateway its own database. If DATABASE_URL belongs to that program, set PUSHPORT_DATABASE_URL',
    )
  }
  const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS there', [MOVING])
  if (!moving && rows[0].there) throw new StoreUnavailable(MOVE_UNFINISHED)
  const missing = entries.filter(({ when }) => !before.has(when)).map(({ tag }) => tag)
  if (missing.length > 0) await migrate(drizzle(client), { migrationsFolder: folder })
  const made = before.size === 0
  return { made, applied: made ? [] : missing }
}

/** The number of pending migrations. */
export async function missingFrom(client: Client | PoolClient, folder: string): Promise<number> {
  const applied = new Set(await appliedTo(client))
  return migrationsOf(folder).filter(({ when }) => !applied.has(when)).length
}

/** The difference between the database's schema and this build's. */
export async function schemaStateOf(client: Client | PoolClient, folder: string): Promise<SchemaState> {
  const entries = migrationsOf(folder)
  const applied = new Set(await appliedTo(client))
  const known = new Set(entries.map(({ when }) => when))
  return {
    empty: applied.size === 0 && !(await foreign(client)),
    pending: entries.filter(({ when }) => !applied.has(when)).map(({ tag }) => tag),
    unknown: [...applied].filter((when) => !known.has(when)).length,
  }
}

function migrationsOf(folder: string): readonly Migration[] {
  const journal = readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')
  return (JSON.parse(journal) as { readonly entries: readonly Migration[] }).entries
}

/** Hosting platforms also set DATABASE_URL for other programs. */
async function foreign(client: Client | PoolClient): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() LIMIT 1`,
  )
  return rows.length > 0
}
