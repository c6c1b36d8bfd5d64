import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { type Server, startServer } from '../harness/server.ts'
import { fcm } from '../transfer/kit.ts'
import { at, cli, startCli } from './kit.ts'
import { json, startVendor, type VendorAnswer, type VendorCall } from './vendor-server.ts'

const SECRET = 'very-secret-0123456789'
const COUNT = 1234

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => void (await server.stop()))

let apps = 0
async function newApp(dialect: string): Promise<string> {
  const name = `pull-${apps++}`
  expect(await cli(['app', 'create', name, '--dialects', dialect], at(server))).toMatchObject({ code: 0 })
  return name
}
const stats = async (app: string) => (await cli(['app', 'show', app, '--json'], at(server))).json[0]
const newFile = () => join(temporaryFolder(), 'pulled')
const run = (args: readonly string[], variable: string, secret = SECRET) =>
  cli(['pull', ...args], { ...at(server), [variable]: secret })

/** A vendor's list, read by offsets. */
const sliced = <Row>(rows: readonly Row[], { query }: VendorCall, size: string) =>
  rows.slice(Number(query.get('offset')), Number(query.get('offset')) + Number(query.get(size)))

const DEVICES = Array.from({ length: COUNT }, (_, n) => ({
  deviceId: `d${n}`,
  token: fcm(`mfp${n}-`),
  platform: 'G',
  userId: 'anonymous',
}))
const SUBSCRIPTIONS = Array.from({ length: 10 }, (_, n) => ({
  subscriptionId: n,
  deviceId: `d${n}`,
  tagName: 'news',
}))

