import { describe, expect, test } from 'vitest'
import { serve } from '#runtime'
import { fetchTransport } from '../../../src/delivery/transport/fetch.ts'
import { RELAY_PATH, relayTransport } from '../../../src/delivery/transport/relay.ts'
import type { ConnectOptions } from '../../../src/delivery/transport/transport.ts'
import { laneDeps } from '../../contract/provider-kit.ts'
import { apnsError } from '../../fixtures/push-services/apns.ts'
import { type Said, said, type Verdict } from '../../fixtures/push-services/verdicts.ts'
import { createHarness } from '../../harness/harness.ts'
import { newToken, openApns, toToken } from '../apns/kit.ts'
import { openRelay, RELAY_KEY } from './kit.ts'

/** A lane whose requests go through a relay, which reaches the lane's two fakes of APNs. */
async function relayed({ key = RELAY_KEY, says }: { readonly key?: string; readonly says?: Verdict } = {}) {
  const deps = laneDeps()
  let address = 'http://nowhere.test'
  const transport = {
    connect: (base: URL, options?: ConnectOptions) =>
      relayTransport({ address, key, post: deps.post, otherwise: deps.transport }).connect(base, options),
  }
  // The fakes only have addresses once they have started.
  const first = await openApns({ deps, more: { transport } })
  const { production, sandbox } = first.document.endpoint as { production: string; sandbox: string }
  const relay = await openRelay({
    targets: [production, sandbox],
    ...(says !== undefined && { says: () => said(says, 200) }),
  })
  address = relay.origin
  return { ...first, lane: await first.again(), deps, relay }
}

describe('what goes to APNs over a relay', () => {
  test('is one call for a page of phones, and each has its own answer', async () => {
    const { lane, delivery, relay, production } = await relayed()
    const gone = { status: 410, body: { reason: 'Unregistered', timestamp: 1_750_000_000_000 } }
    const deliveries = await Promise.all(
      Array.from({ length: 100 }, (_, at) => (at === 7 ? delivery(gone) : delivery())),
    )
    const outcomes = await Promise.all(deliveries.map((one) => lane.send(one)))
    expect(outcomes[7]).toMatchObject({ class: 'dead', certain: true, at: new Date(1_750_000_000_000) })
    expect(outcomes.filter((one) => one.class === 'accepted')).toHaveLength(99)
    expect(outcomes[0]).toMatchObject({ messageId: deliveries[0]?.id })
    expect([relay.calls, production.requests.length]).toEqual([[100], 100])
    expect(lane.together).toBe(100)
  })

  test('more than a hundred phones are more calls', async () => {
    const { lane, delivery, relay } = await relayed()
    const deliveries = await Promise.all(Array.from({ length: 150 }, () => delivery()))
    await Promise.all(deliveries.map((one) => lane.send(one)))
    expect(relay.calls).toEqual([100, 50])
  })

  test('is asked of the other environment, too, where the first does not know the token', async () => {
    const { lane, production, relay } = await relayed()
    const token = newToken()
    production.foreign.add(token)
    expect(await lane.send(toToken({ token }))).toMatchObject({ class: 'accepted', environment: 'sandbox' })
    expect(relay.calls).toEqual([1, 1])
  })

  test('a token that is too old is signed anew by the instance that has the key', async () => {
    const { lane, delivery, sent } = await relayed()
    const old = apnsError(403, 'ExpiredProviderToken')
    expect(await lane.send(await delivery(old))).toMatchObject({ class: 'accepted' })
    expect(sent()).toHaveLength(2)
  })

  test('the log of the relay has neither tokens nor what is signed', async () => {
    const { lane, delivery, relay, sent } = await relayed()
    const one = await delivery()
    await lane.send(one)
    const log = JSON.stringify(relay.log)
    expect(log).toContain(RELAY_PATH)
    for (const secret of [one.target.token, RELAY_KEY, ...sent()]) expect(log).not.toContain(secret)
  })

  test('the probe of a credential takes the same way, and says what is wrong with it', async () => {
    const good = await relayed()
    expect(await good.lane.probe()).toEqual({ state: 'ok', reason: null })
    const bad = await relayed({ key: 'another-key-of-the-relay-0123456789' })
    expect(await bad.lane.probe()).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/^relay: .*key of the relay/),
    })
  })
})

const dead = { reason: 'Unregistered', timestamp: 1 }
/** Each would end a token if it came from APNs itself. */
const TROUBLE: readonly (readonly [name: string, says: Verdict, outcome: object])[] = [
  ['that is overloaded', { status: 503, body: dead }, { class: 'temporary', down: true }],
  ['that wants fewer calls', { status: 429, body: dead }, { class: 'temporary', down: true }],
  ['that does not answer', 'no answer', { class: 'temporary', reason: 'relay: timeout', down: true }],
  ['that breaks off', 'broken body', { class: 'temporary', reason: 'relay: no answers', down: true }],
  ['that sends elsewhere', 'redirect', { class: 'credential', scope: 'lane' }],
  [
    'that is another program',
    { status: 404, body: dead },
    { class: 'credential', reason: 'relay: HTTP 404' },
  ],
  ['that is gone', { status: 410, body: dead }, { class: 'credential', scope: 'lane' }],
  ['that answers with a page', { status: 200, body: '<p>Welcome' }, { class: 'temporary', down: true }],
  ['that answers as APNs does', { status: 200, body: dead }, { class: 'temporary', down: true }],
  ['that leaves answers out', answers(), { class: 'temporary', reason: 'relay: no answers', down: true }],
  ['with an answer too many', answers({ status: 410 }, {}), { class: 'temporary', down: true }],
  ['with an answer that is none', answers({ status: '410' }), { class: 'temporary', down: true }],
  ['with half of an answer', answers({ status: 410 }), { class: 'temporary', down: true }],
  [
    'that cannot reach APNs',
    answers({ fault: 'unreachable', reason: 'ECONNREFUSED' }),
    { class: 'temporary', reason: 'ECONNREFUSED' },
  ],
  [
    'that may not reach the address',
    answers({ fault: 'private', reason: 'private-address' }),
    { class: 'credential', reason: 'private-address' },
  ],
]

