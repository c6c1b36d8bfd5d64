import { Client } from 'pg'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { laneOf, locksOf } from '../../../src/store/postgres/locks.ts'
import { call, statement } from '../../../src/store/sql/statement.ts'
import { sqlStore } from '../../../src/store/sql/store.ts'
import { sql, value } from '../../../src/store/sql/template.ts'
import type { Store } from '../../../src/store/store.ts'
import { postgresMissing, skipWhere } from '../../harness/postgres/owner.ts'
import { freshDatabase } from '../../harness/postgres/shared.ts'
import { opened } from './kit.ts'

const NOW = new Date('2026-11-29T12:00:00.000Z')
const later = (milliseconds: number) => new Date(NOW.getTime() + milliseconds)
const terms = { lease: 'lease', until: later(60_000), horizon: later(120_000), limit: 10 }
const CIRCUIT = { threshold: 5, longestWait: 3_600_000 }
const settlement = { done: ['c'], arrived: ['w'], again: [], failing: [] }

/** What a gateway does repeatedly, for the app `b` or to see whether there is work. */
const FREQUENT: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  'settles webhook calls': ({ outbox }) => outbox.settle({ appId: 'b', ...settlement }, CIRCUIT, NOW),
  'gives a row of a job up': ({ jobs }) => jobs.fail('b', { job: 'j', position: 0 }, 'no'),
  'gives a job back': ({ jobs }) => jobs.release('b', 'lease', NOW),
  'postpones a copy to a vendor': ({ copies }) =>
    copies.postpone({ id: 'c', scope: { appId: 'b', dialect: 'red' } }, NOW, 1),
  'looks for jobs': ({ jobs }) => jobs.claim(terms, NOW),
  'looks for changes of users': ({ userWork }) => userWork.claim(terms, NOW),
  'looks for removals': ({ removals }) => removals.claim(terms, NOW),
  'looks for webhook calls': ({ outbox }) => outbox.due({ ...terms, each: 4 }, NOW),
  'looks for receivers of the feed': ({ feedHooks }) => feedHooks.due(terms, NOW),
  'looks for copies to vendors': ({ copies }) => copies.claim({ ...terms, each: 4, resting: [] }, NOW),
  'looks for pages of messages': ({ messages }) => messages.claim({ ...terms, each: 4, resting: [] }, NOW),
}

const missing = postgresMissing()
skipWhere(missing)
let url: string
beforeAll(async () => {
  if (missing === undefined) url = await freshDatabase()
})

/** Holds the locks of a plan of the app `a` until the test ends. */
async function heldByA(of = url): Promise<void> {
  const client = new Client(of)
  await client.connect()
  onTestFinished(() => client.end())
  await client.query('BEGIN')
  for (const { statement, values } of locksOf('a', { advisory: true }))
    await client.query(statement.text, [...values])
}

test.each(Object.entries(FREQUENT))(
  'while a plan of another app goes on, a gateway %s without waiting',
  async (_, work) => {
    await heldByA()
    const db = await opened(url)
    const lanes: string[] = []
    const watched = {
      ...db,
      commit: ((plan, options) => {
        lanes.push(laneOf(plan))
        return db.commit(plan, options)
      }) as typeof db.commit,
    }
    await work(sqlStore(watched, () => NOW))
    expect(lanes.filter((lane) => lane !== 'b')).toEqual([])
  },
)

