import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { adapters } from '../adapters/index.ts'
import { run, temporaryFolder } from './harness/process.ts'
import { ADMIN_TOKEN, spawnServer, startServer } from './harness/server.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
const MASTER_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

/** The text of each file that a first start makes. */
const kept = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8').trim()

test('a start answers /healthz and /readyz', async ({ annotate }) => {
  const started = performance.now()
  const server = await startServer()
  const health = await fetch(`${server.origin}/healthz`)
  await annotate(`from start to /healthz: ${Math.round(performance.now() - started)} ms`)
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok', version }])
  const ready = await fetch(`${server.origin}/readyz`)
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
  expect(await server.stop()).toBe(0)
  // The version under which this suite is meant to run its servers.
  const node = execFileSync(process.env.TEST_NODE ?? process.execPath, ['--version'], { encoding: 'utf8' })
  expect(server.program.stdout).toContain(`"node":"${node.trim().slice(1)}"`)
})

test('the first start makes the secrets, names the admin token once and keeps both for their owner', async () => {
  const env = { ADMIN_TOKEN: undefined, MASTER_KEY: undefined }
  const first = await startServer({ env, args: ['--demo'] })
  await first.program.printed(/A demo app was created/)
  const token = kept(first.folder, 'admin-token')
  const masterKey = kept(first.folder, 'master-key')
  expect(token).toMatch(/^[0-9a-f]{64}$/)
  for (const file of ['admin-token', 'master-key', 'pushport.db']) {
    expect(statSync(join(first.folder, file)).mode & 0o777, file).toBe(0o600)
  }
  const opens = (origin: string) =>
    fetch(`${origin}/admin/v1/apps`, { headers: { Authorization: `Bearer ${token}` } })
  expect((await opens(first.origin)).status).toBe(200)
  await first.stop()
  expect(first.program.stderr.split(token)).toHaveLength(2)
  expect(first.program.stderr + first.program.stdout).not.toContain(masterKey)
  expect(first.program.stdout).not.toContain(token)

  const second = await startServer({ folder: first.folder, env, args: ['--demo'] })
  await second.program.printed(/no demo app: there is an app already/)
  const apps = (await (await opens(second.origin)).json()) as { apps: unknown[] }
  expect(apps.apps, 'the demo app is made once').toHaveLength(1)
  await second.stop()
  expect(second.program.stderr).not.toContain(token)
  expect(second.program.stderr).toContain(`admin token: in ${join(first.folder, 'admin-token')}\n`)
})

