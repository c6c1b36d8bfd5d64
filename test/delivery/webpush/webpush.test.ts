import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { webpush } from '../../../src/delivery/providers/webpush/index.ts'
import { postOver } from '../../../src/delivery/transport/fetch.ts'
import type { Post } from '../../../src/delivery/transport/transport.ts'
import { createOutbound } from '../../../src/outbound/outbound.ts'
import { providerContract } from '../../contract/provider.ts'
import { push } from '../../contract/provider-kit.ts'
import type { Said } from '../../fixtures/push-services/verdicts.ts'
import { openWebPush, toSubscription } from './kit.ts'

const mozilla = (code: number, errno: number): Said => ({
  status: code,
  body: { code, errno, error: 'Error', message: 'words', more_info: 'https://autopush.example/errors' },
})
const apple = (status: number, reason: string): Said => ({ status, body: { reason } })
const wns = (status: number, description: string): Said => ({
  status,
  headers: { 'X-WNS-Error-Description': description },
})

providerContract({
  provider: webpush,
  open: openWebPush,
  shown: (document) => document,
  bad: [
    ['an endpoint', { endpoint: 'https://example.com' }, 'endpoint'],
    ['a contact with a space', { subject: 'mailto:a b@example.com' }, 'subject'],
    ['a contact in brackets', { subject: 'mailto:<a@example.com>' }, 'subject'],
    ['a contact at localhost', { subject: 'https://localhost/x' }, 'subject'],
    ['a contact without a host', { subject: 'mailto:ops' }, 'subject'],
    ['a contact of another scheme', { subject: 'tel:+1' }, 'subject'],
  ],
  faults: { redirect: { class: 'payload', reason: 'moved' } },
  quoting: (texts) => ({ status: 400, body: texts.join(' ') }),
  rows: [
    ['404: the subscription is gone', mozilla(404, 102), { class: 'dead', certain: true }],
    ['410 of Mozilla (errno 103)', mozilla(410, 103), { class: 'dead', certain: true }],
    ['410 of Mozilla (errno 105)', mozilla(410, 105), { class: 'dead', certain: true }],
    ['410 of Mozilla (errno 106)', mozilla(410, 106), { class: 'dead', certain: true }],
    ['410 of Apple', apple(410, 'Unregistered'), { class: 'dead', certain: true }],
    ...[101, 108, 110, 111, 112, 113, 114].map(
      (errno) =>
        [
          `400 of Mozilla (errno ${errno}): the message`,
          mozilla(400, errno),
          { class: 'payload', reason: expect.stringContaining(`errno ${errno}`) },
        ] as const,
    ),
    ...['BadTtl', 'BadUrgency', 'BadWebPushTopic', 'BadWebPushRequest'].map(
      (reason) =>
        [
          `400 ${reason} of Apple: the message`,
          apple(400, reason),
          { class: 'payload', reason: `HTTP 400: ${reason}` },
        ] as const,
    ),
    [
      '400 of WNS: the message',
      wns(400, 'Ttl value conflicts with X-WNS-Cache-Policy'),
      { class: 'payload', reason: 'HTTP 400: Ttl value conflicts with X-WNS-Cache-Policy' },
    ],
    [
      '400 VapidPkHashMismatch of Apple: one phone’s',
      apple(400, 'VapidPkHashMismatch'),
      { class: 'mismatch' },
    ],
    [
      '403 VapidPkHashMismatch of Apple: one phone’s',
      apple(403, 'VapidPkHashMismatch'),
      { class: 'mismatch' },
    ],
    [
      '403 of FCM for another pair: one phone’s',
      {
        status: 403,
        body: 'the VAPID credentials in the authorization header do not correspond to the credentials used to create the subscriptions.',
      },
      { class: 'mismatch' },
    ],
    [
      '401 of Mozilla (errno 109): this origin’s circuit',
      mozilla(401, 109),
      { class: 'credential', scope: 'part' },
    ],
    ['403 BadJwtToken of Apple', apple(403, 'BadJwtToken'), { class: 'credential', scope: 'part' }],
    [
      '403 BadVapidPublicKey of Apple',
      apple(403, 'BadVapidPublicKey'),
      { class: 'credential', scope: 'part' },
    ],
    ['401 of WNS', wns(401, 'unauthorized'), { class: 'credential', scope: 'part' }],
    ['406 of WNS: this phone waits', wns(406, 'throttled'), { class: 'throttled', scope: 'device' }],
    ['413 of Mozilla (errno 104)', mozilla(413, 104), { class: 'payload' }],
    ['413 of FCM', { status: 413, body: '<html>too large</html>' }, { class: 'payload', reason: 'HTTP 413' }],
    [
      '429 with Retry-After in seconds',
      { status: 429, headers: { 'Retry-After': '120' } },
      { class: 'throttled', scope: 'device', retryAfter: 120_000 },
    ],
    ['429 without it', { status: 429 }, { class: 'throttled', scope: 'device', floor: 5000 }],
    ['500', { status: 500 }, { class: 'temporary', floor: 5000 }],
    ['502 of Mozilla’s bridge (errno 901)', mozilla(502, 901), { class: 'temporary' }],
    [
      '503 of Mozilla (errno 201)',
      { ...mozilla(503, 201), headers: { 'Retry-After': '3' } },
      { class: 'temporary', retryAfter: 3000 },
    ],
    ['503 of Mozilla (errno 202)', mozilla(503, 202), { class: 'temporary' }],
    ['504', { status: 504 }, { class: 'temporary' }],
    ...[301, 302, 303, 307, 308].map(
      (status) =>
        [
          `${status}: not followed`,
          { status, headers: { Location: 'http://127.0.0.1:1/' } },
          { class: 'payload', reason: 'moved' },
        ] as const,
    ),
    ['another 2xx', { status: 200 }, { class: 'accepted' }],
    ['an unknown 4xx', { status: 418 }, { class: 'payload' }],
  ],
})

