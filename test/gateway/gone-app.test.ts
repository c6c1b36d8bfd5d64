import { getTableName } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import * as schema from '../../schema/tables.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { WEBHOOK_KINDS } from '../../src/domain/webhook.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { columns, integer, raw, sql } from '../../src/store/sql/template.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness } from '../harness/harness.ts'

const policy = { maxLength: 64, refused: [], limit: 100, automatic: [], ids: true }
const cause = 'test'
const pushToken = { provider: 'fcm', token: 'T' } as const
const changes = [{ name: 'n', do: 'set', as: [{ type: 'text', value: 'v' }] }] as const

/** Every way in which the gateway writes for an app; `phone` is a device that the app has or had. */
const WRITES: Readonly<Record<string, (gateway: Gateway, app: DialectApp) => Promise<unknown>>> = {
  'devices.register': ({ devices }, app) =>
    devices.register({ app, externalId: 'new', identity: 'key', platform: 'ios', pushToken, policy, cause }),
  'devices.register, by its token': ({ devices }, app) =>
    devices.register({
      app,
      externalId: 'new',
      identity: 'token',
      platform: 'ios',
      pushToken,
      policy,
      cause,
    }),
  'devices.register, with topics and tags': ({ devices }, app) =>
    devices.register({
      app,
      externalId: 'phone',
      identity: 'key',
      platform: 'ios',
      pushToken,
      policy,
      topics: { names: ['a'], when: 'always' },
      tags: changes,
      cause,
    }),
  'devices.rotate': ({ devices }, app) =>
    devices.rotate({ app, externalId: 'phone', platform: 'ios', pushToken, cause }),
  'devices.update': ({ devices }, app) =>
    devices.update({
      app,
      externalId: 'phone',
      patch: { name: 'n', enabled: false },
      superseded: true,
      cause,
    }),
  'devices.detach': ({ devices }, app) => devices.detach({ app, externalId: 'phone', cause }),
  'devices.unregister': ({ devices }, app) => devices.unregister({ app, externalId: 'phone', cause }),
  'topics.add': ({ topics }, app) =>
    topics.add({ app, externalId: 'phone', names: ['a'], policy, superseded: true }),
  'topics.replace': ({ topics }, app) =>
    topics.replace({ app, externalId: 'phone', names: ['a'], policy, superseded: true }),
  'topics.remove': ({ topics }, app) =>
    topics.remove({ app, externalId: 'phone', names: ['old'], policy, superseded: true }),
  'topics.leave': ({ topics }, app) => topics.leave({ app, externalId: 'phone', names: ['old'], cause }),
  'tags.change': ({ tags }, app) => tags.change({ app, externalId: 'phone', changes }),
  'tags.changeOfUser': ({ tags }, app) =>
    tags.changeOfUser({ app, userId: 'ann', changes, profile: {}, cause }),
  'users.bind': ({ users }, app) =>
    users.bind({
      app,
      externalId: 'phone',
      user: { id: 'bob', proved: true },
      rules: { replace: true, limit: null },
      cause,
    }),
  'users.move': ({ users }, app) => users.move({ app, from: 'ann', to: 'bob', cause }),
  'users.removeDevices': ({ users }, app) => users.removeDevices({ app, userId: 'ann', cause }),
  'receipts.record': ({ receipts }, app) =>
    receipts.record({ app, externalId: 'phone', messageId: 'm', kind: 'opened' }),
  'jobs.create': ({ jobs }, app) =>
    jobs.create({
      app,
      rows: [{ label: 'r', registration: { externalId: 'row', platform: 'ios', patch: {} } }],
    }),
  'catalogue.create': ({ catalogue }, app) => catalogue.create({ app, name: 'new', description: '' }),
  'catalogue.update': ({ catalogue }, app) => catalogue.update({ app, name: 'old', description: 'd' }),
  'catalogue.remove': ({ catalogue }, app) => catalogue.remove(app, 'old'),
  'subscriptions.add': ({ subscriptions }, app) =>
    subscriptions.add({ app, externalId: 'phone', names: ['old'], policy }),
  'subscriptions.remove': ({ subscriptions }, app) =>
    subscriptions.remove({ app, externalId: 'phone', names: ['old'], policy }),
  'webhooks.create': ({ webhooks }, app) =>
    webhooks.create({ app, name: 'new', url: 'https://w.example', events: WEBHOOK_KINDS }),
  'webhooks.update': ({ webhooks }, app) =>
    webhooks.update({ app, name: 'old', url: 'https://w.example', events: WEBHOOK_KINDS }),
  'webhooks.remove': ({ webhooks }, app) => webhooks.remove(app, 'old'),
  'documents.write': ({ documents }, app) => documents.write(app, 'k', { a: 1 }),
  'documents.remove': ({ documents }, app) => documents.remove(app, 'k'),
  'auth.issue': ({ auth }, app) => auth.issue(app, { client: 'c' }, { sub: 's' }, 60),
  'auth.register': ({ auth }, app) =>
    auth.register(app, { key: { kty: 'RSA' }, about: {}, externalId: 'phone' }),
  'auth.grant': ({ auth }, app) =>
    auth.grant({ appId: app.app.id, dialect: app.dialect, clientId: 'c', detail: {} }, 60),
  'feedback.report': ({ feedback }, app) =>
    feedback.report(app.app.id, [{ token: 'T', outcome: 'dead' }], cause),
  'apps.changeOptions': ({ apps }, app) => apps.changeOptions(app, { code: 'new' }),
}
/**
 * Calls that create something report that the app is gone; calls that change something find nothing to
 * change.
 */
