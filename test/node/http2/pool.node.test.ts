import { createServer, type RequestListener } from 'node:http'
import { constants, type ServerHttp2Session } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { postOver } from '../../../src/delivery/transport/fetch.ts'
import type { Call, ConnectOptions, Unanswered } from '../../../src/delivery/transport/transport.ts'
import { nodeTransport } from '../../../src/node/http2/transport.ts'
import { guardedFetch } from '../../../src/outbound/guarded-fetch.ts'
import { createOutbound } from '../../../src/outbound/outbound.ts'
import {
  type Http2Options,
  type Http2Server,
  http2Server,
  type Received,
  reply,
  testAuthority,
} from '../../fixtures/push-services/http2-server.ts'

function connect(base: URL, options: ConnectOptions = {}, allowPrivate = true) {
  const outbound = createOutbound({ allowPrivate, fetch: guardedFetch(allowPrivate) })
  const transport = nodeTransport({
    post: postOver(outbound),
    allowPrivate,
    authorities: [testAuthority().ca],
  })
  const connection = transport.connect(base, options)
  onTestFinished(() => connection.close())
  return connection
}

async function open(options: Http2Options, wanted: ConnectOptions = {}) {
  const server = await http2Server(options)
  onTestFinished(() => server.close())
  return { server, connection: connect(server.base, wanted) }
}

const call = (name: string | number, more: Partial<Call> = {}): Call => ({
  path: `/${name}`,
  headers: { 'content-type': 'text/plain' },
  body: `body of ${name}`,
  ...more,
})

const echo = (received: Received) => reply(received, 200, received.body)
const soon = (received: Received) => void setTimeout(() => echo(received), 5)
const range = (count: number) => Array.from({ length: count }, (_, at) => at)
/** Resolves once the client has confirmed a session's limit. */
const limited = (session: ServerHttp2Session | undefined, streams: number) =>
  new Promise<void>((confirmed) => session?.settings({ maxConcurrentStreams: streams }, () => confirmed()))
const paths = (server: Http2Server) => server.received.map(({ path }) => path).sort()
const refused = (kind: Unanswered['kind']) => expect.objectContaining({ name: 'Unanswered', kind })

test('the path of the base, headers and body arrive, and the answer comes back', async () => {
  const { server } = await open({
    answer: (received) => reply(received, 404, '{"reason":"x"}', { 'apns-id': 'a-1' }),
  })
  const connection = connect(new URL('/base/', server.base))
  expect(await connection.send(call('p?q=1'))).toMatchObject({
    status: 404,
    headers: { 'apns-id': 'a-1' },
    text: '{"reason":"x"}',
    whole: true,
  })
  expect(server.received).toMatchObject([
    {
      path: '/base/p?q=1',
      body: 'body of p?q=1',
      headers: { ':method': 'POST', 'content-type': 'text/plain' },
    },
  ])
})

describe('as many requests at once as the service allows', () => {
  test('one, until the first is answered and the limit is raised', async () => {
    const early: number[] = []
    const { server, connection } = await open({
      streams: 1,
      answer(received) {
        if (server.received.length === 1) {
          setTimeout(() => {
            early.push(server.received.length)
            received.session.settings({ maxConcurrentStreams: 50 })
            echo(received)
          }, 50)
        } else soon(received)
      },
    })
    const answers = await Promise.all(range(300).map((at) => connection.send(call(at))))
    expect(answers.map(({ text }) => text)).toEqual(range(300).map((at) => `body of ${at}`))
    expect([early, server.sessions.length, server.most()]).toEqual([[1], 1, [50]])
  })

  test('a hundred of a thousand, if no more are wanted', async () => {
    const { server, connection } = await open({ answer: soon }, { streams: 100 })
    await Promise.all(range(500).map((at) => connection.send(call(at))))
    expect(server.most()).toEqual([100])
  })

  test('fewer, when the limit drops, and more again when it is raised', async () => {
    const { server, connection } = await open({ streams: 10, answer: soon })
    await Promise.all(range(30).map((at) => connection.send(call(at))))
    const [session] = server.sessions
    await limited(session, 1)
    let [now, most] = [0, 0]
    const counted = (received: Received) => {
      most = Math.max(most, ++now)
      received.stream.on('close', () => now--)
    }
    session?.on('stream', (stream) => counted({ stream } as Received))
    await Promise.all(range(10).map((at) => connection.send(call(`low-${at}`))))
    expect(most).toBe(1)
    await limited(session, 7)
    await Promise.all(range(30).map((at) => connection.send(call(`high-${at}`))))
    expect([most, server.sessions.length]).toEqual([7, 1])
  })

  test('a second connection when requests have waited for a second, and no more than allowed', async () => {
    const slow = (received: Received) => void setTimeout(() => echo(received), 400)
    const { server, connection } = await open({ streams: 2, answer: slow }, { sessions: 2 })
    await Promise.all(range(40).map((at) => connection.send(call(at))))
    expect([server.sessions.length, server.most()]).toEqual([2, [2, 2]])
  })
})