test('Retry-After may be a date', async () => {
  const { lane, deps, delivery } = await openWebPush()
  const at = new Date(deps.clock.at.getTime() + 90_000).toUTCString()
  const outcome = await lane.send(await delivery({ status: 429, headers: { 'Retry-After': at } }))
  expect(outcome).toHaveProperty(
    'retryAfter',
    expect.toSatisfy((wait: number) => wait > 89_000 && wait <= 90_000),
  )
})

test('five throttled answers in a row are the origin’s; any other answer begins anew', async () => {
  const { lane, delivery } = await openWebPush()
  const scopes: unknown[] = []
  for (const status of [429, 429, 429, 201, 429, 429, 429, 429, 429, 429]) {
    const outcome = await lane.send(await delivery({ status }))
    scopes.push(outcome.class === 'throttled' ? outcome.scope : outcome.class)
  }
  expect(scopes).toEqual([...Array(3).fill('device'), 'accepted', ...Array(4).fill('device'), 'part', 'part'])
})

describe('a message', () => {
  test('is shown by the browser, in whatever alphabet its keys are kept', async () => {
    const { lane, fake, subscription } = await openWebPush()
    const one = await subscription()
    const plain = (text: string) =>
      `${text.replaceAll('-', '+').replaceAll('_', '/')}==`.replace(/(.{87})=*$/, '$1=')
    const keys = { p256dh: plain(one.keys.p256dh), auth: `${one.keys.auth}==` }
    const stored = { endpoint: one.endpoint, keys }
    expect(await lane.send(toSubscription(one))).toMatchObject({ class: 'accepted' })
    expect(await lane.send(toSubscription(stored))).toMatchObject({ class: 'accepted' })
    expect(fake.shown.get(one.endpoint)).toEqual(['{"title":"x"}', '{"title":"x"}'])
  })

  test('goes to the endpoint inside a stored subscription', async () => {
    const { lane, fake, subscription } = await openWebPush()
    const one = await subscription()
    const token = JSON.stringify({ endpoint: one.endpoint, keys: one.keys })
    const delivery = { ...toSubscription(one), target: { token, keys: one.keys } }
    expect(lane.part(delivery.target)).toBe(new URL(one.endpoint).origin)
    expect(await lane.send(delivery)).toMatchObject({ class: 'accepted' })
    expect(fake.requests.length).toBe(1)
  })

  test.each([
    ['the TTL as given', { ttl: 60 }, {}, { ttl: '60' }],
    ['a TTL of 0', { ttl: 0 }, {}, { ttl: '0' }],
    ['high urgency', {}, { priority: 'high' }, { urgency: 'high' }],
    ['normal urgency', {}, { priority: 'normal' }, { urgency: 'normal' }],
    ['an urgency that the renderer chose', {}, { headers: { urgency: 'very-low' } }, { urgency: 'very-low' }],
    ['no topic', {}, {}, { topic: null }],
    ['no policy of Microsoft’s', {}, {}, { 'x-wns-cache-policy': null }],
  ] as const)('has %s', async (_, attempt, more, expected) => {
    const { lane, fake, subscription } = await openWebPush()
    await lane.send({ ...toSubscription(await subscription(), more), ...attempt })
    const [request] = fake.requests
    for (const [name, value] of Object.entries(expected)) expect(request?.headers.get(name)).toBe(value)
  })

  test.each(['a', 'a long key, with spaces and ünicode, of more than thirty-two characters', ''])(
    'has a topic of 32 characters for the collapse key %j, the same every time',
    async (collapse) => {
      const { lane, fake, subscription } = await openWebPush()
      for (const _ of [1, 2]) await lane.send(toSubscription(await subscription(), { collapse }))
      const topics = fake.requests.map(({ headers }) => headers.get('topic'))
      expect(topics[0]).toMatch(/^[\w-]{32}$/)
      expect(topics[1]).toBe(topics[0])
    },
  )

  test.each([
    [0, 'no-cache'],
    [60, 'cache'],
  ])('with TTL %i to Microsoft has the policy that it wants there', async (ttl, policy) => {
    const sent: { host: string; headers: Readonly<Record<string, string>> }[] = []
    const post: Post = async ({ hostname: host }, { headers }) => {
      sent.push({ host, headers })
      return { status: 201, headers: {}, text: '', whole: true }
    }
    const { lane, subscription } = await openWebPush({ more: { post } })
    const endpoint = 'https://db5p.notify.windows.com/w/?token=x'
    await lane.send({ ...toSubscription({ ...(await subscription()), endpoint }), ttl })
    expect(sent).toMatchObject([
      { host: 'db5p.notify.windows.com', headers: { ttl: String(ttl), 'x-wns-cache-policy': policy } },
    ])
  })

  test.each([
    [3993, undefined],
    [3994, 'too-large'],
  ])('of %i bytes: %s', async (bytes, expected) => {
    expect(webpush.fault(push('ü'.repeat(100) + 'x'.repeat(bytes - 200)))).toBe(expected)
    const { lane, fake, subscription } = await openWebPush()
    const one = await subscription()
    if (expected) return
    await lane.send({ ...toSubscription(one), push: push('x'.repeat(bytes)) })
    expect(fake.requests.map((request) => request.bytes.length)).toEqual([4096])
  })
})

