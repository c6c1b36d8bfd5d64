import { describe, expect, test } from 'vitest'
import type { DialectApp } from '../../src/domain/app.ts'
import type { PushTokenDraft } from '../../src/domain/push-token.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const HEX = 'ab'.repeat(32)

async function open(db?: (real: Db) => Db) {
  const h = await createHarness({ adapters: [echoDialect], ...(db && { db }) })
  const { id, dialects } = await h.createApp({ echo: {} })
  const app = await h.gateway.apps.find('echo', String(dialects.echo?.code))
  if (!app) throw new Error('no app')
  const report = async (body: unknown) => {
    const response = await h.admin('POST', `/apps/${id}/feedback`, body)
    return { status: response.status, body: await response.json<Record<string, unknown>>() }
  }
  const counts = async (body: unknown) => {
    const { body: answer } = await report(body)
    return [answer.applied, answer.ignored, answer.unknown]
  }
  return { h, id, app, report, counts }
}

async function register(h: Harness, app: DialectApp, externalId: string, pushToken: PushTokenDraft) {
  const { device } = await h.gateway.devices.register({
    app,
    externalId,
    identity: 'key',
    platform: 'ios',
    pushToken,
    topics: { names: ['news'], when: 'always' },
    policy: { maxLength: 64, refused: [], limit: 100, automatic: [], ids: false },
    cause: 'test',
  })
  return device
}
const fcm = (token: string): PushTokenDraft => ({ provider: 'fcm', token })

async function shown(h: Harness, id: string, device: string) {
  const { active } = await (await h.admin('GET', `/apps/${id}/devices/${device}`)).json<{ active: boolean }>()
  const { devices } = await (await h.admin('GET', `/apps/${id}/stats`)).json<{
    devices: { active: number }
  }>()
  const { topics } = await (await h.admin('GET', `/apps/${id}/topics`)).json<{
    topics: { subscribers: number }[]
  }>()
  return [active, devices.active, topics[0]?.subscribers ?? 0]
}

