import { expect, test } from 'vitest'
import type { DialectApp } from '../../src/domain/app.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import type { Harness } from '../harness/harness.ts'
import { meter, rowsRead } from './grown.ts'

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
  'feedback on one token': ({ gateway }, { app }) =>
    gateway.feedback.report(app.id, [{ device: `${app.id}d7`, outcome: 'dead' }], 'test'),
}

test.each(Object.entries(CALLS))('costs the same with four times the devices: %s', async (_, run) => {
  const [few, many] = [await rowsRead(500, run), await rowsRead(2000, run)]
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
    // They are looked through before, in windows; the last plan reads what is shown.
    return meter.last
  }
  const [few, many] = [await shown(500), await shown(2000)]
  expect(many).toBeLessThanOrEqual(few + 20)
})
