import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { linesInFiles } from '../../src/node/recorder/files.ts'
import { createStandIns } from '../../src/node/recorder/stand-ins.ts'
import { cli } from '../cli/kit.ts'
import type { AppDocument } from '../harness/harness.ts'
import { temporaryFolder } from '../harness/process.ts'
import { type Server, startServer } from '../harness/server.ts'

const ends: (() => unknown)[] = []
afterAll(async () => {
  for (const end of ends) await end()
})

const TOKEN = 'secret-token-of-anna:APA91b-0123456789-0123456789'
const DIALECTS = { 'pusher-beams': {}, pushwoosh: {} }

async function recording(share: string, more: Readonly<Record<string, string>> = {}) {
  const folder = join(temporaryFolder(), 'recorded')
  const env = { RECORD_SHARE: share, RECORD_FOLDER: folder, ...more }
  const server = await startServer({ runtime: 'node', env })
  ends.push(() => server.stop())
  return { server, folder }
}

async function call(server: Server, method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.origin}${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer my-own-secret' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return text === '' ? null : JSON.parse(text)
}

const instanceOf = (app: AppDocument) => String(app.dialects['pusher-beams']?.instanceId)
const applicationOf = (app: AppDocument) => String(app.dialects.pushwoosh?.applicationCode)

/** The calls of two SDKs: a device is registered, read, and given a topic and a user. */
async function story(server: Server, app: AppDocument) {
  const devices = `/device_api/v1/instances/${instanceOf(app)}/devices/fcm`
  const { id } = await call(server, 'POST', devices, { token: TOKEN })
  await call(server, 'GET', `${devices}/${id}`)
  await call(server, 'PUT', `${devices}/${id}/interests`, { interests: ['news'] })
  const of = { application: applicationOf(app), hwid: '36d48c9a-1111-4222-8333-444455556666' }
  const register = { ...of, device_type: 3, push_token: TOKEN, userId: 'anna@example.com' }
  await call(server, 'POST', '/json/1.3/registerDevice', { request: register })
  await call(server, 'POST', '/json/1.3/setTags', { request: { ...of, tags: { Level: 7 } } })
  return { id, told: [id.slice(4), TOKEN, of.hwid, 'anna@example.com', 'my-own-secret'] }
}