describe('what the service did not process is sent again', () => {
  test('streams that it refuses', async () => {
    const seen = new Set<string>()
    const { server, connection } = await open({
      answer(received) {
        if (seen.has(received.path) || seen.size >= 20) return echo(received)
        seen.add(received.path)
        received.stream.close(constants.NGHTTP2_REFUSED_STREAM)
      },
    })
    const answers = await Promise.all(range(50).map((at) => connection.send(call(at))))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect(server.received.length).toBe(70)
  })

  test('but not for ever', async () => {
    const { server, connection } = await open({
      answer: ({ stream }) => stream.close(constants.NGHTTP2_REFUSED_STREAM),
    })
    await expect(connection.send(call('x'))).rejects.toEqual(refused('unreachable'))
    expect(server.received.length).toBe(9)
  })

  test('what lies beyond the last stream of a GOAWAY; what lies before it is answered where it is', async () => {
    let answered = 0
    const { server, connection } = await open({
      answer(received) {
        const first = received.session === server.sessions[0]
        if (first && server.received.length === 40) received.session.goaway(0, received.stream.id ?? 0)
        // Requests after the last stream are dropped, as by a service that shuts down.
        if (first && server.received.length > 40) return
        setTimeout(() => {
          answered++
          echo(received)
        }, 30)
      },
    })
    const answers = await Promise.all(range(120).map((at) => connection.send(call(at))))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(120)
    expect([answered, server.sessions.length]).toEqual([120, 2])
  })

  test('but nobody else who shares the connection waits for those that a GOAWAY has left on it', async () => {
    const waiting: Received[] = []
    const { server, connection } = await open({
      answer(received) {
        if (!received.path.startsWith('/slow')) return echo(received)
        waiting.push(received)
        if (waiting.length === 5) received.session.goaway(0, received.stream.id ?? 0)
      },
    })
    await connection.send(call('first'))
    const ended: string[] = []
    const slow = range(5).map((at) =>
      connection.send(call(`slow-${at}`)).then(({ text }) => ended.push(text)),
    )
    await expect.poll(() => waiting.length).toBe(5)
    const others = await Promise.all(range(20).map((at) => connection.send(call(`other-${at}`))))
    expect(others.map(({ text }) => text)).toEqual(range(20).map((at) => `body of other-${at}`))
    expect([ended, server.sessions.length]).toEqual([[], 2])
    for (const one of waiting) echo(one)
    await Promise.all(slow)
    expect(ended.toSorted()).toEqual(range(5).map((at) => `body of slow-${at}`))
    expect(paths(server)).toHaveLength(26)
  })

  test('and requests after a GOAWAY use another connection', async () => {
    const { server, connection } = await open({ answer: echo })
    await connection.send(call(1))
    server.sessions[0]?.goaway(0)
    // Until it has arrived, requests may still use the first.
    const again = async () => [(await connection.send(call(2))).status, server.sessions.length]
    await expect.poll(again).toEqual([200, 2])
  })
})

describe('what may have arrived is not sent again', () => {
  test('requests on a connection that breaks are lost, and the next ones use another', async () => {
    const { server, connection } = await open({
      answer: (received) => (received.path === '/first' ? echo(received) : received.session.destroy()),
    })
    await connection.send(call('first'))
    await expect(connection.send(call('broken'))).rejects.toEqual(refused('lost'))
    expect((await connection.send(call('first'))).status).toBe(200)
    expect(paths(server)).toEqual(['/broken', '/first', '/first'])
  })

  test('a GOAWAY that tells an error loses what it admits to have processed, and no more', async () => {
    const { server, connection } = await open({
      answer(received) {
        if (received.path === '/first' || received.session !== server.sessions[0]) return echo(received)
        if (received.path === '/5')
          received.session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, received.stream.id ?? 0)
      },
    })
    await connection.send(call('first'))
    const results = await Promise.allSettled(range(20).map((at) => connection.send(call(at))))
    expect(results.map(({ status }) => status)).toEqual(
      range(20).map((at) => (at <= 5 ? 'rejected' : 'fulfilled')),
    )
    expect(results.slice(0, 6)).toEqual(range(6).map(() => ({ status: 'rejected', reason: refused('lost') })))
  })

  test('a request without an answer ends in time', async () => {
    const { connection } = await open({ answer: () => {} })
    await expect(connection.send(call('x', { milliseconds: 100 }))).rejects.toEqual(refused('timeout'))
  })

  test('three in a row give the connection up', async () => {
    const { server, connection } = await open({
      answer: (received) => received.session !== server.sessions[0] && echo(received),
    })
    for (const at of range(3))
      await expect(connection.send(call(at, { milliseconds: 50 }))).rejects.toEqual(refused('timeout'))
    expect((await connection.send(call(4))).status).toBe(200)
    expect(server.sessions.length).toBe(2)
  })
})