/** Of an app, pages of a message, calls of a webhook and copies to a vendor, all of which are due. */
const WORK = [
  statement(sql`INSERT INTO sends (id, app_id, dialect, external_id, body, audience, dialects, parts, schedule, priority, ignored, idempotency_until, state, run, part, after, pages, open_pages, created_at)
    VALUES (${value('app')}, ${value('app')}, 'red', ${value('app')}, '{}', '{}', '["red"]', '[]', '{}', 1, '[]', 0, 'sending', 0, 0, '', 4, 4, 1)`),
  statement(sql`INSERT INTO send_pages (send_id, app_id, run, number, lane, provider, priority, tokens, result, attempts, due_at)
    SELECT ${value('app')}, ${value('app')}, 0, n, ${value('app')} || '/fcm', 'fcm', 1, '[]', '', '{}', n FROM generate_series(1, 4) n`),
  statement(sql`INSERT INTO app_dialects (app_id, dialect, identifier, options, created_at)
    VALUES (${value('app')}, 'red', ${value('app')}, '{}', 1)`),
  statement(sql`INSERT INTO webhooks (app_id, dialect, name, id, url, events, created_at, updated_at)
    VALUES (${value('app')}, 'red', 'h', ${value('app')}, 'https://hooks.example', '["subscribed"]', 1, 1)`),
  statement(sql`INSERT INTO outbox (id, app_id, dialect, webhook, webhook_id, kind, event, attempts, due_at, created_at)
    SELECT ${value('app')} || n, ${value('app')}, 'red', 'h', ${value('app')}, 'subscribed', '{}', 0, n, n FROM generate_series(1, 4) n`),
  statement(sql`INSERT INTO mirror_copies (id, app_id, dialect, line, device, route, same, once, sealed, tries, created_at, due_at)
    SELECT ${value('app')} || n, ${value('app')}, 'red', ${value('app')} || '/red', ${value('app')} || n, '', '', 0, '', 0, n, n FROM generate_series(1, 4) n`),
]
const claimTerms = (lease: string) => ({ ...terms, lease, each: 2, limit: 100 })
const CLAIMS: Readonly<Record<string, (store: Store, lease: string) => Promise<readonly string[]>>> = {
  'pages of messages': async ({ messages }, lease) =>
    (await messages.claim({ ...claimTerms(lease), resting: [] }, NOW)).map(
      ({ appId, number }) => `${appId} ${number}`,
    ),
  'webhook calls': async ({ outbox }, lease) =>
    (await outbox.claim(claimTerms(lease), NOW)).map(({ id }) => id),
  'copies to vendors': async ({ copies }, lease) =>
    (await copies.claim({ ...claimTerms(lease), resting: [] }, NOW)).map(
      ({ id, tries }) => `${id} at try ${tries}`,
    ),
}

test.each(Object.entries(CLAIMS))(
  'while a plan of another app goes on, a gateway claims %s without waiting',
  async (_, claim) => {
    const own = await freshDatabase()
    const db = await opened(own)
    await db.commit(WORK.map((one) => call(one, { app: 'b' })))
    await heldByA(own)
    expect(
      await claim(
        sqlStore(db, () => NOW),
        'lease',
      ),
    ).toHaveLength(2)
  },
)

// A webhook has two calls under way at most, whichever gateways make them.
test.each([
  { what: 'pages of messages', ofEach: 4 },
  { what: 'webhook calls', ofEach: 2 },
  { what: 'copies to vendors', ofEach: 4 },
])(
  'of two gateways that claim $what of several apps at once, each is given others',
  async ({ what, ofEach }) => {
    const own = await freshDatabase()
    const gateways = await Promise.all([opened(own), opened(own)])
    const apps = ['b', 'c', 'd', 'e', 'f']
    for (const app of apps) await gateways[0].commit(WORK.map((one) => call(one, { app })))
    const claimed = await Promise.all(
      gateways.map(async (db, at) => {
        const store = sqlStore(db, () => NOW)
        return (await CLAIMS[what]?.(store, `lease ${at}`)) ?? []
      }),
    )
    expect(new Set(claimed.flat()).size).toBe(claimed.flat().length)
    expect(claimed.flat()).toHaveLength(apps.length * ofEach)
    // Each claim counts its own.
    expect(claimed.flat().filter((one) => one.endsWith('try 2'))).toEqual([])
  },
)

test('a plan of no app does wait for it', async () => {
  await heldByA()
  const db = await opened(url, { plan: 300 })
  const store = sqlStore(db, () => NOW)
  await expect(store.jobs.endLeases()).rejects.toThrow('in time')
})
