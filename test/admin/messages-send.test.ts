import { describe, expect, test } from 'vitest'
import { adapters as shipped } from '../../adapters/index.ts'
import type { Sending } from '../../src/delivery/rendering.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness } from '../harness/harness.ts'
import { openMessages, type ShownMessage } from './message-kit.ts'

const HELLO = { body: 'hello', audience: { all: true } }

interface Rehearsed {
  readonly audience: { readonly phones: number; readonly complete: boolean }
  readonly payloads: readonly Readonly<Record<string, unknown>>[]
  readonly ignored: readonly string[]
}

/** The smallest dialect, with a format for FCM only. */
const sending: Sending = {
  compose: (message) => ({ says: message.body }),
  variant: () => '',
  render: (body, { provider }, { identifier }) =>
    provider === 'fcm'
      ? { push: { body: JSON.stringify({ data: { ...body, identifier } }), priority: 'high' }, ttl: 60 }
      : null,
}
const adapters = [{ ...echoDialect, capabilities: { sending } }]

async function setUp() {
  const opened = await openMessages({ adapters })
  const post = (body: unknown, query = '') => opened.h.admin('POST', opened.path + query, body)
  return {
    ...opened,
    post,
    posted: async (body: unknown) => (await post(body)).json<ShownMessage>(),
    rehearsed: async (body: object) => (await post({ ...body, dryRun: true })).json<Rehearsed>(),
  }
}

describe('a message of an operator', () => {
  test('is kept before it is answered, and shown as it was given', async () => {
    const { h, app, path, post, shown, messages } = await setUp()
    const content = {
      ...{ title: { default: 'Hi', de: 'Hallo' }, subtitle: 's', body: 'hello', icon: 'i', image: 'm' },
      ...{ color: '#ff0000', sound: 'ding', badge: '+1', link: 'https://example.com/', silent: false },
      ...{ data: { n: 1, from: 'x' }, ttl: 60, priority: 'normal', collapseKey: 'k', category: 'c' },
      ...{ channel: 'ch', group: 'g', overrides: { fcm: { android: {} }, apns: {}, webpush: {}, wns: {} } },
    }
    const audience = { users: ['alice', 'bob'], platforms: ['android', 'ios'] }
    const answer = await post({ ...content, audience })
    const made = await answer.json<ShownMessage>()
    expect([answer.status, answer.headers.get('location')]).toEqual([
      202,
      expect.stringMatching(new RegExp(`/admin/v1${path}/${made.id}$`)),
    ])
    expect(made).toEqual({
      ...{
        id: made.id,
        externalId: made.externalId,
        dialect: null,
        state: 'planning',
        priority: 'normal',
        ttl: 60,
      },
      audience: { users: 2, platforms: ['android', 'ios'] },
      schedule: { at: null, localTime: false, every: null, until: null },
      ...{ ignored: ['data.from'], counts: {}, finishedAt: null },
      ...{ createdAt: h.clock.now.toISOString(), startedAt: h.clock.now.toISOString() },
    })
    expect(made.externalId).toMatch(/^[0-9A-F]{4}-[0-9A-F]{8}-[0-9A-F]{8}$/)
    expect(await shown(made.id)).toMatchObject({ ...made, content })
    expect(await messages.get(app, made.id)).toMatchObject({
      body: content,
      audience: { to: { users: ['alice', 'bob'] } },
    })
    const audit = await h.admin('GET', `/audit?app=${app}`)
    const { entries } = await audit.json<{ entries: readonly { action: string }[] }>()
    expect(entries[0]).toMatchObject({
      ...{ action: 'message.sent', target: made.id, detail: { to: { users: 2 } } },
    })
    expect(JSON.stringify(entries)).not.toContain('alice')
  })

  test.each([
    ['at a time', { at: '2026-12-01T09:00:00+01:00' }, { at: '2026-12-01T08:00:00.000Z' }, 'scheduled'],
    [
      'by each phone’s own clock',
      { at: '2026-12-01T09:00:00', localTime: true },
      { at: '2026-12-01T09:00:00.000Z', localTime: true },
      'scheduled',
    ],
    [
      'at a time that is past',
      { at: '2026-01-01T00:00:00Z' },
      { at: '2026-01-01T00:00:00.000Z' },
      'planning',
    ],
    [
      'again and again',
      { every: 60, until: '2027-01-01T00:00:00Z' },
      { every: 60, until: '2027-01-01T00:00:00.000Z' },
      'planning',
    ],
  ])('%s is shown so', async (_, schedule, shown, state) => {
    const { posted } = await setUp()
    expect(await posted({ ...HELLO, schedule })).toMatchObject({ state, schedule: shown })
  })

  test('is one for all calls with its key, whatever the order of their members, and for seven days', async () => {
    const { h, post, posted, stored } = await setUp()
    const first = await posted({ ...HELLO, data: { a: 1, b: 2 }, idempotencyKey: 'k' })
    const again = await post({ idempotencyKey: 'k', data: { b: 2, a: 1 }, ...HELLO })
    expect([again.status, await again.json()]).toMatchObject([202, { id: first.id }])
    const other = await post({ ...HELLO, body: 'bye', idempotencyKey: 'k' })
    expect([other.status, await other.json()]).toMatchObject([409, { type: 'urn:pushport:problem:conflict' }])
    expect(await stored()).toHaveLength(1)
    h.clock.advance(7 * 86_400_000)
    expect((await posted({ ...HELLO, body: 'bye', idempotencyKey: 'k' })).id).not.toBe(first.id)
  })

  test('is for devices of every dialect of the app, or of the one whose envelope is asked for', async () => {
    const { messages, posted, h } = await setUp()
    const { id } = await posted({ ...HELLO, envelope: 'echo' })
    for (;;) {
      const found = await messages.planning(h.clock.now)
      if (found?.message.id === id || !found) {
        expect(found).toMatchObject({ dialects: ['echo'], parts: [{ by: 'dialect', dialect: 'echo' }] })
        return
      }
      await messages.cancel(found.message.appId, found.message.id, h.clock.now)
    }
  })
})

