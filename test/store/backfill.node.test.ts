import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Call } from '../../src/store/sql/port.ts'
import { call, type Statement, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { raw, sql } from '../../src/store/sql/template.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { MIGRATIONS, migrationsBefore } from './earlier.ts'

const run = (text: string): Call => call(statement(raw(text)), {})

test('C3: a store of an earlier build counts what it holds when it is brought up to date', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-backfill-'))
  const file = join(folder, 'test.db')
  const old = openNodeDb(file, migrationsBefore('counters'))
  const token = (id: string, state: string) =>
    run(`INSERT INTO push_tokens (id, app_id, provider, hash, token, environment, state, state_at, dialects, created_at, registered_at)
      VALUES ('${id}', 'app', 'fcm', '${id}', '${id}', 'unknown', '${state}', 1, '[]', 1, 1)`)
  const device = (
    id: string,
    pushToken: string | null,
    enabled: number,
    superseded: number | null,
    day: number,
  ) =>
    run(`INSERT INTO devices (id, app_id, dialect, external_id, platform, push_token_id, user_proved, enabled, superseded_at, details, created_at, updated_at, last_seen_at)
      VALUES ('${id}', 'app', 'red', '${id}', 'ios', ${pushToken === null ? 'NULL' : `'${pushToken}'`}, 0, ${enabled}, ${superseded}, '{}', ${day * 86_400_000}, 1, 1)`)
  const topic = (id: string) =>
    run(
      `INSERT INTO subscriptions (device_id, topic, app_id, automatic, created_at) VALUES ('${id}', 'news', 'app', 0, 1)`,
    )
  await old.commit([
    run(`INSERT INTO apps (id, name, settings, vapid_public, vapid_private, vapid_subject, created_at, updated_at)
      VALUES ('app', 'app', '{}', '', '', '', 1, 1)`),
    run(
      `INSERT INTO app_dialects (app_id, dialect, identifier, options, created_at) VALUES ('app', 'red', 'app', '{}', 1)`,
    ),
    token('live', 'live'),
    token('dead', 'dead'),
    device('current', 'live', 1, null, 10),
    device('tokenless', null, 1, null, 10),
    device('superseded', null, 1, 5, 11),
    device('dead', 'dead', 1, null, 11),
    ...['current', 'tokenless', 'superseded', 'dead'].map(topic),
  ])
  await old.close()

  const db = openNodeDb(file, MIGRATIONS)
  const now = new Date(20 * 86_400_000)
  const store = sqlStore(db, () => now)
  expect(await store.directory.stats('app', now)).toEqual({
    total: 4,
    active: 1,
    inUse: 3,
    byDialect: { red: 4 },
    byPlatform: { ios: 4 },
    byProvider: { fcm: 2 },
    perDay: [
      { date: '1970-01-11', registrations: 2 },
      { date: '1970-01-12', registrations: 2 },
    ],
  })
  const topics = await store.directory.topics('app', { after: null, limit: 10 })
  expect(topics.items).toEqual([{ topic: 'news', subscribers: 2 }])
  const integrity: Statement<{ integrity_check: string }> = statement(sql`PRAGMA integrity_check`)
  expect((await db.read([call(integrity, {})]))[0]).toEqual([{ integrity_check: 'ok' }])
  await db.close()
  rmSync(folder, { recursive: true })
})
