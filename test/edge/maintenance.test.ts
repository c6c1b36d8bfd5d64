import { describe, expect, test } from 'vitest'
import type { DialectApp } from '../../src/domain/app.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { columns, integer, raw, sql, value } from '../../src/store/sql/template.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const ENOUGH = { milliseconds: 10_000, steps: 1000 }

/**
 * Only this harness's own devices are due: the database is shared, and each clock starts at the same time.
 */
async function open(env: Readonly<Record<string, string>> = {}) {
  const h = await createHarness({ adapters: [echoDialect], env })
  const created = await h.createApp({ echo: {} })
  const app = await h.gateway.apps.find('echo', String(created.dialects.echo?.code))
  if (!app) throw new Error('no app')
  return { h, app }
}

interface Shown {
  readonly externalId: string
  readonly supersededAt: string | null
}
const policy = { maxLength: 64, refused: [], limit: 100, automatic: [], ids: false }

const register = (h: Harness, app: DialectApp, externalId: string, expiresIn: number | null) =>
  h.gateway.devices.register({
    app,
    externalId,
    identity: 'key',
    platform: 'android',
    pushToken: { provider: 'fcm', token: `token of ${externalId}` },
    patch: { expiresAt: expiresIn === null ? null : new Date(h.clock.now.getTime() + expiresIn) },
    topics: { names: ['news'], when: 'always' },
    policy,
    cause: 'test',
  })

/** How many rows of the app a table has. */
const rowsOf = (table: string, where = 'true') => {
  const counted = statement(
    sql`SELECT ${columns({ n: integer(sql`count(*)`) })} FROM ${raw(table)} WHERE app_id = ${value('app')} AND ${raw(where)}`,
  )
  return async (h: Harness, app: DialectApp) =>
    (await h.db.read([call(counted, { app: app.app.id })]))[0][0]?.n
}
const devices = rowsOf('devices')
const subscriptions = rowsOf('subscriptions')
const receipts = rowsOf('receipts')
const events = rowsOf('events')
const goneTokens = rowsOf('push_tokens', `state = 'gone'`)
const tokens = rowsOf('push_tokens')

describe('devices whose time is over', () => {
  test('go with all that hangs on them, and leave an event and the memory of their token', async () => {
    const { h, app } = await open()
    const { device } = await register(h, app, 'short', MINUTE)
    await register(h, app, 'long', 2 * MINUTE)
    await register(h, app, 'forever', null)
    h.clock.advance(MINUTE)
    const { done, faults } = await h.gateway.maintenance.run(ENOUGH)
    expect([done.expiry, faults]).toEqual([1, []])
    expect([await devices(h, app), await subscriptions(h, app)]).toEqual([2, 2])
    expect([await goneTokens(h, app), await tokens(h, app)]).toEqual([1, 3])
    const history = await h.gateway.directory.history(app.app.id, device.id)
    expect(history[0]).toMatchObject({
      kind: 'expired',
      cause: 'maintenance',
      detail: { dialect: 'echo' },
    })
  })

  test('go in pieces, as far as the budget reaches, and the next run goes on', async () => {
    const { h, app } = await open()
    for (let n = 0; n < 250; n++) await register(h, app, `phone-${n}`, MINUTE)
    h.clock.advance(MINUTE)
    // One batch of each of the four chores, and one more.
    const first = await h.gateway.maintenance.run({ milliseconds: 10_000, steps: 4 })
    expect([first.done.expiry, first.more, await devices(h, app)]).toEqual([100, true, 150])
    const second = await h.gateway.maintenance.run({ milliseconds: 0, steps: 10 })
    expect([second.done, second.more, await devices(h, app)]).toEqual([{}, true, 150])
    const third = await h.gateway.maintenance.run(ENOUGH)
    expect([third.done.expiry, third.more, await devices(h, app)]).toEqual([150, false, 0])
  })

  test('that are taken away by two runs at once go once', async () => {
    const { h, app } = await open()
    for (let n = 0; n < 120; n++) await register(h, app, `phone-${n}`, MINUTE)
    h.clock.advance(MINUTE)
    const runs = await Promise.all([1, 2, 3].map(() => h.gateway.maintenance.run(ENOUGH)))
    expect(runs.reduce((sum, { done }) => sum + (done.expiry ?? 0), 0)).toBe(120)
    expect(await rowsOf('events', `kind = 'expired'`)(h, app)).toBe(120)
  })
})

