import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ADMIN_TOKEN = 'race-admin-token-0123456789'
let server: ChildProcess
let origin: string

/** The server as it ships: the built bundle in a separate process, on a file database. */
beforeAll(async () => {
  // `npm test` has built it already, and another test may be reading it.
  if (process.env.npm_lifecycle_event !== 'test') execFileSync(process.execPath, ['.scripts/prepare.mjs'])
  server = spawn(process.execPath, ['dist/node.js'], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: `file:${join(mkdtempSync(join(tmpdir(), 'pushport-race-')), 'test.db')}`,
      ADMIN_TOKEN,
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  origin = await new Promise<string>((resolve, reject) => {
    let said = ''
    server.stderr?.on('data', (chunk) => {
      said += chunk
      const [, address] = said.match(/listens on (http:\S+)/) ?? []
      if (address) resolve(address)
    })
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)))
  })
})
afterAll(async () => {
  if (server.exitCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
})

interface Answer {
  id: string
  dialects: Record<string, { instanceId: string }>
  devices: { token: string; active: boolean }[]
}

async function send(method: string, path: string, body?: unknown) {
  const admin = path.startsWith('/admin')
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(admin && { Authorization: `Bearer ${ADMIN_TOKEN}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  // The server's answers are checked by each test.
  return { status: response.status, body: (await response.json()) as Answer }
}

describe('R16 over HTTP', () => {
  test.each(['fcm', 'apns', 'web'])(
    '20 devices that send 4 identical %s registrations at once are 20 devices and 80 successes',
    async (platform) => {
      const app = await send('POST', '/admin/v1/apps', { name: 'race', dialects: { 'pusher-beams': {} } })
      const path = `/device_api/v1/instances/${app.body.dialects['pusher-beams']?.instanceId}/devices/${platform}`
      const tokens = Array.from({ length: 20 }, (_, at) => `token-${platform}-${at}`)
      const bundle = platform === 'apns' ? { bundleIdentifier: 'com.example' } : {}
      const answers = await Promise.all(
        tokens.flatMap((token) =>
          Array.from({ length: 4 }, () =>
            send('POST', path, { token, ...bundle, metadata: { sdkVersion: '1.0.0' } }),
          ),
        ),
      )
      expect(answers.map((one) => one.status)).toEqual(Array.from({ length: 80 }, () => 200))
      expect(new Set(answers.map((one) => one.body.id)).size).toBe(20)
      const { body: listed } = await send('GET', `/admin/v1/apps/${app.body.id}/devices?limit=100`)
      expect(listed.devices.map((one) => one.token).toSorted()).toEqual(tokens.toSorted())
      expect(listed.devices.every((one) => one.active)).toBe(true)
    },
  )
})
