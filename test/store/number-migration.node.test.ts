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
type Row = Readonly<Record<string, unknown>>
const rowsOf = (text: string): Statement<Row> => statement(raw(text) as never)

const now = new Date(1000)
const ids = ['0199e0f0-0000-7000-8000-000000000001', 'V00000000000001', 'V00000000000002', 'V00000000000003']

/**
 * Data of an earlier build: devices in no order of their ids, and two messages whose planning had reached the
 * second one.
 */
const EARLIER = [
  `INSERT INTO app_dialects (app_id, dialect, identifier, options, created_at) VALUES ('app', 'red', 'app', '{}', 1)`,
  ...[2, 0, 3, 1].flatMap((n) => [
    `INSERT INTO push_tokens (id, app_id, provider, digest, token, environment, state, state_at, dialects, created_at, registered_at)
      VALUES ('t${n}', 'app', 'fcm', x'0${n}', 't${n}', 'unknown', 'live', 1, '["red"]', 1, 1)`,
    `INSERT INTO devices (id, app_id, dialect, external_id, platform, push_token_id, user_id, user_proved, enabled, name, details, created_at, updated_at, last_seen_at, updated_by, tag_count, tag_bytes)
      VALUES ('${ids[n]}', 'app', 'red', 'd${n}', 'ios', 't${n}', 'ann', 1, 1, 'name ${n}', '{"platformName":"A"}', ${n}, ${n}, ${n}, 7, 2, 9)`,
    ...['news', 'Ärger', ''].map(
      (topic, at) =>
        `INSERT INTO subscriptions (device_id, topic, app_id, id, automatic, created_at)
          VALUES ('${ids[n]}', '${topic}', 'app', ${at === 0 ? `'id-${n}'` : 'NULL'}, ${at === 1 ? 1 : 0}, ${n * 10 + at})`,
    ),
  ]),
  ...[
    ['topic', '{"by":"topic","topic":"news","earlier":[]}'],
    ['dialect', '{"by":"dialect","dialect":"red"}'],
  ].map(
    ([name, part]) => `
    INSERT INTO sends (id, app_id, dialect, external_id, body, audience, dialects, parts, schedule, priority, ignored, idempotency_until, state, due_at, run, run_at, part, after, pages, open_pages, created_at)
      VALUES ('${name}', 'app', 'admin', '${name}', '{}', '{}', '["red"]', '[${part}]', '{}', 1, '[]', 0, 'planning', 1, 0, 1, 0, '${ids[1]}', 1, 1, 1)`,
  ),
  `INSERT INTO catalogue (app_id, dialect, name, id, description, created_at, updated_at, due_at)
    VALUES ('app', 'red/going', 'news', 'c', '["V0","V00000000000002"]', 1, 1, 0)`,
]

async function migrated() {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-numbers-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'test.db')
  const before = openNodeDb(file, migrationsBefore('numbers'))
  await before.commit(EARLIER.map(run))
  const [devices, subscriptions] = await before.read([
    call(rowsOf('SELECT * FROM devices ORDER BY id'), {}),
    call(rowsOf('SELECT * FROM subscriptions ORDER BY device_id, topic'), {}),
  ])
  await before.close()
  const db = openNodeDb(file, MIGRATIONS)
  onTestFinished(() => db.close())
  return { db, devices, subscriptions, store: sqlStore(db, () => now) }
}

test('devices of an earlier build are carried over, with numbers in the order of their ids', async () => {
  const { db, devices } = await migrated()
  const [has] = await db.read([call(rowsOf('SELECT * FROM devices ORDER BY number'), {})])
  // Later migrations add columns.
  expect(has).toMatchObject(devices.map((row, at) => ({ number: at + 1, ...row })))
  expect(has.map(({ id }) => id)).toEqual(ids)
})

test('so are their subscriptions, under those numbers', async () => {
  const { db, subscriptions } = await migrated()
  const [has] = await db.read([call(rowsOf('SELECT * FROM subscriptions ORDER BY device, topic'), {})])
  expect(has).toHaveLength(12)
  expect(has).toEqual(
    subscriptions.map(({ device_id: id, ...row }) => ({ device: ids.indexOf(String(id)) + 1, ...row })),
  )
})

test('no index is lost, and all of the database is whole', async () => {
  const { db } = await migrated()
  const names = `SELECT name, sql FROM sqlite_master WHERE tbl_name IN ('devices', 'subscriptions') ORDER BY name`
  const fresh = openNodeDb(':memory:', MIGRATIONS)
  onTestFinished(() => fresh.close())
  const [[has], [whole], [made]] = await Promise.all([
    db.read([call(rowsOf(names), {})]),
    db.read([call(rowsOf('PRAGMA integrity_check'), {})]),
    fresh.read([call(rowsOf(names), {})]),
  ])
  expect(whole).toEqual([{ integrity_check: 'ok' }])
  expect(has).toEqual(made)
  expect(has.map(({ name }) => name)).toEqual(
    [
      ...['alike', 'by_dialect', 'by_dialect_user', 'by_platform_name', 'by_user', 'expiring', 'id'],
      ...['identity', 'newest', 'superseded', 'token', 'tokenless'],
    ]
      .map((name) => `devices_${name}`)
      .concat('devices', 'subscriptions', 'subscriptions_by_topic', 'subscriptions_id')
      .toSorted(),
  )
})

test('a message goes on behind the device that it had got to, by topic or by dialect', async () => {
  const { db, store } = await migrated()
  const [rows] = await db.read([call(rowsOf('SELECT id, after FROM sends'), {})])
  const after = new Map(rows.map((row) => [row.id, String(row.after)]))
  const common = { appId: 'app', dialects: ['red'], all: [], at: now, now, limit: 10, tags: [], topics: [] }
  for (const part of [
    { by: 'topic', topic: 'news', earlier: [] },
    { by: 'dialect', dialect: 'red' },
  ] as const) {
    const found = await store.messages.candidates({ ...common, part, after: after.get(part.by) ?? '' })
    expect(found.candidates.map(({ deviceId }) => deviceId)).toEqual(ids.slice(2))
  }
})

test('a topic that was going goes on to its last subscription', async () => {
  const { db, store } = await migrated()
  const lease = { lease: 'mine', until: new Date(2000), horizon: new Date(3000), limit: 10 }
  const [removal] = await store.removals.claim(lease, now)
  if (!removal) throw new Error('nothing is going')
  while (await store.removals.proceed(removal, { lease: 'mine', last: false }));
  const [left] = await db.read([call(rowsOf(`SELECT 1 FROM subscriptions WHERE topic = 'news'`), {})])
  expect(left).toEqual([])
})
