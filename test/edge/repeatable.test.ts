import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { WEBHOOK_KINDS } from '../../src/domain/webhook.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { exampleApp, send } from '../harness/example.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

/** Every plan that is marked repeatable is sent twice, as after a connection that broke with the answer. */
function twice(real: Db): Db {
  return {
    ...real,
    async commit(plan, options) {
      if (options?.repeatable) await real.commit(plan, options)
      return real.commit(plan, options)
    },
  }
}

const policy = { maxLength: 64, refused: [], limit: 3, automatic: [], ids: false }
const cause = 'test'

type Step = (gateway: Gateway, app: DialectApp) => Promise<unknown>
const register =
  (externalId: string, token: string | null, more: object = {}): Step =>
  (gateway, app) =>
    gateway.devices.register({
      app,
      externalId,
      identity: 'key',
      platform: 'android',
      ...(token !== null && { pushToken: { provider: 'fcm', token } }),
      policy,
      cause,
      ...more,
    })
const topics =
  (change: 'add' | 'remove' | 'replace', ...names: string[]): Step =>
  ({ topics }, app) =>
    topics[change]({ app, externalId: 'a', names, policy, superseded: false })
const tags =
  (...changes: Parameters<Gateway['tags']['change']>[0]['changes']): Step =>
  (gateway, app) =>
    gateway.tags.change({ app, externalId: 'a', changes })
const bind =
  (id: string): Step =>
  (gateway, app) =>
    gateway.users.bind({
      app,
      externalId: 'a',
      user: { id, proved: true },
      rules: { replace: true, limit: { devices: 1, among: ['android'] } },
      cause,
    })
const subscriptions =
  (change: 'add' | 'remove', ...names: string[]): Step =>
  async (gateway, app) => {
    const outcomes = await gateway.subscriptions[change]({ app, externalId: 'a', names, policy })
    return outcomes?.map(({ topic, changed, known }) => ({ topic, changed, known }))
  }
const told: Step = async ({ outbox }, app) => {
  const events: string[] = []
  await outbox.deliver(async ({ identifier, url, event }) => {
    if (identifier === app.identifier)
      events.push(`${event.kind} ${'topic' in event ? event.topic : undefined} ${url}`)
    return true
  })
  expect(events).toHaveLength(5)
  return events.sort()
}
const update =
  (patch: object): Step =>
  (gateway, app) =>
    gateway.devices.update({ app, externalId: 'a', patch, superseded: true })
const alike = (name: string, token: string): Step =>
  register(name, token, {
    identity: 'token',
    replacesAlike: true,
    patch: { user: { id: 'ann', proved: false }, name: 'phone', model: 'one', enabled: true },
  })
const feedback =
  (outcome: 'dead' | 'delivered'): Step =>
  (gateway, app) =>
    gateway.feedback.report(app.app.id, [{ token: 'T1', outcome }], cause)
/** Stored with every change, so that a change made twice would show. */
const counted: Step = async ({ directory }, app) => [
  await directory.stats(app.app.id),
  await directory.topics(app.app.id, { after: null, limit: 10 }),
]
const numbers = (...list: number[]) => [{ type: 'list', value: list }]
const number = (value: number) => [{ type: 'number', value }]

const SCENARIOS: readonly (readonly [title: string, steps: readonly Step[]])[] = [
  ['a first registration', [register('a', 'T1')]],
  ['a registration with topics', [register('a', 'T1', { topics: { names: ['x'], when: 'created' } })]],
  ['a registration of a device that is its token', [register('a', 'T1', { identity: 'token' })]],
  ['a registration without a token', [register('a', null)]],
  ['a rotation', [register('a', 'T1'), register('a', 'T2')]],
  ['a takeover, and the way back', [register('a', 'T1'), register('b', 'T1'), register('a', 'T1')]],
  [
    'a user who comes with a registration',
    [
      register('a', 'T1'),
      register('a', 'T1', { patch: { user: { id: 'ann', proved: false } } }),
      register('a', 'T1', { patch: { user: null, name: 'phone' } }),
    ],
  ],
  [
    'topics up to the limit',
    [
      register('a', 'T1'),
      topics('add', 'x', 'y'),
      topics('add', 'z', 'w'),
      topics('replace', 'z'),
      topics('remove', 'z'),
    ],
  ],
  [
    'tags, counted and listed',
    [
      register('a', 'T1'),
      tags({ name: 'l', do: 'append', as: numbers(1, 2) }, { name: 'n', do: 'increment', as: number(5) }),
      tags({ name: 'l', do: 'append', as: numbers(2, 3) }, { name: 'm', do: 'set', as: number(1) }),
      tags({ name: 'l', do: 'subtract', as: numbers(1) }, { name: 'm', do: 'remove' }),
      tags({ name: 'n', do: 'increment', as: number(2) }),
    ],
  ],
  ['users bound up to the limit', [register('a', 'T1'), bind('ann'), bind('bob'), bind('bob')]],
  [
    'a logout',
    [register('a', 'T1'), bind('ann'), (gateway, app) => gateway.users.clear({ app, externalId: 'a' })],
  ],
  [
    'a token given up',
    [register('a', 'T1'), (gateway, app) => gateway.devices.detach({ app, externalId: 'a', cause })],
  ],
  [
    'a removal, and the return',
    [
      register('a', 'T1'),
      (gateway, app) => gateway.devices.unregister({ app, externalId: 'a', cause }),
      register('a', 'T1'),
    ],
  ],
  [
    'a device put out of use, and its topics',
    [
      register('a', 'T1', { topics: { names: ['x'], when: 'always' } }),
      update({ enabled: false }),
      register('a', 'T1', { patch: { enabled: true }, topics: { names: ['y'], when: 'always' } }),
      counted,
    ],
  ],
  [
    'a device that replaces those that are alike',
    [alike('a', 'T1'), alike('b', 'T2'), counted, alike('a', 'T1'), counted],
  ],
  [
    'feedback',
    [
      register('a', 'T1', { topics: { names: ['x'], when: 'always' } }),
      feedback('delivered'),
      feedback('dead'),
      counted,
      register('a', 'T1'),
      counted,
    ],
  ],
  [
    'a setting, and a client that tells more of itself',
    [
      ({ documents }, app) => documents.write(app, 'k', { a: 1 }),
      ({ documents }, app) => documents.write(app, 'k', { a: 2 }),
      ({ documents }, app) => documents.read(app, 'k'),
      async ({ auth }, app) => {
        const id = await auth.register(app, { key: { kty: 'RSA' }, about: {}, externalId: 'a' })
        await auth.describe({ id, about: { b: 1 }, externalId: 'a' })
        return (await auth.client(id))?.about
      },
    ],
  ],
  [
    'what a webhook is told',
    [
      ({ webhooks }, app) =>
        webhooks.create({ app, name: 'w', url: 'https://w.example', events: WEBHOOK_KINDS }),
      ({ webhooks }, app) => webhooks.update({ app, name: 'w', url: 'https://v.example' }),
      ({ catalogue }, app) => catalogue.create({ app, name: 'x', description: '' }),
      ({ catalogue }, app) => catalogue.update({ app, name: 'x', description: 'new' }),
      register('a', 'T1'),
      register('a', 'T2'),
      subscriptions('add', 'x', 'y'),
      subscriptions('remove', 'x'),
      (gateway, app) =>
        gateway.devices.update({
          app,
          externalId: 'a',
          patch: { name: 'n' },
          superseded: true,
        }),
      told,
    ],
  ],
]