describe('a subscription that cannot be sent to fails alone, unsent', () => {
  const good = { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) }
  test.each([
    ['without keys', 'https://push.example.com/x', null, 'no-keys'],
    ['with keys that are none', 'https://push.example.com/x', { p256dh: 'x', auth: 'y' }, 'bad-keys'],
    ['with a point beside the curve', 'https://push.example.com/x', good, 'bad-keys'],
    ['with a short secret', 'https://push.example.com/x', { ...good, auth: 'AA' }, 'bad-keys'],
    ['without an endpoint', 'not an endpoint', good, 'no-endpoint'],
    ['of another scheme', 'ftp://push.example.com/x', good, 'endpoint-not-https'],
    ['with a password in its endpoint', 'https://a:b@push.example.com/x', good, 'endpoint-with-password'],
  ])('%s', async (_, token, keys, reason) => {
    const { lane, fake, deps } = await openWebPush()
    expect(
      await lane.send({ ...toSubscription({ endpoint: '', keys: good }), target: { token, keys } }),
    ).toEqual({
      class: 'payload',
      reason,
    })
    expect([fake.requests, deps.logged]).toEqual([[], []])
  })

  test.each([
    ['http://push.example.com/x', 'endpoint-not-https'],
    ['https://127.0.0.1/x', 'private-address'],
    ['https://[::1]/x', 'private-address'],
    ['https://169.254.169.254/latest', 'private-address'],
    ['https://metadata.internal/x', 'private-address'],
  ])('leading to %s, unless private addresses are allowed', async (endpoint, reason) => {
    const asked: string[] = []
    const fetch = async (url: string) => {
      asked.push(url)
      return new Response('')
    }
    const post = postOver(createOutbound({ allowPrivate: false, fetch }))
    const { lane, subscription } = await openWebPush({ more: { post, allowPrivate: false } })
    const { keys } = await subscription()
    expect(await lane.send(toSubscription({ endpoint, keys }))).toEqual({ class: 'payload', reason })
    expect(asked).toEqual([])
  })
})

