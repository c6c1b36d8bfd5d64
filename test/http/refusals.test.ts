import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { createRefusals } from '../../src/admin/refusals.ts'
import { masked } from '../../src/wire/refused.ts'
import { createHarness, type Harness } from '../harness/harness.ts'
import { DOORS, openShop, type Shop, setup, text } from './kit.ts'

interface Shown {
  readonly at: string
  readonly requestId: string
  readonly dialect: string
  readonly app: string | null
  readonly route: string
  readonly status: number
  readonly code: string
  readonly reason: string
  readonly identifier: string | null
}

async function refusals(h: Harness, query = ''): Promise<readonly Shown[]> {
  const answer = await h.admin('GET', `/refusals${query}`)
  expect(answer.status).toBe(200)
  return (await answer.json<{ refusals: Shown[] }>()).refusals
}

/** Why phones do not appear: each a call and the refusal that is recorded. */
const WHY: readonly [
  what: string,
  call: (shop: Shop) => Promise<Response>,
  record: (shop: Shop) => Partial<Record<keyof Shown, unknown>>,
][] = [
  [
    'an instance that nobody has',
    ({ h }) =>
      h.request('POST', '/device_api/v1/instances/9b254318-0000-4000-8000-00000000abcd/devices/fcm', {
        body: { token: 't' },
      }),
    () => ({ dialect: 'pusher-beams', app: null, status: 404, code: 'app_unknown', identifier: '9b25…cd' }),
  ],
  [
    'a code that nobody has, in an HTTP 200',
    ({ h }) =>
      h.request('POST', '/json/1.3/registerDevice', {
        body: { request: { application: 'AAAAA-BBBBB-CCCCC', hwid: 'h', device_type: 3 } },
      }),
    () => ({
      dialect: 'pushwoosh',
      app: null,
      route: '/json/1.3/registerDevice',
      status: 200,
      code: 'app_unknown',
      reason: 'Application not found',
      identifier: 'AAAA…CC',
    }),
  ],
  [
    'an argument that is wrong, in an HTTP 200',
    (shop) =>
      shop.h.request('POST', '/json/1.3/registerDevice', {
        headers: { Authorization: `Token ${text(shop, 'pushwoosh', 'apiToken')}` },
        body: {
          request: { application: text(shop, 'pushwoosh', 'applicationCode'), hwid: 'h', device_type: 99 },
        },
      }),
    ({ app }) => ({
      dialect: 'pushwoosh',
      app: app.id,
      status: 200,
      code: 'invalid',
      reason: 'device_type 99 is unknown',
    }),
  ],
  [
    'a key that nobody has',
    ({ h }) =>
      h.request('GET', '/api/v1/people/p/devices', {
        headers: { Authorization: 'Bearer fl_live_0123456789' },
      }),
    () => ({ dialect: 'flameup', app: null, status: 401, code: 'unauthorized', identifier: 'fl_l…89' }),
  ],
  [
    'an app id that nobody has',
    ({ h }) => h.request('GET', '/9b254318-0000-4000-8000-00000000abcd/KEY/messaging/registrations/d'),
    () => ({
      dialect: 'backendless',
      app: null,
      status: 400,
      reason: 'No app has this application id.',
      identifier: '9b25…cd',
    }),
  ],
  [
    'a wrong key of an app that is there',
    (shop) =>
      shop.h.request(
        'GET',
        `/${text(shop, 'backendless', 'applicationId')}/11112222333344445555/messaging/registrations/d`,
      ),
    ({ app }) => ({
      dialect: 'backendless',
      app: app.id,
      status: 400,
      reason: 'The API key is none of the app.',
      identifier: '1111…55',
    }),
  ],
  [
    'a token of nobody',
    (shop) =>
      shop.h.request('GET', `/imfpush/v1/apps/${text(shop, 'mobilefirst', 'applicationId')}/tags`, {
        headers: { Authorization: 'Bearer x.y.z' },
      }),
    () => ({
      dialect: 'mobilefirst',
      status: 401,
      code: 'unauthorized',
      reason: 'Bearer error="invalid_token"',
      identifier: expect.stringMatching(/^com\.…/),
    }),
  ],
  [
    'a client that nobody has',
    ({ h }) =>
      h.request('POST', '/mfp/api/az/v1/token', {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials&client_id=nightly-backend&client_secret=x',
      }),
    () => ({ dialect: 'mobilefirst', app: null, status: 401, identifier: 'nigh…nd' }),
  ],
  [
    'a path that a dialect does not have',
    ({ h }) => h.request('POST', '/json/1.3/noSuchMethod', { body: {} }),
    () => ({ dialect: 'pushwoosh', app: null, status: 404, code: 'not_found', identifier: null }),
  ],
  [
    'a path that is too long',
    ({ h }) => h.request('GET', `/api/v1/x?${'y'.repeat(9000)}`),
    () => ({ dialect: 'flameup', status: 400, code: 'bad_path' }),
  ],
]

