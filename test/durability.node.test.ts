import { randomUUID } from 'node:crypto'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { type Server, startServer } from './harness/server.ts'

const REGISTRATIONS = 2000
const CONNECTIONS = 32

const agents: Agent[] = []
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy()
})

function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  agents.push(agent)
  return agent
}

interface Call {
  readonly server: Server
  readonly agent: Agent
  readonly instanceId: string
  readonly token: string
  /** Holds the body back until this resolves; by then the server has reported that it is waiting for it. */
  readonly held?: { readonly reached: () => void; readonly release: Promise<void> }
}

/** Registers a device. Returns its id once the server has acknowledged it; fails if the connection broke. */
function register({ server, agent, instanceId, token, held }: Call): Promise<string> {
  const body = JSON.stringify({ token, metadata: { sdkVersion: '1.9.2' } })
  return new Promise((resolve, reject) => {
    const call = request({
      agent,
      host: '127.0.0.1',
      port: server.port,
      method: 'POST',
      path: `/device_api/v1/instances/${instanceId}/devices/fcm`,
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        ...(held && { Expect: '100-continue' }),
      },
    })
    call.on('error', reject)
    call.on('response', (response: IncomingMessage) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve((JSON.parse(text) as { id: string }).id)
        else reject(new Error(`${response.statusCode} ${text}`))
      })
    })
    if (held) {
      call.on('continue', () => {
        held.reached()
        held.release.then(() => call.end(body))
      })
      call.flushHeaders()
    } else call.end(body)
  })
}

/** The tokens of the devices in the file, by device id, read without any of our code. */
function storedTokens(file: string): Map<string, string> {
  const db = new Database(file, { readonly: true })
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    const rows = db
      .prepare(
        'SELECT d.external_id AS id, p.token AS token FROM devices d JOIN push_tokens p ON p.id = d.push_token_id',
      )
      .all() as { id: string; token: string }[]
    return new Map(rows.map(({ id, token }) => [id, token]))
  } finally {
    db.close()
  }
}

test('kill -9 in the middle of 2,000 registrations loses none that was acknowledged', async () => {
  const instanceId = randomUUID()
  const server = await startServer({ env: { RATE_LIMIT: 'off', LOG_LEVEL: 'silent' } })
  await server.createApp({ 'pusher-beams': { instanceId } })
  const agent = keepAlive()
  const acknowledged = new Map<string, string>()
  let begun = 0
  let failed = 0
  let killed: Promise<void> | undefined

  async function phone(): Promise<void> {
    while (begun < REGISTRATIONS && failed === 0) {
      begun++
      const token = `token-${randomUUID()}`
      try {
        acknowledged.set(await register({ server, agent, instanceId, token }), token)
      } catch (error) {
        if (!killed) throw error
        failed++
      }
      if (acknowledged.size >= REGISTRATIONS / 2) killed ??= server.kill()
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, phone))
  await killed

  expect(failed, 'requests that the kill has cut off').toBeGreaterThan(0)
  expect(acknowledged.size).toBeGreaterThanOrEqual(REGISTRATIONS / 2)
  expect(acknowledged.size).toBeLessThan(REGISTRATIONS)
  expect(server.walLeft()).toBe(true)

  // The next start on the same file finds them, and the same phones keep their ids.
  const next = await startServer({ folder: server.folder, env: { LOG_LEVEL: 'silent' } })
  const again = keepAlive()
  const sample = [...acknowledged].filter((_, n) => n % 20 === 0)
  for (const [id, token] of sample) {
    expect(await register({ server: next, agent: again, instanceId, token })).toBe(id)
  }
  again.destroy()
  expect(await next.stop()).toBe(0)
  const stored = storedTokens(server.databaseFile)
  const lost = [...acknowledged].filter(([id, token]) => stored.get(id) !== token)
  expect(lost).toEqual([])
})

test('SIGTERM answers what is in flight, accepts nothing more, and leaves the file checkpointed', async () => {
  const instanceId = randomUUID()
  const server = await startServer({ env: { LOG_LEVEL: 'silent' } })
  await server.createApp({ 'pusher-beams': { instanceId } })
  const agent = keepAlive()
  const go = gate()
  const allReached = gate()
  let waiting = 0
  const reached = () => {
    if (++waiting === CONNECTIONS) allReached.open()
  }
  const held = { release: go.opened, reached }
  const tokens = Array.from({ length: CONNECTIONS }, () => `token-${randomUUID()}`)
  const answers = tokens.map((token) => register({ server, agent, instanceId, token, held }))

  await allReached.opened
  server.program.signal('SIGTERM')
  await expect.poll(() => refused(server.port)).toBe(true)
  go.open()
  const ids = await Promise.all(answers)
  expect(await server.program.exited).toEqual({ code: 0, signal: null })
  expect(server.walLeft()).toBe(false)
  const stored = storedTokens(server.databaseFile)
  expect(ids.map((id) => stored.get(id))).toEqual(tokens)
})

test('SIGTERM does not wait for a client that keeps its connection open', async () => {
  const instanceId = randomUUID()
  const server = await startServer({ env: { LOG_LEVEL: 'silent' } })
  await server.createApp({ 'pusher-beams': { instanceId } })
  const agent = keepAlive()
  await register({ server, agent, instanceId, token: randomUUID() })
  const started = performance.now()
  expect(await server.stop()).toBe(0)
  // What it waits for is cut off after 10 s.
  expect(performance.now() - started).toBeLessThan(10_000)
})

test('a stop that an upload would hold up for ever cuts it off and says so by its exit code', async () => {
  const server = await startServer({ env: { LOG_LEVEL: 'silent' } })
  const instanceId = randomUUID()
  await server.createApp({ 'pusher-beams': { instanceId } })
  const never = new Promise<void>(() => {})
  const reached = gate()
  const upload = register({
    server,
    agent: keepAlive(),
    instanceId,
    token: randomUUID(),
    held: { reached: reached.open, release: never },
  })
  const cut = expect(upload).rejects.toThrow()
  await reached.opened
  expect(await server.stop()).toBe(1)
  await cut
  expect(server.walLeft()).toBe(false)
})

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

function refused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(false)).on('error', () => resolve(true))
    socket.on('connect', () => socket.destroy())
  })
}
