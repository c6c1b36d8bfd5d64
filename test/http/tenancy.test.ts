import { describe, expect, test } from 'vitest'
import { masked } from '../../src/wire/refused.ts'
import { TABLES } from '../edge/round-trips/index.ts'
import type { DialectTable, Registered, Row } from '../edge/round-trips/table.ts'
import { send } from '../harness/example.ts'
import { createHarness, type Harness } from '../harness/harness.ts'
import { countedDb } from '../harness/round-trips.ts'
import { openShop, type Shop, setup, text } from './kit.ts'

/** Calls that belong to no app. */
const NOBODYS: ReadonlySet<string> = new Set([
  // A page that only shows the contents of its own address.
  'a code is shown',
  // A job is found by its id only; the call has neither a code nor a key.
  'what became of them',
  // Offered to few of the vendor's customers: refused before any look-up.
  'getPushHistory',
  'health',
])

/** An app with a registered device, and everything needed before the row's own call. */
async function prepared(h: Harness, { adapter, register, deviceId }: DialectTable, { given, call }: Row) {
  const app = await h.createApp({ [adapter.name]: {} })
  const dialect = app.dialects[adapter.name] ?? {}
  const token = `first-${crypto.randomUUID()}`
  const registration = await register(dialect, token, h)
  const at: Registered = { h, dialect, device: await deviceId(await send(h, registration), token) }
  for (const before of (await given?.(at)) ?? []) await send(h, before)
  return { app, registration, request: await call(at) }
}

describe.each(TABLES)('every call of $adapter.name', (table) => {
  const rows = table.rows.filter(({ situation }) => !NOBODYS.has(situation))

  test.each(rows)(
    '$situation: is logged with its app, counts against it, and waits its turn',
    async (row) => {
      const h = await createHarness({ dialect: table.adapter.name, env: { RATE_PER_APP: '12' } })
      const { app, registration, request } = await prepared(h, table, row)
      const limited = () => h.log.at(-1)?.code === 'rate_limited'
      for (const one of [registration, request]) for (let n = 0; n < 12 && !limited(); n++) await send(h, one)
      await send(h, request)
      const refused = { app: app.id, code: 'rate_limited', identifier: expect.stringContaining('…') }
      expect(h.log.at(-1)).toMatchObject(refused)
      const list = await h.admin('GET', `/refusals?app=${app.id}&limit=1`)
      expect(await list.json()).toMatchObject({ refusals: [refused] })
      h.clock.advance(60_000)
      await send(h, request)
      expect(h.log.at(-1)).toMatchObject({ dialect: table.adapter.name, app: app.id })
      expect(limited()).toBe(false)
    },
  )
})

const APPLICATION = (shop: Shop) => text(shop, 'mobilefirst', 'applicationId')
const INSTANCE = (shop: Shop) => text(shop, 'pusher-beams', 'instanceId')
const CODE = (shop: Shop) => text(shop, 'pushwoosh', 'applicationCode')
const KEY = (shop: Shop) => (setup(shop, 'flameup').apiKeys as { key: string }[])[0]?.key ?? ''
const ID = (shop: Shop) => text(shop, 'backendless', 'applicationId')
const PLAIN = { 'Content-Type': 'text/plain' }
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

type Call = readonly [method: string, path: string, headers: Readonly<Record<string, string>>, body?: string]

/** Calls that are refused before their app is looked up, each with a description. */
const EARLY: readonly [what: string, names: (shop: Shop) => string, call: (shop: Shop) => Call][] = [
  [
    'Beams: no JSON',
    INSTANCE,
    (shop) => ['POST', `/device_api/v1/instances/${INSTANCE(shop)}/devices/fcm`, PLAIN, 'x'],
  ],
  [
    'Beams: a report that is no JSON',
    INSTANCE,
    (shop) => ['POST', `/reporting_api/v2/instances/${INSTANCE(shop)}/events`, PLAIN, 'x'],
  ],
  ['Beams: no endpoint', INSTANCE, (shop) => ['GET', `/device_api/v1/instances/${INSTANCE(shop)}/x`, {}]],
  [
    'Flameup: a method that is not there',
    KEY,
    (shop) => ['PUT', '/api/v1/people/p/devices', { Authorization: `Bearer ${KEY(shop)}` }],
  ],
  [
    'Pushwoosh: a bulk call without rows',
    CODE,
    (shop) => ['POST', '/api/v2/audience/bulkRegisterDevice', {}, `{"application":"${CODE(shop)}"}`],
  ],
  [
    'MobileFirst: a token that is missing',
    APPLICATION,
    (shop) => ['GET', `/imfpush/v1/apps/${APPLICATION(shop)}/devices`, {}],
  ],
  [
    'MobileFirst: a wrong grant',
    () => '',
    () => ['POST', '/mfp/api/az/v1/token', FORM, 'grant_type=password&client_id=nobody'],
  ],
  [
    'MobileFirst: a client that nobody has',
    () => 'nobody-at-all',
    () => ['GET', '/mfp/api/az/v1/authorization?client_id=nobody-at-all', {}],
  ],
  [
    'MobileFirst: a client that nobody has, before its assertion',
    () => 'nobody-at-all',
    () => ['POST', '/mfp/api/preauth/v1/preauthorize', {}, '{"client_id":"nobody-at-all"}'],
  ],
  [
    'Backendless: a broken escape',
    ID,
    (shop) => ['GET', `/${ID(shop)}/SOME-KEY/messaging/registrations/%E0%A4%A`, {}],
  ],
  [
    'Backendless: headers of version 3, and a broken escape',
    ID,
    (shop) => ['GET', '/v1/messaging/registrations/%E0%A4%A', { 'application-id': ID(shop) }],
  ],
]

test.each(EARLY)(
  '%s: whom it named is in the log, and the database was not asked',
  async (_, names, call) => {
    let counted = countedDb({} as never)
    const h = await createHarness({
      db(real) {
        counted = countedDb(real)
        return counted.db
      },
    })
    const shop = await openShop(h)
    const [method, path, headers, body] = call(shop)
    const before = counted.trips
    await h.request(method, path, { headers, ...(body !== undefined && { body }) })
    expect(h.log.at(-1)).toMatchObject({
      app: null,
      reason: expect.any(String),
      identifier: names(shop) === '' ? null : masked(names(shop)),
    })
    expect(counted.trips - before).toBe(
      path.includes('nobody-at-all') || body?.includes('nobody-at-all') ? 1 : 0,
    )
  },
)

test('a body that was not needed for the refusal is not read for the log', async () => {
  const h = await createHarness({ dialect: 'pushwoosh', env: { RATE_PER_ADDRESS: '1' } })
  let pulled = 0
  const body = () =>
    new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled++
          controller.enqueue(new TextEncoder().encode('{"request":{"application":"AAAAA-BBBBB"}}'))
          controller.close()
        },
      },
      { highWaterMark: 0 },
    )
  const register = async () => {
    const init = { method: 'POST', body: body(), duplex: 'half' } as RequestInit
    await h.app.request('http://gateway.test/json/1.3/registerDevice', init)
    return h.log.at(-1)
  }
  expect(await register()).toMatchObject({ code: 'app_unknown', identifier: 'AAA…' })
  expect(pulled).toBe(1)
  expect(await register()).toMatchObject({ code: 'rate_limited', identifier: null })
  expect(pulled).toBe(1)
})
