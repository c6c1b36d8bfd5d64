import { beforeEach, describe, expect, test } from 'vitest'
import { createHarness } from '../../harness/harness.ts'
import { openTenant, type Tenant, tenantOf, unique } from './kit.ts'

let t: Tenant
beforeEach(async () => {
  t = await openTenant()
})
const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  t.h.request('POST', path, { body, headers })
const envelope = (request: object) => JSON.stringify({ request: { application: t.code, ...request } })

describe('bodies', () => {
  test.each([
    ['text/plain, as the web SDK sends', 'text/plain;charset=UTF-8'],
    ['JSON', 'application/json; charset=utf-8'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['nonsense', 'what'],
  ])('%s is read as JSON', async (_, type) => {
    const body = envelope({ hwid: 'h', device_type: 11 })
    const answer = await post('/json/1.3/registerDevice', body, { 'Content-Type': type })
    expect(await answer.json()).toEqual({ status_code: 200, status_message: 'OK', response: null })
  })

  test.each([
    ['empty', ''],
    ['cut off', '{"request":{"application":"'],
    ['no JSON', 'request=1'],
    ['null', 'null'],
    ['a list', '[]'],
    ['without request', '{}'],
    ['with a request that is null', '{"request":null}'],
    ['with a request that is a list', '{"request":[]}'],
    ['with a request that is a text', '{"request":"{}"}'],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
  ])('a body that is %s is malformed', async (_, body) => {
    for (const method of ['registerDevice', 'setTags', 'getConfig']) {
      const answer = await post(`/json/1.3/${method}`, body)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toEqual({
        status_code: 400,
        status_message: 'Malformed request string',
        response: null,
      })
    }
  })
})

test.each([
  ['an unknown method', 'POST', '/json/1.3/checkMessages', 404],
  ['the legacy Safari address', 'POST', '/json/1.3/safari', 404],
  ['a method of the object prototype', 'POST', '/json/1.3/constructor', 404],
  ['no method at all', 'POST', '/json/1.3/', 404],
  ['a method in another case', 'POST', '/json/1.3/registerdevice', 404],
  ['GET', 'GET', '/json/1.3/registerDevice', 405],
  ['PUT', 'PUT', '/json/1.3/setTags', 405],
  ['DELETE', 'DELETE', '/json/1.3/deleteDevice', 405],
  ['something else under device-api', 'POST', '/api/v2/device-api/other', 404],
  ['GET of the advertising id', 'GET', '/api/v2/device-api/setMADID', 405],
])('%s has the envelope with its number', async (_, method, path, status) => {
  const answer = await t.h.request(method, path, method === 'GET' ? {} : { body: {} })
  expect(answer.status).toBe(status)
  expect(answer.headers.get('Content-Type')).toContain('application/json')
  expect(await answer.json()).toEqual({
    status_code: status,
    status_message: expect.stringMatching(/./),
    response: null,
  })
})

describe('the token of the Device API', () => {
  const authorization = (value: string | null) => (value === null ? {} : { Authorization: value })
  const request = { hwid: 'h', device_type: 3 }

  test.each([
    ['none', null],
    ['of an unconfigured Android app', 'Token null'],
    ['of an unconfigured iOS app', 'Token (null)'],
    ['empty', 'Token '],
    ['that is wrong', 'Token wrong'],
    ['of another scheme', 'Basic YTpi'],
  ])('one %s is fine by default and refused in strict mode', async (_, value) => {
    const open = await t.send('registerDevice', request, authorization(value))
    expect(open.status).toBe(200)
    const strict = await tenantOf(t.h, { strict: true })
    const refused = await strict.send('registerDevice', request, authorization(value))
    expect(refused.status).toBe(401)
    expect(refused.body).toEqual({
      status_code: 401,
      status_message: expect.stringMatching(/./),
      response: null,
    })
    expect(await strict.devices()).toEqual([])
  })

  test('strict mode takes the token of the app, in any case of the scheme, and only its own', async () => {
    const strict = await tenantOf(t.h, { strict: true })
    for (const scheme of ['Token', 'token']) {
      const answer = await strict.send('registerDevice', request, authorization(`${scheme} ${strict.token}`))
      expect(answer.body.status_code).toBe(200)
    }
    expect((await strict.send('getTags', request, authorization(`Token ${t.token}`))).status).toBe(401)
  })

  test('strict mode still tells an unknown application first', async () => {
    const strict = await tenantOf(t.h, { strict: true })
    const answer = await strict.send('getTags', { ...request, application: 'AAAAA-99999' })
    expect(answer).toMatchObject({
      status: 200,
      body: { status_code: 210, status_message: 'Application not found' },
    })
  })

  test('wrong tokens are never counted: SDKs send them', async () => {
    const h = await createHarness({ env: { RATE_LIMIT: 'on' } })
    const strict = await tenantOf(h, { strict: true })
    const headers = { 'x-test-address': '203.0.113.9', Authorization: 'Token wrong' }
    for (let n = 0; n < 120; n++) {
      expect(await strict.send('getTags', request, headers)).toMatchObject({ status: 401 })
    }
  })
})

describe('other origins', () => {
  const Origin = 'https://shop.example'
  const allowed = (headers: Headers) => ({
    origin: headers.get('Access-Control-Allow-Origin'),
    credentials: headers.get('Access-Control-Allow-Credentials'),
    vary: headers.get('Vary'),
  })
  const echoed = { origin: Origin, credentials: 'true', vary: 'Origin' }

  test('a preflight for the authorization header passes', async () => {
    const answer = await t.h.request('OPTIONS', '/json/1.3/registerDevice', {
      headers: {
        Origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization',
      },
    })
    expect(answer.status).toBe(204)
    expect(allowed(answer.headers)).toMatchObject({ origin: Origin, credentials: 'true' })
    const names = answer.headers.get('Access-Control-Allow-Headers')?.toLowerCase().split(/, */)
    expect(names).toEqual(expect.arrayContaining(['authorization', 'content-type']))
    expect(answer.headers.get('Access-Control-Allow-Methods')).toContain('POST')
    expect(Number(answer.headers.get('Access-Control-Max-Age'))).toBeGreaterThan(0)
  })

  test.each([
    ['a success', 'registerDevice', { hwid: 'h', device_type: 11 }, 200],
    ['an argument error', 'registerDevice', {}, 200],
    ['an unknown method', 'noSuchMethod', {}, 404],
  ])('%s may be read by the page', async (_, method, request, status) => {
    const answer = await t.send(method, request, { Origin, Authorization: 'Token x' })
    expect(answer.status).toBe(status)
    expect(allowed(answer.headers)).toEqual(echoed)
  })

  test('so may a malformed request', async () => {
    const answer = await post('/json/1.3/registerDevice', '{', { Origin })
    expect(answer.status).toBe(400)
    expect(allowed(answer.headers)).toEqual(echoed)
  })

  test('a fault inside may be read too, and says nothing of itself', async () => {
    const broken = await openTenant(
      {},
      { db: (real) => ({ ...real, commit: (plan) => failing(real.commit, plan) }) },
    )
    const answer = await broken.send('registerDevice', { hwid: unique('boom'), device_type: 3 }, { Origin })
    expect(answer.status).toBe(500)
    expect(answer.body).toEqual({ status_code: 500, status_message: 'Internal error', response: null })
    expect(allowed(answer.headers)).toEqual(echoed)
  })
})

/** Makes every plan fail that involves a hwid called boom. */
function failing<Plan extends readonly { values: object }[], R>(commit: (plan: Plan) => R, plan: Plan): R {
  if (JSON.stringify(plan.map(({ values }) => values)).includes('boom')) throw new Error('secret detail')
  return commit(plan)
}

describe('provisioning', () => {
  test('what is left out is generated and shown once', async () => {
    const created = await t.h.createApp({ pushwoosh: {} })
    expect(created.dialects.pushwoosh).toEqual({
      applicationCode: expect.stringMatching(/^[A-Z0-9]{5}-[A-Z0-9]{5}$/),
      apiToken: expect.stringMatching(/^\S{64}$/),
      strict: false,
      tagTypes: {},
    })
    const read = await (await t.h.admin('GET', `/apps/${created.id}`)).json<{ dialects: object }>()
    expect(read.dialects).toEqual({
      pushwoosh: {
        applicationCode: created.dialects.pushwoosh?.applicationCode,
        strict: false,
        tagTypes: {},
      },
    })
  })

  test('what a shipped app has baked in is taken as it is, and is no other app then', async () => {
    const applicationCode = `${crypto.randomUUID().slice(0, 5).toUpperCase()}-6XXX3`
    const mine = await tenantOf(t.h, { applicationCode, apiToken: 'my token' })
    expect(mine.code).toBe(applicationCode)
    await mine.ok('registerDevice', { hwid: 'h', device_type: 3 })
    const again = await t.h.admin('POST', '/apps', {
      name: 'b',
      dialects: { pushwoosh: { applicationCode } },
    })
    expect(again.status).toBe(409)
  })

  test.each([
    ['a code of another form', { applicationCode: 'no code!' }],
    ['an empty code', { applicationCode: '' }],
    ['an empty token', { apiToken: '' }],
    ['a mode that is no flag', { strict: 'yes' }],
    ['an unknown key', { appCode: 'ABCDE-12345' }],
  ])('%s is refused', async (_, pushwoosh) => {
    expect((await t.h.admin('POST', '/apps', { name: 'b', dialects: { pushwoosh } })).status).toBe(400)
  })

  test('strict mode is switched by a change that leaves the rest alone', async () => {
    const changed = await t.h.admin('PATCH', `/apps/${t.id}`, { dialects: { pushwoosh: { strict: true } } })
    expect(await changed.json()).toMatchObject({
      dialects: { pushwoosh: { applicationCode: t.code, strict: true } },
    })
    expect((await t.send('getTags', { hwid: 'h' })).status).toBe(401)
    const headers = { Authorization: `Token ${t.token}` }
    expect((await t.send('getTags', { hwid: 'h' }, headers)).status).toBe(200)
    await t.h.admin('PATCH', `/apps/${t.id}`, { dialects: { pushwoosh: {} } })
    expect((await t.send('getTags', { hwid: 'h' })).status).toBe(401)
  })

  test('a second token opens beside the first until it is revoked', async () => {
    const strict = await tenantOf(t.h, { strict: true })
    const path = `/apps/${strict.id}/credentials`
    const added = await (await t.h.admin('POST', path, { dialect: 'pushwoosh' })).json<{
      id: string
      secret: string
    }>()
    const status = async (token: string) =>
      (await strict.send('getTags', { hwid: 'h' }, { Authorization: `Token ${token}` })).status
    expect([await status(strict.token), await status(added.secret)]).toEqual([200, 200])
    await t.h.admin('DELETE', `${path}/${added.id}`)
    expect([await status(strict.token), await status(added.secret)]).toEqual([200, 401])
  })

  test.each([
    ['kind', { kind: 'other' }],
    ['name', { name: 'n' }],
    ['scopes', { scopes: ['a'] }],
  ])('a token has no %s of its own', async (_, more) => {
    const path = `/apps/${t.id}/credentials`
    expect((await t.h.admin('POST', path, { dialect: 'pushwoosh', ...more })).status).toBe(400)
  })
})
