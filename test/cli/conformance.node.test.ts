import { writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { ADMIN_TOKEN, type Server, startServer } from '../harness/server.ts'
import { at, cli } from './kit.ts'

const DIALECTS = ['pusher-beams', 'mobilefirst', 'flameup', 'pushwoosh', 'backendless']

let server: Server
const ends: (() => void)[] = []
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  for (const end of ends) end()
  await server.stop()
})

/** Stands before the gateway, and answers one call with another status. */
async function faulty(method: string, path: RegExp, status: number): Promise<string> {
  const proxy = createServer(async (incoming, outgoing) => {
    const { url = '', headers, method: asked } = incoming
    // Whole before it goes on: the gateway refuses a large one before its end, and closes.
    const body: Buffer[] = []
    for await (const part of incoming) body.push(part as Buffer)
    // A connection of its own for each: one that waited may be closed just as it is taken again.
    const onward = request(`${server.origin}${url}`, { agent: false, method: asked, headers }, (answer) => {
      const wrong = asked === method && path.test(url) && answer.statusCode === 200
      outgoing.writeHead(wrong ? status : (answer.statusCode ?? 500), answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => {
      if (!outgoing.headersSent) outgoing.destroy()
    })
    onward.end(Buffer.concat(body))
  })
  proxy.keepAliveTimeout = 120_000
  await new Promise<void>((resume) => proxy.listen(0, '127.0.0.1', resume))
  ends.push(
    () => proxy.closeAllConnections(),
    () => proxy.close(),
  )
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}

test.each(DIALECTS)('a gateway passes every row of %s, and keeps nothing of it', async (dialect) => {
  const done = await cli(
    ['conformance', '--target', server.origin, '--dialect', dialect, '--json'],
    at(server),
  )
  expect(done.json.filter(({ pass }) => !pass)).toEqual([])
  expect(done).toMatchObject({ code: 0, stderr: '' })
  expect(done.json.length).toBeGreaterThan(40)
  expect(new Set(done.json.map(({ row }) => row)).size).toBe(done.json.length)
  expect(done.json[0]).toEqual({
    ...{ dialect, row: 'registers-a-device', name: 'registers a device', pass: true, fault: null },
    came: { status: expect.any(Number), body: expect.any(String) },
  })
  expect((await cli(['app', 'list', '--json'], at(server))).json).toEqual([])
})

test('a server that answers one call wrongly fails that row, by an app out of a file, without the admin API', async () => {
  const made = await cli(['app', 'create', 'own', '--dialects', 'pusher-beams,flameup', '--json'], at(server))
  const file = join(temporaryFolder(), 'app.json')
  writeFileSync(file, made.stdout)
  const right = await faulty('GET', /\/devices\/fcm\/[^/]+$/, 200)
  const good = await cli(['conformance', '--target', right, '--app', file])
  expect([good.code, good.stdout.match(/^FAULT.*$/gm)]).toEqual([0, null])

  const wrong = await faulty('GET', /\/devices\/fcm\/[^/]+$/, 500)
  const rows = await cli(['conformance', '--target', wrong, '--app', file, '--json'])
  expect(rows.code).toBe(1)
  expect(rows.json.filter(({ pass }) => !pass)).toMatchObject([
    {
      ...{ dialect: 'pusher-beams', row: 'answers-head-as-get-without-a-body', pass: false },
      fault: expect.stringContaining('status is 500, and no success'),
      came: { status: 500 },
    },
  ])
  expect(new Set(rows.json.map(({ dialect }) => dialect))).toEqual(new Set(['pusher-beams', 'flameup']))
  const people = await cli(['conformance', '--target', wrong, '--app', file, '--dialect', 'pusher-beams'])
  expect(people.stdout).toMatch(/^FAULT {2}pusher-beams: answers HEAD as GET, without a body: /)
  expect(people.stdout).toMatch(/^pusher-beams: \d+ passed, 1 failed$/m)
})

test('says what is wrong with the command line, and who does not answer', async () => {
  const env = { PUSHPORT_ADMIN_TOKEN: ADMIN_TOKEN }
  const run = (...args: string[]) => cli(['conformance', ...args], env)
  expect(await run('--target', server.origin, '--dialect', 'nobody')).toMatchObject({ code: 2 })
  expect(await run('--target', 'ftp://x')).toMatchObject({ code: 2 })
  expect(await run('--target', 'http://127.0.0.1:1')).toMatchObject({ code: 3 })
})
