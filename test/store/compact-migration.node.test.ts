import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Call } from '../../src/store/sql/port.ts'
import { call, type Statement, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { raw } from '../../src/store/sql/template.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { MIGRATIONS, migrationsBefore } from './earlier.ts'

const run = (text: string): Call => call(statement(raw(text)), {})
const TABLES = {
  subscriptions: 'device_id, topic',
  tags: 'device_id, name',
  counters: 'app_id, kind, name',
} as const
const rowsOf = (table: keyof typeof TABLES): Statement<Readonly<Record<string, unknown>>> =>
  statement(raw(`SELECT * FROM ${table} ORDER BY ${TABLES[table]}`) as never)
const named: Statement<{ readonly name: string; readonly sql: string }> = statement(
  raw(
    `SELECT name, sql FROM sqlite_master WHERE tbl_name IN ('subscriptions', 'tags', 'counters') AND sql IS NOT NULL ORDER BY name`,
  ) as never,
)

const OLD_ID = '0199e0f0-0000-7000-8000-'
const old = (n: number) => `${OLD_ID}${String(n).padStart(12, '0')}`

/** Data of an earlier build: rows in no key order, with texts of every length. */
const EARLIER = [
  `INSERT INTO app_dialects (app_id, dialect, identifier, options, created_at) VALUES ('app', 'red', 'app', '{}', 1)`,
  ...[3, 1, 2].flatMap((n) => [
    `INSERT INTO devices (id, app_id, dialect, external_id, platform, user_proved, enabled, details, created_at, updated_at, last_seen_at, tag_count, tag_bytes)
      VALUES ('${old(n)}', 'app', 'red', 'd${n}', 'ios', 0, 1, '{}', ${n}, ${n}, ${n}, 2, 9)`,
    ...['news', 'Ärger', '', 'z'.repeat(9000)].map(
      (topic, at) =>
        `INSERT INTO subscriptions (device_id, topic, app_id, id, automatic, created_at)
          VALUES ('${old(n)}', '${topic}', 'app', ${at === 0 ? `'id-${n}'` : 'NULL'}, ${at === 1 ? 1 : 0}, ${n * 10 + at})`,
    ),
    `INSERT INTO tags (device_id, name, type, value, updated_at) VALUES ('${old(n)}', 'Level', 'integer', '${n}', 5)`,
    `INSERT INTO tags (device_id, name, type, value, updated_at) VALUES ('${old(n)}', 'Big', 'string', '"${'x'.repeat(20_000)}"', 6)`,
  ]),
  `INSERT INTO counters (app_id, kind, name, amount) VALUES ('app', 'topic', 'news', 3), ('app', 'topic', 'gone', 0), ('app', 'day', '1970-01-01', -1)`,
]

async function migrated(to: string) {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-compact-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'test.db')
  const before = openNodeDb(file, migrationsBefore('compact'))
  await before.commit(EARLIER.map(run))
  const reads = (['subscriptions', 'tags', 'counters'] as const).map((table) => call(rowsOf(table), {}))
  const had = await before.read(reads)
  await before.close()
  const db = openNodeDb(file, to)
  onTestFinished(() => db.close())
  return { db, had, has: () => db.read(reads) }
}

test('subscriptions, tags and counters of an earlier build are carried over, column by column', async () => {
  const { db, had, has } = await migrated(migrationsBefore('numbers'))
  expect(had.map((rows) => rows.length)).toEqual([12, 6, 3])
  expect(await has()).toEqual(had)
  const integrity: Statement<{ integrity_check: string }> = statement(raw('PRAGMA integrity_check') as never)
  expect((await db.read([call(integrity, {})]))[0]).toEqual([{ integrity_check: 'ok' }])
})

test('they lie in the tree of their key, under the indexes that they had', async () => {
  const { db } = await migrated(MIGRATIONS)
  const [rows = []] = await db.read([call(named, {})])
  expect(rows.map(({ name }) => name)).toEqual([
    'counters',
    'counters_spent',
    'subscriptions',
    'subscriptions_by_topic',
    'subscriptions_id',
    'tags',
  ])
  for (const { name, sql } of rows) {
    if (name in TABLES) expect(sql).toContain('WITHOUT ROWID')
  }
})

test('devices of an earlier build keep their long ids, and stand before new ones in every list', async () => {
  const { db } = await migrated(MIGRATIONS)
  const now = new Date(1000)
  const store = sqlStore(db, () => now)
  const found = await store.devices.findByKey({ appId: 'app', dialect: 'red', externalId: 'd2' }, now)
  expect(found).toMatchObject({ id: old(2), tags: { Level: 2 } })
  expect(found?.topics).toHaveLength(4)
})