test('every command that the first start prints registers a device when it is pasted', async ({ skip }) => {
  if (spawnSync('curl', ['--version']).error) skip('no `curl`: install the Debian package `curl`')
  const server = await startServer({ args: ['--demo'] })
  await server.program.printed(/# See it[^\n]*\n[^\n]*\n/)
  expect(server.program.stdout, 'the gateway logs no calls of its own (N1)').not.toContain('"msg":"request"')
  const commands = [...server.program.stderr.matchAll(/^# (\S+)\n((?:[^#\n].*\n)+)/gm)]
  expect(commands.map(([, dialect]) => dialect)).toEqual(adapters.map(({ name }) => name))
  for (const [, dialect, command = ''] of commands) {
    const script = command.replaceAll('curl ', 'curl --fail-with-body ')
    const answer = spawnSync('bash', ['-ec', script], { encoding: 'utf8', timeout: 20_000 })
    expect(answer.status, `${dialect}: ${answer.stdout}${answer.stderr}`).toBe(0)
  }
  const { apps } = (await server.admin('GET', '/apps')) as { apps: { id: string }[] }
  const { devices } = (await server.admin('GET', `/apps/${apps[0]?.id}/devices`)) as {
    devices: { dialect: string }[]
  }
  expect(new Set(devices.map(({ dialect }) => dialect))).toEqual(new Set(adapters.map(({ name }) => name)))
  const [, told, see = ''] = /# See it: (.*)\n(curl .*)\n/.exec(server.program.stderr) ?? []
  expect(told).toBe('5 devices, 1 phone')
  const seen = spawnSync('bash', ['-ec', see], { encoding: 'utf8', env: { ...process.env, ADMIN_TOKEN } })
  const { installations } = JSON.parse(seen.stdout) as { installations: { devices: unknown[] }[] }
  expect(installations.map((one) => one.devices.length)).toEqual([5])
  await server.stop()
})

test.each([
  ['PORT', 'abc', 'Configuration: PORT: must be a whole number from 0 to 65535'],
  ['PORT', '65536', 'Configuration: PORT: must be a whole number from 0 to 65535'],
  ['MASTER_KEY', 'short', 'Configuration: MASTER_KEY: must be 32 bytes in base64 or hexadecimal'],
  [
    'ADMIN_TOKEN',
    'two words',
    'Configuration: ADMIN_TOKEN: must hold no blanks: it is sent as a Bearer token',
  ],
  ['DATABASE_URL', 'x', 'Configuration: DATABASE_URL: must be file:PATH or :memory:'],
  ['ADMIN_TOKEN', 'a', /^Configuration: ADMIN_TOKEN: must have at least 16 characters/],
  [
    'DATABASE_URL',
    'postgres://x',
    /^Configuration: DATABASE_URL: is the address of another kind of database/,
  ],
  ['RATE_LIMIT', 'maybe', 'Configuration: RATE_LIMIT: must be on or off'],
  ['MAX_BODY_BYTES', '0', 'Configuration: MAX_BODY_BYTES: must be a whole number from 1 to 104857600'],
  ['HOST', '203.0.113.1', /^HOST=203\.0\.113\.1 is no address of this machine\..* PUSHPORT_HOST\.$/],
])('%s=%s ends the start with one line that says what is wrong', async (variable, value, line) => {
  await expectRefusedStart(temporaryFolder(), { [variable]: value }, line)
})

test('several malformed variables are all named', async () => {
  const line =
    'Configuration: PORT: must be a whole number from 0 to 65535; ADMIN_TOKEN: must hold no blanks: it is sent as a Bearer token'
  await expectRefusedStart(temporaryFolder(), { PORT: 'abc', ADMIN_TOKEN: 'two words' }, line)
})

test('a port in use ends the start with one line', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  await expectRefusedStart(
    temporaryFolder(),
    { PORT: String(port), MASTER_KEY },
    `Port ${port} of 127.0.0.1 is in use. Start with another one: PORT=${port + 1} npm start`,
  )
})

test.each([
  ['no database', 'file is not a database'],
  ['a folder', 'unable to open database file'],
])('a database file that is %s ends the start with one line and is left as it is', async (what, reason) => {
  const folder = temporaryFolder()
  const file = what === 'a folder' ? folder : join(folder, 'pushport.db')
  const text = 'This is a letter, and no database. '.repeat(100)
  if (file !== folder) writeFileSync(file, text)
  await expectRefusedStart(folder, { DATABASE_URL: `file:${file}` }, `cannot open ${file}: ${reason}`)
  if (file !== folder) expect(readFileSync(file, 'utf8')).toBe(text)
})

test('a database that was cut short ends the start with one line', async () => {
  const first = await startServer({ env: { MASTER_KEY } })
  const app = await first.createApp({ 'pusher-beams': {} })
  await first.stop()
  truncateSync(first.databaseFile, Math.floor(statSync(first.databaseFile).size / 3 / 4096) * 4096)
  const second = spawnServer({ folder: first.folder, env: { MASTER_KEY } })
  const { code } = await second.exited
  expect(code).toBe(1)
  expect(second.stderr).toMatch(/^cannot open \S+pushport\.db: .*\n$/)
  expect(second.stderr + second.stdout).not.toContain(String(app.dialects['pusher-beams']?.secretKey))
})

test.each([['another MASTER_KEY', { MASTER_KEY: 'HB0aGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQAPDg0=' }]])(
  '%s: the start ends with one line, and the data is still there for the right one',
  async (_, env) => {
    const first = await startServer({ env: { MASTER_KEY } })
    await first.createApp({ 'pusher-beams': {} })
    await first.stop()
    const line = `The master key is not the one that sealed the secrets in ${first.databaseFile}; set MASTER_KEY to that one.`
    await expectRefusedStart(first.folder, env, line)
    const again = await startServer({ folder: first.folder, env: { MASTER_KEY } })
    expect(await again.stop()).toBe(0)
  },
)

test('a master key that is missing beside sealed secrets ends the start, and no other is made (newcomer F5)', async () => {
  const first = await startServer({ env: { MASTER_KEY: undefined } })
  await first.createApp({ 'pusher-beams': {} })
  await first.stop()
  const file = join(first.folder, 'master-key')
  const key = readFileSync(file)
  rmSync(file)
  const line = `${first.databaseFile} holds secrets sealed with a master key, and that key is missing: put its file back at ${file}, or set MASTER_KEY. No other key was made.`
  await expectRefusedStart(first.folder, { MASTER_KEY: undefined }, line)
  expect(existsSync(file)).toBe(false)
  writeFileSync(file, key)
  expect(await (await startServer({ folder: first.folder, env: { MASTER_KEY: undefined } })).stop()).toBe(0)
})

test('a damaged secret file ends the start with one line', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'master-key')
  writeFileSync(file, '')
  await expectRefusedStart(folder, {}, `${file} is damaged: it does not hold what was put there.`)
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
  const server = await startServer()
  const host = line.endsWith('1.1') ? 'Host: h\r\n' : ''
  const answer = await raw(server.port, `${line}\r\n${host}Connection: close\r\n\r\n`)
  expect(answer.split(' ', 2)[1]).toBe(String(status))
  expect(JSON.parse(answer.slice(answer.indexOf('{')).split(/\r\n/)[0] ?? '')).toMatchObject(body)
  await server.stop()
})

test('a client that breaks off in the middle of a body is no fault of the server', async () => {
  const server = await startServer()
  const instanceId = randomUUID()
  await server.createApp({ 'pusher-beams': { instanceId } })
  const path = `/device_api/v1/instances/${instanceId}/devices/fcm`
  const head = `POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"tok`
  await new Promise<void>((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(head, () => setTimeout(cut, 100)))
    const cut = () => socket.resetAndDestroy()
    socket.on('close', () => resolve())
  })
  await server.program.printed(/"status":[45]/)
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
  expect(await server.stop()).toBe(0)
  expect(server.program.stdout).not.toContain('"level":"error"')
})

test('a signal to npm stops the server that it started', async () => {
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim()
  const folder = temporaryFolder()
  const started = run(npm, ['start'], { PORT: '0', DATABASE_URL: `file:${folder}/p.db`, HOME: folder })
  const [, origin = ''] = await started.printed(/listens on (\S+)/, 60)
  started.signal('SIGTERM')
  await started.exited
  await expect(fetch(`${origin}/healthz`)).rejects.toThrow()
})

async function expectRefusedStart(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  line: string | RegExp,
): Promise<void> {
  const program = spawnServer({ folder, env })
  expect(await program.exited).toEqual({ code: 1, signal: null })
  const told = program.stderr.trimEnd().split('\n')
  expect(told).toEqual([typeof line === 'string' ? line : expect.stringMatching(line)])
  expect(program.stdout).toBe('')
}

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