/** A separate app has no refusals from earlier tests. */
const alone = () => createHarness({ env: {} })

describe('why a call was refused (newcomer F8)', () => {
  test.each(WHY)('%s: in the list and in the log', async (_, call, record) => {
    const h = await alone()
    const shop = await openShop(h)
    const answer = await call(shop)
    const [newest] = await refusals(h)
    expect(newest).toMatchObject(record(shop))
    expect(newest?.requestId).toBe(answer.headers.get('x-request-id'))
    expect(newest?.at).toBe(h.clock.now.toISOString())
    expect(Object.keys(newest ?? {}).sort()).toEqual(
      ['app', 'at', 'code', 'dialect', 'identifier', 'reason', 'requestId', 'route', 'status'].sort(),
    )
    const logged = h.log.find(({ requestId }) => requestId === newest?.requestId)
    const { at: _at, ...told } = newest ?? { at: '' }
    expect(logged).toMatchObject(told)
  })

  test('each item of a list that was refused within a success', async () => {
    const h = await alone()
    const shop = await openShop(h)
    const application = text(shop, 'mobilefirst', 'applicationId')
    const key = DOORS.find(({ name }) => name === 'a MobileFirst token')
    const { access_token: token } = await (
      await h.request('POST', '/mfp/api/az/v1/token', {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `grant_type=client_credentials&client_id=nightly-${application}&client_secret=${key?.key(shop)}&scope=${encodeURIComponent(`devices.write subscriptions.write push.application.${application}`)}`,
      })
    ).json<{ access_token: string }>()
    const headers = { Authorization: `Bearer ${token}` }
    const path = `/imfpush/v1/apps/${application}`
    await h.request('POST', `${path}/devices`, {
      headers,
      body: { deviceId: 'd-1', platform: 'G', token: `t-${crypto.randomUUID()}` },
    })
    const answer = await h.request('POST', `${path}/subscriptions`, {
      headers,
      body: { deviceId: 'd-1', tagNames: ['nowhere'] },
    })
    const [newest] = await refusals(h)
    expect(answer.status).toBeLessThan(500)
    expect(newest).toMatchObject({ dialect: 'mobilefirst', app: shop.app.id, code: 'not_found' })
    expect(JSON.stringify(newest)).not.toContain('nowhere')
  })

  test('an accepted call leaves nothing', async () => {
    const h = await alone()
    const shop = await openShop(h)
    for (const door of DOORS) await door.knock(shop, door.key(shop))
    expect(await refusals(h)).toEqual([])
    expect(h.log.filter((record) => 'reason' in record)).toEqual([])
  })

  test('is asked for by app, by dialect and by number, newest first', async () => {
    const h = await alone()
    const [one, other] = [await openShop(h), await openShop(h)]
    for (const shop of [one, other]) for (const door of DOORS) await door.knock(shop, 'wrong-0123456789')
    const all = await refusals(h)
    expect(all.length).toBeGreaterThan(10)
    expect(new Set(all.map(({ dialect }) => dialect))).toEqual(new Set(adapters.map(({ name }) => name)))
    const ofOne = await refusals(h, `?app=${one.app.id}`)
    expect(ofOne.length).toBeGreaterThan(2)
    expect(new Set(ofOne.map(({ app }) => app))).toEqual(new Set([one.app.id]))
    expect(await refusals(h, '?dialect=flameup')).toHaveLength(2)
    expect(await refusals(h, `?dialect=pushwoosh&app=${other.app.id}&limit=1`)).toHaveLength(1)
    expect(await refusals(h, '?limit=3')).toEqual(all.slice(0, 3))
    await h.admin('DELETE', `/apps/${one.app.id}`)
    expect(await refusals(h, `?app=${one.app.id}`)).toEqual(ofOne)
  })

  test.each([
    '?dialect=fcm',
    '?dialect=',
    '?dialect=__proto__',
    '?app=nobody',
    '?app=',
    '?limit=0',
    '?limit=1001',
    '?limit=x',
    '?limit=-1',
    '?platform=ios',
  ])('%s is refused by name', async (query) => {
    const answer = await (await alone()).admin('GET', `/refusals${query}`)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ errors: [{ path: query.replace(/^\?(\w+).*$/, '$1') }] })
  })

  test('is for whoever has the admin token', async () => {
    const h = await alone()
    expect((await h.request('GET', '/admin/v1/refusals')).status).toBe(401)
  })

  test('holds no secret, no token, no address of a person', async () => {
    const h = await alone()
    const shop = await openShop(h)
    const secret = 'sec-5b1f0c7e-very-secret-value'
    for (const door of DOORS) await door.knock(shop, secret)
    const application = text(shop, 'pushwoosh', 'applicationCode')
    const headers = { Authorization: `Token ${text(shop, 'pushwoosh', 'apiToken')}` }
    for (const request of [
      { application, email: `${secret}-no-address` },
      { application, hwid: 'h', device_type: secret },
      { application, hwid: 'h', device_type: 3, push_token: { [secret]: secret } },
    ]) {
      for (const method of ['registerEmail', 'registerDevice', 'registerSMS']) {
        await h.request('POST', `/json/1.3/${method}`, { headers, body: { request } })
      }
    }
    await h.request('POST', '/api/v1/people/p/devices', {
      headers: { Authorization: `Bearer ${(setup(shop, 'flameup').apiKeys as { key: string }[])[0]?.key}` },
      body: { token: secret, platform: secret },
    })
    const told = JSON.stringify([await refusals(h, '?limit=1000'), h.log])
    expect(told).not.toContain(secret)
    expect(told).not.toContain('very-secret')
  })

  test('the last 1,000 are kept, and however long the texts, few bytes', () => {
    const kept = createRefusals()
    const long = 'x'.repeat(100_000)
    for (let n = 0; n < 4000; n++) {
      kept.note({
        at: new Date(0),
        requestId: String(n),
        dialect: 'flameup',
        app: long,
        route: long,
        status: 401,
        code: 'unauthorized',
        reason: 'no',
        identifier: 'a…',
      })
    }
    const all = kept.list({ limit: 1000 })
    expect([all.length, all[0]?.requestId, all.at(-1)?.requestId]).toEqual([1000, '3999', '3000'])
    expect(JSON.stringify(all).length).toBeLessThan(1024 * 1024)
  })

  test.each([
    ['', '…'],
    ['ab', '…'],
    ['abcdef', 'ab…'],
    ['abcdefghijk', 'abc…'],
    ['abcdefghijkl', 'abcd…kl'],
  ])('%j is shown as %j', (whole, shown) => {
    expect(masked(whole)).toBe(shown)
  })
})

