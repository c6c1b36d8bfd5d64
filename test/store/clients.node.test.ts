import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openNodeDb } from '../../src/store/node.ts'
import { call, statement } from '../../src/store/statement.ts'

const MIGRATIONS = 'schema/migrations'

/** The migrations of a build before the one that added a migration of that name. */
function before(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-migrations-'))
  cpSync(MIGRATIONS, folder, { recursive: true })
  const path = join(folder, 'meta', '_journal.json')
  const journal: { entries: { tag: string }[] } = JSON.parse(readFileSync(path, 'utf8'))
  const at = journal.entries.findIndex(({ tag }) => tag.endsWith(`_${name}`))
  if (at < 0) throw new Error(`there is no migration ${name}`)
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, at) }))
  return folder
}

const add = statement(sql`
  INSERT INTO clients (id, app_id, dialect, sealed, about, created_at, updated_at) VALUES
    ('known', 'app', 'mobilefirst', '', '{"device":{"id":"phone-1"}}', 0, 0),
    ('odd', 'app', 'mobilefirst', '', '{"device":{"id":7}}', 0, 0)`)
const all = statement(sql`SELECT id, external_id FROM clients ORDER BY id`)

test('clients of an earlier build are found by the device that they speak for (hostile F11)', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pushport-test-')), 'old.db')
  const old = openNodeDb(file, before('clients'))
  await old.commit([call(add, {})])
  await old.close()
  const db = openNodeDb(file, MIGRATIONS)
  const [rows] = await db.read([call(all, {})])
  await db.close()
  expect(rows).toEqual([
    { id: 'known', external_id: 'phone-1' },
    { id: 'odd', external_id: null },
  ])
})
