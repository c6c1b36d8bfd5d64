import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sql } from '../../src/store/sql/template.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { MIGRATIONS, migrationsBefore } from './earlier.ts'

const add = statement(sql`
  INSERT INTO clients (id, app_id, dialect, sealed, about, created_at, updated_at) VALUES
    ('known', 'app', 'mobilefirst', '', '{"device":{"id":"phone-1"}}', 0, 0),
    ('odd', 'app', 'mobilefirst', '', '{"device":{"id":7}}', 0, 0)`)
const all = statement(sql`SELECT id, external_id FROM clients ORDER BY id`)

test('clients of an earlier build are found by the device that they speak for (hostile F11)', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pushport-test-')), 'old.db')
  const old = openNodeDb(file, migrationsBefore('clients'))
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
