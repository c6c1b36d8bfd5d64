import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer } from '../harness/server.ts'

type Server = Awaited<ReturnType<typeof startServer>>

/** A connection that records what it receives. */
function open(port: number): Promise<{
  socket: Socket
  heard: () => string
  /** The server has ended its side. */
  ended: Promise<void>
  /** Nothing more can be sent. */
  closed: Promise<void>
}> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const closed = new Promise<void>((done) => socket.on('close', () => done()))
    const ended = new Promise<void>((done) => socket.on('end', () => done()).on('close', () => done()))
    socket.on('error', () => {})
    socket.once('error', reject)
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    socket.on('connect', () => resolve({ socket, heard: () => text, ended, closed }))
  })
}

async function said(port: number, request: string, until = /\r\n\r\n[\s\S]*\}/): Promise<string> {
  const { socket, heard } = await open(port)
  socket.write(request)
  for (let n = 0; n < 1500 && !until.test(heard()); n++) await sleep(20)
  socket.destroy()
  return heard()
}
const head = (path: string, headers: string, method = 'GET') =>
  `${method} ${path} HTTP/1.1\r\nHost: gw.example\r\nOrigin: https://shop.example\r\n${headers}\r\n`

const keysOf = (dialect: Readonly<Record<string, unknown>> | undefined) =>
  (dialect?.apiKeys ?? {}) as Record<string, string>

let server: Server
const ids = { app: '', code: '', backendless: '', key: '', instance: '' }
beforeAll(async () => {
  server = await startServer()
  const app = await server.createApp({
    'pusher-beams': {},
    pushwoosh: {},
    backendless: {},
    flameup: {},
    mobilefirst: { applicationId: 'com.example.edge' },
  })
  ids.instance = String(app.dialects['pusher-beams']?.instanceId)
  ids.backendless = String(app.dialects.backendless?.applicationId)
  ids.key = keysOf(app.dialects.backendless).rest ?? ''
})
afterAll(async () => {
  await server.stop()
})

/** A path of each dialect, the status for oversized headers, and the expected body. */
const PATHS: readonly [string, () => string, number, RegExp][] = [
  [
    'pusher-beams',
    () => `/device_api/v1/instances/${ids.instance}/web-vapid-public-key`,
    400,
    /"error":"Bad request"/,
  ],
  ['flameup', () => '/api/v1/people/p/devices', 431, /"success":false/],
  ['pushwoosh', () => '/json/1.3/getTags', 431, /"status_code":431/],
  ['pushwoosh’s bulk', () => '/api/v2/audience/bulkRegisterDevice', 431, /"message":/],
  ['backendless', () => `/${ids.backendless}/${ids.key}/messaging/registrations/d`, 431, /"code":8003/],
  ['mobilefirst', () => '/imfpush/v1/apps/com.example.edge/tags', 431, /"code":"REQUEST_TOO_LARGE"/],
  ['nobody', () => '/nowhere', 431, /"title":"Headers too large"/],
]

describe('headers', () => {
  test.each(PATHS)('of 20,000 and of 60,000 bytes reach %s (B21a)', async (_, path) => {
    for (const size of [20_000, 60_000]) {
      const answer = await said(server.port, head(path(), `Cookie: sso=${'x'.repeat(size)}\r\n`))
      expect(answer).not.toMatch(/^HTTP\/1\.1 431/)
      expect(answer).not.toContain('too large')
    }
  })

  test.each(PATHS)(
    'that are larger are refused by %s in its own form, with its CORS',
    async (name, path, status, body) => {
      for (const headers of [
        `Cookie: ${'x'.repeat(70_000)}\r\n`,
        `${'X-A: b\r\n'.repeat(400)}Cookie: ${'x'.repeat(190_000)}\r\n`,
        'X-A: b\r\n'.repeat(2500),
      ]) {
        const answer = await said(server.port, head(path(), headers))
        expect(answer.split(' ', 2)[1]).toBe(String(status))
        expect(answer).toMatch(body)
        expect(answer).toMatch(/x-request-id: /i)
        if (name !== 'nobody') expect(answer).toMatch(/access-control-allow-origin: /i)
      }
    },
  )

  test('that are larger by far get a problem, and the connection is let go', async () => {
    const { socket, heard, ended } = await open(server.port)
    socket.write(head('/json/1.3/getTags', `Cookie: ${'x'.repeat(600_000)}\r\n`))
    await ended
    expect(heard()).toMatch(/^HTTP\/1\.1 431 [\s\S]*x-request-id: /i)
  })

  test('are limited by MAX_HEADER_BYTES', async () => {
    const small = await startServer({ env: { MAX_HEADER_BYTES: '2000' } })
    const cookie = (size: number) => head('/api/v1/people/p/devices', `Cookie: ${'x'.repeat(size)}\r\n`)
    expect(await said(small.port, cookie(1500))).toMatch(/^HTTP\/1\.1 401/)
    expect(await said(small.port, cookie(2500))).toMatch(/^HTTP\/1\.1 431/)
    await small.stop()
  })

  test.each([
    ['two Hosts', 'Host: evil.example\r\n'],
    ['the same Host twice, in other letters', 'hOST: gw.example\r\n'],
  ])('with %s are refused in the form of the path (hostile F23)', async (_, more) => {
    const answer = await said(server.port, head('/api/v1/people/p/devices', more))
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toMatch(/"success":false/)
  })

  test('with a Host that is none are refused in the form of the path', async () => {
    const request = 'GET /json/1.3/getTags HTTP/1.1\r\nHost: a b/c?d\r\nConnection: close\r\n\r\n'
    const answer = await said(server.port, request)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toMatch(/"status_code":400/)
  })
})

