import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startServer } from '../harness/server.ts'

const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms))

/** Everything that a socket receives after it has sent the text, until it ends. */
function exchange(port: number, text: string) {
  let received = ''
  let fault: string | undefined
  const socket = connect(port, '127.0.0.1', () => socket.write(text))
  socket.setEncoding('utf8').on('data', (part: string) => {
    received += part
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    fault = error.code
  })
  const ended = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  return {
    socket,
    ended,
    get received() {
      return received
    },
    get fault() {
      return fault
    },
  }
}

const answersIn = (text: string) => text.split('HTTP/1.1 ').slice(1)

test.each([1, 2, 3])('a stop under 32 busy connections resets no request (hostile F19), run %i', async () => {
  const server = await startServer({ env: { LOG_LEVEL: 'silent', RATE_LIMIT: 'off' } })
  const instanceId = randomUUID()
  await server.createApp({ 'pusher-beams': { instanceId } })
  const path = `/device_api/v1/instances/${instanceId}/devices/fcm`
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const outcomes: Record<string, number> = {}
  const note = (what: string) => {
    outcomes[what] = (outcomes[what] ?? 0) + 1
  }
  const known = new Set<number>()
  const one = (client: number, turn: number) =>
    new Promise<boolean>((resolve) => {
      const headers = { 'Content-Type': 'application/json' }
      const sent = request({ port: server.port, path, method: 'POST', agent, headers })
      sent.on('response', (response) => {
        response.resume().on('end', () => {
          note(String(response.statusCode))
          known.add(client)
          // New connections are no longer accepted.
          resolve(response.headers.connection !== 'close')
        })
        response.on('error', (error: NodeJS.ErrnoException) => {
          note(`cut: ${error.code}`)
          resolve(false)
        })
      })
      sent.on('error', (error: NodeJS.ErrnoException) => {
        note(`reset: ${error.code}`)
        resolve(false)
      })
      sent.end(JSON.stringify({ token: `token-${client}-${turn}` }))
    })
  const clients = Array.from({ length: 32 }, async (_, client) => {
    for (let turn = 0; await one(client, turn); turn++);
  })
  while (known.size < 32) await pause(5)
  await pause(100)
  expect(await server.stop()).toBe(0)
  await Promise.all(clients)
  agent.destroy()
  expect(Object.keys(outcomes)).toEqual(['200'])
})

test('requests that wait behind each other on one connection are all answered, the last with Connection: close (hostile F19)', async () => {
  const server = await startServer({ env: { LOG_LEVEL: 'silent' } })
  const instanceId = randomUUID()
  await server.createApp({ 'pusher-beams': { instanceId } })
  const body = JSON.stringify({ token: 'a-token' })
  const one = `POST /device_api/v1/instances/${instanceId}/devices/fcm HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const connection = exchange(server.port, one.repeat(200))
  while (answersIn(connection.received).length < 20) await pause(1)
  expect(await server.stop()).toBe(0)
  await connection.ended
  const answers = answersIn(connection.received)
  expect(connection.fault).toBeUndefined()
  expect(answers.map((answer) => answer.slice(0, 3))).toEqual(Array(200).fill('200'))
  const closing = answers.flatMap((answer, at) => (/^connection: close/im.test(answer) ? [at] : []))
  expect(closing.filter((at) => at < 199)).toEqual([])
})

test('a request whose body arrives after the signal is answered, and so is one that arrives a moment later (hostile F19)', async () => {
  const server = await startServer({ env: { LOG_LEVEL: 'silent' } })
  const instanceId = randomUUID()
  await server.createApp({ 'pusher-beams': { instanceId } })
  const body = JSON.stringify({ token: 'slow' })
  const head = `POST /device_api/v1/instances/${instanceId}/devices/fcm HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  const slow = exchange(server.port, head)
  const idle = exchange(server.port, 'GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n')
  const half = exchange(server.port, 'GET /healthz HTTP/1.1\r\nHo')
  const silent = exchange(server.port, '')
  while (answersIn(idle.received).length < 1) await pause(5)
  await pause(50)
  const stopped = server.stop()
  await pause(100)
  idle.socket.write('GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n')
  await pause(400)
  slow.socket.write(body)
  half.socket.write('st: h\r\n\r\n')
  await Promise.all([slow.ended, idle.ended, half.ended, silent.ended])
  expect(await stopped).toBe(0)
  expect(answersIn(slow.received)).toEqual([expect.stringMatching(/^200 [\s\S]*connection: close/i)])
  expect(answersIn(half.received)).toEqual([expect.stringMatching(/^200 [\s\S]*connection: close/i)])
  expect(answersIn(idle.received)).toEqual([
    expect.not.stringMatching(/connection: close/i),
    expect.stringMatching(/^200 [\s\S]*connection: close/i),
  ])
  expect([slow, idle, half, silent].map(({ fault }) => fault)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test('a stop does not wait for quiet connections', async () => {
  const server = await startServer({ env: { LOG_LEVEL: 'silent' } })
  const quiet = Array.from({ length: 20 }, () =>
    exchange(server.port, 'GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n'),
  )
  while (quiet.some(({ received }) => received === '')) await pause(5)
  const started = performance.now()
  expect(await server.stop()).toBe(0)
  await Promise.all(quiet.map(({ ended }) => ended))
  // What it waits for is cut off after 10 s.
  expect(performance.now() - started).toBeLessThan(10_000)
})
