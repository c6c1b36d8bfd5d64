import { constants } from 'node:http2'
import forge from 'node-forge'
import { expect, onTestFinished, test } from 'vitest'
import { nodeTransport } from '../../../src/node/http2/transport.ts'
import { laneDeps } from '../../contract/provider-kit.ts'
import { apnsError } from '../../fixtures/push-services/apns.ts'
import {
  type Http2Server,
  http2Server,
  type Received,
  reply,
  testAuthority,
} from '../../fixtures/push-services/http2-server.ts'
import type { Handler } from '../../fixtures/push-services/verdicts.ts'
import { BUNDLE, newToken, openApns, toToken } from './kit.ts'

interface Wanted {
  readonly secure?: boolean
  /** Handles a request instead of the fake. */
  readonly before?: (received: Received, server: Http2Server) => boolean
  /** Instead of the key. */
  readonly credential?: Readonly<Record<string, unknown>>
  readonly milliseconds?: number
}

/** Both fakes over HTTP/2: one stream at first, and a thousand after the first success, as at Apple. */
async function openHttp2({ secure = true, before = () => false, credential, milliseconds }: Wanted = {}) {
  const servers: Http2Server[] = []
  /** Requests that arrived before the first one of their connection was answered. */
  const early: string[] = []
  async function start(handler: Handler) {
    const [raised, begun] = [new Set<unknown>(), new Set<unknown>()]
    const server = await http2Server({
      secure,
      streams: 1,
      requestCert: credential !== undefined,
      async answer(received) {
        const { session, path, headers, body } = received
        if (begun.has(session) && !raised.has(session)) early.push(path)
        begun.add(session)
        if (before(received, server)) return
        const sent = Object.entries(headers).filter(([name]) => !name.startsWith(':'))
        const request = new Request(`https://apns.test${path}`, { method: 'POST', headers: sent, body })
        const response = await handler(request)
        if (response.status === 200 && !raised.has(session)) {
          raised.add(session)
          session.settings({ maxConcurrentStreams: 1000 })
        }
        reply(received, response.status, await response.text(), Object.fromEntries(response.headers))
      },
    })
    servers.push(server)
    return { origin: server.base.origin, close: () => void server.close() }
  }
  const deps = laneDeps()
  const inner = nodeTransport({ post: deps.post, allowPrivate: true, authorities: [testAuthority().ca] })
  const transport: typeof inner = {
    connect(base, options) {
      const connection = inner.connect(base, options)
      return {
        ...connection,
        send: (call) => connection.send({ ...call, ...(milliseconds !== undefined && { milliseconds }) }),
      }
    },
  }
  const opened = await openApns({ deps, start, more: { transport }, ...(credential && { credential }) })
  onTestFinished(() => opened.lane.close())
  const [production, sandbox] = servers
  if (!production || !sandbox) throw new Error('no servers')
  const sendMany = async (count: number) => {
    const all = await Promise.all(Array.from({ length: count }, () => opened.delivery()))
    return Promise.all(all.map((one) => opened.lane.send(one)))
  }
  return { ...opened, servers: { production, sandbox }, sendMany, early }
}

const counts = (outcomes: readonly { readonly class: string }[]) => {
  const all: Record<string, number> = {}
  for (const one of outcomes) all[one.class] = (all[one.class] ?? 0) + 1
  return all
}

test.each([
  ['TLS', true],
  ['h2c, without asking', false],
])('a burst over %s begins with one request, fans out, and reaches every phone once', async (_, secure) => {
  const { sendMany, production, servers, early } = await openHttp2({ secure })
  expect(counts(await sendMany(300))).toEqual({ accepted: 300 })
  const paths = production.requests.map(({ url }) => url.pathname)
  expect([paths.length, new Set(paths).size, early]).toEqual([300, 300, []])
  // More than one only if requests waited for a second, as they may on a slow machine.
  expect(servers.production.sessions.length).toBeLessThanOrEqual(4)
  const most = Math.max(...servers.production.most())
  expect([most > 1, most <= 200]).toEqual([true, true])
})

