import { describe, expect, test } from 'vitest'
import { presentStatus } from '../../../adapters/backendless/sending/status.ts'
import type { Message } from '../../../src/domain/message.ts'
import { kept, published } from './sending-kit.ts'
import { newPhone, openTenant, refusalOf } from './tenant.ts'

const MESSAGE_ID = /^message:[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/
const NOW = '2026-11-25T12:00:00.000Z'
const at = (path: string) => `/messaging/${path}`

describe('publishing (sending.md 6.1)', () => {
  test('is answered with the id of a message that is scheduled', async () => {
    const t = await openTenant()
    const response = await t.call('POST', at('news'), { body: { message: 'hello' } })
    expect([response.status, await response.json()]).toEqual([
      200,
      { errorMessage: null, messageId: expect.stringMatching(MESSAGE_ID), status: 'scheduled' },
    ])
  })

  test.each(['rest', 'js', 'android', 'ios', 'dotnet', 'custom'] as const)(
    'takes a key of the kind %s, and any user token',
    async (kind) => {
      const t = await openTenant()
      const headers = { 'user-token': 'STALE' }
      const response = await t.call('POST', at('news'), { kind, headers, body: { message: 'hello' } })
      expect(response.status).toBe(200)
    },
  )

  test('keeps the channel as it was written', async () => {
    const t = await openTenant()
    const { messageId } = await published(t, 'a b/ü+%41', { message: 'm', publishPolicy: 'PUSH' })
    expect((await kept(t, messageId)).audience).toEqual({ to: { topics: ['a b/ü+%41'] } })
  })

  test.each(['registrations', 'email', 'channels', 'pushtemplates'])(
    '`%s` is no channel',
    async (segment) => {
      const t = await openTenant()
      const answer = await refusalOf(await t.call('POST', at(segment), { body: { message: 'm' } }))
      expect(answer).toEqual(segment === 'registrations' ? [400, 5002] : [404, 404])
    },
  )

  test.each([
    ['DELETE', 'channels/news'],
    ['POST', 'email'],
    ['GET', 'email'],
    ['DELETE', 'channels'],
    ['POST', 'emailtemplate/send'],
  ])('%s …/messaging/%s is out of scope: 404', async (method, path) => {
    const t = await openTenant()
    const body = method === 'POST' ? { body: { message: 'm' } } : {}
    expect((await refusalOf(await t.call(method, at(path), body)))[0]).toBe(404)
  })

  test.each([
    ['no message', {}, 5030],
    ['a message that is null', { message: null }, 5030],
    ['headers that are a text', { message: 'm', headers: 'x' }, 5031],
    ['headers that are a list', { message: 'm', headers: ['x'] }, 5031],
    ['an unknown policy', { message: 'm', publishPolicy: 'SOMETIMES' }, 5031],
    ['a policy beyond the numbers', { message: 'm', publishPolicy: 3 }, 5031],
    ['an unknown platform', { message: 'm', pushBroadcast: 'SYMBIAN' }, 5031],
    ['a mask beyond the platforms', { message: 'm', pushBroadcast: 16 }, 5031],
    ['a mask that is negative', { message: 'm', pushBroadcast: -1 }, 5031],
    ['a broadcast that is an object', { message: 'm', pushBroadcast: {} }, 5031],
    ['a device id that is a number', { message: 'm', pushSinglecast: [1] }, 5031],
    [
      '1,001 device ids',
      { message: 'm', pushSinglecast: Array.from({ length: 1001 }, (_, n) => `${n}`) },
      5031,
    ],
    ['a time that is none', { message: 'm', publishAt: 'tomorrow' }, 5031],
    ['a repetition that is none', { message: 'm', repeatEvery: -5 }, 5031],
    ['a condition on data', { message: 'm', segmentQuery: 'age > 3' }, 5031],
    [
      'a repetition that has expired',
      { message: 'm', repeatEvery: 60, repeatExpiresAt: 1_600_000_000_000 },
      5033,
    ],
    [
      'a repetition that expires before it begins',
      { message: 'm', repeatEvery: 60, publishAt: '2027-01-02', repeatExpiresAt: '2027-01-01' },
      5033,
    ],
  ])('refuses %s', async (_, body, code) => {
    const t = await openTenant()
    expect(await refusalOf(await t.call('POST', at('news'), { body }))).toEqual([400, code])
  })

  test('refuses what is no JSON object, and a wrong key', async () => {
    const t = await openTenant()
    expect(await refusalOf(await t.call('POST', at('news'), { body: 'x' }))).toEqual([400, 8003])
    const body = { message: 'm' }
    const wrong = await t.h.request('POST', `/${t.id}/WRONG/messaging/news`, { body })
    expect(await refusalOf(wrong)).toEqual([400, 2002])
  })
})

describe('whom a message is for (sending.md 6.2)', () => {
  const NEWS = { topics: ['news'] }
  const NOBODY = { devices: [] }
  const ALL = ['ios', 'android', 'windows', 'macos']

  test.each<[string, object, object]>([
    ['nothing else', {}, { to: NOBODY }],
    ['no policy but a header for Android', { headers: { 'android-content-title': 'T' } }, { to: NEWS }],
    ['no policy but a header for iOS', { headers: { 'ios-alert': 'T' } }, { to: NEWS }],
    ['no policy but a header for Windows', { headers: { 'wp-title': 'T' } }, { to: NEWS }],
    ['a header of its own', { headers: { colour: 'red' } }, { to: NOBODY }],
    ['PUBSUB, and a header', { publishPolicy: 'PUBSUB', headers: { 'ios-alert': 'T' } }, { to: NOBODY }],
    ['PUBSUB, and a broadcast', { publishPolicy: 'pubsub', pushBroadcast: 15 }, { to: NOBODY }],
    ['PUSH', { publishPolicy: 'PUSH' }, { to: NEWS }],
    ['push', { publishPolicy: 'push' }, { to: NEWS }],
    ['BOTH', { publishPolicy: 'BOTH' }, { to: NOBODY }],
    ['the old ONLY', { pushPolicy: 'ONLY' }, { to: NEWS }],
    ['the old ALSO', { pushPolicy: 'ALSO' }, { to: NOBODY }],
    ['the old NONE', { pushPolicy: 'NONE', pushBroadcast: 15 }, { to: NOBODY }],
    ['0 for PUSH', { publishPolicy: 0 }, { to: NEWS }],
    ['1 for PUBSUB', { publishPolicy: 1, pushBroadcast: 15 }, { to: NOBODY }],
    ['2 for BOTH', { publishPolicy: 2, pushBroadcast: 15 }, { to: NEWS, platforms: ALL }],
    ['mask 1', { pushBroadcast: 1 }, { to: NEWS, platforms: ['ios'] }],
    ['mask 2', { pushBroadcast: 2 }, { to: NEWS, platforms: ['android'] }],
    ['mask 3', { pushBroadcast: 3 }, { to: NEWS, platforms: ['ios', 'android'] }],
    ['mask 4', { pushBroadcast: 4 }, { to: NEWS, platforms: ['windows'] }],
    ['mask 8', { pushBroadcast: 8 }, { to: NEWS, platforms: ['macos'] }],
    ['mask 15', { pushBroadcast: 15 }, { to: NEWS, platforms: ALL }],
    ['mask 7, all of old SDKs', { pushBroadcast: 7 }, { to: NEWS, platforms: ALL }],
    ['a mask as text', { pushBroadcast: '2' }, { to: NEWS, platforms: ['android'] }],
    ['IOS', { pushBroadcast: 'IOS' }, { to: NEWS, platforms: ['ios'] }],
    ['FOR_ANDROID', { pushBroadcast: 'FOR_ANDROID' }, { to: NEWS, platforms: ['android'] }],
    ['words with a bar', { pushBroadcast: 'IOS|FOR_OSX' }, { to: NEWS, platforms: ['ios', 'macos'] }],
    ['words with a comma', { pushBroadcast: 'wp, ios' }, { to: NEWS, platforms: ['windows', 'ios'] }],
    ['ALL', { pushBroadcast: 'ALL' }, { to: NEWS, platforms: ALL }],
    ['NONE', { pushBroadcast: 'NONE' }, { to: NOBODY }],
    ['mask 0', { pushBroadcast: 0 }, { to: NOBODY }],
    ['PUSH and mask 0', { publishPolicy: 'PUSH', pushBroadcast: 0 }, { to: NEWS }],
    ['a broadcast that is null', { pushBroadcast: null, publishPolicy: null }, { to: NOBODY }],
    [
      'device ids',
      { pushSinglecast: ['A', 'B', 'A'] },
      { to: { devices: ['A', 'B'] }, filter: { topic: 'news' } },
    ],
    ['one device id', { pushSinglecast: 'A' }, { to: { devices: ['A'] }, filter: { topic: 'news' } }],
    ['no device ids', { pushSinglecast: [], pushBroadcast: 1 }, { to: NEWS, platforms: ['ios'] }],
    [
      'device ids, which win over a broadcast',
      { pushSinglecast: ['A'], pushBroadcast: 1 },
      { to: { devices: ['A'] }, filter: { topic: 'news' } },
    ],
  ])('%s', async (_, members, audience) => {
    const t = await openTenant()
    const { messageId } = await published(t, 'news', { message: 'm', ...members })
    expect((await kept(t, messageId)).audience).toEqual(audience)
  })

  test('where phones share ids, an id means its only phone, and none of several', async () => {
    const t = await openTenant({ keyByToken: true })
    const [alone, shared] = [newPhone(), newPhone()]
    await t.register(alone)
    await t.register(shared)
    await t.register({ ...newPhone(), deviceId: shared.deviceId })
    const pushSinglecast = [alone.deviceId, shared.deviceId]
    const { messageId } = await published(t, 'default', { message: 'm', pushSinglecast })
    const key = (await t.devices()).find(({ token }) => token === alone.deviceToken)?.externalId
    expect((await kept(t, messageId)).audience.to).toEqual({ devices: [key, shared.deviceId] })
  })
})

describe('when a message is sent (sending.md 6.2)', () => {
  const later = new Date('2026-11-26T12:00:00.000Z')
  const end = new Date('2026-12-01T00:00:00.000Z')

  test.each<[string, object, object]>([
    ['at once', {}, {}],
    ['at milliseconds', { publishAt: later.getTime() }, { at: later }],
    ['at a date as JavaScript writes it', { publishAt: later }, { at: later }],
    ['at once, for a time that has passed', { publishAt: 1_600_000_000_000 }, {}],
    ['at once, for this moment', { publishAt: NOW }, {}],
    ['at once, for 0 and null', { publishAt: 0, repeatEvery: 0, repeatExpiresAt: null }, {}],
    ['again and again until it is cancelled', { repeatEvery: 60 }, { every: 60 }],
    ['again until then', { repeatEvery: '1', repeatExpiresAt: end.getTime() }, { every: 1, until: end }],
    [
      'later, and again until then',
      { publishAt: later.getTime(), repeatEvery: 60, repeatExpiresAt: end },
      { at: later, every: 60, until: end },
    ],
    ['once, whatever the end of no repetition', { repeatExpiresAt: 1_600_000_000_000 }, {}],
  ])('%s', async (_, members, schedule) => {
    const t = await openTenant()
    const { messageId } = await published(t, 'news', { message: 'm', ...members })
    expect((await kept(t, messageId)).schedule).toEqual(schedule)
  })
})

describe('what operators see', () => {
  test('lists the members that have no effect', async () => {
    const t = await openTenant()
    const { messageId } = await published(t, 'news', {
      message: 'm',
      headers: { from: 'x', 'ios-alert': 'A', colour: null },
      pushSinglecast: ['A'],
      pushBroadcast: 1,
      publishTo: 'x',
      ___class: 'PublishOptions',
    })
    expect(await kept(t, messageId)).toMatchObject({
      ignored: ['publishTo', 'headers.from', 'pushBroadcast'],
      priority: 'high',
    })
  })
})

describe('status and cancellation', () => {
  test.each([(id: string) => id, encodeURIComponent])('of a message that waits', async (written) => {
    const t = await openTenant()
    const { messageId } = await published(t, 'news', { message: 'm', publishAt: '2027-01-01' })
    const path = at(written(messageId))
    const found = await t.call('GET', path)
    expect([found.status, await found.json()]).toEqual([
      200,
      { errorMessage: null, messageId, status: 'scheduled' },
    ])
    const cancelled = await t.call('DELETE', path)
    expect([cancelled.status, await cancelled.json()]).toEqual([
      200,
      { errorMessage: null, messageId, status: 'cancelled' },
    ])
    expect(await (await t.call('GET', path)).json()).toMatchObject({ status: 'cancelled' })
    expect(await refusalOf(await t.call('DELETE', path))).toEqual([400, 5040])
  })

  test('of a message whose phones are still looked for: it can be cancelled', async () => {
    const t = await openTenant()
    const { messageId } = await published(t, 'news', { message: 'm', publishPolicy: 'PUSH' })
    const answer = await t.call('DELETE', at(messageId))
    expect([answer.status, await answer.json()]).toMatchObject([200, { status: 'cancelled' }])
  })

  test('of a message that was sent: nobody got it, it is published, and cannot be cancelled any more', async () => {
    const t = await openTenant()
    const { messageId } = await published(t, 'news', { message: 'm', publishPolicy: 'PUSH' })
    const engine = t.h.engine()
    while (await engine.plan());
    expect(await (await t.call('GET', at(messageId))).json()).toEqual({
      errorMessage: null,
      messageId,
      status: 'published',
    })
    expect(await refusalOf(await t.call('DELETE', at(messageId)))).toEqual([400, 5040])
  })

  test('of a message that nobody knows', async () => {
    const t = await openTenant()
    const path = at('message:NONE')
    const found = await t.call('GET', path)
    expect([found.status, await found.json()]).toEqual([
      200,
      { errorMessage: null, messageId: 'message:NONE', status: 'unknown' },
    ])
    expect(await refusalOf(await t.call('DELETE', path))).toEqual([400, 5040])
  })

  test("another app's message is unknown", async () => {
    const [t, other] = [await openTenant(), await openTenant()]
    const { messageId } = await published(t, 'news', { message: 'm', publishAt: '2027-01-01' })
    expect(await (await other.call('GET', at(messageId))).json()).toMatchObject({ status: 'unknown' })
    expect(await refusalOf(await other.call('DELETE', at(messageId)))).toEqual([400, 5040])
  })
})

describe('the words for a state (sending.md 2.1)', () => {
  const failed = (why: string) => `No device was reached: ${why}.`
  test.each<[Message['state'], Message['counts'], string, string | null]>([
    ['scheduled', {}, 'scheduled', null],
    ['scheduled', { accepted: 5 }, 'scheduled', null],
    ['planning', {}, 'scheduled', null],
    ['sending', {}, 'scheduled', null],
    ['done', {}, 'published', null],
    ['done', { accepted: 1, dead: 9 }, 'published', null],
    ['done', { skipped: 2 }, 'published', null],
    ['done', { unconfigured: 3 }, 'failed', failed('unconfigured 3')],
    ['done', { dead: 2, payload: 1, skipped: 4 }, 'failed', failed('dead 2, payload 1')],
    ['expired', { expired: 2 }, 'failed', failed('expired 2')],
    ['cancelled', { accepted: 1 }, 'cancelled', null],
  ])('%s with %j is %s', (state, counts, status, errorMessage) => {
    const message = { externalId: 'message:1', state, counts } as Message
    expect(presentStatus(message)).toEqual({ messageId: 'message:1', status, errorMessage })
  })
})