const MAKES =
  /^(devices\.register.*|jobs\.create|(catalogue|webhooks)\.create|documents\.write|auth\.(issue|register|grant))$/

const tables = Object.values(schema)
  .map((table) => getTableName(table))
  .filter((name) => !['audit', 'clocks'].includes(name))
/** Rows of all tables; the audit log and the maintenance's own notes contain no app's data. */
async function counts(db: Db) {
  const rows = await db.read(
    tables.map((name) =>
      call(statement(sql`SELECT ${columns({ n: integer(sql`count(*)`) })} FROM ${raw(`"${name}"`)}`), {}),
    ),
  )
  return Object.fromEntries(tables.map((name, at) => [name, rows[at]?.[0]?.n]))
}

async function stale(devices: number) {
  const h = await createHarness({ adapters: [echoDialect] })
  // Pending work of other tests of the same database is done first.
  const tidy = async () => {
    while ((await h.gateway.maintenance.run({ milliseconds: 10_000, steps: 1000 })).more);
  }
  await tidy()
  const before = await counts(h.db)
  const { id, dialects } = await h.createApp({ echo: {} })
  const app = await h.gateway.apps.find('echo', String(dialects.echo?.code))
  if (!app) throw new Error('no app')
  await h.gateway.catalogue.create({ app, name: 'old', description: '' })
  await h.gateway.webhooks.create({ app, name: 'old', url: 'https://w.example', events: WEBHOOK_KINDS })
  await h.gateway.documents.write(app, 'k', { a: 0 })
  // The oldest are removed first, so this one still exists while the rest of an app is removed in batches.
  for (let n = 0; n <= devices; n++) {
    await h.gateway.devices.register({
      app,
      externalId: n === devices ? 'phone' : `d${n}`,
      identity: 'key',
      platform: 'ios',
      pushToken: { provider: 'fcm', token: n === devices ? 'T' : `T${n}` },
      patch: { user: { id: 'ann', proved: true } },
      topics: { names: ['old'], when: 'always' },
      policy,
      cause,
    })
  }
  return { h, app, id, before, tidy }
}

describe('B7: a write that comes after its app was deleted elsewhere', () => {
  test.each(Object.entries(WRITES))('leaves no row in any table: %s', async (name, write) => {
    const { h, app, id, before } = await stale(1)
    expect((await h.admin('DELETE', `/apps/${id}`)).status).toBe(204)
    const answer = await write(h.gateway, app).then(
      () => 'answered',
      (error: { code?: string }) => error.code,
    )
    expect(answer).toBe(MAKES.test(name) ? 'app_unknown' : 'answered')
    expect(await counts(h.db)).toEqual(before)
  })

  test('leaves no row where the app still goes in pieces meanwhile', async () => {
    const { h, app, id, before, tidy } = await stale(700)
    expect((await h.admin('DELETE', `/apps/${id}`)).status).toBe(204)
    const left = await counts(h.db)
    expect(left.devices).toBeGreaterThan(before.devices ?? 0)
    for (const [name, write] of Object.entries(WRITES)) {
      const answer = await write(h.gateway, app).then(
        () => 'answered',
        (error: { code?: string }) => error.code,
      )
      expect([name, answer]).toEqual([name, MAKES.test(name) ? 'app_unknown' : 'answered'])
    }
    await tidy()
    expect(await counts(h.db)).toEqual(before)
  })

  test('is also one that comes after its dialect was taken away', async () => {
    const { h, app, id } = await stale(1)
    expect((await h.admin('PATCH', `/apps/${id}`, { dialects: { echo: null } })).status).toBe(200)
    const left = await counts(h.db)
    for (const write of Object.values(WRITES)) await write(h.gateway, app).catch(() => null)
    expect(await counts(h.db)).toEqual(left)
  })
})