describe('the id of a request (newcomer F17)', () => {
  const PATHS = [
    '/healthz',
    '/nowhere',
    '/admin/v1/apps',
    '/json/1.3/registerDevice',
    '/api/v1/people/p/devices',
    '/imfpush/v1/apps/a/devices',
    '/device_api/v1/instances/x/devices/fcm',
    '/app/key/messaging/registrations/d',
    `/json/1.3/x?${'y'.repeat(9000)}`,
  ]
  test.each(PATHS)(
    'is in the answer of %s and in the log, the caller’s where it is a sane one',
    async (path) => {
      const h = await alone()
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const own = (await h.request(method, path)).headers.get('x-request-id')
        expect(own).toMatch(/^[0-9a-f-]{36}$/)
        expect(h.log.at(-1)?.requestId).toBe(own)
        const given = `Root=1-67891233-${crypto.randomUUID()}`
        const answer = await h.request(method, path, { headers: { 'X-Request-Id': given } })
        expect(answer.headers.get('x-request-id')).toBe(given)
        expect(h.log.at(-1)).toMatchObject({ requestId: given, cause: expect.any(String) })
      }
    },
  )

  test.each(['x'.repeat(129), 'two words', '<script>', 'a"b', 'a;b', '{"a":1}'])(
    '%j is not repeated',
    async (given) => {
      const h = await alone()
      const answer = await h.request('GET', '/healthz', { headers: { 'X-Request-Id': given } })
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    },
  )

  test('of an answer that an upstream made is ours', async () => {
    const fetch = async () => Response.json({}, { headers: { 'X-Request-Id': 'theirs' } })
    const h = await createHarness({ fetch })
    const app = await h.createApp({ backendless: { upstream: 'https://api.example.com' } })
    const { applicationId, apiKeys } = app.dialects.backendless as unknown as {
      applicationId: string
      apiKeys: { rest: string }
    }
    const answer = await h.request('GET', `/${applicationId}/${apiKeys.rest}/users/u1`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-request-id')).toBe(h.log.at(-1)?.requestId)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  test('one id given to many calls is not one cause in the history', async () => {
    const h = await alone()
    const shop = await openShop(h)
    const register = DOORS.find(({ name }) => name === 'a Flameup registration')
    for (let n = 0; n < 2; n++) await register?.knock(shop, register.key(shop), { 'X-Request-Id': 'page-1' })
    const [first, second] = h.log.filter(({ requestId }) => requestId === 'page-1')
    expect(first?.cause).not.toBe(second?.cause)
  })
})
