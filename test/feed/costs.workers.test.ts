import { expect, test } from 'vitest'
import { MOST_LETTERS } from '../../src/domain/feed-hook.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import type { Store } from '../../src/store/store.ts'
import { meter, numbers, rowsRead } from '../store/grown.ts'

/**
 * Two receivers. For one, as many events as there are devices are due again, wait behind those, and are dead;
 * for the other, as many are due later.
 */
const waiting = [
  statement(sql`INSERT INTO feed_hooks (id, app_id, name, url, sealed, event, part, epoch, failures, tries, delivered, created_at, updated_at, due_at)
    VALUES (${value('app')} || 'h', ${value('app')}, 'crm', 'https://hooks.example', '', 0, '', 0, 0, 0, 0, 1, 1, 1)`),
  statement(sql`INSERT INTO feed_letters (hook, event, part, app_id, device, kind, dead, tries, at, due_at)
    ${numbers} SELECT ${value('app')} || 'h', 3 * n, '', ${value('app')}, 'd' || n, 'registered', 0, 1, n, n FROM k`),
  statement(sql`INSERT INTO feed_letters (hook, event, part, app_id, device, kind, dead, tries, at)
    ${numbers} SELECT ${value('app')} || 'h', 3 * n + 1, '', ${value('app')}, 'd' || n, 'registered', 0, 0, n FROM k`),
  statement(sql`INSERT INTO feed_letters (hook, event, part, app_id, device, kind, dead, tries, at)
    ${numbers} SELECT ${value('app')} || 'h', 3 * n + 2, '', ${value('app')}, 'd' || n, 'registered', 1, 9, n FROM k`),
]
const later = statement(sql`
  INSERT INTO feed_letters (hook, event, part, app_id, device, kind, dead, tries, at, due_at)
  ${numbers} SELECT ${value('app')} || 'l', n, '', ${value('app')}, 'd' || n, 'registered', 0, 1, n, ${value('now')} + n FROM k`)
const laterHook = statement(sql`
  INSERT INTO feed_hooks (id, app_id, name, url, sealed, event, part, epoch, failures, tries, delivered, created_at, updated_at, due_at)
  SELECT ${value('app')} || 'l', ${value('app')}, 'later', 'https://hooks.example', '', coalesce((SELECT max(id) FROM events), 0), '', 0, 0, 0, 0, 1, 1, 1`)
/** Other tests over the same database must not find any of it. */
const gone = [
  statement(sql`DELETE FROM feed_hooks WHERE app_id = ${value('app')}`),
  statement(sql`DELETE FROM feed_letters WHERE app_id = ${value('app')}`),
]

const PAGE = { after: null, limit: 50 }
type Ask = (store: Store, hook: string, now: Date) => Promise<unknown>
const ASKED: Readonly<Record<string, Ask>> = {
  'which of a page’s devices wait': ({ feedHooks }, hook) => feedHooks.held(hook, ['d1', 'd2', 'd3', 'none']),
  'a page of what waits': ({ feedHooks }, hook) => feedHooks.deliveries(hook, false, PAGE),
  'a page of what is dead': ({ feedHooks }, hook) => feedHooks.deliveries(hook, true, PAGE),
  'a dead one is tried again': ({ feedHooks }, hook, now) =>
    feedHooks.retry(hook, { event: 5, part: '' }, now),
  'what is due once more': ({ feedHooks }, hook, now) =>
    feedHooks.letters(hook, new Date(now.getTime() + 3_600_000), 20, now),
  'that nothing is due yet': ({ feedHooks }, hook, now) =>
    feedHooks.letters(hook.replace(/h$/, 'l'), new Date(now.getTime() + 3_600_000), 20, now),
  'from when on to replay': ({ feedHooks }, _, now) => feedHooks.since(now),
}

async function cost(count: number, ask: Ask) {
  let rows = 0
  await rowsRead(count, async (h, { app }) => {
    await h.db.commit(
      [...waiting, laterHook, later].map((one) =>
        call(one, { app: app.id, count, now: h.clock.now.getTime() }),
      ),
    )
    const before = meter.rows
    const store = sqlStore(h.db, () => h.clock.now)
    await ask(store, `${app.id}h`, h.clock.now)
    rows = meter.rows - before
    await h.db.commit(gone.map((one) => call(one, { app: app.id })))
  })
  return rows
}

test.each(Object.entries(ASKED))(
  'costs the same with four times the events that a receiver has not taken: %s',
  async (_, ask) => {
    const [few, many] = [await cost(MOST_LETTERS, ask), await cost(4 * MOST_LETTERS, ask)]
    expect(few).toBeGreaterThan(0)
    expect(many).toBeLessThanOrEqual(few + 20)
  },
)
