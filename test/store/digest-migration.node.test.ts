import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Call } from '../../src/store/sql/port.ts'
import { call, type Statement, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { raw } from '../../src/store/sql/template.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { hashOf } from '../contract/kit.ts'
import { MIGRATIONS, migrationsBefore } from './earlier.ts'

const run = (text: string): Call => call(statement(raw(text)), {})
type Row = Readonly<Record<string, unknown>>
const rows: Statement<Row> = statement(raw('SELECT * FROM push_tokens ORDER BY id') as never)
const plan: Statement<{ detail: string }> = statement(
  raw(
    `EXPLAIN QUERY PLAN SELECT 1 FROM push_tokens WHERE app_id = '' AND provider = '' AND digest = x'00'`,
  ) as never,
)

/** Data of an earlier build: a token in use, a dead one, one without devices, and one with keys. */
const TOKENS: readonly (readonly [name: string, state: string, token: string, more: string])[] = [
  ['a', 'live', 'token a', `NULL, NULL, 3, '["red"]', 1, 2, NULL`],
  ['b', 'dead', 'token b', `NULL, 'Unregistered', 4, '["red","blue"]', 1, 2, 5`],
  ['c', 'gone', '', `NULL, NULL, 4, '["red"]', 1, 2, NULL`],
  ['d', 'live', 'https://push.example/d', `'{"p256dh":"x","auth":"y"}', NULL, 3, '[]', 1, 2, 9`],
]
const EARLIER = [
  `INSERT INTO app_dialects (app_id, dialect, identifier, options, created_at) VALUES ('app', 'red', 'app', '{}', 1)`,
  ...TOKENS.map(
    ([name, state, token, more]) => `
      INSERT INTO push_tokens (id, state, token, app_id, provider, hash, environment, keys, state_reason, state_at, dialects, created_at, registered_at, delivered_at)
      VALUES ('${name}', '${state}', '${token}', 'app', 'fcm', '${hashOf(`token ${name}`)}', 'unknown', ${more})`,
  ),
  `INSERT INTO devices (id, app_id, dialect, external_id, platform, push_token_id, user_proved, enabled, details, created_at, updated_at, last_seen_at)
    VALUES ('device', 'app', 'red', 'phone', 'android', 'a', 0, 1, '{}', 1, 1, 1)`,
]

async function migrated() {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-digests-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'test.db')
  const before = openNodeDb(file, migrationsBefore('digests'))
  await before.commit(EARLIER.map(run))
  const [had] = await before.read([call(rows, {})])
  await before.close()
  const db = openNodeDb(file, MIGRATIONS)
  onTestFinished(() => db.close())
  return { db, had }
}

test('push tokens of an earlier build are carried over, each under the first half of its hash', async () => {
  const { db, had } = await migrated()
  const [has] = await db.read([call(rows, {})])
  const expected = had.map(({ hash, ...row }) => ({
    ...row,
    digest: Buffer.from(String(hash).slice(0, 32), 'hex'),
  }))
  expect(has).toHaveLength(TOKENS.length)
  expect(has).toEqual(expected)
})

test('a token of an earlier build is found by its index, and is no second phone when it registers again', async () => {
  const { db } = await migrated()
  const [steps] = await db.read([call(plan, {})])
  expect(steps.map(({ detail }) => detail)).toEqual([
    'SEARCH push_tokens USING COVERING INDEX push_tokens_identity (app_id=? AND provider=? AND digest=?)',
  ])
  const now = new Date(1000)
  const store = sqlStore(db, () => now)
  for (const [hash, tokens] of [
    [hashOf('token a'), ['device']],
    [hashOf('token c'), []],
    [hashOf('token z'), []],
  ] as const) {
    const filter = { tokenHashes: [hash] }
    const page = await store.directory.devices('app', filter, { after: null, limit: 10 })
    expect(page.items.map(({ id }) => id)).toEqual(tokens)
  }
})
