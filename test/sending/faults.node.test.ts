import { constants } from 'node:http2'
import { exportPKCS8, generateKeyPair } from 'jose'
import { describe, expect, onTestFinished, test } from 'vitest'
import { outsideFetch } from '#runtime'
import type { Post } from '../../src/delivery/transport/transport.ts'
import { nodeTransport } from '../../src/node/http2/transport.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { raw, sql } from '../../src/store/sql/template.ts'
import { laneDeps } from '../contract/provider-kit.ts'
import { newToken } from '../delivery/apns/kit.ts'
import { openFcm } from '../delivery/fcm/kit.ts'
import { fcmError } from '../fixtures/push-services/fcm.ts'
import { http2Server, type Received, reply } from '../fixtures/push-services/http2-server.ts'
import type { Verdict } from '../fixtures/push-services/verdicts.ts'
import { echoWith, open, settle } from './kit.ts'

const MINUTE = 60_000
const DENIED = fcmError(403, 'PERMISSION_DENIED')
const BUSY = fcmError(503, 'UNAVAILABLE', { errorCode: 'UNAVAILABLE' })
const GONE = fcmError(404, 'NOT_FOUND', { errorCode: 'UNREGISTERED' })
const QUOTA = fcmError(429, 'RESOURCE_EXHAUSTED', { errorCode: 'QUOTA_EXCEEDED' })

type Opened = Awaited<ReturnType<typeof open>>

async function phones(o: Opened, count: number, ...verdicts: readonly Verdict[]) {
  const made = await Promise.all(Array.from({ length: count }, () => o.phone()))
  for (const { token } of made) o.says(token, ...verdicts)
  return made.map(({ token }) => token)
}

/** Another app of the same gateway, with its own, healthy push service. */
async function neighbour({ h, app: first }: Opened, count: number) {
  const fcm = await openFcm({ deps: laneDeps({ now: () => h.clock.now }) })
  const code = crypto.randomUUID()
  const { id } = await h.createApp({ echo: { code } })
  const app = await h.gateway.apps.find(first.dialect, code)
  if (!app) throw new Error('no app')
  await h.admin('PUT', `/apps/${id}/providers/fcm`, fcm.document)
  const register = (n: number) =>
    h.gateway.devices.register({
      ...{ app, externalId: `${code}-${n}`, identity: 'key', platform: 'android', cause: 'test' },
      pushToken: { provider: 'fcm', token: `${code}-${n}` },
      policy: { maxLength: 64, refused: [], limit: 100, automatic: [], ids: false },
    })
  await Promise.all(Array.from({ length: count }, (_, n) => register(n)))
  const draft = {
    ...{ externalId: crypto.randomUUID(), body: { text: 'hello' }, audience: { to: { all: true as const } } },
    priority: 'normal' as const,
  }
  return {
    accept: () => h.gateway.messages.accept(app, [draft]),
    register: () => register(count),
    reached: () => fcm.fake.messages.length,
  }
}

describe.each<{ says: string; verdict: Verdict }>([
  { says: 'that hangs', verdict: 'no answer' },
  { says: 'that throttles for an hour', verdict: { ...QUOTA, headers: { 'Retry-After': '3600' } } },
  { says: 'that revokes the credential', verdict: DENIED },
  { says: 'that is down', verdict: BUSY },
])('a push service $says', ({ verdict }) => {
  test('holds up neither the messages of another app nor who registers, and costs no message', async () => {
    const o = await open()
    const tokens = await phones(o, 40, verdict, verdict, verdict)
    const other = await neighbour(o, 10)
    const id = await o.accept({ body: { text: 'x', ttl: 86_400 } })
    const engine = o.h.engine({ pace: { page: 20, atOnce: 20 } })
    while (await engine.plan());
    // It fails before the other app has anything to send.
    await engine.begin(() => {})
    await expect.poll(() => o.asked().length).toBeGreaterThan(0)
    await other.accept()
    while (await engine.plan());
    await engine.begin(() => {})
    await expect.poll(other.reached).toBe(10)
    expect((await other.register()).created).toBe(true)
    expect((await o.phone()).device.pushToken?.state).toBe('live')
    expect(o.reached()).toEqual([])

    await engine.stop()
    for (const token of tokens) o.says(token)
    for (let wait = 0; wait < 8; wait++) {
      o.h.clock.advance(61 * MINUTE)
      await o.run()
    }
    expect(new Set(o.reached())).toEqual(new Set(tokens))
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 40 } })
  })
})

/** A dialect with a form for APNs. */
const forApple = echoWith('{"aps":{"alert":"x"}}', 86_400)

