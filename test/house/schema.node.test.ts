import { readFileSync } from 'node:fs'
import {
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from 'drizzle-kit/api'
import { expect, test } from 'vitest'
import * as postgres from '../../schema/postgres.ts'
import * as tables from '../../schema/tables.ts'

interface Journal {
  readonly entries: readonly { readonly idx: number }[]
}
const read = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8'))

/** The schema according to the last migration of a folder. */
function stands<T>(folder: string): T {
  const last = read<Journal>(`${folder}/meta/_journal.json`).entries.at(-1)
  return read(`${folder}/meta/${String(last?.idx).padStart(4, '0')}_snapshot.json`)
}

test('the migrations of SQLite end at the tables of the schema', async () => {
  const now = await generateSQLiteDrizzleJson({ ...tables })
  expect(await generateSQLiteMigration(stands('schema/migrations'), now)).toEqual([])
})

test('the migrations of PostgreSQL end at the same tables', async () => {
  expect(await generateMigration(stands('schema/postgres'), generateDrizzleJson({ ...postgres }))).toEqual([])
})

test('PostgreSQL has each table that SQLite has, and no other', () => {
  expect(Object.keys(postgres).sort()).toEqual(Object.keys(tables).sort())
})
