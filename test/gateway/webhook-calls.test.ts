import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { createSend } from '../../src/events/deliver.ts'
import { createOutbound } from '../../src/outbound/outbound.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import { createHarness } from '../harness/harness.ts'
import { DAY, ENOUGH, HOUR, hooked, SECOND } from './webhook-kit.ts'

describe('a clock that is set', () => {
  test.each([
    ['an hour', HOUR + 2 * SECOND],
    ['three days', 3 * DAY],
    ['800 days', 800 * DAY],
  ])('%s back delays no next try (hostile F20)', async (_, back) => {
    const h = await createHarness()
    const one = await hooked(h)
    await one.happen(1)
    let tries = 0
    const deliver = (up: boolean) =>
      h.gateway.outbox.deliver(async ({ url }) => {
        if (url !== one.url) return true
        tries++
        return up
      })
    for (let hours = 0; hours < 12; hours++) {
      await deliver(false)
      h.clock.advance(HOUR)
    }
    const before = tries
    await deliver(false)
    h.clock.advance(-back)
    await deliver(true)
    if (back > 2 * HOUR) expect(tries).toBe(before + 2)
    h.clock.advance(2 * HOUR)
    await deliver(true)
    expect([tries, (await one.state()).waiting]).toEqual([before + 2, 0])
  })

  test('back closes no circuit for days, and frees what a dead process had taken', async () => {
    const h = await createHarness()
    const [down, dead] = [await hooked(h), await hooked(h)]
    await down.happen(8)
    await dead.happen(1)
    let ends = 0
    const begun = await h.gateway.outbox.begin(
      ({ url }) => (url === dead.url ? new Promise(() => {}) : Promise.resolve(false)),
      () => ends++,
    )
    await expect.poll(() => ends).toBe(begun - 1)
    await h.gateway.outbox.deliver(async ({ url }) => url !== down.url)
    expect((await down.state()).failures).toBe(5)
    const again = await createHarness()
    again.clock.now = new Date(h.clock.now.getTime() - 3 * DAY)
    const arrived: string[] = []
    for (let rounds = 0; rounds < 3; rounds++) {
      await again.gateway.outbox.deliver(async ({ url }) => arrived.push(url) > 0)
    }
    expect(arrived.filter((url) => url === dead.url)).toHaveLength(1)
    expect(arrived.filter((url) => url === down.url)).toHaveLength(8)
  })

  test('800 days ahead loses no call and counts no try that was not made', async () => {
    const h = await createHarness()
    const one = await hooked(h)
    await one.happen(3)
    await h.gateway.outbox.deliver(async ({ url }) => url !== one.url)
    h.clock.advance(800 * DAY)
    await h.gateway.maintenance.run(ENOUGH)
    h.clock.advance(-800 * DAY)
    const attempts: number[] = []
    h.clock.advance(2 * SECOND)
    await h.gateway.outbox.deliver(async (call) => {
      if (call.url === one.url) attempts.push(call.attempts)
      return true
    })
    expect(attempts).toEqual([2, 2, 2])
  })
})

describe('a call', () => {
  test('is signed as Standard Webhooks has it, under one id at every try, with a secret of the webhook', async () => {
    const h = await createHarness()
    const one = await hooked(h)
    await one.happen(1)
    const path = `/apps/${one.app.app.id}/webhooks/${(await one.state()).id}`
    const requests: { headers: Record<string, string>; body: string }[] = []
    const outbound = createOutbound({
      allowPrivate: false,
      fetch: async (url, init) => {
        if (url !== one.url) return new Response(null, { status: 204 })
        requests.push({ headers: Object.fromEntries(new Headers(init.headers)), body: String(init.body) })
        return new Response(null, { status: requests.length === 1 ? 500 : 204 })
      },
    })
    const send = createSend({ adapters, outbound })
    // The library that verifies it uses the current time.
    h.clock.now = new Date()
    await h.gateway.outbox.deliver(send)
    h.clock.advance(3 * SECOND)
    await h.gateway.outbox.deliver(send)
    const { secret } = await (await h.admin('GET', path)).json<{ secret: string }>()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(requests).toHaveLength(2)
    for (const { headers, body } of requests) {
      expect(headers['webhook-id']).toMatch(/^[\w-]+$/)
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'onDeviceRegister' })
    }
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(requests.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(2)
    const other = await hooked(h)
    const shown = await h.admin('GET', `/apps/${other.app.app.id}/webhooks/${(await other.state()).id}`)
    expect((await shown.json<{ secret: string }>()).secret).not.toBe(secret)
    // Shown by name only, and only to operators of its own app.
    expect(await one.state()).not.toHaveProperty('secret')
    expect((await h.admin('GET', path.replace(one.app.app.id, other.app.app.id))).status).toBe(404)
    expect(JSON.stringify(await (await h.admin('GET', path)).json())).not.toContain('v1.')
  })
})

describe('a webhook that goes or chooses other events with many calls waiting', () => {
  test.each([300, 1200])('of %d, sends none of them from then on, and they go in batches', async (events) => {
    const { sizes, db } = batches()
    const h = await createHarness({ db })
    const [gone, changed] = [await hooked(h), await hooked(h)]
    for (const one of [gone, changed]) {
      await one.happen(1)
      // Registering as many devices would take D1 a while.
      await h.db.commit([call(copies, { app: one.app.app.id, events })])
      expect((await one.state()).waiting).toBe(events)
    }
    await h.gateway.webhooks.remove(gone.app, 'hook')
    await h.gateway.webhooks.update({ app: changed.app, name: 'hook', events: ['deviceUnregistered'] })
    const urls: string[] = []
    await h.gateway.outbox.deliver(async ({ url }) => urls.push(url) > 0)
    expect(urls.filter((url) => url === gone.url || url === changed.url)).toEqual([])
    expect((await changed.state()).waiting).toBe(0)
    await h.gateway.maintenance.run(ENOUGH)
    const [rows] = await h.db.read([call(waiting, { app: gone.app.app.id })])
    expect(rows).toEqual([])
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500)
  })
})

/** Of the one call that waits for the app, until there are that many. */
const copies = statement(sql`
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < CAST(${value('events')} AS INTEGER))
  INSERT INTO outbox (id, app_id, dialect, webhook, webhook_id, kind, event, attempts, due_at, created_at, round)
  SELECT o.id || '-' || n.i, o.app_id, o.dialect, o.webhook, o.webhook_id, o.kind, o.event, o.attempts, o.due_at, o.created_at, o.round
  FROM outbox o, n WHERE o.app_id = ${value('app')}`)
const waiting = statement(sql`SELECT id FROM outbox WHERE app_id = ${value('app')}`)

/** How many calls each removal from the outbox took. */
function batches() {
  const sizes: number[] = []
  const db = (real: Db): Db => ({
    ...real,
    async commit(plan, options) {
      const results = await real.commit(plan, options)
      plan.forEach(({ statement: { text } }, i) => {
        if (text.includes('DELETE FROM outbox')) sizes.push((results[i] as unknown[]).length)
      })
      return results
    },
  })
  return { sizes, db }
}

test('a webhook that is set up after its app has gone is not kept (B7)', async () => {
  const h = await createHarness()
  const one = await hooked(h)
  await h.admin('PATCH', `/apps/${one.app.app.id}`, { dialects: { mobilefirst: null } })
  const draft = { app: one.app, name: 'late', url: one.url, events: ['deviceRegistered'] as const }
  await expect(h.gateway.webhooks.create(draft)).rejects.toThrow(GatewayError)
  expect(await h.gateway.webhooks.list(one.app)).toEqual([])
})
