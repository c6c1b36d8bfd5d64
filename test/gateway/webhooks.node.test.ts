import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sql } from '../../src/store/sql/template.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { startServer } from '../harness/server.ts'

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** A receiver that accepts connections and never answers. */
async function hanging() {
  const sockets = new Set<{ destroy(): void }>()
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  const url = await listening(createServer((socket) => sockets.add(socket.on('error', () => {}))))
  return { url, connections: () => sockets.size }
}

async function answering() {
  const bodies: unknown[] = []
  const listener: RequestListener = (request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (part) => {
      text += part
    })
    request.on('end', () => {
      bodies.push(JSON.parse(text))
      response.writeHead(204).end()
    })
  }
  return { url: await listening(createHttpServer(listener)), bodies }
}

test('80 events for a receiver that hangs delay no other tenant’s webhook (B4, hostile F4)', async () => {
  const server = await startServer({ env: { ALLOW_PRIVATE_TARGETS: 'on' } })
  const tenant = async (url: string) => {
    const clients = [{ clientId: 'back-end', clientSecret: 'secret-of-it-0123456789', scopes: ['*'] }]
    const { dialects } = await server.createApp({ mobilefirst: { clients } })
    const app = String(dialects.mobilefirst?.applicationId)
    const scope = 'webhooks.write devices.write'
    const issued = await fetch(`${server.origin}/mfp/api/az/v1/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa('back-end:secret-of-it-0123456789')}` },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: `${scope} push.application.${app}`,
      }),
    })
    const { access_token } = (await issued.json()) as { access_token: string }
    const post = async (path: string, body: unknown) => {
      const answer = await fetch(`${server.origin}/imfpush/v1/apps/${app}${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${access_token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(answer.status, await answer.text()).toBe(201)
    }
    await post('/webhooks', { name: 'hook', url, eventTypes: 'onDeviceRegister' })
    return (deviceId: string) => post('/devices', { deviceId, token: `token of ${deviceId}`, platform: 'G' })
  }
  const [slow, fine] = [await hanging(), await answering()]
  const [slowly, finely] = [await tenant(slow.url), await tenant(fine.url)]
  for (let i = 0; i < 80; i++) await slowly(`device-${i}`)
  for (let i = 0; i < 2; i++) await finely(`device-${i}`)
  while (fine.bodies.length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
  // None of the slow calls has been given up yet: the first four still hang.
  expect(slow.connections()).toBe(4)
  await server.kill()
})

const MIGRATIONS = 'schema/migrations'

/** The migrations of the build before the one with a migration of that name. */
function before(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-migrations-'))
  cpSync(MIGRATIONS, folder, { recursive: true })
  const path = join(folder, 'meta', '_journal.json')
  const journal: { entries: { tag: string }[] } = JSON.parse(readFileSync(path, 'utf8'))
  const at = journal.entries.findIndex(({ tag }) => tag.endsWith(`_${name}`))
  if (at < 0) throw new Error(`there is no migration ${name}`)
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, at) }))
  return folder
}

const hooks = statement(sql`
  INSERT INTO webhooks (app_id, dialect, name, id, url, events, created_at, updated_at)
  VALUES ('app', 'mobilefirst', 'hook', 'w1', 'https://hooks.example/', '[]', 0, 0)`)
const calls = statement(sql`
  INSERT INTO outbox (id, app_id, dialect, webhook, kind, event, attempts, due_at, created_at) VALUES
    ('waits', 'app', 'mobilefirst', 'hook', 'subscribed', '{}', 3, 7, 0),
    ('nobody’s', 'app', 'mobilefirst', 'other', 'subscribed', '{}', 0, 0, 0)`)
const all = statement(sql`SELECT id, webhook_id, attempts, due_at, taken FROM outbox`)

test('calls that an earlier build left waiting are in the lane of their webhook', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pushport-test-')), 'old.db')
  const old = openNodeDb(file, before('webhook_lanes'))
  await old.commit([call(hooks, {}), call(calls, {})])
  await old.close()
  const db = openNodeDb(file, MIGRATIONS)
  const [rows] = await db.read([call(all, {})])
  await db.close()
  expect(rows).toEqual([{ id: 'waits', webhook_id: 'w1', attempts: 3, due_at: 7, taken: 0 }])
})
