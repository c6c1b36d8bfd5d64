import { describe, expect, test } from 'vitest'
import type { Delivery, Push } from '../../../src/delivery/provider.ts'
import { apns } from '../../../src/delivery/providers/apns/index.ts'
import { push } from '../../contract/provider-kit.ts'
import { apnsError } from '../../fixtures/push-services/apns.ts'
import { BUNDLE, newToken, openApns, toToken } from './kit.ts'

const alert = { aps: { alert: 'x' } }

async function sent(body: unknown, more: Partial<Push> = {}, change: Partial<Delivery> = {}) {
  const { lane, production, deps } = await openApns()
  const delivery = { ...toToken({ token: newToken(), environment: 'production' }), push: push(body, more) }
  const outcome = await lane.send({ ...delivery, ...change })
  const [request] = production.requests
  return { outcome, headers: Object.fromEntries(request?.headers ?? []), text: request?.text, deps }
}

describe('a request', () => {
  test('holds the payload as it was rendered, and says what it is', async () => {
    const body = '{ "aps": {"alert":"ü"},\n"own":1}'
    const { outcome, headers, text, deps } = await sent(body, {}, { ttl: 60 })
    expect(outcome).toEqual({ class: 'accepted', messageId: toToken({ token: '' }).id })
    expect(text).toBe(body)
    expect(headers).toMatchObject({
      'apns-push-type': 'alert',
      'apns-topic': BUNDLE,
      'apns-priority': '10',
      'apns-expiration': String(Math.floor(deps.now().getTime() / 1000) + 60),
      'apns-id': toToken({ token: '' }).id,
      authorization: expect.stringMatching(/^bearer ey/),
    })
    expect(headers).not.toHaveProperty('apns-collapse-id')
  })

  test('that must not be stored expires at once; one for a year after four weeks', async () => {
    expect((await sent(alert, {}, { ttl: 0 })).headers['apns-expiration']).toBe('0')
    const { headers, deps } = await sent(alert, {}, { ttl: 365 * 86_400 })
    const most = Math.floor(deps.now().getTime() / 1000) + 28 * 86_400
    expect(headers['apns-expiration']).toBe(String(most))
  })

  test('whose renderer knows when it expires says so itself', async () => {
    const { headers } = await sent(alert, { headers: { 'apns-expiration': '1764000000' } }, { ttl: 60 })
    expect(headers['apns-expiration']).toBe('1764000000')
  })

  test.each<[string, unknown, Partial<Push>, string, string]>([
    ['an alert', alert, {}, 'alert', '10'],
    ['an alert of normal priority', alert, { priority: 'normal' }, 'alert', '5'],
    ['an alert of a named priority', alert, { headers: { 'apns-priority': '1' } }, 'alert', '1'],
    ['an alert that wakes the app, too', { aps: { alert: 'x', 'content-available': 1 } }, {}, 'alert', '10'],
    ['a badge', { aps: { badge: 0, 'content-available': 1 } }, {}, 'alert', '10'],
    ['a sound', { aps: { sound: 'a', 'content-available': 1 } }, {}, 'alert', '10'],
    ['nothing to show', { aps: { 'content-available': 1 }, own: 1 }, {}, 'background', '5'],
    [
      'nothing to show, and called urgent',
      { aps: { 'content-available': 1, alert: null } },
      { headers: { 'apns-priority': '10' } },
      'background',
      '5',
    ],
    ['data alone', { own: 1 }, {}, 'alert', '10'],
  ])('with %s', async (_, body, more, type, priority) => {
    const { headers } = await sent(body, more)
    expect([headers['apns-push-type'], headers['apns-priority']]).toEqual([type, priority])
  })

  test.each([
    ['alert', BUNDLE, '10'],
    ['voip', `${BUNDLE}.voip`, '10'],
    ['liveactivity', `${BUNDLE}.push-type.liveactivity`, '10'],
    ['location', `${BUNDLE}.location-query`, '10'],
    ['complication', `${BUNDLE}.complication`, '10'],
    ['fileprovider', `${BUNDLE}.pushkit.fileprovider`, '10'],
    ['pushtotalk', `${BUNDLE}.voip-ptt`, '10'],
    ['widgets', `${BUNDLE}.push-type.widgets`, '5'],
    ['controls', `${BUNDLE}.push-type.controls`, '5'],
  ])('of type %s has the topic %s and priority %s', async (type, topic, priority) => {
    const { outcome, headers } = await sent(alert, { headers: { 'apns-push-type': type } })
    expect(outcome.class).toBe('accepted')
    expect([headers['apns-topic'], headers['apns-priority']]).toEqual([topic, priority])
  })

  test('has the topic that the renderer names', async () => {
    const { outcome, headers } = await sent(alert, { headers: { 'apns-topic': 'com.example.other' } })
    expect([headers['apns-topic'], outcome]).toEqual([
      'com.example.other',
      { class: 'mismatch', reason: 'TopicDisallowed' },
    ])
  })

  test.each([
    ['that fits, as it is', 'news-1', 'news-1'],
    ['of 64 bytes, as it is', 'k'.repeat(64), 'k'.repeat(64)],
    ['of 65 bytes, as its hash', 'k'.repeat(65), expect.stringMatching(/^[0-9a-f]{64}$/)],
    ['in other letters, as its hash', 'Näws', expect.stringMatching(/^[0-9a-f]{64}$/)],
    ['with a line break, as its hash', 'a\r\nx: y', expect.stringMatching(/^[0-9a-f]{64}$/)],
    ['that is empty, not at all', '', undefined],
  ])('has a key to collapse by %s', async (_, collapse, expected) => {
    const { outcome, headers } = await sent(alert, { collapse })
    expect([outcome.class, headers['apns-collapse-id']]).toEqual(['accepted', expected])
  })

  test('keeps its apns-id when it is sent again', async () => {
    const { lane, production, delivery } = await openApns()
    const one = await delivery(apnsError(503, 'ServiceUnavailable'))
    await lane.send(one)
    await lane.send({ ...one, ttl: 10 })
    expect(new Set(production.requests.map(({ headers }) => headers.get('apns-id')))).toEqual(
      new Set([one.id]),
    )
  })
})