describe('the signature', () => {
  const tokenOf = (request: { readonly headers: Headers } | undefined) =>
    /t=([^,]+)/.exec(request?.headers.get('authorization') ?? '')?.[1] ?? ''

  test('is one for a hundred messages to an origin, and lasts twelve hours', async () => {
    const { lane, fake, deps, origin, delivery } = await openWebPush()
    const all = await Promise.all(Array.from({ length: 100 }, () => delivery()))
    await Promise.all(all.map((one) => lane.send(one)))
    const tokens = new Set(fake.requests.map(tokenOf))
    expect([fake.requests.length, tokens.size]).toEqual([100, 1])
    const { aud, exp = 0, sub } = decodeJwt([...tokens][0] ?? '')
    expect([aud, sub]).toEqual([origin, 'mailto:ops@example.com'])
    expect(exp).toBe(Math.floor(deps.clock.at.getTime() / 1000) + 12 * 3600)
  })

  test.each([
    ['kept for eleven hours', 11 * 3600 - 1, 1],
    ['made anew after eleven hours', 11 * 3600, 2],
    ['made anew when the clock was put back', -3600, 2],
  ])('is %s', async (_, seconds, expected) => {
    const { lane, fake, deps, delivery } = await openWebPush()
    await lane.send(await delivery())
    deps.clock.pass(seconds)
    expect(await lane.send(await delivery())).toMatchObject({ class: 'accepted' })
    expect(new Set(fake.requests.map(tokenOf)).size).toBe(expected)
  })

  test.each([
    [
      'the provider’s',
      { subject: 'https://example.org/push', appSubject: 'mailto:a@example.com' },
      'https://example.org/push',
      null,
    ],
    ['the app’s', { appSubject: 'mailto:a@example.com' }, 'mailto:a@example.com', null],
    [
      'the gateway’s host',
      { appSubject: null, more: { publicUrl: 'https://push.example.net/base' } },
      'mailto:webpush@push.example.net',
      null,
    ],
    [
      'the gateway’s host where the app’s would be refused',
      { appSubject: 'mailto:root@localhost', more: { publicUrl: 'https://push.example.net' } },
      'mailto:webpush@push.example.net',
      null,
    ],
    [
      'nobody, with a warning',
      { appSubject: null, more: { publicUrl: 'http://localhost:8080' } },
      'mailto:webpush@example.com',
      expect.stringContaining('subject'),
    ],
    [
      'nobody without an address',
      { appSubject: null },
      'mailto:webpush@example.com',
      expect.stringContaining('subject'),
    ],
  ] as const)('names as contact %s', async (_, given, expected, warning) => {
    const { lane, fake, delivery } = await openWebPush(given)
    expect(await lane.send(await delivery())).toMatchObject({ class: 'accepted' })
    expect(decodeJwt(tokenOf(fake.requests[0])).sub).toBe(expected)
    expect(await lane.probe()).toEqual({ state: 'ok', reason: warning })
  })
})
