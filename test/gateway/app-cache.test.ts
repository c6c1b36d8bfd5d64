import { describe, expect, test } from 'vitest'
import { createAppCache } from '../../src/gateway/app-cache.ts'
import type { StoredDialectApp } from '../../src/store/store.ts'
import { createHarness } from '../harness/harness.ts'

const MIB = 1024 * 1024
let counter = 0
const long = (length: number) => `${counter++}-`.padEnd(length, 'x')

/** Every place where a caller can name an app, in each dialect, with a name of that length. */
const DOORS: readonly [
  name: string,
  longest: number,
  call: (name: string) => [string, string, RequestOf?],
][] = [
  [
    'Pushwoosh’s code',
    MIB,
    (code) => ['POST', '/json/1.3/getTags', { body: { request: { application: code } } }],
  ],
  [
    'Pushwoosh’s bulk code',
    MIB,
    (application) => [
      'POST',
      '/api/v2/audience/bulkRegisterDevice',
      { body: { application, auth: 'x', devices: [] } },
    ],
  ],
  ['Beams’ instance', 8000, (id) => ['GET', `/device_api/v1/instances/${id}/web-vapid-public-key`]],
  ['Backendless’s id', 8000, (id) => ['GET', `/${id}/key/messaging/registrations/d`]],
  [
    'Backendless’s id in a header',
    60_000,
    (id) => [
      'GET',
      '/v3/messaging/registrations/d',
      { headers: { 'application-id': id, 'secret-key': 'x' } },
    ],
  ],
  [
    'Flameup’s key',
    60_000,
    (key) => ['GET', '/api/v1/people/p/devices', { headers: { Authorization: `Bearer ${key}` } }],
  ],
  [
    'MobileFirst’s application',
    8000,
    (app) => ['GET', `/imfpush/v1/apps/${app}/tags`, { headers: { appSecret: 'x' } }],
  ],
  ['MobileFirst’s keys', 8000, (app) => ['GET', `/mfp/api/az/v1/keys/${app}`]],
  [
    'MobileFirst’s client',
    MIB / 64,
    (id) => [
      'POST',
      '/mfp/api/az/v1/token',
      {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `grant_type=client_credentials&client_id=${id}&client_secret=x`,
      },
    ],
  ],
]
interface RequestOf {
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

describe('names that are no app’s (A2, hostile F2)', () => {
  test.each(DOORS)('%s of any length is refused without asking the database', async (_, longest, call) => {
    const reads = { count: 0 }
    const h = await createHarness({
      db: (real) => ({
        commit: real.commit,
        read: (plan) => {
          reads.count++
          return real.read(plan)
        },
      }),
    })
    const before = h.gateway.apps.held()
    for (let n = 0; n < 20; n++) {
      const { status } = await h.request(...call(long(longest)))
      expect(status < 500).toBe(true)
    }
    expect([reads.count, h.gateway.apps.held()]).toEqual([0, before])
  })

  test('600 names of 1 MiB leave nothing behind', async () => {
    const h = await createHarness()
    for (let n = 0; n < 600; n++) expect(await h.gateway.apps.find('red', long(MIB))).toBeNull()
    expect(h.gateway.apps.held()).toEqual({ entries: 0, bytes: 0 })
  })

  test('four times the names, of any length, are the same bytes', () => {
    const cache = createAppCache({ now: () => new Date(0), cacheSeconds: 30 })
    const sizes = [5000, 20_000].map((names) => {
      for (let n = 0; n < names; n++) cache.set(long(n % 500), null)
      return cache.held().bytes
    })
    expect(sizes[1]).toBeLessThanOrEqual((sizes[0] ?? 0) * 1.1)
    expect(sizes[1]).toBeLessThan(MIB)
  })

  test('they are forgotten with time, and push no app out', async () => {
    const h = await createHarness()
    const { app, name } = await someApp(h)
    expect(await h.gateway.apps.find('red', name)).toMatchObject({ app: { id: app.id } })
    const one = h.gateway.apps.held()
    for (let n = 0; n < 300; n++) await h.gateway.apps.find('red', long(50))
    expect(h.gateway.apps.held().entries).toBeGreaterThan(300)
    h.clock.advance(2001)
    expect(h.gateway.apps.held()).toEqual(one)
    await h.gateway.directory.removeApp(app.id)
    expect(h.gateway.apps.held().entries).toBe(0)
  })

  test('known apps are bounded by bytes too', async () => {
    const h = await createHarness()
    const { name } = await someApp(h)
    const found = (await h.gateway.apps.find('red', name)) as StoredDialectApp
    const fat = { ...found, options: { fat: 'x'.repeat(400_000) } }
    const cache = createAppCache({ now: () => new Date(0), cacheSeconds: 30 })
    for (let n = 0; n < 100; n++) cache.set(long(20), fat)
    expect(cache.held().entries).toBeGreaterThan(10)
    expect(cache.held().bytes).toBeLessThanOrEqual(32 * MIB)
  })
})

async function someApp(h: Awaited<ReturnType<typeof createHarness>>) {
  const name = `app-${crypto.randomUUID()}`
  const draft = { identifier: name, names: [name], options: {}, secrets: [] }
  const app = await h.gateway.directory.createApp({ name, dialects: new Map([['red', draft]]) })
  return { app, name }
}
