import { expect, test } from 'vitest'
import type { DialectApp } from '../../src/domain/app.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import type { Store } from '../../src/store/store.ts'
import { meter, numbers, rowsRead } from './grown.ts'

/** For each device, one of each other row that a list shows. */
const more = [
  statement(sql`INSERT INTO receipts (device_id, message_id, kind, app_id, count, first_at, last_at, details)
    ${numbers} SELECT ${value('app')} || 'd' || n, 'm' || n, 'opened', ${value('app')}, 1, n, n, '{}' FROM k`),
  statement(sql`INSERT INTO receipts (device_id, message_id, kind, app_id, count, first_at, last_at, details)
    ${numbers} SELECT ${value('app')} || 'd1', 'n' || n, 'opened', ${value('app')}, 1, n, n, '{}' FROM k`),
  statement(sql`INSERT INTO audit (id, at, actor, action, app_id, target, detail, cause)
    ${numbers} SELECT ${value('app')} || 'a' || n, n, 'admin', 'test', ${value('app')}, NULL, '{}', 'c' FROM k`),
  statement(sql`INSERT INTO catalogue (app_id, dialect, name, id, description, created_at, updated_at)
    ${numbers} SELECT ${value('app')}, 'echo', 'c' || n, ${value('app')} || 'c' || n, '', n, n FROM k`),
  statement(sql`INSERT INTO counters (app_id, kind, name, amount)
    ${numbers} SELECT ${value('app')}, 'topic', 't' || n, 1 FROM k`),
  statement(sql`INSERT INTO send_pages (send_id, app_id, run, number, lane, provider, priority, tokens, result, attempts)
    ${numbers} SELECT ${value('app')} || 's', ${value('app')}, 0, n - 1, 'l', 'fcm', 1, '["' || ${value('app')} || 't' || n || '","none"]', 'aw', '{}' FROM k`),
  statement(sql`INSERT INTO receipts (device_id, message_id, kind, app_id, count, first_at, last_at, details)
    ${numbers} SELECT ${value('app')} || 'd' || n, 'sent', 'delivered', ${value('app')}, 1, n, n, '{}' FROM k`),
  statement(sql`INSERT INTO subscriptions (device, topic, app_id, automatic, created_at)
    ${numbers} SELECT (SELECT number FROM devices WHERE id = ${value('app')} || 'd1'), 't' || n, ${value('app')}, 0, 1 FROM k`),
]

interface Asked {
  readonly store: Store
  readonly app: string
  readonly now: Date
  /** Whether the page begins in the middle of the list. */
  readonly later: boolean
}
const limit = 10
const scope = (app: string) => ({ appId: app, dialect: 'echo' })
/** After the 250th row, counted from the oldest. */
const byTime = ({ app, later }: Asked, kind = 'd') => ({
  after: later ? ([250, `${app}${kind}250`] as const) : null,
  limit,
})
const byText = ({ later }: Asked, text: string) => ({ after: later ? ([text] as const) : null, limit })
const window = { limit, offset: 0, counted: false }

const PAGES: Readonly<Record<string, (asked: Asked) => Promise<unknown>>> = {
  devices: (asked) => asked.store.directory.devices(asked.app, {}, byTime(asked)),
  'devices of a user': (asked) => asked.store.directory.devices(asked.app, { user: 'guest' }, byTime(asked)),
  installations: (asked) => asked.store.directory.installations(asked.app, {}, byTime(asked, 't')),
  'the audit of an app': (asked) => asked.store.audit.list(asked.app, byTime(asked, 'a')),
  'the audit': (asked) => asked.store.audit.list(null, byTime(asked, 'a')),
  receipts: (asked) => {
    const after = asked.later ? (['m250', `${asked.app}d250`, 'opened'] as const) : null
    return asked.store.receipts.list(asked.app, {}, { after, limit })
  },
  'a device’s receipts': (asked) => {
    const after = asked.later ? (['n250', `${asked.app}d1`, 'opened'] as const) : null
    return asked.store.receipts.list(asked.app, { deviceId: `${asked.app}d1` }, { after, limit })
  },
  topics: (asked) => asked.store.directory.topics(asked.app, byText(asked, 't250')),
  'a device’s topics': (asked) => {
    const key = { ...scope(asked.app), externalId: 'e1' }
    return asked.store.topics.page(key, byText(asked, 't250'), { now: asked.now, superseded: false })
  },
  'a dialect’s devices': ({ store, app, later }) =>
    store.listings.devices.step(scope(app), {}, { ...window, after: later ? [`${app}d250`] : null }),
  'a topic’s subscriptions': ({ store, app, later }) => {
    const after = later ? ([`${app}d250`, 1, 'news'] as const) : null
    return store.listings.subscriptions.step(scope(app), { topic: 'news' }, { ...window, after })
  },
  'a catalogue': ({ store, app, later }) =>
    store.listings.catalogue.step(scope(app), {}, { ...window, after: later ? [`${app}c250`] : null }),
  'a message’s phones': ({ store, app, later }) => {
    const of = { message: `${app}s`, externalId: 'sent', outcomes: ['accepted' as const] }
    return store.listings.targets.step(scope(app), of, { ...window, after: later ? [0, 250, 0] : null })
  },
}

async function cost(count: number, page: (asked: Asked) => Promise<unknown>, later: boolean) {
  let rows = 0
  await rowsRead(count, async (h, { app }: DialectApp) => {
    await h.db.commit(more.map((one) => call(one, { app: app.id, count })))
    const store = sqlStore(h.db, () => h.clock.now)
    const before = meter.rows
    await page({ store, app: app.id, now: h.clock.now, later })
    rows = meter.rows - before
  })
  return rows
}

const cases = Object.keys(PAGES).flatMap((list) => [
  [list, 'first', false] as const,
  [list, 'later', true] as const,
])
test.each(cases)(
  'a page costs the same in a list of four times the rows: of %s, the %s',
  async (list, _, later) => {
    const page = PAGES[list]
    if (!page) throw new Error(`no ${list}`)
    const [few, many] = [await cost(500, page, later), await cost(2000, page, later)]
    expect(few).toBeGreaterThan(0)
    expect(many).toBeLessThanOrEqual(few + 20)
  },
)
