import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { markdownReport } from '../../src/compatibility/page.ts'
import { fails, Report } from '../../src/compatibility/report.ts'
import { VERSION } from '../../src/version.ts'
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

/** A proxy before the gateway that answers one call with another status. */
async function faulty(method: string, path: RegExp, status: number): Promise<string> {
  const proxy = createServer(async (incoming, outgoing) => {
    const { url = '', headers, method: asked } = incoming
    // Reads the body before forwarding it, because the gateway refuses a large one before its end and closes.
    const body: Buffer[] = []
    for await (const part of incoming) body.push(part as Buffer)
    // A separate connection for each request: an idle one may be closed just as it is reused.
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

test('--report writes what a server answered as data, as pages and as a badge', async () => {
  const folder = temporaryFolder()
  const file = (name: string) => join(folder, name)
  const names = ['report.json', 'report.md', 'report.html', 'badge.svg']
  const args = ['--dialect', 'flameup,backendless', '--report', names.map(file).join(','), '--json']
  const done = await cli(['conformance', '--target', server.origin, ...args], at(server))
  expect(done).toMatchObject({ code: 0, stderr: '' })
  const report = Report.parse(JSON.parse(readFileSync(file('report.json'), 'utf8')))
  expect(report).toMatchObject({
    ...{ format: 'pushport-compatibility/1', target: server.origin, version: VERSION },
    runs: [{ id: 'target', runtime: server.origin, passed: done.json.length, failed: 0 }],
  })
  expect(report.dialects.map(({ name }) => name)).toEqual(['flameup', 'backendless'])
  for (const { name, rows, endpoints, fallbacks } of report.dialects) {
    const asked = done.json.filter(({ dialect }) => dialect === name)
    expect(rows.map(({ row }) => row)).toEqual(asked.map(({ row }) => row))
    expect(new Set(rows.map(({ results }) => results.target))).toEqual(new Set(['passes']))
    const mounted = adapters.find((one) => one.name === name)?.routes().routes ?? []
    const told = [...endpoints, ...fallbacks].flatMap((one) => one.mounted)
    expect(told.sort()).toEqual([...new Set(mounted.map((one) => `${one.method} ${one.path}`))].sort())
  }
  const passed = report.dialects.map(({ endpoints }) =>
    endpoints.filter(({ results }) => results.length > 0).map(({ method, path }) => `${method} ${path}`),
  )
  expect(passed).toEqual([
    [
      'POST /api/v1/people/{person}/devices',
      'GET /api/v1/people/{person}/devices',
      'DELETE /api/v1/people/{person}/devices/{token}',
    ],
    expect.arrayContaining(['POST /{applicationId}/{apiKey}/messaging/registrations']),
  ])
  const [markdown, html, badge] = names.slice(1).map((name) => readFileSync(file(name), 'utf8'))
  expect(markdown).toBe(markdownReport(report))
  expect(markdown).toContain('| `POST /api/v1/push/send` | untested |  |')
  expect(html).toContain('<td><code>POST /api/v1/push/send</code></td><td>untested</td>')
  expect(html).not.toContain('<script')
  expect(badge).toMatch(/^<svg .*aria-label="compatibility: \d+ of \d+ endpoints"/)
})

test('--report says which call of a server was wrong', async () => {
  const made = await cli(['app', 'create', 'own', '--dialects', 'pusher-beams', '--json'], at(server))
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'app.json'), made.stdout)
  const wrong = await faulty('GET', /\/devices\/fcm\/[^/]+$/, 500)
  const [app, file, badge] = ['app.json', 'report.json', 'badge.svg'].map((name) => join(folder, name))
  const done = await cli([
    'conformance',
    '--target',
    `${wrong}/`,
    '--app',
    app ?? '',
    '--report',
    `${file},${badge}`,
  ])
  expect(done.code).toBe(1)
  const { dialects, runs } = Report.parse(JSON.parse(readFileSync(file ?? '', 'utf8')))
  expect(runs).toMatchObject([{ failed: 1 }])
  const failed = dialects.flatMap(({ endpoints }) => endpoints.filter(fails))
  expect(failed.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /device_api/v1/instances/{instance}/devices/{platform}/{device}',
  ])
  expect(dialects[0]?.rows.filter(({ results }) => results.target === 'fails')).toMatchObject([
    { row: 'answers-head-as-get-without-a-body', reason: expect.stringContaining('status is 500') },
  ])
  expect(readFileSync(badge ?? '', 'utf8')).toContain('compatibility: 2 failed')
})

test.each([
  ['of a form that there is not', 'report.txt', 'must end in one of .json, .md, .html, .svg'],
  ['in a folder that is not there', '/nowhere/report.json', '/nowhere is not a writable folder'],
])('a report %s is refused before the server is asked', async (_, name, words) => {
  const done = await cli(['conformance', '--target', 'http://127.0.0.1:1', '--report', name])
  expect(done).toMatchObject({ code: 2, stdout: '' })
  expect(done.stderr).toContain(words)
})

test('says what is wrong with the command line, and who does not answer', async () => {
  const env = { PUSHPORT_ADMIN_TOKEN: ADMIN_TOKEN }
  const run = (...args: string[]) => cli(['conformance', ...args], env)
  expect(await run('--target', server.origin, '--dialect', 'nobody')).toMatchObject({ code: 2 })
  expect(await run('--target', 'ftp://x')).toMatchObject({ code: 2 })
  expect(await run('--target', 'http://127.0.0.1:1')).toMatchObject({ code: 3 })
})
