import { exportPKCS8, generateKeyPair } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { BUNDLE, KEY_ID, newToken, TEAM_ID } from '../delivery/apns/kit.ts'
import { RELAY_KEY } from '../delivery/relay/kit.ts'
import { apnsFake } from '../fixtures/push-services/apns.ts'
import { http2Server, reply } from '../fixtures/push-services/http2-server.ts'
import { type Server, type ServerOptions, startServer } from '../harness/server.ts'

/** APNs over HTTP/2 without TLS, with the checks of the real one. */
async function startApns() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const now = () => new Date()
  const fake = apnsFake({ publicKey, keyId: KEY_ID, teamId: TEAM_ID, bundle: BUNDLE, now })
  const server = await http2Server({
    secure: false,
    async answer(received) {
      const { path, headers, body } = received
      const sent = Object.entries(headers).filter(([name]) => !name.startsWith(':'))
      const url = `https://apns.test${path}`
      const response = await fake.handler(new Request(url, { method: 'POST', headers: sent, body }))
      reply(received, response.status, await response.text(), Object.fromEntries(response.headers))
    },
  })
  onTestFinished(() => server.close())
  const { origin } = server.base
  const credential = { key: await exportPKCS8(privateKey), keyId: KEY_ID, teamId: TEAM_ID, topic: BUNDLE }
  return {
    fake,
    server,
    origin,
    document: { kind: 'apns', environment: 'production', endpoint: origin, ...credential },
  }
}

async function start(options: ServerOptions): Promise<Server> {
  const server = await startServer({ ...options, env: { ALLOW_PRIVATE_TARGETS: 'on', ...options.env } })
  onTestFinished(async () => void (await server.stop()))
  return server
}

const SECRET = 'flameup-secret-key-0123456789'

/** An app of that gateway that reaches APNs, and a message to this many iPhones. */
async function sendTo(gateway: Server, document: object, count: number) {
  const { id } = await gateway.createApp({ flameup: { apiKeys: [{ key: SECRET, scopes: ['admin'] }] } })
  const provider = await gateway.admin('PUT', `/apps/${id}/providers/apns`, document)
  const tokens = Array.from({ length: count }, newToken)
  for (const [at, token] of tokens.entries()) {
    const response = await fetch(`${gateway.origin}/api/v1/people/person-${at}/devices`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${SECRET}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ token, platform: 'ios' }),
    })
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  }
  const message = { title: 'Hello', body: 'Over the relay', audience: { all: true } }
  const accepted = (await gateway.admin('POST', `/apps/${id}/messages`, message)) as { id: string }
  const report = async () =>
    (await gateway.admin('GET', `/apps/${id}/messages/${accepted.id}`)) as {
      readonly state: string
      readonly counts: Readonly<Record<string, number>>
    }
  return { provider, tokens, report }
}

test.each(['node', 'worker'] as const)(
  'a gateway (%s) hands what is for APNs to another on Node, which sends it over HTTP/2 and tells what came of each',
  async (runtime) => {
    const apns = await startApns()
    const relay = await start({
      env: { APNS_RELAY_KEY: RELAY_KEY, APNS_RELAY_TARGETS: apns.origin },
      runtime: 'node',
    })
    const gateway = await start({ env: { APNS_RELAY: relay.origin, APNS_RELAY_KEY: RELAY_KEY }, runtime })
    const { provider, tokens, report } = await sendTo(gateway, apns.document, 12)
    expect(provider).toMatchObject({ state: 'ok', reason: null })
    await expect
      .poll(report, { timeout: 60_000, interval: 200 })
      .toMatchObject({ state: 'done', counts: { accepted: 12 } })
    const reached = apns.fake.requests.map(({ url }) => url.pathname.split('/').pop())
    expect(tokens.filter((token) => !reached.includes(token))).toEqual([])
    // One phone per request, all over one connection.
    expect([reached.length, apns.server.sessions.length]).toEqual([13, 1])

    const log = relay.program.stdout
    const calls = log.split('\n').filter((line) => line.includes('/relay/v1/apns'))
    expect([calls.length >= 2, calls.length < 12]).toEqual([true, true])
    for (const secret of [RELAY_KEY, tokens[0] ?? '', 'bearer']) expect(log).not.toContain(secret)
  },
)