describe('feedback from outside', () => {
  test('R11, R12: a dead token is inactive everywhere until it registers again', async () => {
    const { h, id, app, counts } = await open()
    const device = await register(h, app, 'a', fcm('T1'))
    await register(h, app, 'b', fcm('T2'))
    expect(await counts([{ token: 'T1', outcome: 'dead', reason: 'UNREGISTERED' }])).toEqual([1, 0, 0])
    expect(await shown(h, id, device.id)).toEqual([false, 1, 1])
    const history = await h.gateway.directory.history(id, device.id)
    expect(history[0]).toMatchObject({ kind: 'dead', detail: { reason: 'UNREGISTERED' } })
    // Reporting it twice changes nothing.
    expect(await counts({ rows: [{ device: device.id, outcome: 'dead' }] })).toEqual([1, 0, 0])
    expect(await h.gateway.directory.history(id, device.id)).toHaveLength(history.length)
    await register(h, app, 'a', fcm('T1'))
    expect(await shown(h, id, device.id)).toEqual([true, 2, 2])
  })

  const iso = (h: Harness, ahead: number) => new Date(h.clock.now.getTime() + ahead).toISOString()
  test.each([
    ['before the registration', -1, 'ignored'],
    ['within the hour in which a registration need not be noted', HOUR - 1, 'ignored'],
    ['an hour after it', HOUR, 'applied'],
  ] as const)("R11: the push service's own time, %s: %s ms, is %s", async (_, ahead, outcome) => {
    const { h, id, app, report } = await open()
    const device = await register(h, app, 'a', fcm('T1'))
    const { body } = await report([{ token: 'T1', outcome: 'dead', at: iso(h, ahead) }])
    expect(body).toEqual({ applied: 0, ignored: 0, unknown: 0, [outcome]: 1 })
    expect((await shown(h, id, device.id))[0]).toBe(outcome === 'ignored')
  })

  test('B8: a registration that changes nothing is noted for its token, also where other calls were just seen', async () => {
    const { h, id, app, counts } = await open()
    const device = await register(h, app, 'a', fcm('T1'))
    for (let half = 0; half < 12; half++) {
      h.clock.advance(30 * MINUTE)
      await h.gateway.devices.update({ app, externalId: 'a', patch: { name: `n${half}` }, superseded: true })
    }
    // Six hours of other calls show nothing about the token.
    expect((await h.gateway.devices.find({ app, externalId: 'a' }))?.pushToken?.registeredAt).toEqual(
      device.createdAt,
    )
    await register(h, app, 'a', fcm('T1'))
    expect(await counts([{ token: 'T1', outcome: 'dead', at: iso(h, -HOUR) }])).toEqual([0, 1, 0])
    expect((await shown(h, id, device.id))[0]).toBe(true)
  })

  test('B8: such a registration costs no round trip more than being seen does, and none within the hour', async () => {
    let commits = 0
    const { h, app } = await open((real) => ({
      ...real,
      commit: (plan, options) => {
        commits++
        return real.commit(plan, options)
      },
    }))
    await register(h, app, 'a', fcm('T1'))
    const before = commits
    h.clock.advance(HOUR)
    await register(h, app, 'a', fcm('T1'))
    expect(commits - before).toBe(1)
    h.clock.advance(HOUR - 1)
    await register(h, app, 'a', fcm('T1'))
    expect(commits - before).toBe(1)
  })

  test('R18: a token is found in any of its forms, with every provider or with the one that the row names', async () => {
    const { h, app, counts } = await open()
    await register(h, app, 'apns', { provider: 'apns', token: HEX })
    await register(h, app, 'mail', { provider: 'email', token: 'a@example.com' })
    await register(h, app, 'both', fcm('same'))
    await register(h, app, 'other', { provider: 'hms', token: 'same' })
    const dead = (token: string, more: object = {}) => ({ token, outcome: 'dead', ...more })
    expect(await counts([dead(`<${HEX.toUpperCase()}>`), dead('A@example.com')])).toEqual([2, 0, 0])
    expect(await counts([dead('same', { provider: 'hms' }), dead('same', { provider: 'adm' })])).toEqual([
      1, 0, 1,
    ])
    const active = await h.gateway.directory.devices(app.app.id, { active: true }, { after: null, limit: 10 })
    expect(active.items.map(({ externalId }) => externalId)).toEqual(['both'])
    expect(await counts([dead('same')])).toEqual([1, 0, 0])
  })

  test('a delivered token keeps the latest time; rows that name nothing of the app are counted', async () => {
    const { h, app, counts } = await open()
    const other = await open()
    const device = await register(h, app, 'a', fcm('T1'))
    const without = await h.gateway.devices.register({
      app,
      externalId: 'tokenless',
      identity: 'key',
      platform: 'ios',
      cause: 'test',
    })
    const delivered = (more: object) => ({ outcome: 'delivered', ...more })
    expect(
      await counts([
        delivered({ token: 'T1', at: iso(h, -MINUTE) }),
        delivered({ device: device.id, at: iso(h, -2 * MINUTE) }),
        delivered({ token: 'nobody' }),
        delivered({ device: 'nobody' }),
        delivered({ device: without.device.id }),
      ]),
    ).toEqual([2, 1, 2])
    expect(await counts([delivered({ token: 'T1', at: iso(h, -3 * MINUTE) })])).toEqual([0, 1, 0])
    expect(await other.counts([delivered({ token: 'T1' }), delivered({ device: device.id })])).toEqual([
      0, 0, 2,
    ])
    const found = await h.gateway.devices.find({ app, externalId: 'a' })
    expect(found?.pushToken?.deliveredAt?.toISOString()).toBe(iso(h, -MINUTE))
  })

  test.each([
    ['no rows', {}, 'rows'],
    ['neither token nor device', [{ outcome: 'dead' }], '0.token'],
    ['both', { rows: [{ token: 'a', device: 'b', outcome: 'dead' }] }, 'rows.0.token'],
    ['an empty token', [{ token: '', outcome: 'dead' }], '0.token'],
    [
      'an unknown outcome',
      [
        { token: 'a', outcome: 'dead' },
        { token: 'a', outcome: 'ill' },
      ],
      '1.outcome',
    ],
    ['a time that is none', [{ token: 'a', outcome: 'dead', at: 'yesterday' }], '0.at'],
    ['an unknown provider', [{ token: 'a', outcome: 'dead', provider: 'x' }], '0.provider'],
    ['an unknown member', [{ token: 'a', outcome: 'dead', when: 1 }], '0.when'],
    ['a row that is none', [null], '0'],
    ['more rows than 1,000', Array(1001).fill({ token: 'a', outcome: 'dead' }), ''],
  ])('is refused whole where a row is malformed: %s', async (_, body, path) => {
    const { h, id, app, report } = await open()
    const device = await register(h, app, 'a', fcm('a'))
    const answer = await report(body)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } })
    expect((await shown(h, id, device.id))[0]).toBe(true)
  })

  test('is known only of an app that is, and says JSON', async () => {
    const { h, id } = await open()
    expect((await h.admin('POST', '/apps/nobody/feedback', [])).status).toBe(404)
    expect((await h.admin('POST', `/apps/${id}/feedback`, '[]')).status).toBe(415)
  })

  test('of 1,000 rows asks the database no oftener than of one', async () => {
    let plans = 0
    let statements = 0
    const { h, app, counts } = await open((real) => ({
      ...real,
      // Where a plan is a round trip, one is enough; elsewhere batches do not block other requests.
      inThread: false,
      read: (plan) => {
        plans++
        statements += plan.length
        return real.read(plan)
      },
      commit: (plan, options) => {
        plans++
        statements += plan.length
        return real.commit(plan, options)
      },
    }))
    for (let n = 0; n < 20; n++) await register(h, app, `d${n}`, fcm(`T${n}`))
    const costs = async (rows: number) => {
      const [before, said] = [plans, statements]
      const all = Array.from({ length: rows }, (_, n) => ({ token: `T${n}`, outcome: 'dead' }))
      const answer = await counts(all)
      return { plans: plans - before, statements: statements - said, answer }
    }
    const one = await costs(1)
    expect(await costs(1000)).toEqual({ ...one, answer: [20, 0, 980] })
    expect(one.plans).toBeLessThanOrEqual(3)
  })
})

test('issue 8: a thousand rows go in pieces, each counted once, and once more without effect', async () => {
  let [most, waiting] = [0, false]
  const t = await open((real) => ({
    ...real,
    async commit(plan, options) {
      for (const { values } of waiting ? plan : [])
        if (typeof values.reports === 'string') most = Math.max(most, JSON.parse(values.reports).length)
      return real.commit(plan, options)
    },
  }))
  for (const name of ['first', 'last']) await register(t.h, t.app, name, fcm(name))
  t.h.clock.advance(HOUR)
  waiting = true
  const strangers = Array.from({ length: 598 }, (_, n) => ({ token: `stranger ${n}`, outcome: 'dead' }))
  const known = Array.from({ length: 400 }, () => ({ token: 'first', outcome: 'delivered' }))
  const rows = [
    { token: 'first', outcome: 'delivered' },
    ...known,
    ...strangers,
    { token: 'last', outcome: 'dead' },
  ]
  expect(await t.counts(rows)).toEqual([402, 0, 598])
  expect(await t.counts(rows)).toEqual([402, 0, 598])
  // Where each plan is a round trip, one is better than ten.
  expect(most).toBe(t.h.db.inThread ? 100 : 402)
})