describe('what nothing needs any more', () => {
  test.each([
    ['history', 'HISTORY_DAYS', events],
    ['receipts', 'RECEIPT_DAYS', receipts],
    ['tombstones', 'TOMBSTONE_DAYS', goneTokens],
  ] as const)(
    'is kept as long as the operator says, 400 days unless told otherwise: %s',
    async (name, variable, count) => {
      for (const days of [400, 7]) {
        const { h, app } = await open(days === 400 ? {} : { [variable]: String(days) })
        // After every other test, because the history is read from its oldest entry, in the order of time.
        h.clock.advance((days === 400 ? 10_000 : 20_000) * DAY)
        const ref = { app, externalId: `phone-${name}-${days}` }
        await register(h, app, ref.externalId, null)
        await h.gateway.receipts.record({ ...ref, messageId: 'm', kind: 'opened' })
        await h.gateway.devices.detach({ ...ref, cause: 'test' })
        const held = await count(h, app)
        expect(held).toBeGreaterThan(0)
        // The last day passes normally, because after a jump the clock is only believed then (hostile F20b).
        h.clock.advance((days - 1) * DAY)
        await h.gateway.maintenance.run(ENOUGH)
        h.clock.advance(DAY)
        await h.gateway.maintenance.run(ENOUGH)
        expect(await count(h, app)).toBe(held)
        h.clock.advance(1)
        const { done } = await h.gateway.maintenance.run(ENOUGH)
        expect(done[name]).toBeGreaterThanOrEqual(held ?? 0)
        expect([await count(h, app), await devices(h, app)]).toEqual([0, 1])
      }
    },
  )

  test('R3: are superseded devices, 90 days after they were superseded or last called', async () => {
    const { h, app } = await open({ SUPERSEDED_DAYS: '90' })
    h.clock.advance(30_000 * DAY)
    const tick = async (days: number) => {
      for (let day = 0; day < days; day++) {
        h.clock.advance(DAY)
        await h.gateway.maintenance.run(ENOUGH)
      }
    }
    const token = { pushToken: { provider: 'fcm', token: 'one phone' } } as const
    const register = (externalId: string) =>
      h.gateway.devices.register({
        app,
        externalId,
        identity: 'key',
        platform: 'ios',
        ...token,
        cause: 'test',
      })
    const change = (externalId: string) =>
      h.gateway.topics.add({ app, externalId, names: ['a'], policy, superseded: true })
    await register('silent')
    const { device: silent } = await register('caller')
    await register('current')
    const listed = async () =>
      (await (await h.admin('GET', `/apps/${app.app.id}/devices`)).json<{ devices: Shown[] }>()).devices.map(
        ({ externalId, supersededAt }) => `${externalId} ${supersededAt?.slice(0, 10) ?? 'is current'}`,
      )
    const day = h.clock.now.toISOString().slice(0, 10)
    expect(await listed()).toEqual(['current is current', `caller ${day}`, `silent ${day}`])
    await tick(10)
    expect(await change('caller')).toBe('done')
    await tick(80)
    expect(await listed()).toHaveLength(3)
    await tick(1)
    expect(await listed()).toEqual(['current is current', `caller ${day}`])
    // A call that changes nothing counts as a call, too.
    expect(await change('caller')).toBe('done')
    await tick(90)
    expect(await listed()).toHaveLength(2)
    await tick(1)
    expect(await listed()).toEqual(['current is current'])
    expect(await change('caller')).toBe('unknown')
    const history = await h.gateway.directory.history(app.app.id, silent.id)
    expect(history[0]).toMatchObject({ kind: 'forgotten', cause: 'maintenance' })
  })

  test('is no push token that a device points at', async () => {
    const { h, app } = await open()
    await register(h, app, 'phone', null)
    h.clock.advance(1000 * DAY)
    await h.gateway.maintenance.run(ENOUGH)
    expect([await tokens(h, app), await devices(h, app)]).toEqual([1, 1])
  })
})

describe('hostile F20b: a clock that jumps ahead', () => {
  /** A store that was maintained until now, and its contents. */
  async function maintained() {
    const { h, app } = await open()
    h.clock.advance(60_000 * DAY)
    await h.gateway.maintenance.run(ENOUGH)
    h.clock.advance(DAY)
    await register(h, app, 'phone', MINUTE)
    await register(h, app, 'other', null)
    await h.gateway.receipts.record({ app, externalId: 'other', messageId: 'm', kind: 'opened' })
    await h.gateway.maintenance.run(ENOUGH)
    const held = async () => [await events(h, app), await receipts(h, app), await devices(h, app)]
    return { h, held }
  }
  /** Runs every hour, for this many hours. */
  async function go(h: Harness, hours: number) {
    for (let hour = 0; hour < hours; hour++) {
      h.clock.advance(60 * MINUTE)
      await h.gateway.maintenance.run(ENOUGH)
    }
  }

  test('costs nothing while it is wrong for less than a day, and nothing when it is right again', async () => {
    const { h, held } = await maintained()
    const before = await held()
    const right = h.clock.now.getTime()
    h.clock.advance(800 * DAY)
    await h.gateway.maintenance.run(ENOUGH)
    await go(h, 23)
    // It jumps repeatedly, which counts as one more jump.
    h.clock.advance(-2 * 60 * MINUTE)
    await go(h, 20)
    expect(await held()).toEqual(before)
    h.clock.now = new Date(right)
    await go(h, 1)
    const [, ...rest] = before
    expect(await held()).toEqual([expect.any(Number), rest[0], 1])
  })

  test('is believed after it has gone on for a day: the gateway was off, and old is old', async () => {
    const { h, held } = await maintained()
    h.clock.advance(800 * DAY)
    await h.gateway.maintenance.run(ENOUGH)
    await go(h, 24)
    expect(await held()).toEqual([expect.any(Number), 0, 1])
  })
})

test('a chore that fails is reported, and keeps no other from its work', async () => {
  const { h, app } = await open()
  await register(h, app, 'phone', MINUTE)
  h.clock.advance(MINUTE)
  let left = 3
  const report = await h.gateway.maintenance.run(ENOUGH, [
    ...h.gateway.maintenance.work,
    { name: 'broken', step: () => Promise.reject(new Error('no luck')) },
    { name: 'long', step: async () => left-- > 0 },
  ])
  expect(report).toMatchObject({ done: { expiry: 1, long: 3 }, faults: [{ chore: 'broken' }], more: false })
})

test('a chore whose pieces are large takes no more of them than it may in one run', async () => {
  const { h } = await open()
  let left = 5
  const large = { name: 'large', most: 2, step: async () => left-- > 0 }
  const done = async () => {
    const report = await h.gateway.maintenance.run(ENOUGH, [...h.gateway.maintenance.work, large])
    return [report.done.large, report.more]
  }
  expect([await done(), await done(), await done()]).toEqual([
    [2, true],
    [2, true],
    [1, false],
  ])
})
