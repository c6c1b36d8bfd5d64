import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { type Server, startServer } from '../harness/server.ts'
import { fcm } from '../transfer/kit.ts'
import { at, cli } from './kit.ts'
import { json, startVendor } from './vendor-server.ts'

/** MiB that the command may use. The longer list alone has twice as much text. */
const HEAP = 48
const COUNTS = [4000, 16_000] as const
/** The characters that differ between rows. */
const WIDE = 6000
const PAGE = 500

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => void (await server.stop()))

/** A vendor with so many devices, generated as they are requested. */
const startList = (count: number) => {
  let largest = 0
  const row = (n: number) => ({
    ...{ deviceId: `d${count}-${n}`, token: fcm(`heap${count}-${n}-`), platform: 'G', userId: 'anonymous' },
    note: `${n}`.padEnd(WIDE, 'x'),
  })
  const vendor = startVendor(({ path, query }) => {
    if (path.endsWith('/token'))
      return json({ access_token: 'token', token_type: 'Bearer', expires_in: 3600 })
    if (!path.endsWith('/devices')) return json({ subscriptions: [] })
    const [from, size] = [Number(query.get('offset')), Number(query.get('size'))]
    largest = Math.max(largest, size)
    const rows = Array.from({ length: Math.max(0, Math.min(size, count - from)) }, (_, n) => row(from + n))
    return json({ devices: rows, pageInfo: { count: `${rows.length}`, totalCount: `${count}` } })
  })
  return { vendor, largest: () => largest }
}

test('a list is pulled and imported in the same heap and in as many calls a row, however long it is', async () => {
  const calls: number[] = []
  for (const count of COUNTS) {
    const app = `heap-${count}`
    expect(await cli(['app', 'create', app, '--dialects', 'mobilefirst'], at(server))).toMatchObject({
      code: 0,
    })
    const list = startList(count)
    const vendor = await list.vendor
    const args = [
      ...['pull', 'mobilefirst', app, '--from', vendor.origin, '--source-app', 'com.shop'],
      ...['--client', 'exporter', '--file', join(temporaryFolder(), 'pulled'), '--rate', '1000', '--json'],
    ]
    const env = { MOBILEFIRST_SECRET: 'secret-0123456789', NODE_OPTIONS: `--max-old-space-size=${HEAP}` }
    const done = await cli(args, { ...at(server), ...env })
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.json).toMatchObject([{ rows: count, import: { outcomes: { created: count } } }])
    expect(list.largest()).toBeLessThanOrEqual(PAGE + 1)
    calls.push(vendor.calls.length)
  }
  const [few = 0, many = 0] = calls
  // In addition to its pages, a pull makes a few calls: for a token, the end of each list, and the list of
  // subscriptions.
  expect(few).toBeLessThanOrEqual(COUNTS[0] / PAGE + 4)
  expect(many).toBeLessThanOrEqual(COUNTS[1] / PAGE + 4)
})
