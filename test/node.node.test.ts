// Runs on other versions of Node.js, too: the parts of a start and of requests that depend on the version.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { ADMIN_TOKEN, startServer } from './harness/server.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
const MASTER_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

let one: ReturnType<typeof startServer> | undefined
/** The server for tests that do not change it. */
const common = () => (one ??= startServer())

test('a start answers /healthz and /readyz', async ({ annotate }) => {
  const started = performance.now()
  const server = await startServer()
  const health = await fetch(`${server.origin}/healthz`)
  await annotate(`from start to /healthz: ${Math.round(performance.now() - started)} ms`)
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok', version }])
  const ready = await fetch(`${server.origin}/readyz`)
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
  expect(await server.stop()).toBe(0)
  // The version under which this suite runs its servers.
  const node = execFileSync(process.env.TEST_NODE ?? process.execPath, ['--version'], { encoding: 'utf8' })
  expect(server.program.stdout).toContain(`"node":"${node.trim().slice(1)}"`)
})

test('each request is one JSON line that holds no secret and no whole push token', async () => {
  const server = await startServer({ env: { MASTER_KEY } })
  await server.program.printed(/no app yet/)
  const before = server.program.stdout.length
  const [instanceId, secretKey] = [randomUUID(), `secret-${randomUUID()}`]
  const app = await server.createApp({ 'pusher-beams': { instanceId, secretKey } })
  const base = `${server.origin}/device_api/v1/instances/${instanceId}/devices/fcm`
  const pushToken = `push-token-${randomUUID()}`
  const json = { 'Content-Type': 'application/json' }
  const body = JSON.stringify({ token: pushToken })
  const { id } = (await (await fetch(base, { method: 'POST', headers: json, body })).json()) as { id: string }
  const jwt = `${btoa('{"alg":"HS256"}')}.${btoa('{"sub":"alice"}')}.c2lnbmF0dXJl`
  const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` })
  await fetch(`${base}/${id}/user`, { method: 'PUT', headers: bearer(jwt) })
  await fetch(`${base}/${id}/interests/hello?secret=${secretKey}`, { method: 'POST' })
  await fetch(`${base}/${id}/${pushToken}`, { method: 'PUT', headers: json, body: `{"token":"${pushToken}` })
  await fetch(`${server.origin}/user_api/v1/instances/${instanceId}/users/alice`, {
    method: 'DELETE',
    headers: bearer(secretKey),
  })
  await fetch(`${server.origin}/${secretKey}`)
  await server.stop()

  const lines = server.program.stdout
    .slice(before)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const device = '/device_api/v1/instances/:instance/devices/:platform{(?:apns|fcm|web)}'
  expect(lines).toMatchObject([
    { dialect: null, method: 'POST', route: '/admin/v1/apps', status: 201 },
    { dialect: 'pusher-beams', app: app.id, method: 'POST', route: device, status: 200 },
    { dialect: 'pusher-beams', app: app.id, route: `${device}/:device/user`, status: 401 },
    { dialect: 'pusher-beams', app: app.id, route: `${device}/:device/interests/:interest`, status: 200 },
    { dialect: 'pusher-beams', method: 'PUT', status: 404 },
    { dialect: 'pusher-beams', app: app.id, method: 'DELETE', status: 200 },
    { dialect: null, app: null, status: 404 },
  ])
  for (const line of lines) {
    expect(line).toMatchObject({
      level: 'info',
      msg: 'request',
      time: expect.any(String),
      ms: expect.any(Number),
    })
  }
  expect(new Set(lines.map(({ requestId }) => requestId))).toHaveProperty('size', lines.length)
  const printed = server.program.stdout + server.program.stderr
  for (const secret of [ADMIN_TOKEN, MASTER_KEY, secretKey, pushToken, jwt, id]) {
    expect(printed).not.toContain(secret)
  }
})

test.each([
  ['a backslash', 'GET /device_api/v1\\x HTTP/1.1', 404, { error: 'Not found' }],
  ['an address that is no path', 'GET device_api HTTP/1.1', 400, { title: 'Bad Request' }],
  ['too long an address', `GET /${'x'.repeat(20_000)} HTTP/1.1`, 400, { title: 'Malformed address' }],
  [
    'an address that no parser takes',
    `GET /${'x'.repeat(300_000)} HTTP/1.1`,
    431,
    { title: 'Request Header Fields Too Large' },
  ],
  ['an address of another scheme', 'GET ftp://h/device_api HTTP/1.1', 400, { title: 'Malformed address' }],
  ['no Host, from HTTP/1.0', 'GET /healthz HTTP/1.0', 200, { status: 'ok' }],
])('a request line with %s gets a JSON answer', async (_, line, status, body) => {
  const server = await common()
  const host = line.endsWith('1.1') ? 'Host: h\r\n' : ''
  const answer = await raw(server.port, `${line}\r\n${host}Connection: close\r\n\r\n`)
  expect(answer.split(' ', 2)[1]).toBe(String(status))
  expect(JSON.parse(answer.slice(answer.indexOf('{')).split(/\r\n/)[0] ?? '')).toMatchObject(body)
})

test('a client that breaks off in the middle of a body is no fault of the server', async () => {
  const server = await startServer()
  const instanceId = randomUUID()
  await server.createApp({ 'pusher-beams': { instanceId } })
  const path = `/device_api/v1/instances/${instanceId}/devices/fcm`
  const head = `POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 100\r\n`
  await new Promise<void>((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () =>
      socket.write(`${head}Expect: 100-continue\r\n\r\n`),
    )
    // The server has the head once it asks for the body.
    socket.once('data', () => socket.write('{"tok', () => socket.resetAndDestroy()))
    socket.on('close', () => resolve())
  })
  await server.program.printed(/"status":[45]/)
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
  expect(await server.stop()).toBe(0)
  expect(server.program.stdout).not.toContain('"level":"error"')
})

function raw(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    socket.on('end', () => resolve(text)).on('error', reject)
  })
}