describe('connections', () => {
  test('one is kept through the silence of a balancer (B08a)', async () => {
    const { socket, heard } = await open(server.port)
    socket.write('GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n')
    await sleep(7000)
    expect(heard()).toMatch(/keep-alive: timeout=75/i)
    socket.write('GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n')
    for (let n = 0; n < 1500 && heard().split('"status":"ok"').length < 3; n++) await sleep(20)
    expect(heard().split('"status":"ok"')).toHaveLength(3)
    socket.destroy()
  })

  test('a client that goes on sending after its refusal is let go (hostile F15)', async () => {
    const { socket, heard, closed } = await open(server.port)
    socket.write('no http at all\r\n\r\n')
    const writing = setInterval(() => socket.write('x'), 50)
    const started = Date.now()
    await closed
    clearInterval(writing)
    expect(heard()).toMatch(/^HTTP\/1\.1 400 /)
    expect(Date.now() - started).toBeLessThan(10_000)
  })

  test('a body that nobody reads does not hold one', async () => {
    const { socket, heard, closed } = await open(server.port)
    socket.write(head('/json/1.3/getTags', 'Content-Length: 99999999\r\n', 'POST'))
    const writing = setInterval(() => socket.write('x'.repeat(100)), 50)
    await closed
    clearInterval(writing)
    expect(heard()).toMatch(/^HTTP\/1\.1 4[0-9][0-9] /)
  })

  test('are bounded by MAX_CONNECTIONS, and free again once they end', async () => {
    const small = await startServer({ env: { MAX_CONNECTIONS: '5' } })
    const held = await Promise.all(Array.from({ length: 5 }, () => open(small.port)))
    const refused = await open(small.port)
    await refused.ended
    for (const { socket } of held) socket.destroy()
    const health = () => fetch(`${small.origin}/healthz`).then(({ status }) => status, String)
    await expect.poll(health).toBe(200)
    await small.stop()
    expect(small.program.stdout).toContain('MAX_CONNECTIONS')
  })
})

describe('what a proxy says, on the real server', () => {
  const json = { 'Content-Type': 'application/json' }
  test('others’ wrong credentials refuse no right one (B02a, B02c, B02e)', async () => {
    const app = await server.createApp({
      flameup: {},
      mobilefirst: {
        applicationId: 'com.example.b02',
        clients: [{ clientId: 'c', clientSecret: 's', scopes: ['tags.read'] }],
      },
    })
    const [{ key } = { key: '' }] = (app.dialects.flameup?.apiKeys ?? []) as { key: string }[]
    const register = (bearer: string | undefined, forwarded: string) =>
      fetch(`${server.origin}/api/v1/people/p/devices`, {
        method: 'POST',
        headers: { ...json, Authorization: `Bearer ${bearer}`, 'X-Forwarded-For': forwarded },
        body: JSON.stringify({ token: crypto.randomUUID(), platform: 'android' }),
      })
    const token = (secret: string) =>
      fetch(`${server.origin}/mfp/api/az/v1/token`, {
        method: 'POST',
        headers: { Authorization: `Basic ${btoa(`c:${secret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'tags.read' }),
      })
    for (let n = 0; n < 110; n++) await Promise.all([register('revoked', '203.0.113.7'), token('wrong')])
    expect((await register(key, '198.51.100.9')).status).toBe(201)
    expect((await register(key, '203.0.113.7')).status).toBe(201)
    expect((await token('s')).status).toBe(200)
    expect((await token('wrong')).status).toBe(429)
    expect(await server.admin('GET', '/apps')).toMatchObject({ apps: expect.any(Array) })
  })
})