describe('answers', () => {
  test('are cut when they are huge, and then read no further', async () => {
    let written = 0
    const { connection } = await open({
      answer({ stream }) {
        stream.respond({ ':status': 200 })
        const chunk = 'x'.repeat(16 * 1024)
        const more = () => {
          while (!stream.destroyed && written < 100_000_000 && stream.write(chunk)) written += chunk.length
        }
        stream.on('drain', more)
        more()
      },
    })
    const answer = await connection.send(call('x'))
    expect([answer.status, answer.text.length, answer.whole]).toEqual([200, 64 * 1024, false])
    expect(written).toBeLessThan(2_000_000)
  })

  test('keep their status when their body breaks off, or never ends', async () => {
    const { connection } = await open({
      answer({ stream, path }) {
        stream.respond({ ':status': 200 })
        stream.write('begun')
        if (path === '/broken') setTimeout(() => stream.destroy(new Error('broken')), 20)
      },
    })
    const answers = [
      await connection.send(call('broken')),
      await connection.send(call('x', { milliseconds: 100 })),
    ]
    const cut = { status: 200, text: 'begun', whole: false }
    expect(answers).toMatchObject([cut, cut])
  })
})

test('a connection that is replaced answers what it carries, and takes no more', async () => {
  const { server, connection } = await open({
    answer: (received) => void setTimeout(() => echo(received), received.path === '/slow' ? 200 : 0),
  })
  await connection.send(call(1))
  const slow = connection.send(call('slow'))
  await expect.poll(() => server.received.length).toBe(2)
  connection.replace()
  await connection.send(call(2))
  expect((await slow).status).toBe(200)
  const by = server.received.map(({ path, session }) => [path, server.sessions.indexOf(session)])
  expect(by.sort()).toEqual([
    ['/1', 0],
    ['/2', 1],
    ['/slow', 0],
  ])
})

test('closing lets requests in flight end, and takes no more', async () => {
  const { server, connection } = await open({ answer: soon })
  await connection.send(call(1))
  const last = connection.send(call(2))
  await sleep(2)
  await connection.close()
  expect((await last).status).toBe(200)
  await expect(connection.send(call(3))).rejects.toEqual(refused('unreachable'))
  expect(paths(server)).toEqual(['/1', '/2'])
})

describe('the way to the service', () => {
  async function http1(listener: RequestListener) {
    const server = createServer(listener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }

  test('without TLS is HTTP/1.1', async () => {
    const base = await http1((request, response) => void response.end(`HTTP/${request.httpVersion}`))
    expect((await connect(base).send(call('x'))).text).toBe('HTTP/1.1')
  })

  test('without TLS is HTTP/2 for a service that speaks it alone', async () => {
    const { server, connection } = await open({ secure: false, answer: echo }, { http2Only: true })
    expect(server.base.protocol).toBe('http:')
    expect((await connection.send(call('x'))).text).toBe('body of x')
  })

  test('with TLS is what the service chooses', async () => {
    const server = createHttpsServer({ ...testAuthority().server, ALPNProtocols: ['http/1.1'] })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const base = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const asked: string[] = []
    const outbound = createOutbound({
      allowPrivate: true,
      fetch: async (url) => {
        asked.push(url)
        return new Response('over fetch')
      },
    })
    const transport = nodeTransport({
      post: postOver(outbound),
      allowPrivate: true,
      authorities: [testAuthority().ca],
    })
    const connection = transport.connect(base)
    const answers = await Promise.all(range(3).map((at) => connection.send(call(at))))
    expect(answers.map(({ text }) => text)).toEqual(range(3).map(() => 'over fetch'))
    expect(asked.sort()).toEqual(range(3).map((at) => new URL(`/${at}`, base).href))
  })

  test('shows a client certificate', async () => {
    const { cert, key } = testAuthority().certify('com.example.app')
    const certificate = { chain: cert, key }
    const { server, connection } = await open(
      { requestCert: true, answer: echo },
      { certificate, http2Only: true },
    )
    await connection.send(call('x'))
    expect(server.received.map(({ subject }) => subject)).toEqual(['com.example.app'])
  })

  test('does not lead to a private address, and tells it nothing', async () => {
    const { server } = await open({ answer: echo })
    const named = new URL(server.base.href.replace('127.0.0.1', 'localhost'))
    await expect(connect(named, {}, false).send(call('x'))).rejects.toEqual(refused('private'))
    expect(server.sessions).toEqual([])
  })

  test('that does not exist fails at once, for all who wait', async () => {
    const base = await http1(() => {})
    const gone = new URL(base.href.replace('http', 'https'))
    gone.port = '1'
    const connection = connect(gone)
    const results = await Promise.allSettled(range(5).map((at) => connection.send(call(at))))
    expect(results).toEqual(range(5).map(() => ({ status: 'rejected', reason: refused('unreachable') })))
  })

  test('with a certificate of an unknown authority fails', async () => {
    const { server } = await open({ answer: echo })
    const outbound = createOutbound({ allowPrivate: true, fetch: guardedFetch(true) })
    const connection = nodeTransport({ post: postOver(outbound), allowPrivate: true }).connect(server.base)
    onTestFinished(() => connection.close())
    await expect(connection.send(call('x'))).rejects.toEqual(refused('unreachable'))
  })
})
