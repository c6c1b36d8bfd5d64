import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { copyPhones } from '../fixtures/crowd.ts'
import { type Server, startServer } from '../harness/server.ts'

const PHONES = 5000
const KILLS = 3
/**
 * For one process: a lane's concurrent requests, and results of its two pages that have not been written yet.
 */
const UNWRITTEN = 400 + 2 * 50

/** FCM and Google's access tokens, outside of the killed process: counts how often each phone was reached. */
async function pushService() {
  const reached = new Map<string, number>()
  let requests = 0
  const waiting: { readonly at: number; readonly go: () => void }[] = []
  const textOf = async (incoming: IncomingMessage) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }
  const server = createServer(async (incoming, outgoing) => {
    // A killed process breaks its connections.
    const text = await textOf(incoming).catch(() => '')
    outgoing.setHeader('Content-Type', 'application/json')
    if (incoming.url === '/token')
      return void outgoing.end('{"access_token":"x","expires_in":3599,"token_type":"Bearer"}')
    const token = /"token":"(phone-\d+)"/.exec(text)?.[1]
    if (token !== undefined) {
      requests++
      reached.set(token, (reached.get(token) ?? 0) + 1)
      for (const one of waiting.filter(({ at }) => at === requests)) one.go()
    }
    outgoing.end('{"name":"projects/demo/messages/1"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reached,
    requests: () => requests,
    /** Resolves with this request, counted from the first. */
    at: (request: number) => new Promise<void>((go) => waiting.push({ at: request, go })),
  }
}

const credential = (origin: string) => ({
  kind: 'fcm',
  endpoint: origin,
  serviceAccount: {
    type: 'service_account',
    project_id: 'demo',
    private_key_id: 'key-1',
    private_key: generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
    client_email: 'sender@demo.iam.gserviceaccount.com',
    token_uri: `${origin}/token`,
  },
})

const env = { RATE_LIMIT: 'off', LOG_LEVEL: 'silent', ALLOW_PRIVATE_TARGETS: 'on' }

/** A server over a database of an app with so many phones. */
async function withPhones(origin: string): Promise<{ readonly server: Server; readonly app: string }> {
  const first = await startServer({ env })
  const { id, dialects } = await first.createApp({ 'pusher-beams': {} })
  await first.admin('PUT', `/apps/${id}/providers/fcm`, credential(origin))
  const instance = String(dialects['pusher-beams']?.instanceId)
  const answer = await fetch(`${first.origin}/device_api/v1/instances/${instance}/devices/fcm`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: 'phone-0', metadata: {} }),
  })
  expect(answer.status).toBe(200)
  expect(await first.stop()).toBe(0)
  const token = (n: number) => `phone-${n}`
  await copyPhones(first.databaseFile, [{ app: id, provider: 'fcm', phones: PHONES, token }])
  return { server: await startServer({ folder: first.folder, env }), app: id }
}

test('kill -9 at random moments of a send: every phone is reached, and only what was not written yet is reached twice', {
  timeout: 120_000,
}, async ({ annotate }) => {
  const service = await pushService()
  const opened = await withPhones(service.origin)
  const { app } = opened
  let { server } = opened
  const message = { body: 'Hello', audience: { all: true } }
  const sent = (await server.admin('POST', `/apps/${app}/messages`, message)) as { readonly id: string }

  const kills: { readonly after: number }[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    const left = PHONES - service.reached.size
    await service.at(service.requests() + 1 + Math.floor(Math.random() * (left / (KILLS - kill + 1))))
    await server.kill()
    kills.push({ after: service.reached.size })
    server = await startServer({ folder: server.folder, env })
  }
  const report = async () =>
    (await server.admin('GET', `/apps/${app}/messages/${sent.id}`)) as Record<string, unknown>
  await expect.poll(report, { timeout: 60_000, interval: 100 }).toMatchObject({
    state: 'done',
    counts: { accepted: PHONES },
  })

  const doubles = service.requests() - PHONES
  await annotate(
    `${PHONES} phones, killed after ${kills.map(({ after }) => after).join(', ')}: ${doubles} doubles`,
  )
  expect(service.reached.size).toBe(PHONES)
  expect(doubles).toBeLessThanOrEqual(KILLS * UNWRITTEN)
  expect(await server.stop()).toBe(0)
})
