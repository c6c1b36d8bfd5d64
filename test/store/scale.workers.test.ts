import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { DialectApp } from '../../src/domain/app.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import { openD1 } from '../../src/store/sqlite/d1.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

/** The D1 database with the rows that its statements read. */
function metered(d1: D1Database) {
  const meter = { rows: 0, last: 0 }
  const handle = {
    prepare: (text: string) => d1.prepare(text),
    async batch(statements: D1PreparedStatement[]) {
      const results = await d1.batch(statements)
      meter.last = results.reduce((sum, { meta }) => sum + (meta.rows_read ?? 0), 0)
      meter.rows += meter.last
      return results
    },
  }
  // Only these two are what the driver asks of it.
  return { meter, d1: handle as unknown as D1Database }
}

const { meter, d1 } = metered((env as { DB: D1Database }).DB)
const n = sql`WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < ${value('count')})`
/** Many devices of one person in one statement each: what a store holds that has grown for years. */
const grown = [
  statement(sql`INSERT INTO push_tokens (id, app_id, provider, hash, token, environment, state, state_at, dialects, created_at, registered_at)
    ${n} SELECT ${value('app')} || 't' || n, ${value('app')}, 'fcm', 'h' || n, 't' || n, 'unknown', 'live', 1, '["echo"]', n, n FROM k`),
  statement(sql`INSERT INTO devices (id, app_id, dialect, external_id, platform, push_token_id, user_id, user_proved, enabled, name, model, details, created_at, updated_at, last_seen_at)
    ${n} SELECT ${value('app')} || 'd' || n, ${value('app')}, 'echo', 'e' || n, 'ios', ${value('app')} || 't' || n,
      'guest', 0, 1, 'phone ' || n, 'one', '{}', n, n, n FROM k`),
  statement(sql`INSERT INTO subscriptions (device_id, topic, app_id, automatic, created_at)
    ${n} SELECT ${value('app')} || 'd' || n, 'news', ${value('app')}, 0, 1 FROM k`),
  statement(sql`INSERT INTO counters (app_id, kind, name, amount)
    VALUES (${value('app')}, 'devices', 'echo/ios/fcm/1', ${value('count')}), (${value('app')}, 'topic', 'news', ${value('count')})`),
]

const CALLS: Readonly<Record<string, (h: Harness, app: DialectApp) => Promise<unknown>>> = {
  'statistics (C3, N: counters)': ({ gateway }, { app }) => gateway.directory.stats(app.id),
  'a page of topics (C3)': ({ gateway }, { app }) =>
    gateway.directory.topics(app.id, { after: null, limit: 50 }),
  'a registration of a person with many devices (A5)': ({ gateway }, app) =>
    gateway.devices.register({
      app,
      externalId: 'new',
      identity: 'token',
      platform: 'ios',
      pushToken: { provider: 'fcm', token: 'new' },
      patch: { user: { id: 'guest', proved: false }, name: 'phone 7', model: 'one' },
      replacesAlike: true,
      cause: 'test',
    }),
  'a user who is bound up to a limit': async ({ gateway }, app) => {
    await gateway.devices.register({ app, externalId: 'x', identity: 'key', platform: 'ios', cause: 'test' })
    await gateway.users.bind({
      app,
      externalId: 'x',
      user: { id: 'guest', proved: true },
      rules: { replace: true, limit: { devices: 100, among: ['ios'] } },
      cause: 'test',
    })
  },
  'feedback on one token': ({ gateway }, { app }) =>
    gateway.feedback.report(app.id, [{ device: `${app.id}d7`, outcome: 'dead' }], 'test'),
}

async function rowsRead(
  count: number,
  run: (h: Harness, app: DialectApp) => Promise<unknown>,
): Promise<number> {
  const h = await createHarness({ db: () => openD1(d1), adapters: [echoDialect] })
  const { id, dialects } = await h.createApp({ echo: {} })
  const app = await h.gateway.apps.find('echo', String(dialects.echo?.code))
  if (!app) throw new Error('no app')
  await h.db.commit(grown.map((one) => call(one, { app: id, count })))
  const before = meter.rows
  await run(h, app)
  return meter.rows - before
}

test.each(Object.entries(CALLS))('costs the same with four times the devices: %s', async (_, run) => {
  const [few, many] = [await rowsRead(500, run), await rowsRead(2000, run)]
  expect(many).toBeLessThanOrEqual(few + 20)
})

const tie = statement(sql`UPDATE devices SET created_at = 1 WHERE app_id = ${value('app')}`)

test.each([
  ['the first', null],
  ['a later', 100],
])(
  'costs the same with four times the devices, all of one millisecond: %s step of a client’s list (issue 8)',
  async (_, from) => {
    const step = async (h: Harness, { app }: DialectApp) => {
      await h.db.commit([call(tie, { app: app.id })])
      meter.rows = 0
      const after = from === null ? null : ([1, `${app.id}d${from}`] as const)
      const { devices } = sqlStore(h.db, () => h.clock.now)
      const scope = { appId: app.id, dialect: 'echo' }
      await devices.listStep(scope, {}, { after, scan: 100, offset: 0, limit: 10 }, h.clock.now)
      return meter.rows
    }
    const cost = async (count: number) => {
      let rows = 0
      await rowsRead(count, async (h, app) => {
        rows = await step(h, app)
      })
      return rows
    }
    const [few, many] = [await cost(500), await cost(2000)]
    expect(many).toBeLessThanOrEqual(few + 20)
  },
)

test('shows as much of what is held about a user at the same cost with four times the devices (issue 8)', async () => {
  const shown = async (count: number) => {
    let counted = {}
    await rowsRead(count, async ({ gateway }, { app }) => {
      const held = await gateway.directory.user(app.id, 'guest', { after: null, limit: 10 })
      counted = { devices: held?.counts.devices, items: held?.devices.items.length }
    })
    expect(counted).toEqual({ devices: count, items: 10 })
    // They are looked through before, in windows; the last plan reads what is shown.
    return meter.last
  }
  const [few, many] = [await shown(500), await shown(2000)]
  expect(many).toBeLessThanOrEqual(few + 20)
})
