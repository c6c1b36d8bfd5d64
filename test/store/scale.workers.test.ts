import { expect, test } from 'vitest'
import type { DialectApp } from '../../src/domain/app.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import type { Harness } from '../harness/harness.ts'
import { putKept } from '../removals/many.ts'
import { meter, rowsRead } from './grown.ts'

/** A registration of the device `n` of `grown`, with its own token or another one. */
const phone = (app: DialectApp, n: string, token = `t${n}`) =>
  ({
    app,
    externalId: `e${n}`,
    identity: 'key',
    platform: 'ios',
    pushToken: { provider: 'fcm', token },
    cause: 'test',
  }) as const
const POLICY = { maxLength: 100, refused: [], limit: 5000, automatic: [], ids: false } as const
const TOPICS = Array.from({ length: 20 }, (_, at) => `topic ${at}`)

const CALLS: Readonly<Record<string, (h: Harness, app: DialectApp) => Promise<unknown>>> = {
  'statistics (C3, N: counters)': ({ gateway }, { app }) => gateway.directory.stats(app.id),
  'a page of topics (C3)': ({ gateway }, { app }) =>
    gateway.directory.topics(app.id, { after: null, limit: 50 }),
  'a registration of a person with many devices (A5)': ({ gateway }, app) =>
    gateway.devices.register({
      app,
      externalId: 'new',
      identity: 'token',
      platform: 'ios',
      pushToken: { provider: 'fcm', token: 'new' },
      patch: { user: { id: 'guest', proved: false }, name: 'phone 7', model: 'one' },
      replacesAlike: true,
      cause: 'test',
    }),
  'a user who is bound up to a limit': async ({ gateway }, app) => {
    await gateway.devices.register({ app, externalId: 'x', identity: 'key', platform: 'ios', cause: 'test' })
    await gateway.users.bind({
      app,
      externalId: 'x',
      user: { id: 'guest', proved: true },
      rules: { replace: true, limit: { devices: 100, among: ['ios'] } },
      cause: 'test',
    })
  },
  'a first registration with topics': ({ gateway }, app) =>
    gateway.devices.register({
      ...phone(app, ' new'),
      topics: { names: TOPICS, when: 'always' },
      policy: POLICY,
    }),
  'a registration that changes nothing': async ({ gateway }, app) => {
    await gateway.devices.register(phone(app, ' steady'))
    await gateway.devices.register(phone(app, ' steady'))
  },
  'a token that is another one': ({ gateway }, app) => gateway.devices.register(phone(app, '7', 'rotated')),
  'topics that are replaced by 20 others': ({ gateway }, app) =>
    gateway.topics.replace({ app, externalId: 'e7', names: TOPICS, policy: POLICY, superseded: false }),
  'five tags': ({ gateway }, app) =>
    gateway.tags.change({
      app,
      externalId: 'e7',
      changes: [1, 2, 3, 4, 5].map((n) => ({
        name: `tag ${n}`,
        do: 'set',
        as: [{ type: 'integer', value: n }],
      })),
    }),
  'a device that goes': ({ gateway }, { app }) => gateway.directory.removeDevice(app.id, `${app.id}d7`),
  'a page of devices': ({ gateway }, { app }) =>
    gateway.directory.devices(app.id, {}, { after: null, limit: 50 }),
  'a page of installations': ({ gateway }, { app }) =>
    gateway.directory.installations(app.id, {}, { after: null, limit: 50 }),
  'a device’s history': ({ gateway }, { app }) => gateway.directory.history(app.id, `${app.id}d7`),
  'feedback on one token': ({ gateway }, { app }) =>
    gateway.feedback.report(app.id, [{ device: `${app.id}d7`, outcome: 'dead' }], 'test'),
}

test.each(Object.entries(CALLS))('costs the same with four times the devices: %s', async (_, run) => {
  const [few, many] = [await rowsRead(500, run), await rowsRead(2000, run)]
  expect(many).toBeLessThanOrEqual(few + 20)
})

test('a page of a topic’s devices costs the same with four times the devices, beyond the walk of one page', async () => {
  const page = ({ gateway }: Harness, { app }: DialectApp) =>
    gateway.directory.devices(app.id, { topic: 'news' }, { after: null, limit: 50 })
  const [few, many] = [await rowsRead(2500, page), await rowsRead(10_000, page)]
  expect(many).toBeLessThanOrEqual(few + 20)
})

const tie = statement(sql`UPDATE devices SET created_at = 1 WHERE app_id = ${value('app')}`)

test.each([
  ['the first', null],
  ['a later', 100],
])(
  'costs the same with four times the devices, all of one millisecond: %s step of a client’s list (issue 8)',
  async (_, from) => {
    const step = async (h: Harness, { app }: DialectApp) => {
      await h.db.commit([call(tie, { app: app.id })])
      meter.rows = 0
      const after = from === null ? null : ([1, `${app.id}d${from}`] as const)
      const { devices } = sqlStore(h.db, () => h.clock.now)
      const scope = { appId: app.id, dialect: 'echo' }
      await devices.listStep(scope, {}, { after, scan: 100, offset: 0, limit: 10 }, h.clock.now)
      return meter.rows
    }
    const cost = async (count: number) => {
      let rows = 0
      await rowsRead(count, async (h, app) => {
        rows = await step(h, app)
      })
      return rows
    }
    const [few, many] = [await cost(500), await cost(2000)]
    expect(many).toBeLessThanOrEqual(few + 20)
  },
)

test('shows as much of what is held about a user at the same cost with four times the devices (issue 8)', async () => {
  const shown = async (count: number) => {
    let counted = {}
    await rowsRead(count, async ({ gateway }, { app }) => {
      const held = await gateway.directory.user(app.id, 'guest', { after: null, limit: 10 })
      counted = { devices: held?.counts.devices, items: held?.devices.items.length }
    })
    expect(counted).toEqual({ devices: count, items: 10 })
    // They are searched before, in windows; the last plan reads the shown rows.
    return meter.last
  }
  const [few, many] = [await shown(500), await shown(2000)]
  expect(many).toBeLessThanOrEqual(few + 20)
})

test('finds what is kept of a user at the same cost with four times as many states, of which 2,000 are counted', async () => {
  const cost = async (count: number) => {
    let rows = 0
    await rowsRead(1, async (h, app) => {
      await putKept(h, app, count, 'former')
      const before = meter.rows
      const held = await h.gateway.directory.user(app.app.id, 'former', { after: null, limit: 10 })
      rows = meter.rows - before
      expect([held?.counts.keptStates, held?.keptStates.length]).toEqual([2000, 10])
    })
    return rows
  }
  const [few, many] = [await cost(2500), await cost(10_000)]
  expect(many).toBeLessThanOrEqual(few + 20)
})
