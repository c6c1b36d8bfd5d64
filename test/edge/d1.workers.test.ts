import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { columns, integer, sql } from '../../src/store/sql/template.ts'
import { openD1 } from '../../src/store/sqlite/d1.ts'
import worker from '../../src/worker.ts'
import { exampleApp, exampleRequest, send } from '../harness/example.ts'
import { faultyD1, OVERLOADED, PASSING } from '../harness/faulty-d1.ts'
import { createHarness } from '../harness/harness.ts'
import { ownBinding } from '../harness/own-d1.ts'
import { countedDb } from '../harness/round-trips.ts'

const bindings = env as unknown as {
  DB: D1Database
  EMPTY: D1Database
  ADMIN_TOKEN: string
  MASTER_KEY: string
}
// Treated as separate isolates, whichever test ran in this workerd before.
const isolate = { ...bindings, DB: ownBinding(bindings.DB) }
/** Work after an answer plays no part in these tests. */
const context = { waitUntil() {} } as unknown as ExecutionContext
const one = call(statement(sql`SELECT ${columns({ one: integer(sql`1`) })}`), {})
/** Without waiting, and with time for slow machines. */
const patience = { attempts: 4, milliseconds: 30_000, firstWait: 2 }

describe('a passing trouble of D1', () => {
  const line = faultyD1(bindings.DB)
  const db = openD1(line.d1, { patience })
  let from = 0
  beforeEach(() => {
    line.next()
    line.each(null)
    from = line.calls
  })

  test.each([
    PASSING,
    'D1_ERROR: D1 DB reset because its code was updated.',
    'D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.',
    'D1_ERROR: Internal error in D1 DB storage caused object to be reset.',
    'D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.',
    "D1_ERROR: Can't read from request stream because client disconnected.",
  ])('is borne by what may be sent again: %s', async (message) => {
    line.next({ at: 'before', message }, { at: 'after', message })
    expect(await db.read([one])).toEqual([[{ one: 1 }]])
    line.next({ at: 'before', message })
    expect(await db.commit([one], { repeatable: true })).toEqual([[{ one: 1 }]])
    line.next({ at: 'before', message })
    await expect(db.commit([one])).rejects.toMatchObject({ name: 'StoreUnavailable' })
    expect(line.calls - from).toBe(3 + 2 + 1)
  })

  test.each([
    OVERLOADED,
    'D1_ERROR: D1 DB is overloaded. Too many requests queued.',
    'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
    "D1_ERROR: D1 DB's isolate exceeded its memory limit and was reset.",
    'D1_ERROR: D1 DB exceeded its CPU time limit and was reset.',
  ])('is none where another try makes it worse: %s', async (message) => {
    line.next({ at: 'before', message })
    await expect(db.read([one])).rejects.toMatchObject({ name: 'StoreUnavailable', message })
    expect(line.calls - from).toBe(1)
  })

  test('is borne four times, and not for ever', async () => {
    line.each(() => ({ at: 'before', message: PASSING }))
    await expect(db.read([one])).rejects.toMatchObject({ name: 'StoreUnavailable' })
    expect(line.calls - from).toBe(4)
  })

  test('that is no answer at all ends when the time is over', async () => {
    line.each(() => ({ at: 'never' }))
    const impatient = openD1(line.d1, { patience: { ...patience, milliseconds: 300 } })
    await expect(impatient.read([one])).rejects.toThrow('did not answer in 300 ms')
  })

  test('is not what a fault in our SQL is', async () => {
    const wrong = call(statement(sql`SELECT 1 FORM apps`), {})
    await expect(db.read([wrong])).rejects.not.toMatchObject({ name: 'StoreUnavailable' })
    expect(line.calls - from).toBe(1)
  })
})

test('one plan is one round trip to D1', async () => {
  const line = faultyD1(bindings.DB)
  let counted = { trips: 0 }
  const h = await createHarness({
    db() {
      const wrapped = countedDb(openD1(line.d1) as Db)
      counted = wrapped
      return wrapped.db
    },
  })
  for (const adapter of adapters) {
    const { example } = await exampleApp(h, adapter)
    await send(h, example)
    await send(h, example)
  }
  expect(line.calls).toBe(counted.trips)
})