const bytes = (count: number) => ({ own: 'x'.repeat(count - '{"own":""}'.length) })
const voip = { headers: { 'apns-push-type': 'voip' } }

test.each<[string, unknown, Partial<Push>, string | undefined]>([
  ['4,096 bytes', bytes(4096), {}, undefined],
  ['4,097 bytes', bytes(4097), {}, 'too-large'],
  ['fewer characters than bytes', { own: 'ü'.repeat(2048) }, {}, 'too-large'],
  ['5,120 bytes for a call', bytes(5120), voip, undefined],
  ['5,121 bytes for a call', bytes(5121), voip, 'too-large'],
  ['no JSON', '{', {}, 'not-an-object'],
  ['a list', '[]', {}, 'not-an-object'],
  ['a type that is not offered', alert, { headers: { 'apns-push-type': 'mdm' } }, 'no-such-push-type'],
  [
    'a type by the name of a member',
    alert,
    { headers: { 'apns-push-type': 'constructor' } },
    'no-such-push-type',
  ],
  ['a topic that breaks a header', alert, { headers: { 'apns-topic': 'a\r\nb: c' } }, 'bad-topic'],
])('a message of %s: what is known to be wrong before it is sent', (_, body, more, expected) => {
  expect(apns.fault(push(body, more))).toBe(expected)
})

describe('the probe', () => {
  test('is a background push to a token that nobody has, in one environment', async () => {
    const { lane, production, sandbox } = await openApns()
    expect(await lane.probe()).toEqual({ state: 'ok', reason: null })
    const [request] = production.requests
    expect(request?.url.pathname).toMatch(/^\/3\/device\/[0-9a-f]{64}$/)
    expect([
      request?.text,
      request?.headers.get('apns-push-type'),
      request?.headers.get('apns-priority'),
    ]).toEqual(['{"aps":{"content-available":1}}', 'background', '5'])
    expect(sandbox.requests).toEqual([])
  })

  test('tells of a key that is another account’s', async () => {
    const { lane } = await openApns({ change: { teamId: 'ZZZ123GHIJ' } })
    expect(await lane.probe()).toEqual({ state: 'refused', reason: 'InvalidProviderToken' })
  })

  test('tells that nobody answers, which says nothing of the key', async () => {
    const { lane, leave } = await openApns()
    leave()
    expect(await lane.probe()).toMatchObject({ state: 'ok', reason: expect.stringMatching(/./) })
  })
})