test('an APNs that says GOAWAY to one app in the middle of its phones holds up no other, and costs neither a phone', async () => {
  const left: Received[] = []
  const paths: string[] = []
  let begun = 0
  const firstOf = (topic: string) => server.received.find(({ headers }) => headers['apns-topic'] === topic)
  const server = await http2Server({
    secure: false,
    answer(received) {
      const { session, path } = received
      const ofFirst = session === firstOf('com.example.one')?.session
      // Streams after the GOAWAY are not processed.
      if (ofFirst && left.length === 5) return
      paths.push(path)
      if (!ofFirst || ++begun < 15) return reply(received, 200)
      left.push(received)
      if (left.length === 5) session.goaway(constants.NGHTTP2_NO_ERROR, received.stream.id ?? 0)
    },
  })
  onTestFinished(() => server.close())
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const key = await exportPKCS8(privateKey)
  const reaching = async (topic: string, count: number) => {
    const o = await open({ adapters: [forApple], set: false })
    const ids = { keyId: 'ABC123DEFG', teamId: 'DEF123GHIJ', topic }
    const document = { kind: 'apns', environment: 'production', endpoint: server.base.origin, key, ...ids }
    await o.h.admin('PUT', `/apps/${o.id}/providers/apns`, document)
    const tokens = Array.from({ length: count }, newToken)
    for (const token of tokens)
      await o.phone({ externalId: token, platform: 'ios', pushToken: { provider: 'apns', token } })
    return { ...o, tokens }
  }
  const [one, other] = [await reaching('com.example.one', 60), await reaching('com.example.other', 20)]
  const [message, others] = [await one.accept(), await other.accept()]
  const transport = (post: Post) => nodeTransport({ post, allowPrivate: true })
  const engine = one.h.engine({ transport })
  while (await engine.plan());
  await engine.begin(() => {})
  await expect.poll(() => left.length).toBe(5)
  await expect.poll(async () => (await other.report(others)).state).toBe('done')
  expect((await one.report(message)).state).toBe('sending')
  for (const waiting of left) reply(waiting, 200)
  await expect.poll(async () => (await one.report(message)).state).toBe('done')
  await engine.stop()
  expect((await one.report(message)).counts).toEqual({ accepted: 60 })
  const all = [...one.tokens, ...other.tokens].map((token) => `/3/device/${token}`)
  expect(paths.toSorted()).toEqual(all.toSorted())
})

test('a message whose time passes while its lane rests is expired, and asked for no more', async () => {
  const o = await open()
  await phones(o, 3, DENIED, DENIED, DENIED)
  const id = await o.accept({ body: { text: 'x', ttl: 30 } })
  const engine = o.h.engine()
  await o.run(engine)
  const asked = o.asked().length
  o.h.clock.advance(2 * MINUTE)
  await o.run(engine)
  expect(o.asked()).toHaveLength(asked)
  expect(await o.report(id)).toMatchObject({ state: 'done', counts: { expired: 3 } })
})

test.each([
  { says: 'ahead', minutes: 90 },
  { says: 'back', minutes: -90 },
])(
  'a clock that jumps $says in the middle of a page costs no message and doubles none',
  async ({ minutes }) => {
    const o = await open()
    const tokens = await phones(o, 100)
    const id = await o.accept({ body: { text: 'x', ttl: 86_400 } })
    let sent = 0
    const engine = o.h.engine({
      pace: { atOnce: 5 },
      fetch(...given) {
        if (String(given[0]).endsWith(':send') && ++sent === 50) o.h.clock.advance(minutes * MINUTE)
        return outsideFetch(...given)
      },
    })
    await o.run(engine)
    expect(o.reached().sort()).toEqual(tokens.sort())
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 100 } })
  },
)

test('a store that is full in the middle of a send loses no phone: what it could not note goes out again once there is room', async () => {
  let db: Db | undefined
  const o = await open({
    db: (real) => {
      db = real
      return real
    },
  })
  const pragma = (text: string) => db?.commit([call(statement(sql`${raw(`PRAGMA ${text}`)}`), {})])
  const tokens = await phones(o, 300)
  // Each ended registration is a failure and an event, for which there is no room.
  for (const token of tokens) o.says(token, GONE, GONE)
  const id = await o.accept()
  const engine = o.h.engine()
  while (await engine.plan());
  await pragma('max_page_count = 1')
  await expect(engine.deliver()).rejects.toThrow('SQLITE_FULL')
  await pragma('max_page_count = 1000000000')
  o.h.clock.advance(2 * MINUTE)
  await settle(engine)
  expect(new Set(o.asked())).toEqual(new Set(tokens))
  const { state, counts } = await o.report(id)
  expect([state, Object.values(counts).reduce((sum, one) => sum + one, 0)]).toEqual(['done', 300])
})