describe('mobilefirst', () => {
  const lists = { devices: DEVICES, subscriptions: SUBSCRIPTIONS } as const
  function answer(call: VendorCall): VendorAnswer {
    if (call.path.endsWith('/token'))
      return json({ access_token: `token-${Date.now()}`, token_type: 'Bearer', expires_in: 3600 })
    const name = call.path.endsWith('/devices') ? 'devices' : 'subscriptions'
    const rows = sliced<unknown>(lists[name], call, 'size')
    return json({ [name]: rows, pageInfo: { count: `${rows.length}`, totalCount: `${lists[name].length}` } })
  }
  const way = (app: string, from: string, file: string, ...more: readonly string[]) => [
    ...['mobilefirst', app, '--from', from, '--source-app', 'com.shop', '--client', 'exporter'],
    ...['--file', file, '--rate', '100', ...more],
  ]

  test('pulls devices and then subscriptions, page by page, and leaves no file behind', async () => {
    const vendor = await startVendor(answer)
    const [app, file] = [await newApp('mobilefirst'), newFile()]
    const done = await run(way(app, vendor.origin, file, '--json'), 'MOBILEFIRST_SECRET')
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.json).toMatchObject([
      { rows: COUNT + 10, retried: 0, import: { outcomes: { created: COUNT, merged: 10, rejected: 0 } } },
    ])
    expect(await stats(app)).toMatchObject({ devices: { total: COUNT } })
    expect(existsSync(file)).toBe(false)
    const [first] = vendor.calls
    expect(first?.headers.authorization).toBe(`Basic ${btoa(`exporter:${SECRET}`)}`)
    expect(new URLSearchParams(first?.body).get('scope')).toContain('devices.read')
  })

  const PAGE = answer({ path: '/devices', query: new URLSearchParams('offset=0&size=500') } as VendorCall)
  test.each<[string, VendorAnswer, readonly string[]]>([
    ['asks to try again later', { status: 429, headers: { 'Retry-After': '1' } }, []],
    ['fails', { status: 500, body: 'oops' }, []],
    ['breaks off in the middle of a page', { ...PAGE, cut: 5000 }, []],
    [
      'sends half a page as if it were whole',
      { body: PAGE.body?.slice(0, 5000) as string, headers: { 'Content-Type': 'application/json' } },
      [],
    ],
    ['says nothing for too long', { silent: true }, ['--patience', '0.5']],
    ['takes the token for expired', { status: 401 }, []],
  ])('goes on where the vendor %s', async (_, fault, more) => {
    const vendor = await startVendor(answer)
    const [app, file] = [await newApp('mobilefirst'), newFile()]
    vendor.fail(json({ access_token: 'first' }), fault)
    const done = await run(way(app, vendor.origin, file, '--json', ...more), 'MOBILEFIRST_SECRET')
    expect(done).toMatchObject({ code: 0 })
    expect(done.json).toMatchObject([{ import: { outcomes: { created: COUNT, merged: 10, skipped: 0 } } }])
    const [, failed, again] = vendor.calls
    if (fault.status === 429) expect((again?.at ?? 0) - (failed?.at ?? 0)).toBeGreaterThanOrEqual(990)
    if (fault.status === 401) expect(again?.path).toMatch(/\/token$/)
  })

  test('misses nobody where rows are deleted between two pages', async () => {
    let list = DEVICES
    const vendor = await startVendor((call) => {
      if (!call.path.endsWith('/devices')) return answer(call)
      const rows = sliced(list, call, 'size')
      // After the first page, some of its rows are deleted, so that the others move up.
      if (call.query.get('offset') === '0') list = DEVICES.filter((_row, n) => n >= 300 || n % 7 !== 0)
      return json({ devices: rows })
    })
    const [app, file] = [await newApp('mobilefirst'), newFile()]
    const done = await run(way(app, vendor.origin, file, '--json'), 'MOBILEFIRST_SECRET')
    expect(done.json).toMatchObject([{ import: { outcomes: { created: COUNT } } }])
  })

  test('stops where the vendor is down, and goes on with what is there', async () => {
    const vendor = await startVendor(answer)
    const [app, file] = [await newApp('mobilefirst'), newFile()]
    vendor.fail(json({ access_token: 'first' }), PAGE, { status: 503, headers: { 'Retry-After': '3600' } })
    const stopped = await run(way(app, vendor.origin, file), 'MOBILEFIRST_SECRET')
    expect(stopped).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('Continue later with --resume.'),
    })
    expect(await stats(app)).toMatchObject({ devices: { total: 0 } })
    const before = vendor.calls.length
    expect(await run(way(app, vendor.origin, file), 'MOBILEFIRST_SECRET')).toMatchObject({ code: 2 })
    const done = await run(way(app, vendor.origin, file, '--resume', '--json'), 'MOBILEFIRST_SECRET')
    expect(done.json).toMatchObject([{ rows: COUNT + 10, import: { outcomes: { created: COUNT } } }])
    expect(vendor.calls.slice(before).map(({ query }) => query.get('offset'))).not.toContain('0,0')
    const [, next] = vendor.calls.slice(before)
    expect(next?.query.get('offset')).toBe('499')
  })

  test('goes on where it was killed in the middle of a page', async () => {
    const vendor = await startVendor(answer)
    const [app, file] = [await newApp('mobilefirst'), newFile()]
    vendor.fail(json({ access_token: 'first' }), PAGE, { silent: true })
    const program = startCli(['pull', ...way(app, vendor.origin, file)], {
      ...at(server),
      MOBILEFIRST_SECRET: SECRET,
    })
    await expect.poll(() => vendor.calls.length).toBe(3)
    program.signal('SIGKILL')
    await program.exited
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"devices":[{"half`)
    const done = await run(way(app, vendor.origin, file, '--resume', '--json'), 'MOBILEFIRST_SECRET')
    expect(done.json).toMatchObject([{ rows: COUNT + 10, import: { outcomes: { created: COUNT } } }])
  })

  test('a dry run changes nothing and keeps the file, which is then imported without the vendor', async () => {
    const vendor = await startVendor(answer)
    const [app, file] = [await newApp('mobilefirst'), newFile()]
    const dry = await run(way(app, vendor.origin, file, '--dry-run', '--json'), 'MOBILEFIRST_SECRET')
    expect(dry.json).toMatchObject([{ import: { dryRun: true, outcomes: { created: COUNT } } }])
    expect(await stats(app)).toMatchObject({ devices: { total: 0 } })
    const before = vendor.calls.length
    const real = await run(way(app, vendor.origin, file, '--resume', '--json'), 'MOBILEFIRST_SECRET')
    expect(real.json).toMatchObject([{ import: { dryRun: false, outcomes: { created: COUNT } } }])
    expect(vendor.calls).toHaveLength(before)
  })

  test('says what the vendor refuses, without the secret, in no state file either', async () => {
    const vendor = await startVendor(answer)
    const [app, file] = [await newApp('mobilefirst'), newFile()]
    const refusal = { status: 400, body: JSON.stringify({ message: `client ${SECRET} is unknown` }) }
    vendor.fail(refusal)
    const refused = await run(way(app, vendor.origin, file), 'MOBILEFIRST_SECRET')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('400: client … is unknown') })
    expect(readFileSync(`${file}.state.json`, 'utf8') + refused.stdout + refused.stderr).not.toContain(SECRET)
    expect(await run(way(app, vendor.origin, file, '--resume'), 'MOBILEFIRST_SECRET')).toMatchObject({
      code: 0,
    })
    vendor.fail({ status: 302, headers: { Location: `${server.origin}/healthz` } })
    const sent = await run(way(app, vendor.origin, file), 'MOBILEFIRST_SECRET')
    expect(sent).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('redirects this call (302)'),
    })
    const open = await run(way(app, 'http://mfp.example.com', file), 'MOBILEFIRST_SECRET')
    expect(open).toMatchObject({ code: 2, stderr: expect.stringContaining('is not encrypted') })
  })
})

