import { expect, test } from 'vitest'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import type { Store } from '../../src/store/store.ts'
import { meteredAlone, numbers, rowsRead } from './grown.ts'

/** A claim looks at the queues of all apps, so nothing else is in this database. */
const own = meteredAlone()

/** As many rows in each queue as there are devices, in three lanes; all of them are due. */
const waiting = [
  statement(sql`INSERT INTO jobs (id, app_id, dialect, state, total, leased_until, created_at)
    ${numbers} SELECT ${value('app')} || 'j' || n, ${value('app')}, 'echo', 'pending', 0, 0, n FROM k`),
  statement(sql`INSERT INTO user_work (id, app_id, dialect, user_id, input, cause, asked_at, after, upto, turn_at)
    ${numbers} SELECT ${value('app')} || 'u' || n, ${value('app')}, 'echo', 'u' || n, '{}', '', n, '', '', n FROM k`),
  statement(sql`INSERT INTO removals (id, app_id, erase, cause, at, until_at, until_id)
    ${numbers} SELECT ${value('app')} || 'r' || n, ${value('app')} || n, 1, '', n, 0, '' FROM k`),
  statement(sql`INSERT INTO webhooks (app_id, dialect, name, id, url, events, created_at, updated_at)
    ${numbers} SELECT ${value('app')}, 'echo', 'h' || n, ${value('app')} || 'h' || n, 'https://hooks.example', '[]', 1, 1 FROM k WHERE n <= 3`),
  statement(sql`INSERT INTO outbox (id, app_id, dialect, webhook, webhook_id, kind, event, attempts, due_at, created_at)
    ${numbers} SELECT ${value('app')} || 'o' || n, ${value('app')}, 'echo', 'h', ${value('app')} || 'h' || (1 + n % 3), 'subscribed', '{}', 0, n, n FROM k`),
  statement(sql`INSERT INTO send_pages (send_id, app_id, run, number, lane, provider, priority, tokens, result, attempts, due_at)
    ${numbers} SELECT ${value('app')}, ${value('app')}, 0, n, ${value('app')} || '/' || (n % 3), 'fcm', n % 2, '[]', '', '{}', n FROM k`),
]
/** The next look must not find any of it. */
const gone = [
  statement(sql`DELETE FROM jobs WHERE app_id = ${value('app')}`),
  statement(sql`DELETE FROM user_work WHERE app_id = ${value('app')}`),
  statement(sql`DELETE FROM removals WHERE id > ${value('app')} || 'r' AND id < ${value('app')} || 's'`),
  statement(sql`DELETE FROM webhooks WHERE app_id = ${value('app')}`),
  statement(sql`DELETE FROM outbox WHERE app_id = ${value('app')}`),
  statement(sql`DELETE FROM send_pages WHERE app_id = ${value('app')}`),
]

const claim = (now: Date) => ({
  lease: crypto.randomUUID(),
  until: new Date(now.getTime() + 60_000),
  horizon: new Date(now.getTime() + 120_000),
  each: 4,
  limit: 10,
})
const CLAIMS: Readonly<Record<string, (store: Store, now: Date) => Promise<unknown>>> = {
  'a job': ({ jobs }, now) => jobs.claim(claim(now), now),
  'a change of a user': ({ userWork }, now) => userWork.claim({ ...claim(now), limit: 1 }, now),
  'a removal': ({ removals }, now) => removals.claim({ ...claim(now), limit: 1 }, now),
  'webhook calls': ({ outbox }, now) => outbox.claim(claim(now), now),
  'a look whether webhook calls are due': ({ outbox }, now) => outbox.due(claim(now), now),
  'pages of messages': ({ messages }, now) => messages.claim({ ...claim(now), resting: [] }, now),
}

async function cost(count: number, claims: (store: Store, now: Date) => Promise<unknown>) {
  let rows = 0
  const run: Parameters<typeof rowsRead>[1] = async (h, { app }) => {
    await h.db.commit(waiting.map((one) => call(one, { app: app.id, count })))
    const before = own.meter.rows
    await claims(
      sqlStore(h.db, () => h.clock.now),
      h.clock.now,
    )
    rows = own.meter.rows - before
    await h.db.commit(gone.map((one) => call(one, { app: app.id })))
  }
  await rowsRead(count, run, own)
  return rows
}

test.each(Object.entries(CLAIMS))('costs the same with four times the rows that wait: %s', async (_, run) => {
  const [few, many] = [await cost(500, run), await cost(2000, run)]
  expect(few).toBeGreaterThan(0)
  expect(many).toBeLessThanOrEqual(few + 20)
})
