import { describe, expect, test } from 'vitest'
import {
  type CallOptions,
  expectError,
  newPerson,
  newToken,
  openWorkspace,
  people,
  type Workspace,
} from './kit.ts'

/** The three calls, each valid. */
const CALLS = [
  ['POST', (person: string) => people(person), { token: 'never-stored', platform: 'ios' }],
  ['GET', (person: string) => people(person), undefined],
  ['DELETE', (person: string) => `${people(person)}/never-stored`, undefined],
] as const

async function everyCall(w: Workspace, options: CallOptions, path = (plain: string) => plain) {
  const person = newPerson()
  return Promise.all(
    CALLS.map(([method, of, body]) =>
      w.call(method, path(of(person)), { ...options, ...(body && { body }) }),
    ),
  )
}

describe('the path', () => {
  test.each([
    ['a UUID', '550e8400-e29b-41d4-a716-446655440001'],
    ["the customer's own id", 'user_42'],
    ['a number', '42'],
    ['an e-mail address', 'jane+push@example.com'],
    ['spaces, slashes and percent signs', ' a/b c%2Fd '],
    ['letters beyond ASCII', 'Zoë-漢字-📱'],
    ['text that looks like JSON', '{"a":null}'],
    ['255 characters', 'p'.repeat(255)],
    ['255 characters of two code units', '📱'.repeat(255)],
  ])('a person id may be %s, and comes back as it was', async (_, person) => {
    const { register, list, remove } = await openWorkspace()
    const token = newToken()
    const device = await register(person, { token, platform: 'ios' })
    expect(device.person_id).toBe(person)
    expect((await list(person)).devices).toEqual([device])
    expect((await remove(person, token)).status).toBe(204)
  })

  test('a person id may hold an at sign and a colon that are not escaped', async () => {
    const { call, list } = await openWorkspace()
    const body = { token: newToken(), platform: 'ios' }
    expect((await call('POST', '/api/v1/people/crm:jane@example.com/devices', { body })).status).toBe(201)
    expect((await list('crm:jane@example.com')).total).toBe(1)
  })

  test.each([
    ['case', 'Jane', 'jane'],
    ['a plus and a space', 'a+b', 'a b'],
    ['a slash and its escape', 'a/b', 'a%2Fb'],
    ['one form of a letter and another', 'Zo\u00eb', 'Zoe\u0308'],
  ])('persons that differ in %s are two', async (_, one, other) => {
    const { register, list } = await openWorkspace()
    await register(one, { token: newToken(), platform: 'ios' })
    expect((await list(other)).total).toBe(0)
  })

  test.each([
    ['256 characters', 'p'.repeat(256)],
    ['U+0000 in it', 'a%00b'],
  ])('a person id with %s: 422 on every call that names a person', async (_, person) => {
    const w = await openWorkspace()
    for (const answer of await everyCall(w, {}, (path) =>
      path.replace(/people\/[^/]+/, `people/${person}`),
    )) {
      expectError(answer, 422, 'validation_error', ['person_id'])
    }
  })

  test.each(['%zz', '%', '%f', '%ff', '%c3%28', '%ED%A0%80'])(
    'the broken escape %s is a 400 wherever it is',
    async (broken) => {
      const w = await openWorkspace()
      for (const answer of await everyCall(w, {}, (path) => path.replace('/devices', `${broken}/devices`))) {
        expectError(answer, 400, 'bad_request')
      }
      expectError(await w.call('DELETE', `${people('jane')}/token${broken}`), 400, 'bad_request')
    },
  )

  test.each([
    ['GET', '/api/v1'],
    ['GET', '/api/v1/'],
    ['GET', '/api/v1/people'],
    ['GET', '/api/v1/people/jane'],
    ['POST', '/api/v1/people//devices'],
    ['GET', '/api/v1/people/a/b/devices'],
    ['GET', '/api/v1/people/jane/devices/'],
    ['GET', '/api/v1/People/jane/devices'],
    ['GET', '/api/v1/people/jane/Devices'],
    ['POST', '/api/v1/events'],
    ['POST', '/api/v1/workspaces/ws_1/people'],
  ])("%s %s is unknown, in the dialect's form", async (method, path) => {
    const w = await openWorkspace()
    expectError(await w.call(method, path), 404, 'not_found')
  })

  test.each(['/api/v2/people/jane/devices', '/api/v10', '/api', '/API/v1/people/jane/devices', '/people'])(
    '%s is none of this dialect',
    async (path) => {
      const w = await openWorkspace()
      const answer = await w.call('GET', path)
      expect(answer.status).toBe(404)
      expect(answer.text).not.toContain('request_id')
    },
  )

  test('a base URL with a slash too many is understood', async () => {
    const { call } = await openWorkspace()
    expect((await call('GET', `/${people('jane')}`)).status).toBe(200)
  })

  test.each([
    ['PUT', people('jane'), 'GET, POST'],
    ['PATCH', people('jane'), 'GET, POST'],
    ['DELETE', people('jane'), 'GET, POST'],
    ['GET', `${people('jane')}/token`, 'DELETE'],
    ['POST', `${people('jane')}/token`, 'DELETE'],
    ['PUT', `${people('jane')}/token`, 'DELETE'],
    ['POST', '/api/v1/workspaces/ws_1/devices', 'GET'],
  ])('%s %s: 405, naming what is allowed', async (method, path, allowed) => {
    const w = await openWorkspace()
    const answer = await w.call(method, path)
    expectError(answer, 405, 'method_not_allowed')
    expect(answer.headers.get('Allow')).toBe(`${allowed}, OPTIONS`)
  })
})

