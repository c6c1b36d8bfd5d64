import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/domain/error.ts'
import { ADMIN_TOKEN, createHarness } from '../harness/harness.ts'

const APPS = '/admin/v1/apps'

describe('who may call the admin API', () => {
  test.each([
    ['no header', {}],
    ['another scheme', { Authorization: `Basic ${ADMIN_TOKEN}` }],
    ['a bare token', { Authorization: ADMIN_TOKEN }],
    ['an empty token', { Authorization: 'Bearer ' }],
    ['a wrong token', { Authorization: `Bearer ${ADMIN_TOKEN}x` }],
  ])('refuses %s as a problem, and says no more', async (_, headers) => {
    const h = await createHarness()
    const response = await h.request('GET', APPS, { headers })
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toMatchObject({ status: 401, title: 'Unauthorized' })
  })

  test('who keeps failing is made to wait, with Retry-After, and nobody else', async () => {
    const h = await createHarness({ env: { RATE_LIMIT: 'on' } })
    const from = (address: string, token: string) =>
      h.request('GET', APPS, { headers: { 'x-test-address': address, Authorization: `Bearer ${token}` } })
    for (let i = 0; i < 100; i++) expect((await from('10.0.0.1', 'wrong')).status).toBe(401)
    const refused = await from('10.0.0.1', 'wrong')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await from('10.0.0.2', 'wrong')).status).toBe(401)
    // The right token is served, however often others failed.
    expect((await from('10.0.0.1', ADMIN_TOKEN)).status).toBe(200)
  })
})

describe('limits that an operator sets', () => {
  test.each([
    ['RATE_PER_APP', '10.0.0.2'],
    ['RATE_PER_ADDRESS', '10.0.0.1'],
  ])(
    '%s answers in the shape of the dialect, with Retry-After, and touches no other app',
    async (name, address) => {
      const h = await createHarness({ env: { [name]: '2' } })
      const keyPath = async () => {
        const app = await h.createApp({ 'pusher-beams': {} })
        return `/device_api/v1/instances/${app.dialects['pusher-beams']?.instanceId}/web-vapid-public-key`
      }
      const [path, other] = [await keyPath(), await keyPath()]
      const ask = (to: string, from: string) => h.request('GET', to, { headers: { 'x-test-address': from } })
      for (let i = 0; i < 2; i++) expect((await ask(path, '10.0.0.1')).status).toBe(200)
      const refused = await ask(path, address)
      expect([refused.status, await refused.json()]).toMatchObject([429, { error: 'Too Many Requests' }])
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await ask(other, '10.0.0.3')).status).toBe(200)
    },
  )
})

describe('bad input', () => {
  const deep = `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`
  test.each<[string, number, Readonly<Record<string, string>>, string | Uint8Array]>([
    ['malformed JSON', 400, {}, '{"name"'],
    ['an empty body', 400, {}, ''],
    ['an array', 400, {}, '[]'],
    ['33 levels', 400, {}, deep],
    ['bytes that are not UTF-8', 400, {}, new Uint8Array([0x22, 0xff, 0x22])],
    ['2 MiB', 413, {}, JSON.stringify({ name: 'a'.repeat(2 ** 21) })],
    ['another media type', 415, { 'Content-Type': 'text/plain' }, '{"name":"a"}'],
  ])('%s is a problem', async (_, status, headers, body) => {
    const h = await createHarness()
    const response = await h.request('POST', APPS, {
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json', ...headers },
      body,
    })
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json',
    ])
    expect(await response.json()).toMatchObject({
      status,
      title: expect.any(String),
      detail: expect.any(String),
    })
  })

  test.each([
    ['GET', '/admin/v1/nothing'],
    ['PUT', '/admin/v1/apps'],
    ['GET', '/admin/v2/apps'],
    ['GET', '/admin/v1/apps/none/devices'],
    ['GET', '/admin/v1/apps/none/stats'],
    ['GET', '/admin/v1/apps/none/credentials'],
    ['DELETE', '/admin/v1/apps/none/users/alice'],
  ])('%s %s is not found', async (method, path) => {
    const h = await createHarness()
    const response = await h.request(method, path, { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } })
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  })

  test('an address that is too long is refused', async () => {
    const h = await createHarness()
    expect((await h.admin('GET', `/apps?cursor=${'a'.repeat(9000)}`)).status).toBe(400)
  })
})

describe('faults of ours', () => {
  test('an internal error tells the caller nothing and the log everything', async () => {
    const broken = async () => {
      throw new Error('secret detail in src/store')
    }
    const h = await createHarness({ db: () => ({ read: broken, commit: broken }) })
    const response = await h.admin('GET', '/apps')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret detail')
    expect(String(h.log.at(-1)?.error)).toContain('secret detail')
  })

  test('a store that does not answer is a 503 with Retry-After, and readiness says so', async () => {
    const down = async () => {
      throw new StoreUnavailable('disk full')
    }
    const h = await createHarness({ db: () => ({ read: down, commit: down }) })
    const response = await h.request('GET', '/readyz')
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    expect((await h.request('GET', '/healthz')).status).toBe(200)
  })
})

describe('the log', () => {
  test('has one line per request with id, dialect, app, route pattern, status and time, and no path', async () => {
    const h = await createHarness()
    const app = await h.createApp({ 'pusher-beams': {} })
    h.log.length = 0
    const instanceId = app.dialects['pusher-beams']?.instanceId
    await h.request('GET', `/device_api/v1/instances/${instanceId}/web-vapid-public-key`)
    await h.request('GET', `/device_api/v1/instances/${instanceId}/devices/fcm/fcm-secret-id`)
    expect(h.log).toMatchObject([
      {
        requestId: expect.any(String),
        dialect: 'pusher-beams',
        app: app.id,
        method: 'GET',
        route: '/device_api/v1/instances/:instance/web-vapid-public-key',
        status: 200,
        ms: expect.any(Number),
      },
      { status: 404, app: app.id },
    ])
    expect(JSON.stringify(h.log)).not.toContain('fcm-secret-id')
  })
})