describe('a database that lacks migrations', () => {
  const printed: string[] = []
  beforeEach(() => {
    printed.length = 0
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
    return () => vi.restoreAllMocks()
  })
  const unmigrated = { ...bindings, DB: ownBinding(bindings.EMPTY) }
  const ask = (path: string, init?: RequestInit) =>
    worker.fetch(new Request(`http://gateway.test${path}`, init), unmigrated, context)

  test('is told by /readyz, with what to run', async () => {
    const response = await ask('/readyz')
    expect([response.status, response.headers.get('content-type')]).toEqual([503, 'application/problem+json'])
    expect(await response.json()).toMatchObject({
      detail: expect.stringMatching(
        /^The database lacks 0000_\w+\.sql.*: run `npx wrangler d1 migrations apply DB/,
      ),
    })
    expect(printed.join()).toContain('wrangler d1 migrations apply DB')
  })

  test.each(adapters)('is told by the log, and by no answer of $name', async (adapter) => {
    const made = await createHarness()
    const app = await made.createApp({ [adapter.name]: {} })
    const { method, path, headers, body } = await exampleRequest(
      adapter,
      app.dialects[adapter.name] ?? {},
      (request) => send(made, request),
    )
    const response = await ask(path, { method, headers, ...(body !== undefined && { body }) })
    expect(response.status).toBeGreaterThanOrEqual(500)
    expect(await response.text()).not.toMatch(/migration|table|wrangler/)
    expect(printed.join()).toContain(
      'the database lacks a migration; run `npx wrangler d1 migrations apply DB',
    )
  })

  test('is ready once it has all of them', async () => {
    const migrated = { ...isolate, LOG_LEVEL: 'silent' }
    await createHarness()
    const response = await worker.fetch(new Request('http://gateway.test/readyz'), migrated, context)
    expect([response.status, await response.json()]).toEqual([200, { status: 'ready' }])
  })
})

test('/readyz is red where a newer version has migrated the database (newcomer F18)', async () => {
  await createHarness()
  await bindings.DB.prepare("INSERT INTO d1_migrations (name) VALUES ('9999_later.sql')").run()
  // A separate handle: the migrations are those that this test's Worker knows.
  const migrated = { ...isolate, LOG_LEVEL: 'silent' }
  const response = await worker.fetch(new Request('http://gateway.test/readyz'), migrated, context)
  await bindings.DB.prepare("DELETE FROM d1_migrations WHERE name = '9999_later.sql'").run()
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({
    detail: 'A newer Pushport has changed the database (9999_later.sql): deploy that version.',
  })
})

test('/readyz is red while D1 takes no write, and turns green by itself (hostile F13)', async () => {
  const line = faultyD1(bindings.DB)
  const patience = { attempts: 2, milliseconds: 100, firstWait: 1 }
  const h = await createHarness({ db: () => openD1(line.d1, { patience }) })
  const ready = async () => (await h.request('GET', '/readyz')).status
  line.each(() => ({ at: 'before', message: 'D1_ERROR: database or disk is full: SQLITE_FULL' }))
  expect(await ready()).toBe(503)
  line.each(null)
  const calls = line.calls
  expect([await ready(), await ready(), line.calls - calls]).toEqual([503, 503, 0])
  const { now } = Date
  onTestFinished(() => void Object.assign(Date, { now }))
  Date.now = () => now() + 5000
  expect(await ready()).toBe(200)
})

test('/readyz warns when the database is nearly full, and is ready all the same', async () => {
  const size = (await bindings.DB.prepare('SELECT 1').run()).meta.size_after
  const readyz = async (maxBytes: number) => {
    const h = await createHarness({ db: () => openD1(bindings.DB, { maxBytes }) })
    const response = await h.request('GET', '/readyz')
    return [response.status, await response.json()]
  }
  expect(size).toBeGreaterThan(0)
  expect(await readyz(Math.floor(size * 2))).toEqual([200, { status: 'ready' }])
  expect(await readyz(size)).toEqual([
    200,
    { status: 'ready', warnings: [expect.stringMatching(/^The database has .* GB of at most .* GB/)] },
  ])
})