describe('the key', () => {
  test.each([
    ['no header', {}],
    ['an empty header', { Authorization: '' }],
    ['the scheme alone', { Authorization: 'Bearer' }],
    ['an empty key', { Authorization: 'Bearer ' }],
    ['a wrong key', { Authorization: 'Bearer ws_live_x_y.0000' }],
    ['a word behind the key', { Authorization: 'Bearer KEY more' }],
    ['another scheme', { Authorization: 'Basic KEY' }],
    ['the bare key', { Authorization: 'KEY' }],
    ['the key in another header', { 'X-API-Key': 'KEY' }],
    ['half of the key', { Authorization: 'Bearer HALF' }],
    ['the key in capitals', { Authorization: 'Bearer CAPITALS' }],
  ])('%s: 401 on every call, and no hint', async (_, headers) => {
    const w = await openWorkspace()
    const of = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value
          .replace('KEY', w.key)
          .replace('HALF', w.key.split('.')[0] ?? '')
          .replace('CAPITALS', w.key.toUpperCase()),
      ]),
    )
    for (const answer of await everyCall(w, { key: null, headers: of })) {
      expectError(answer, 401, 'unauthorized')
      expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer')
    }
  })

  test('a key in the query opens nothing', async () => {
    const w = await openWorkspace()
    for (const name of ['api_key', 'key', 'access_token', 'authorization']) {
      const answer = await w.call('GET', `${people('jane')}?${name}=${w.key}`, { key: null })
      expectError(answer, 401, 'unauthorized')
    }
  })

  test.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('the scheme is understood as %s', async (scheme) => {
    const w = await openWorkspace()
    const headers = { Authorization: `${scheme} ${w.key}` }
    expect((await w.call('GET', people('jane'), { key: null, headers })).status).toBe(200)
  })

  test.each([
    ["the vendor's form", 'ws_live_3f2a_9c8b7a6d5e4f.0123456789abcdef'],
    ['a test key', 'ws_test_3f2a_9c8b7a6d5e4f.0123456789abcdef'],
    ['no form at all', '!/+=~*'],
    ['one character', 'x'],
  ])('a key is opaque: %s', async (_, form) => {
    const key = `${form}${crypto.randomUUID()}`
    const w = await openWorkspace({ document: { apiKeys: [{ key }] } })
    expect((await w.call('GET', people('jane'), { key })).status).toBe(200)
  })

  test.each([[['devices:write']], [['admin']], [['*']], [['people:read', 'devices:write']]])(
    'the permissions %j open every call',
    async (scopes) => {
      const key = `key-${crypto.randomUUID()}`
      const w = await openWorkspace({ document: { apiKeys: [{ key, scopes }] } })
      const statuses = (await everyCall(w, { key })).map(({ status }) => status)
      expect(statuses).toEqual([201, 200, expect.any(Number)])
      expect([204, 404]).toContain(statuses[2])
    },
  )

  test.each([
    [[]],
    [['people:read']],
    [['devices:read']],
    [['devices']],
    [['Devices:Write', 'ADMIN', 'devices:*']],
  ])('the permissions %j: 403 on every call', async (scopes) => {
    const key = `key-${crypto.randomUUID()}`
    const w = await openWorkspace({ document: { apiKeys: [{ key, scopes }] } })
    for (const answer of await everyCall(w, { key })) expectError(answer, 403, 'forbidden')
    const list = `/api/v1/workspaces/${w.workspaceId}/devices`
    expectError(await w.call('GET', list, { key }), 403, 'forbidden')
  })

  test('a lack of permission is told before a fault of the request, a wrong key before both', async () => {
    const key = `key-${crypto.randomUUID()}`
    const w = await openWorkspace({ document: { apiKeys: [{ key, scopes: ['people:read'] }] } })
    for (const body of ['{', {}]) {
      expectError(await w.call('POST', people('jane'), { key, body }), 403, 'forbidden')
      expectError(await w.call('POST', people('jane'), { key: 'wrong', body }), 401, 'unauthorized')
    }
    expectError(await w.call('GET', `${people('jane')}?limit=x`, { key }), 403, 'forbidden')
    expectError(await w.call('DELETE', `${people('%zz')}/x`, { key: 'wrong' }), 401, 'unauthorized')
  })

  test('several keys open one workspace, and each finds what the other registered', async () => {
    const [one, two] = [`key-${crypto.randomUUID()}`, `key-${crypto.randomUUID()}`]
    const w = await openWorkspace({ document: { apiKeys: [{ key: one }, { key: two }] } })
    const body = { token: newToken(), platform: 'ios' }
    await w.call('POST', people('jane'), { key: one, body })
    expect((await w.call('GET', people('jane'), { key: two })).json).toMatchObject({ total: 1 })
  })

  test('a revoked key is a wrong key, and the others go on', async () => {
    const [one, two] = [`key-${crypto.randomUUID()}`, `key-${crypto.randomUUID()}`]
    const w = await openWorkspace({ document: { apiKeys: [{ key: one }] } })
    const credentials = `/apps/${w.appId}/credentials`
    const { credentials: kept } = await (await w.h.admin('GET', credentials)).json<{
      credentials: { id: string }[]
    }>()
    await w.h.admin('POST', credentials, { dialect: 'flameup', secret: two })
    await w.h.admin('DELETE', `${credentials}/${kept[0]?.id}`)
    expectError(await w.call('GET', people('jane'), { key: one }), 401, 'unauthorized')
    expect((await w.call('GET', people('jane'), { key: two })).status).toBe(200)
  })
})