const withWebhooks = { ...echoDialect, capabilities: { webhooks: { body: () => ({}) } } }

/** Runs the steps on a separate app; returns their answers and the resulting data, without ids and times. */
async function outcome(db: (real: Db) => Db, steps: readonly Step[]) {
  const h = await createHarness({ db, adapters: [withWebhooks] })
  const created = await h.createApp({ echo: {} })
  const app = await h.gateway.apps.find('echo', String(created.dialects.echo?.code))
  if (!app) throw new Error('no app')
  const answers: unknown[] = []
  for (const step of steps) {
    answers.push(await step(h.gateway, app))
    h.clock.advance(1000)
  }
  return bare({ answers, left: await left(h, created.id) })
}

async function left(h: Harness, appId: string) {
  const { devices } = await (await h.admin('GET', `/apps/${appId}/devices`)).json<{
    devices: { id: string }[]
  }>()
  return Promise.all(
    devices.map(async (device) => ({
      device,
      history: await (await h.admin('GET', `/apps/${appId}/devices/${device.id}/events`)).json(),
    })),
  )
}

/** A document without values that differ between runs. */
const bare = (document: unknown): unknown =>
  JSON.parse(
    JSON.stringify(document, (name, value) =>
      /^(id|by|appId|installationId|pushTokenId)$/.test(name) ? null : value,
    ),
  )

test('C5: two changes within one millisecond move updatedAt twice, one that is sent twice moves it once', async () => {
  for (const db of [twice, (real: Db) => real]) {
    const h = await createHarness({ db, adapters: [withWebhooks] })
    const { dialects } = await h.createApp({ echo: {} })
    const app = await h.gateway.apps.find('echo', String(dialects.echo?.code))
    if (!app) throw new Error('no app')
    await register('a', 'T1')(h.gateway, app)
    const times: (number | undefined)[] = []
    for (const change of [
      () => register('a', 'T2')(h.gateway, app),
      () => update({ name: 'n' })(h.gateway, app),
      () => topics('add', 'x')(h.gateway, app),
      () => topics('replace', 'y')(h.gateway, app),
    ]) {
      await change()
      const { updatedAt } = (await h.gateway.devices.find({ app, externalId: 'a' })) ?? {}
      times.push(updatedAt && updatedAt.getTime() - h.clock.now.getTime())
    }
    expect(times).toEqual([1, 2, 3, 4])
  }
})

describe('a plan that says it is repeatable', () => {
  test.each(SCENARIOS)('leaves and answers, sent twice, what it does sent once: %s', async (_, steps) => {
    expect(await outcome(twice, steps)).toEqual(await outcome((real) => real, steps))
  })

  test('is one that a repeated setup of an app consists of', async () => {
    const h = await createHarness({ db: twice, adapters: [withWebhooks] })
    const app = await h.createApp({ echo: {} })
    const changed = await h.admin('PATCH', `/apps/${app.id}`, {
      name: 'other',
      dialects: { echo: { code: 'mine' } },
    })
    expect(changed.status).toBe(200)
    const { credentials } = await (await h.admin('GET', `/apps/${app.id}/credentials`)).json<{
      credentials: []
    }>()
    expect([await changed.json(), credentials]).toMatchObject([{ name: 'other' }, []])
  })

  test.each(adapters)('is what a registration in $name consists of', async (adapter) => {
    const h = await createHarness({ db: twice })
    const { id, example } = await exampleApp(h, adapter)
    const once = await createHarness()
    const { example: same } = await exampleApp(once, adapter)
    expect((await send(h, example)).status).toBe((await send(once, same)).status)
    const [only, ...others] = await left(h, id)
    expect([only, others]).toMatchObject([{ history: { events: [{ kind: 'registered' }] } }, []])
  })
})
