import { expect, test } from 'vitest'
import type { AppRetention, DialectApp } from '../../src/domain/app.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import type { Harness } from '../harness/harness.ts'
import { meter, numbers, rowsRead } from './grown.ts'

/** As many events and reports as there are devices. */
const more = [
  statement(sql`INSERT INTO events (app_id, device_id, kind, cause, detail, at)
    ${numbers} SELECT ${value('app')}, ${value('app')} || 'd' || n, 'registered', 'test', '{}', n FROM k`),
  statement(sql`INSERT INTO receipts (device_id, message_id, kind, app_id, count, first_at, last_at, details)
    ${numbers} SELECT ${value('app')} || 'd' || n, 'm' || (n % 7), 'opened', ${value('app')}, 1, n, n, '{}' FROM k`),
]

const DAY = 86_400_000

/** Processes the whole app; returns the batches, and the rows that their most expensive statement read. */
async function swept(h: Harness, { app: { id } }: DialectApp, retention: Partial<AppRetention>) {
  const store = sqlStore(h.db, () => h.clock.now)
  await store.apps.change(id, { retention, put: [], drop: [] }, { at: h.clock.now, cause: 'test' })
  const at = new Date(h.clock.now.getTime() + 40 * DAY)
  let [pieces, dearest] = [0, 0]
  for (;;) {
    const lease = crypto.randomUUID()
    const sweep = await store.sweeps.claim({ lease, until: new Date(at.getTime() + 60_000) }, at)
    if (!sweep) return { pieces, dearest }
    const terms = {
      lease,
      before: new Date(at.getTime() - sweep.days * DAY),
      again: new Date(at.getTime() + DAY),
    }
    await store.sweeps.proceed(sweep, terms, { at, cause: 'retention' })
    if (sweep.appId === id) pieces++
    dearest = Math.max(dearest, meter.last)
  }
}

test.each(['inactiveDevices', 'events', 'receipts'] as const)(
  'four times the devices cost four times the pieces, and no piece more: %s',
  async (kind) => {
    const found: { pieces: number; dearest: number }[] = []
    const cost = (count: number) =>
      rowsRead(count, async (h, app) => {
        await h.db.commit(more.map((one) => call(one, { app: app.app.id, count })))
        found.push(await swept(h, app, { [kind]: 30 }))
      })
    const [few, many] = [await cost(1000), await cost(4000)]
    expect(few).toBeGreaterThan(0)
    expect(many).toBeLessThanOrEqual(4.5 * few)
    expect(found[1]?.dearest).toBeLessThanOrEqual((found[0]?.dearest ?? 0) * 1.2)
    expect(found[1]?.pieces).toBeLessThanOrEqual(4 * (found[0]?.pieces ?? 0) + 1)
  },
)