describe('backendless', () => {
  const ROWS = Array.from({ length: 450 }, (_, n) => ({
    ...{ ___class: 'DeviceRegistration', objectId: `DFE45B55-0000-4000-8000-${`${n}`.padStart(12, '0')}` },
    ...{ deviceId: `b${n >> 1}`, deviceToken: fcm(`bl${n >> 1}-`), operatingSystemName: 'ANDROID' },
    ...{ operatingSystemVersion: '33', channelName: n % 2 ? 'a "b"' : 'default', expiration: null },
    ...{ created: 1_693_032_911_551, updated: 1_737_096_911_551, user: null },
  }))

  test('pulls the table of registrations into the file that the console exports', async () => {
    const vendor = await startVendor((call) => json(sliced(ROWS, call, 'pageSize')))
    const [app, file] = [await newApp('backendless'), newFile()]
    const args = [
      'backendless',
      app,
      '--from',
      vendor.origin,
      '--source-app',
      'APP',
      '--file',
      file,
      '--keep',
    ]
    vendor.fail({ status: 500 })
    const done = await run([...args, '--rate', '100', '--json'], 'BACKENDLESS_API_KEY')
    expect(done.json).toMatchObject([
      { rows: 450, retried: 1, import: { outcomes: { created: 225, merged: 225 } } },
    ])
    expect(vendor.calls.at(-1)?.path).toBe(`/APP/${SECRET}/data/DeviceRegistration`)
    expect(vendor.calls.every(({ query }) => Number(query.get('pageSize')) <= 100)).toBe(true)
    expect(readFileSync(file, 'utf8')).toContain(',"a ""b""",,1693032911551,')
  })

  test('names no key where the vendor refuses it', async () => {
    const vendor = await startVendor(() => ({
      status: 403,
      body: JSON.stringify({ message: `key ${SECRET}` }),
    }))
    const app = await newApp('backendless')
    const args = ['backendless', app, '--from', vendor.origin, '--source-app', 'APP', '--file', newFile()]
    const refused = await run(args, 'BACKENDLESS_API_KEY')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('answered 403: key …') })
    expect(refused.stderr).not.toContain(SECRET)
  })
})

describe('flameup', () => {
  const of = (n: number) => ({
    ...{ id: crypto.randomUUID(), workspace_id: 'ws_1', person_id: `p${n}`, device_token: fcm(`fl${n}-`) },
    ...{ platform: n % 2 ? 'android' : 'web', is_active: n % 3 !== 0, is_valid: true },
  })
  const ROWS = Array.from({ length: 90 }, (_, n) => of(n))
  const way = (app: string, from: string, ...more: readonly string[]) => [
    ...[
      'flameup',
      app,
      '--from',
      from,
      '--workspace',
      'ws_1',
      '--file',
      newFile(),
      '--rate',
      '100',
      '--json',
    ],
    ...more,
  ]

  test('pulls the list of a workspace at once, again where it breaks off', async () => {
    const vendor = await startVendor(() => json({ devices: ROWS }))
    vendor.fail({ ...json({ devices: ROWS }), cut: 3000 }, { body: '{"devices":[{"id":' })
    const done = await run(way(await newApp('flameup'), vendor.origin), 'FLAMEUP_API_KEY')
    expect(done.json).toMatchObject([{ rows: 90, calls: 3, import: { outcomes: { created: 90 } } }])
    expect(vendor.calls[0]?.headers.authorization).toBe(`Bearer ${SECRET}`)
  })

  test('asks for parts of it where the whole takes too long', async () => {
    const vendor = await startVendor(({ query }) => {
      const [platform, active] = [query.get('platform'), query.get('is_active')]
      if (platform === null || (platform === 'web' && active === null)) return { silent: true }
      const wanted = (row: (typeof ROWS)[number]) =>
        row.platform === platform && (active === null || `${row.is_active}` === active)
      return json({ devices: ROWS.filter(wanted) })
    })
    const args = way(await newApp('flameup'), vendor.origin, '--patience', '0.4')
    const done = await run(args, 'FLAMEUP_API_KEY')
    expect(done.json).toMatchObject([{ rows: 90, import: { outcomes: { created: 90 } } }])
  })

  test('asks person by person, with the key out of a file', async () => {
    const vendor = await startVendor(({ path }) => {
      const person = decodeURIComponent(path.split('/')[4] ?? '')
      return json({ devices: ROWS.filter(({ person_id }) => person_id === person) })
    })
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'people'), ['p1', 'p2', 'nobody/here', 'p3'].join('\n'))
    writeFileSync(join(folder, 'key'), `${SECRET}\n`)
    const files = ['--people', join(folder, 'people'), '--secret-file', join(folder, 'key')]
    const done = await cli(['pull', ...way(await newApp('flameup'), vendor.origin, ...files)], at(server))
    expect(done.json).toMatchObject([{ rows: 3, import: { outcomes: { created: 3 } } }])
    expect(vendor.calls[2]?.path).toBe('/api/v1/people/nobody%2Fhere/devices')
  })
})