describe('a body that is refused', () => {
  const audience = { all: true }
  const filter = (of: object) => ({ body: 'b', audience: { filter: of } })
  const deep = (levels: number): object => (levels === 0 ? { topic: 't' } : { not: deep(levels - 1) })
  test.each<[string, object, string]>([
    ['no audience', { body: 'b' }, 'audience'],
    ['nobody', { body: 'b', audience: {} }, 'audience'],
    ['two audiences', { body: 'b', audience: { all: true, users: ['a'] } }, 'audience'],
    ['an empty list', { body: 'b', audience: { users: [] } }, 'audience.users'],
    ['1,001 users', { body: 'b', audience: { users: Array(1001).fill('a') } }, 'audience.users'],
    ['a list that is none', { body: 'b', audience: { topics: 'news' } }, 'audience.topics'],
    ['all: false', { body: 'b', audience: { all: false } }, 'audience.all'],
    [
      'an unknown platform',
      { body: 'b', audience: { all: true, platforms: ['fridge'] } },
      'audience.platforms.0',
    ],
    ['a filter that is none', filter({ tag: 't' }), 'audience.filter'],
    ['a filter without a bound', filter({ tag: 't', by: 'version' }), 'audience.filter'],
    ['a filter with two conditions in one', filter({ topic: 't', tag: 'a', set: true }), 'audience.filter'],
    ['a filter of 201 conditions', filter({ any: Array(200).fill({ topic: 't' }) }), 'audience.filter'],
    ['a filter that is too deep', filter(deep(20)), 'audience.filter'],
    ['nothing to say', { audience }, 'body'],
    ['an empty text', { body: '', audience }, 'body'],
    ['no language', { title: {}, audience }, 'title'],
    ['a colour by name', { body: 'b', color: 'red', audience }, 'color'],
    ['a badge in words', { body: 'b', badge: 'one', audience }, 'badge'],
    ['data that is a list', { body: 'b', data: [1], audience }, 'data'],
    ['a time to live of 29 days', { body: 'b', ttl: 2_505_600, audience }, 'ttl'],
    ['an unknown priority', { body: 'b', priority: 'urgent', audience }, 'priority'],
    [
      'an override of an unknown service',
      { body: 'b', overrides: { pigeon: {} }, audience },
      'overrides.pigeon',
    ],
    ['a time without an offset', { ...HELLO, schedule: { at: '2026-12-01T09:00:00' } }, 'schedule.at'],
    [
      'local time with an offset',
      { ...HELLO, schedule: { at: '2026-12-01T09:00:00Z', localTime: true } },
      'schedule.at',
    ],
    ['local time without a time', { ...HELLO, schedule: { localTime: true } }, 'schedule.at'],
    ['an end of no repeats', { ...HELLO, schedule: { until: '2027-01-01T00:00:00Z' } }, 'schedule.until'],
    ['repeats without a pause', { ...HELLO, schedule: { every: 0 } }, 'schedule.every'],
    ['a dialect that the app does not speak', { ...HELLO, envelope: 'morse' }, 'envelope'],
    ['an empty key', { ...HELLO, idempotencyKey: '' }, 'idempotencyKey'],
    ['an unknown member', { ...HELLO, titel: 'x' }, 'titel'],
    ['dryRun in words', { ...HELLO, dryRun: 'yes' }, 'dryRun'],
  ])('has %s: it says where, and nothing is kept', async (_, body, at) => {
    const { post, stored } = await setUp()
    const answer = await post(body)
    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ path: at }] }])
    expect(await stored()).toEqual([])
  })

  test('names more than a row of the store may hold', async () => {
    const { post, stored } = await setUp()
    const users = Array.from({ length: 900 }, (_, at) => String(at).padEnd(1000, 'x'))
    const answer = await post({ body: 'b', audience: { users } })
    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ path: 'audience' }] }])
    expect(await stored()).toEqual([])
  })

  test('is for an unknown app, or comes without the token', async () => {
    const { h, path } = await setUp()
    expect((await h.admin('POST', '/apps/nobody/messages', HELLO)).status).toBe(404)
    expect((await h.request('POST', `/admin/v1${path}`, { body: HELLO })).status).toBe(401)
  })
})