test('a GOAWAY in the middle of a burst costs no message, and doubles none', async () => {
  let received = 0
  const { sendMany, production, servers } = await openHttp2({
    before({ session, stream }, server) {
      if (session !== server.sessions[0]) return false
      received++
      if (received === 60) session.goaway(constants.NGHTTP2_NO_ERROR, stream.id ?? 0)
      return received > 60
    },
  })
  expect(counts(await sendMany(200))).toEqual({ accepted: 200 })
  const paths = production.requests.map(({ url }) => url.pathname)
  expect([paths.length, new Set(paths).size]).toEqual([200, 200])
  expect(servers.production.sessions.length).toBeGreaterThanOrEqual(2)
})

test('a connection that breaks loses what was on it for this attempt, and the rest goes over another', async () => {
  let received = 0
  const { sendMany, lane, delivery, servers } = await openHttp2({
    before({ session }) {
      received++
      if (received === 50) session.destroy()
      return received === 50
    },
  })
  const outcomes = await sendMany(300)
  const all = counts(outcomes)
  expect((all.accepted ?? 0) + (all.temporary ?? 0)).toBe(300)
  expect([(all.accepted ?? 0) >= 50, (all.temporary ?? 0) >= 1]).toEqual([true, true])
  expect(await lane.send(await delivery())).toMatchObject({ class: 'accepted' })
  expect(servers.production.sessions.length).toBeGreaterThanOrEqual(2)
})

test('a stream that is never answered holds up nobody else, and ends in time', async () => {
  const silent = newToken()
  const { lane, sendMany } = await openHttp2({
    milliseconds: 1500,
    before: ({ path }) => path.endsWith(silent),
  })
  await sendMany(1)
  const order: string[] = []
  const waiting = lane.send(toToken({ token: silent, environment: 'production' })).then((one) => {
    order.push(one.class)
    expect(one).toMatchObject({ class: 'temporary', reason: 'timeout' })
  })
  order.push(...(await sendMany(20)).map((one) => one.class))
  await waiting
  expect(order).toEqual([...Array.from({ length: 20 }, () => 'accepted'), 'temporary'])
})

test('a token that is too old is signed anew, and goes over another connection', async () => {
  const { lane, delivery, production, servers } = await openHttp2()
  await lane.send(await delivery())
  expect(await lane.send(await delivery(apnsError(403, 'ExpiredProviderToken')))).toMatchObject({
    class: 'accepted',
  })
  expect([production.tokens().length, servers.production.sessions.length]).toEqual([2, 2])
})

test('too many tokens within 20 minutes give up the connection, and keep the token', async () => {
  const { lane, delivery, production, servers } = await openHttp2()
  await lane.send(await delivery())
  await lane.send(await delivery(apnsError(429, 'TooManyProviderTokenUpdates')))
  await lane.send(await delivery())
  expect([production.tokens().length, servers.production.sessions.length]).toEqual([1, 2])
})

test('each environment has a connection of its own', async () => {
  const { lane, production, servers } = await openHttp2()
  const token = newToken()
  production.foreign.add(token)
  expect(await lane.send(toToken({ token }))).toMatchObject({ class: 'accepted', environment: 'sandbox' })
  expect([servers.production.sessions.length, servers.sandbox.sessions.length]).toEqual([1, 1])
})

test('a certificate is presented on the connection, with no token', async () => {
  const { cert, key } = testAuthority().certify('Apple Push Services: com.example.shop')
  const [own, shown] = [forge.pki.privateKeyFromPem(key), forge.pki.certificateFromPem(cert)]
  const file = forge.asn1.toDer(forge.pkcs12.toPkcs12Asn1(own, [shown], 'secret', { algorithm: '3des' }))
  const subjects: (string | undefined)[] = []
  const { lane, delivery, production } = await openHttp2({
    credential: { certificate: btoa(file.getBytes()), passphrase: 'secret', topic: BUNDLE },
    before({ subject }) {
      subjects.push(subject)
      return false
    },
  })
  production.certificate = [BUNDLE]
  expect(await lane.send(await delivery())).toMatchObject({ class: 'accepted' })
  expect(subjects).toEqual(['Apple Push Services: com.example.shop'])
})