describe('pushwoosh', () => {
  const TABLE = [
    'Hwid,User ID,Push Token,Type,Type (humanized),Level',
    ...Array.from({ length: 50 }, (_, n) => `hwid-${n},anna,${fcm(`pw${n}-`)},3,Android,7`),
  ].join('\n')
  const ARCHIVE = zipSync({ 'export_segment_AAAAA-BBBBB_1.csv': strToU8(TABLE) })
  const way = (app: string, from: string, file: string, ...more: readonly string[]) => [
    ...['pushwoosh', app, '--from', from, '--source-app', 'AAAAA-BBBBB', '--file', file],
    ...['--rate', '100', '--json', ...more],
  ]
  async function pushwoosh(archive: Uint8Array = ARCHIVE, state = 'completed') {
    let asked = 0
    const vendor = await startVendor(({ path }) => {
      if (path.endsWith('/exportSegment')) return json({ task_id: 'task-1' })
      if (path.endsWith('/result'))
        return json(
          asked++ === 0
            ? { status: 'in-progress', progress: 50 }
            : { status: state, devices_count: 50, csv_filename: `${vendor.origin}/files/1.zip` },
        )
      return { body: archive }
    })
    return vendor
  }

  test('starts an export, waits for it, and imports the table in its archive', async () => {
    const vendor = await pushwoosh()
    const [app, file] = [await newApp('pushwoosh'), newFile()]
    const done = await run(way(app, vendor.origin, file), 'PUSHWOOSH_API_TOKEN')
    expect(done.json).toMatchObject([{ rows: 50, import: { outcomes: { created: 50 } } }])
    expect(JSON.parse(vendor.calls[0]?.body ?? '')).toEqual({
      ...{ auth: SECRET, filterExpression: 'A("AAAAA-BBBBB")', format: 'csv' },
      exportData: ['hwids', 'push_tokens', 'users', 'tags'],
    })
    expect(vendor.calls.map(({ path }) => path.split('/').at(-1))).toEqual([
      ...['exportSegment', 'result', 'result', '1.zip'],
    ])
    expect([file, `${file}.zip`, `${file}.state.json`].filter(existsSync)).toEqual([])
  })

  test('fetches an archive again that breaks off or is damaged', async () => {
    const vendor = await pushwoosh()
    const [app, file] = [await newApp('pushwoosh'), newFile()]
    const damaged = ARCHIVE.map((byte, at) => (at > 80 && at < 200 ? byte ^ 255 : byte))
    vendor.fail(json({ task_id: 1 }), json({ status: 'completed', filename: `${vendor.origin}/files/1.zip` }))
    vendor.fail({ body: ARCHIVE, cut: 100 }, { body: damaged }, { body: 'no archive' })
    const done = await run(way(app, vendor.origin, file), 'PUSHWOOSH_API_TOKEN')
    expect(done.json).toMatchObject([{ rows: 50, retried: 3, import: { outcomes: { created: 50 } } }])
  })

  test.each([
    ['an export that failed', ARCHIVE, 'failed', 'could not create the export'],
    [
      'an archive of two tables',
      zipSync({ 'a.csv': strToU8('a'), 'b.csv': strToU8('b') }),
      'completed',
      'contains more than one table',
    ],
  ])('gives up on %s', async (_, archive, state, told) => {
    const vendor = await pushwoosh(archive, state)
    const [app, file] = [await newApp('pushwoosh'), newFile()]
    const refused = await run(way(app, vendor.origin, file), 'PUSHWOOSH_API_TOKEN')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(told) })
  })
})

test('fetches a file alone, without any gateway', async () => {
  const vendor = await startVendor(() => json({ devices: [] }))
  const file = newFile()
  const args = ['pull', 'flameup', 'shop', '--from', vendor.origin, '--workspace', 'ws_1', '--file', file]
  const done = await cli([...args, '--fetch-only', '--json'], { FLAMEUP_API_KEY: SECRET })
  expect(done).toMatchObject({ code: 0 })
  expect(done.json).toMatchObject([{ file, rows: 0 }])
  expect(readFileSync(file, 'utf8')).toBe('{"devices":[]}\n')
})