const fileIn = (folder: string) => join(folder, readdirSync(folder)[0] ?? '')
const callsIn = (folder: string) =>
  readFileSync(fileIn(folder), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

test('calls are recorded without a token, an id or a secret, and answered by another gateway in the same way', async () => {
  const { server, folder } = await recording('1')
  const app = await server.createApp(DIALECTS)
  const { told } = await story(server, app)
  const text = readFileSync(fileIn(folder), 'utf8')
  for (const secret of told) expect(text).not.toContain(secret)
  expect(statSync(fileIn(folder)).mode & 0o077).toBe(0)
  const calls = callsIn(folder)
  expect(calls.map(({ method, answer }) => [method, answer.status])).toEqual([
    ...[
      ['POST', 200],
      ['GET', 200],
      ['PUT', 200],
      ['POST', 200],
      ['POST', 200],
    ],
  ])
  const [made, read] = calls
  const [standIn] = Object.values(made.answer.ids) as string[]
  expect(standIn).toMatch(/^fcm-[0-9a-f]{8}-[0-9a-f]{4}-4/)
  expect(read.path).toContain(`/devices/fcm/${standIn}`)
  expect(calls[4].body.request).toMatchObject({
    application: applicationOf(app),
    tags: { Level: expect.any(Number) },
  })
  expect(calls[4].body.request.hwid).toBe(calls[3].body.request.hwid)

  const other = await startServer({ runtime: 'node' })
  ends.push(() => other.stop())
  const there = await other.createApp(DIALECTS)
  const map = join(temporaryFolder(), 'map.json')
  const ids = { [instanceOf(app)]: instanceOf(there), [applicationOf(app)]: applicationOf(there) }
  writeFileSync(map, JSON.stringify(ids))
  const args = ['replay', fileIn(folder), '--map', map, '--diff', '--json']
  const same = await cli([...args, '--target', other.origin])
  expect([same.code, same.json]).toEqual([0, [{ calls: 5, differing: 0 }]])
  const { devices } = (await other.admin('GET', `/apps/${there.id}/devices?limit=10`)) as {
    devices: unknown[]
  }
  expect(devices).toHaveLength(2)

  const target = await misanswering(other)
  const differing = await cli([...args, '--target', target])
  expect(differing).toMatchObject({ code: 4 })
  expect(differing.json).toEqual([
    {
      ...{ call: 2, route: expect.stringMatching(/^GET /), status: 203, was: 200 },
      differences: ['the status is 203, but was 200', 'id is number, and was text', 'userId is missing'],
    },
    { calls: 5, differing: 1 },
  ])
  const dry = await cli(['replay', fileIn(folder), '--target', 'http://127.0.0.1:1', '--dry-run', '--json'])
  expect(dry).toMatchObject({ code: 0 })
  expect(dry.json).toHaveLength(5)
  expect(await cli(['replay', '/nowhere', '--target', other.origin])).toMatchObject({ code: 2 })
})

/** A proxy in front of a gateway that changes the form of one answer. */
async function misanswering(server: Server): Promise<string> {
  const proxy = createServer((incoming, outgoing) => {
    const { url = '', headers, method } = incoming
    const onward = request(`${server.origin}${url}`, { method, headers }, (answer) => {
      if (method !== 'GET') {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(outgoing)
        return
      }
      let text = ''
      answer.setEncoding('utf8').on('data', (part) => {
        text += part
      })
      answer.on('end', () => {
        const { userId: _, ...document } = JSON.parse(text)
        outgoing.writeHead(203, { 'Content-Type': 'application/json' })
        outgoing.end(JSON.stringify({ ...document, id: 1 }))
      })
    })
    incoming.pipe(onward)
  })
  await new Promise<void>((resume) => proxy.listen(0, '127.0.0.1', resume))
  ends.push(
    () => proxy.closeAllConnections(),
    () => proxy.close(),
  )
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}

test('nothing is recorded unless somebody says so, and of each route the first call and the share of the others', async () => {
  const off = await recording('off')
  await story(off.server, await off.server.createApp(DIALECTS))
  expect(existsSync(off.folder)).toBe(false)
  const { server, folder } = await recording('0.25')
  const app = await server.createApp(DIALECTS)
  for (let n = 0; n < 16; n++)
    await call(server, 'POST', '/json/1.3/setBadge', {
      request: { application: applicationOf(app), hwid: `phone-${n}`, badge: n },
    })
  await call(server, 'POST', '/json/1.3/registerDevice', {
    request: { application: applicationOf(app), hwid: 'one', device_type: 3 },
  })
  expect(callsIn(folder).map(({ body }) => body.request.badge ?? 'registered')).toEqual([
    0,
    3,
    7,
    11,
    15,
    'registered',
  ])
})

describe('what a recording is made of', () => {
  test.each([[1000], [4000]])('%i lines never take more than their bytes, also over restarts', (lines) => {
    const folder = temporaryFolder()
    const most = 20_000
    for (let begun = 0; begun < 2; begun++) {
      const out = linesInFiles(folder, most)
      for (let n = 0; n < lines / 2; n++) out.write(`line ${n} ${'x'.repeat(80)}`)
      out.write('y'.repeat(most))
      out.close()
      const names = readdirSync(folder)
      expect(names.length).toBeLessThanOrEqual(4)
      const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
      expect(bytes).toBeLessThanOrEqual(most)
      expect(readFileSync(join(folder, names.sort().at(-1) ?? ''), 'utf8')).toContain(
        `line ${lines / 2 - 1} `,
      )
    }
  })

  test.each([
    [
      'fcm-36d48c9a-1111-4222-8333-444455556666',
      /^fcm-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    ],
    ['4E67A1B2C3D4E5F6', /^[0-9A-F]{16}$/],
    ['Anna.Müller+1@example.com', /^[A-Z][a-z]{3}\.[A-Z][a-z]{5}\+\d@[a-z]{7}\.[a-z]{3}$/],
    ['https://push.example/wp/gAAA1', /^https:\/\/push\.example\/[a-z]{2}\/[a-z][A-Z]{3}\d$/],
  ])(
    '%s is replaced by one of the same form, always the same, and another with another key',
    (text, form) => {
      const standIn = createStandIns('key')
      expect(standIn(text)).toMatch(form)
      expect(standIn(text)).not.toBe(text)
      expect(createStandIns('key')(text)).toBe(standIn(text))
      expect(createStandIns('other')(text)).not.toBe(standIn(text))
    },
  )
})