function answers(...all: readonly object[]): Said {
  return { status: 200, body: { answers: all } }
}

describe('a relay in trouble is the lane’s trouble, never the phone’s', () => {
  test.each(TROUBLE)('a relay %s', async (_, says, outcome) => {
    const { lane, delivery, deps } = await relayed({ says })
    deps.hurry()
    expect(await lane.send(await delivery())).toMatchObject(outcome)
  })

  test('a relay that is not there', async () => {
    const { lane, delivery, relay } = await relayed()
    relay.close()
    expect(await lane.send(await delivery())).toMatchObject({
      class: 'temporary',
      reason: expect.stringMatching(/^relay: /),
      down: true,
    })
  })

  test('a key that the relay does not take', async () => {
    const { lane, delivery, production } = await relayed({ key: 'another-key-of-the-relay-0123456789' })
    expect(await lane.send(await delivery())).toMatchObject({ class: 'credential', scope: 'lane' })
    expect(production.requests).toEqual([])
  })
})

const SERVICE = 'https://api.push.apple.com'
const headers = { authorization: 'bearer a.b.c', 'apns-topic': 'com.example.shop' }
const request = { path: `/3/device/${'ab'.repeat(32)}`, headers, body: '{}' }
const batchOf = (change: object, count = 1) => ({
  service: SERVICE,
  requests: Array.from({ length: count }, () => ({ ...request, ...change })),
})

describe('a relay takes from who has the key what APNs could take, and nothing else', () => {
  /** The relay's answer to a body; nothing that it refuses is sent on. */
  async function relayOf(targets: readonly string[] = []) {
    const asked: string[] = []
    const { post } = laneDeps()
    const transport = fetchTransport(async (url, call) => {
      asked.push(url.href)
      return post(url, call)
    })
    const { app } = await openRelay({ transport, targets })
    const call = async (body: unknown, authorization: string | null = `Bearer ${RELAY_KEY}`) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const init = { method: 'POST', body: text, headers: authorization === null ? {} : { authorization } }
      const response = await app.request(`http://relay.test${RELAY_PATH}`, init)
      return { response, status: response.status, type: response.headers.get('content-type') }
    }
    return { app, asked, call }
  }

  test.each([
    ['no key', null],
    ['another key', 'Bearer another-key-of-the-relay-0123456789'],
    ['the key and more', `Bearer ${RELAY_KEY}x`],
    ['another scheme', `Basic ${btoa(RELAY_KEY)}`],
  ])('with %s it is a 401', async (_, authorization) => {
    const { call, asked } = await relayOf()
    expect(await call(batchOf({}), authorization)).toMatchObject({
      status: 401,
      type: 'application/problem+json',
    })
    expect(asked).toEqual([])
  })

  test.each([
    ['no JSON', 'x', 400],
    ['no batch', {}, 400],
    ['no requests', batchOf({}, 0), 400],
    ['more requests than a call has', batchOf({}, 101), 400],
    ['another path', batchOf({ path: '/4/broadcasts/apps/x' }), 400],
    ['a path that leads elsewhere', batchOf({ path: '/3/device/../../x' }), 400],
    ['a query', batchOf({ path: `${request.path}?x` }), 400],
    ['another header', batchOf({ headers: { ...headers, host: 'example.com' } }), 400],
    ['a header in two lines', batchOf({ headers: { ...headers, 'apns-topic': 'x\r\nhost: y' } }), 400],
    ['no signature', batchOf({ headers: { 'apns-topic': 'x' } }), 400],
    ['a body that is no text', batchOf({ body: { aps: {} } }), 400],
    ['a payload that APNs never takes', batchOf({ body: 'x'.repeat(8193) }), 400],
    ['an unknown member', { ...batchOf({}), method: 'GET' }, 400],
    ['another service', { ...batchOf({}), service: 'https://example.com' }, 403],
    ['Apple without TLS', { ...batchOf({}), service: 'http://api.push.apple.com' }, 403],
    ['Apple’s name in front of another', { ...batchOf({}), service: `${SERVICE}.example.com` }, 403],
    ['Apple as a user name', { ...batchOf({}), service: `${SERVICE}@example.com` }, 403],
    ['more than it reads', 'x'.repeat(2 * 1024 * 1024 + 1), 413],
  ])('%s is refused, and nobody is asked', async (_, body, status) => {
    const { call, asked } = await relayOf()
    const { response, ...answer } = await call(body)
    expect(answer).toEqual({ status, type: 'application/problem+json' })
    expect(await response.text()).not.toContain('ab'.repeat(32))
    expect(asked).toEqual([])
  })

  test('what a service says beyond APNs’ own words is left out, and its status stays', async () => {
    const { origin, close } = await serve(() => new Response('x'.repeat(500), { status: 502 }))
    const { call } = await relayOf([origin])
    const { response } = await call({ ...batchOf({}), service: origin })
    close()
    expect(await response.json()).toEqual({ answers: [{ status: 502, headers: {}, text: '' }] })
  })

  test('an instance without its own key has no such address', async () => {
    const h = await createHarness()
    const response = await h.request('POST', RELAY_PATH, { body: batchOf({}) })
    expect(response.status).toBe(404)
  })
})
