import { env } from 'cloudflare:workers'
import { beforeAll } from 'vitest'
import { openOwnDb } from '#runtime'
import type { DialectApp } from '../../src/domain/app.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import { openD1 } from '../../src/store/sqlite/d1.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

/** The D1 database with a count of the rows that its statements read. */
export function metered(d1: D1Database) {
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
  // The driver calls only these two.
  return { meter, d1: handle as unknown as D1Database }
}

/** The same over a database in which nothing else is, for what looks at the rows of all apps; for the whole test file. */
export function meteredAlone() {
  beforeAll(async () => {
    await openOwnDb()
  })
  return metered((env as { OWN: D1Database }).OWN)
}

const metering = metered((env as { DB: D1Database }).DB)
export const { meter } = metering
export const numbers = sql`WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < ${value('count')})`
/** Inserts many devices of one person with one statement per table: a store that has grown for years. */
const grown = [
  statement(sql`INSERT INTO push_tokens (id, app_id, provider, digest, token, environment, state, state_at, dialects, created_at, registered_at)
    ${numbers} SELECT ${value('app')} || 't' || n, ${value('app')}, 'fcm', unhex(printf('%032d', n)), 't' || n, 'unknown', 'live', 1, '["echo"]', n, n FROM k`),
  statement(sql`INSERT INTO devices (id, app_id, dialect, external_id, platform, push_token_id, user_id, user_proved, enabled, name, model, details, created_at, updated_at, last_seen_at)
    ${numbers} SELECT ${value('app')} || 'd' || n, ${value('app')}, 'echo', 'e' || n, 'ios', ${value('app')} || 't' || n,
      'guest', 0, 1, 'phone ' || n, 'one', '{}', n, n, n FROM k`),
  statement(sql`INSERT INTO subscriptions (device, topic, app_id, automatic, created_at)
    ${numbers} SELECT (SELECT number FROM devices WHERE id = ${value('app')} || 'd' || n), 'news', ${value('app')}, 0, 1 FROM k`),
  statement(sql`INSERT INTO counters (app_id, kind, name, amount)
    VALUES (${value('app')}, 'devices', 'echo/ios/fcm/1', ${value('count')}), (${value('app')}, 'topic', 'news', ${value('count')})`),
]

/** The rows that a call reads in a store with so many devices. */
export async function rowsRead(
  count: number,
  run: (h: Harness, app: DialectApp) => Promise<unknown>,
  { d1, meter } = metering,
): Promise<number> {
  const h = await createHarness({ db: () => openD1(d1), adapters: [echoDialect] })
  const { id, dialects } = await h.createApp({ echo: {} })
  const app = await h.gateway.apps.find('echo', String(dialects.echo?.code))
  if (!app) throw new Error('no app')
  await h.db.commit(grown.map((one) => call(one, { app: id, count })))
  // Work left by the creation of the app would read rows, too.
  await h.settled()
  const before = meter.rows
  await run(h, app)
  return meter.rows - before
}