describe('a rehearsal', () => {
  test('has in every shipped dialect an envelope that is whole', async () => {
    const h = await createHarness()
    const { id } = await h.createApp(Object.fromEntries(shipped.map(({ name }) => [name, {}])))
    const answer = await h.admin('POST', `/apps/${id}/messages`, { ...HELLO, dryRun: true })
    const { payloads } = await answer.json<Rehearsed>()
    const speaking = shipped.filter(({ capabilities }) => capabilities.sending).map(({ name }) => name)
    expect(new Set(payloads.map(({ dialect }) => dialect))).toEqual(new Set(speaking))
    for (const { body, fault } of payloads) {
      expect(body).not.toMatch(/undefined|NaN/)
      expect(fault).toBeNull()
    }
  })

  test('shows what each push service would get, dialect by dialect, and keeps nothing', async () => {
    const { app, code, h, rehearsed, post, phone, stored } = await setUp()
    await phone('one')
    const shown = {
      audience: { phones: 1, complete: true, byProvider: { fcm: 1 }, byPlatform: { android: 1 } },
      payloads: ['android', 'ios'].map((platform) => ({
        ...{ dialect: 'echo', provider: 'fcm', platform },
        body: JSON.stringify({ data: { says: 'hello', identifier: code } }),
        ...{ headers: {}, priority: 'high', collapse: null, ttl: 60, fault: null },
      })),
      ignored: ['data.google.x'],
    }
    const message = { ...HELLO, data: { 'google.x': 1 } }
    expect(await rehearsed(message)).toEqual(shown)
    const byQuery = await post({ ...message, idempotencyKey: 'k' }, '?dryRun=true')
    expect([byQuery.status, await byQuery.json()]).toEqual([200, shown])
    expect(await stored()).toEqual([])
    const audit = await h.admin('GET', `/audit?app=${app}`)
    expect(await audit.text()).not.toContain('message.sent')
  })

  test('says what is too large for a push service', async () => {
    const { rehearsed } = await setUp()
    const { payloads } = await rehearsed({
      body: 'x'.repeat(5000),
      audience: { all: true, platforms: ['android'] },
    })
    expect(payloads).toMatchObject([{ platform: 'android', fault: expect.any(String) }])
  })

  test.each<[string, object, number]>([
    ['everybody', { all: true }, 3],
    ['users', { users: ['alice', 'nobody'] }, 2],
    ['devices, each once', { devices: ['one', 'two', 'one'] }, 2],
    ['tokens', { tokens: ['own token of three', 'unknown'] }, 1],
    ['a topic', { topics: ['news'] }, 0],
    ['platforms', { all: true, platforms: ['ios'] }, 0],
    ['a filter alone', { filter: { platforms: ['android'] } }, 3],
    ['a filter', { users: ['alice'], filter: { not: { tag: 'vip', set: true } } }, 2],
    [
      'a filter that nobody matches',
      { all: true, filter: { any: [{ tag: 'vip', in: [true, { daysAgo: 1 }] }] } },
      0,
    ],
  ])('counts the phones of %s', async (_, audience, phones) => {
    const { rehearsed, phone } = await setUp()
    await phone('one', 'alice')
    await phone('two', 'alice')
    await phone('three', 'bob')
    expect((await rehearsed({ body: 'b', audience })).audience).toMatchObject({ phones, complete: true })
  })

  test('of more than it may look at counts what it has seen, and says so', async () => {
    const { rehearsed, phone } = await setUp()
    await phone('one', 'user 0')
    await phone('two', 'user 60')
    const users = Array.from({ length: 61 }, (_, at) => `user ${at}`)
    expect((await rehearsed({ body: 'b', audience: { users } })).audience).toMatchObject({
      phones: 1,
      complete: false,
    })
  })

  test('is refused as the message would be', async () => {
    const { post } = await setUp()
    expect((await post({ ...HELLO, dryRun: true, envelope: 'morse' })).status).toBe(400)
    expect((await post({ ...HELLO, dryRun: true, badge: 'one' })).status).toBe(400)
  })
})