describe('a browser', () => {
  const preflight = { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST' }

  test.each([
    people('jane'),
    `${people('jane')}/token`,
    '/api/v1/workspaces/ws_1/devices',
    '/api/v1/nothing',
  ])('may ask for %s without a key', async (path) => {
    const { call } = await openWorkspace()
    const { status, text, headers } = await call('OPTIONS', path, { key: null, headers: preflight })
    expect({ status, text }).toEqual({ status: 204, text: '' })
    expect(headers.get('Access-Control-Allow-Origin')).toBe('*')
    const listed = (name: string) => headers.get(name)?.toLowerCase().split(/, */)
    expect(listed('Access-Control-Allow-Methods')).toEqual(['get', 'post', 'delete', 'options'])
    expect(listed('Access-Control-Allow-Headers')).toEqual(['authorization', 'content-type'])
    expect(headers.get('Access-Control-Allow-Credentials')).toBeNull()
  })

  test('reads every answer, refusals included', async () => {
    const w = await openWorkspace()
    const headers = { Origin: 'https://shop.example' }
    const answers = [
      ...(await everyCall(w, { headers })),
      ...(await everyCall(w, { headers, key: 'wrong' })),
      await w.call('GET', '/api/v1/nothing', { headers }),
      await w.call('PUT', people('jane'), { headers }),
      await w.call('POST', people('jane'), { headers, body: '{' }),
    ]
    expect(answers.map((one) => one.headers.get('Access-Control-Allow-Origin'))).toEqual(
      answers.map(() => '*'),
    )
  })
})
