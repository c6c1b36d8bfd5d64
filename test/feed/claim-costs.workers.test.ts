import { expect, test } from 'vitest'
import { MOST_LETTERS } from '../../src/domain/feed-hook.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { anyDue } from '../../src/store/sql/statements/feed-hooks.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { raw, sql, value } from '../../src/store/sql/template.ts'
import { meteredAlone, numbers, rowsRead } from '../store/grown.ts'

/** A claim takes from all apps, so nothing else is in this database. */
const own = meteredAlone()

const hook = sql`INSERT INTO feed_hooks (id, app_id, name, url, sealed, event, part, epoch, failures, tries, delivered, created_at, updated_at, due_at)`
const rest = sql`'', 0, 0, 0, 0, 1, 1`
const EVENTS = statement(sql`INSERT INTO events (app_id, device_id, kind, cause, detail, at)
  ${numbers} SELECT ${value('app')}, 'd' || n, 1, '', '{}', n FROM k`)
/** Receivers that have taken nothing, those with the smallest numbers due first. */
const BEHIND = statement(sql`${hook}
  ${numbers} SELECT ${value('app')} || 'b' || n, ${value('app')}, 'b' || n, 'https://hooks.example', '', 0, ${rest}, n FROM k`)
/** The same, due later. */
const LATER = statement(sql`${hook}
  ${numbers} SELECT ${value('app')} || 'l' || n, ${value('app')}, 'l' || n, 'https://hooks.example', '', 0, ${rest}, ${value('now')} + n FROM k`)
/** Receivers that have taken everything. */
const DONE = statement(sql`${hook}
  ${numbers} SELECT ${value('app')} || 'd' || n, ${value('app')}, 'd' || n, 'https://hooks.example', '', (SELECT max(id) FROM events), ${rest}, n FROM k`)
/** Of the first receiver that has taken nothing, and of the first one that has taken everything. */
const LETTERS =
  statement(sql`INSERT INTO feed_letters (hook, event, part, app_id, device, kind, dead, tries, at, due_at)
  ${numbers} SELECT ${value('app')} || h.name, n, '', ${value('app')}, 'd' || n, 'registered', 0, 1, n, ${value('now')} + n
  FROM k, (SELECT 'b1' AS name UNION ALL SELECT 'd1') h`)
const GONE = ['events', 'feed_hooks', 'feed_letters'].map((table) =>
  statement(sql`DELETE FROM ${raw(table)} WHERE app_id = ${value('app')}`),
)
type Rows = typeof EVENTS | typeof LATER

const claim = (now: Date) => ({
  lease: crypto.randomUUID(),
  until: new Date(now.getTime() + 60_000),
  horizon: new Date(now.getTime() + 3_600_000),
  limit: 10,
})
type Ask = (db: Db, now: Date) => Promise<unknown>
/** Asked by itself, because a claim over D1 is made without a look. */
const due: Ask = async (db, now) => {
  const [rows] = await db.read([call(anyDue, { now: now.getTime(), horizon: claim(now).horizon.getTime() })])
  return rows.length > 0
}
const take: Ask = (db, now) => sqlStore(db, () => now).feedHooks.claim(claim(now), now)

/** The rows that a look or a claim reads over so many of each of these rows, and what it answers. */
async function cost(count: number, rows: readonly Rows[], ask: Ask) {
  let [read, answer] = [0, null as unknown]
  const run: Parameters<typeof rowsRead>[1] = async (h, { app }) => {
    const values = { app: app.id, count, now: h.clock.now.getTime() }
    await h.db.commit(rows.map((one) => call(one, values)))
    const before = own.meter.rows
    answer = await ask(h.db, h.clock.now)
    read = own.meter.rows - before
    await h.db.commit(GONE.map((one) => call(one, { app: app.id })))
  }
  await rowsRead(count, run, own)
  return { read, answer }
}

const ALL = [EVENTS, BEHIND, LATER, DONE, LETTERS]
test.each([
  { what: 'whether a receiver is due', rows: ALL, ask: due, answer: true },
  { what: 'ten receivers that are due', rows: ALL, ask: take, answer: { length: 10 } },
  { what: 'that none is due yet', rows: [EVENTS, LATER], ask: due, answer: false },
  { what: 'none of those that are due later', rows: [EVENTS, LATER], ask: take, answer: [] },
])(
  'costs the same with four times the receivers, events and letters: $what',
  async ({ rows, ask, answer }) => {
    const few = await cost(MOST_LETTERS, rows, ask)
    const many = await cost(4 * MOST_LETTERS, rows, ask)
    for (const one of [few, many]) {
      if (typeof answer === 'boolean') expect(one.answer).toBe(answer)
      else expect(one.answer).toHaveLength(answer.length)
    }
    expect(many.read).toBeLessThanOrEqual(few.read + 20)
  },
)

test.each([
  { what: 'a look', ask: due },
  { what: 'a claim', ask: take },
])('$what reads a few rows of each receiver that has taken everything', async ({ ask }) => {
  const { read } = await cost(MOST_LETTERS, [EVENTS, DONE], ask)
  expect(read).toBeGreaterThan(0)
  expect(read).toBeLessThanOrEqual(6 * MOST_LETTERS)
})
