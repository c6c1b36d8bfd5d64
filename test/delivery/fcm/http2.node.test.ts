import { constants } from 'node:http2'
import { expect, onTestFinished, test } from 'vitest'
import { nodeTransport } from '../../../src/node/http2/transport.ts'
import { laneDeps } from '../../contract/provider-kit.ts'
import {
  type Http2Options,
  http2Server,
  type Received,
  reply,
  testAuthority,
} from '../../fixtures/push-services/http2-server.ts'
import type { Handler } from '../../fixtures/push-services/verdicts.ts'
import { openFcm } from './kit.ts'

/** The same fake over HTTP/2, which closes connections with more than a hundred streams, as Google does. */
async function openHttp2(before: (received: Received) => boolean = () => false) {
  const servers: { most(): number[]; sessions: unknown[] }[] = []
  async function endpoint(handler: Handler) {
    const open = new Map<unknown, number>()
    const answer: Http2Options['answer'] = async (received) => {
      const { stream, session, path, headers, body } = received
      const now = (open.get(session) ?? 0) + 1
      open.set(session, now)
      stream.on('close', () => open.set(session, (open.get(session) ?? 0) - 1))
      if (now > 100) session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM)
      if (before(received)) return
      const sent = Object.entries(headers).filter(([name]) => !name.startsWith(':'))
      const response = await handler(
        new Request(`https://fcm.test${path}`, { method: 'POST', headers: sent, body }),
      )
      reply(received, response.status, await response.text(), Object.fromEntries(response.headers))
    }
    const server = await http2Server({ answer })
    servers.push(server)
    onTestFinished(() => server.close())
    return server.base.origin
  }
  const deps = laneDeps()
  const transport = nodeTransport({ post: deps.post, allowPrivate: true, authorities: [testAuthority().ca] })
  const opened = await openFcm({ deps, endpoint, more: { transport } })
  onTestFinished(() => opened.lane.close())
  return { ...opened, server: servers[0] }
}

test('three hundred sends at once take one exchange, and never more than a hundred streams of a connection', async () => {
  const { lane, google, fake, delivery, server } = await openHttp2()
  const all = await Promise.all(Array.from({ length: 300 }, () => delivery()))
  const outcomes = await Promise.all(all.map((one) => lane.send(one)))
  expect(new Set(outcomes.map((one) => one.class))).toEqual(new Set(['accepted']))
  expect([google.exchanges(), fake.messages.length]).toEqual([1, 300])
  expect(Math.max(...(server?.most() ?? []))).toBeLessThanOrEqual(100)
})

test('a GOAWAY in the middle costs no message, and doubles none', async () => {
  let seen = 0
  const { lane, fake, delivery, server } = await openHttp2(({ session, stream }) => {
    seen++
    if (seen === 150) session.goaway(constants.NGHTTP2_NO_ERROR, stream.id ?? 0)
    return seen > 150 && session === server?.sessions[0]
  })
  const all = await Promise.all(Array.from({ length: 250 }, () => delivery()))
  const outcomes = await Promise.all(all.map((one) => lane.send(one)))
  expect(new Set(outcomes.map((one) => one.class))).toEqual(new Set(['accepted']))
  const tokens = fake.messages.map(({ token }) => token)
  expect([tokens.length, new Set(tokens).size]).toEqual([250, 250])
})
