import { describe, expect, test } from 'vitest'
import { type Beams, expectError, expectVoid, openBeams, registration, stateOf, unknownId } from './kit.ts'

// Rules for every endpoint (section 3 of the contract).

const NOT_FOUND = [404, 'Not found', 'Could not find the resource.'] as const

describe('an instance id', () => {
  test.each([
    '00000000-1241-08e9-b379-377c32cd1e80',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-fffffffffffe',
    'F1B2C3D4-0000-4000-8000-00000000ABCD',
  ])('may be %s, in either case', async (instanceId) => {
    const beams = await openBeams({ instanceId })
    for (const id of [instanceId.toLowerCase(), instanceId.toUpperCase()]) {
      const path = `/device_api/v1/instances/${id}/devices/fcm`
      expect((await beams.call('POST', path, { body: { token: 'one' } })).status).toBe(200)
    }
    expect(await beams.admin()).toHaveLength(1)
  })

  test('may be escaped', async () => {
    const beams = await openBeams()
    const path = beams.base.replace(beams.instanceId, beams.instanceId.replaceAll('-', '%2D'))
    expect((await beams.call('GET', `${path}/web-vapid-public-key`)).status).toBe(200)
  })

  test.each([
    ['too short', '1241-08e9'],
    ['without hyphens', '0000000012410 8e9b379377c32cd1e80'.replace(' ', '')],
    ['with letters beyond f', 'g0000000-1241-08e9-b379-377c32cd1e80'],
    ['in braces', '%7B00000000-1241-08e9-b379-377c32cd1e80%7D'],
    ['with a line feed behind', '00000000-1241-08e9-b379-377c32cd1e80%0A'],
    ['with a device prefix', 'fcm-00000000-1241-08e9-b379-377c32cd1e80'],
  ])('is not valid %s', async (_, id) => {
    const beams = await openBeams()
    const path = `/device_api/v1/instances/${id}/devices/fcm`
    const answer = await beams.call('POST', path, { body: registration('fcm') })
    expectError(answer, 400, 'Bad Request', '`instance-id` given is not valid.')
  })

  test('that was unknown works as soon as its app is made', async () => {
    const first = await openBeams()
    const instanceId = crypto.randomUUID()
    const path = `/device_api/v1/instances/${instanceId}/web-vapid-public-key`
    expectError(await first.call('GET', path), 404, 'Instance not found')
    await openBeams({ instanceId }, {}, first.h)
    expect((await first.call('GET', path)).status).toBe(200)
  })

  test('is unknown as soon as its app is removed', async () => {
    const beams = await openBeams()
    const { path } = await beams.register()
    expect((await beams.h.admin('DELETE', `/apps/${beams.app.id}`)).status).toBe(204)
    expectError(await beams.call('GET', path), 404, 'Instance not found')
    expectError(await beams.call('DELETE', path), 404, 'Instance not found')
  })
})

describe('an empty segment is an incomplete request:', () => {
  const incomplete: readonly [string, string, string, string][] = [
    ['instance-id', 'GET', '/device_api/v1/instances//web-vapid-public-key', ''],
    ['instance-id', 'POST', '/device_api/v1/instances//devices/fcm', ''],
    ['instance-id', 'GET', '/device_api/v1/instances//devices/fcm/fcm-x', ''],
    ['instance-id', 'POST', '/device_api/v1/instances//devices/fcm/fcm-x/interests/a', ''],
    ['instance-id', 'POST', '/reporting_api/v2/instances//events', ''],
    ['device-id', 'GET', '{base}/devices/fcm/', ''],
    ['device-id', 'DELETE', '{base}/devices/apns/', ''],
    ['device-id', 'PUT', '{base}/devices/fcm//token', ''],
    ['device-id', 'PUT', '{base}/devices/web//metadata', ''],
    ['device-id', 'PUT', '{base}/devices/web//user', ''],
    ['device-id', 'GET', '{base}/devices/web//interests', ''],
    ['device-id', 'PUT', '{base}/devices/web//interests', ''],
    ['device-id', 'POST', '{base}/devices/web//interests/a', ''],
    ['device-id', 'POST', '{base}/devices/web//interests/', ''],
    ['interest-name', 'POST', '{device}/interests/', ''],
    ['interest-name', 'DELETE', '{device}/interests/', ''],
  ]
  test.each(incomplete)('%s of %s %s', async (name, method, path) => {
    const beams = await openBeams()
    const device = await beams.register()
    const at = path.replace('{base}', beams.base).replace('{device}', device.path)
    const body = method === 'PUT' || method === 'POST' ? {} : undefined
    const answer = await beams.call(method, at, { body })
    expectError(answer, 400, 'Incomplete Request', `\`${name}\` param is missing from path.`)
  })

  test('after the instance was found', async () => {
    const beams = await openBeams()
    const at = (id: string) => `/device_api/v1/instances/${id}/devices/fcm/`
    expectError(await beams.call('GET', at('nonsense')), 400, 'Bad Request')
    expectError(await beams.call('GET', at(crypto.randomUUID())), 404, 'Instance not found')
  })
})

describe('nothing is at', () => {
  test.each([
    ['POST', '{base}/devices/safari'],
    ['GET', '{base}/safari-website-push-id'],
    ['POST', '/safari_api/v1/instances/x/devices'],
    ['POST', '/reporting_api/v1/instances/x/event-type/delivery'],
    ['POST', '/reporting_api/v1/instances/x/events'],
    ['POST', '{base}/devices/constructor'],
    ['POST', '{base}/devices/FCM'],
    ['POST', '{base}/devices'],
    ['GET', '{base}/devices/'],
    ['GET', '{base}'],
    ['GET', '{base}/'],
    ['GET', '{base}/config'],
    ['GET', '/device_api/v1/instances'],
    ['GET', '/device_api/v1/instances/'],
    ['POST', '/device_api/v2/instances/x/devices/fcm'],
    ['GET', '{base}/events'],
    ['GET', '{base}/web-vapid-public-key/'],
    ['PUT', '{device}/metadata/'],
    ['PUT', '{device}/tags'],
    ['POST', '{device}/interests/a/b'],
    ['POST', '{device}/interests/a/'],
    ['GET', '/device_api'],
    ['GET', '/device_api/'],
    ['GET', '/publish_api/v1'],
    ['GET', '/user_api/v1/instances/x/users'],
  ])('%s %s', async (method, path) => {
    const beams = await openBeams()
    const device = await beams.register()
    const at = path.replace('{base}', beams.base).replace('{device}', device.path)
    expectError(await beams.call(method, at), ...NOT_FOUND)
  })

  test.each([
    ['GET', '{base}/devices/fcm'],
    ['PUT', '{base}/devices/fcm'],
    ['DELETE', '{base}/devices/fcm'],
    ['POST', '{base}/web-vapid-public-key'],
    ['POST', '{device}'],
    ['PUT', '{device}'],
    ['PATCH', '{device}'],
    ['GET', '{device}/metadata'],
    ['GET', '{device}/token'],
    ['GET', '{device}/user'],
    ['DELETE', '{device}/user'],
    ['POST', '{device}/interests'],
    ['DELETE', '{device}/interests'],
    ['GET', '{device}/interests/a'],
    ['PUT', '{device}/interests/a'],
    ['GET', '/reporting_api/v2/instances/{i}/events'],
    ['GET', '/customer_api/v1/instances/{i}/users/a'],
    ['POST', '/user_api/v1/instances/{i}/users/a'],
  ])('%s %s: never 405, which iOS repeats for ever', async (method, path) => {
    const beams = await openBeams()
    const device = await beams.register()
    const before = await stateOf(beams)
    const at = path
      .replace('{base}', beams.base)
      .replace('{device}', device.path)
      .replace('{i}', beams.instanceId)
    expectError(await beams.call(method, at), ...NOT_FOUND)
    expect(await stateOf(beams)).toEqual(before)
  })
})

describe('a path', () => {
  test.each(['//', '///'])(
    'may begin with %s, as a base URL with a slash behind gives it',
    async (slashes) => {
      const beams = await openBeams()
      const { path } = await beams.register()
      const folded = `${slashes}${path.slice(1)}`
      expect((await beams.call('GET', folded)).status).toBe(200)
      expectVoid(await beams.call('POST', `${folded}/interests/a`))
      expectError(await beams.call('POST', `${folded}/interests/`), 400, 'Incomplete Request')
      expect(await beams.interests(path)).toEqual(['a'])
    },
  )

  test.each([
    ['%', (b: Beams) => `${b.base}/devices/fcm/${unknownId('fcm')}/interests/%`],
    ['%zz', (b: Beams) => `${b.base}/devices/fcm/${unknownId('fcm')}/interests/%zz`],
    ['%ff', (b: Beams) => `${b.base}/devices/fcm/${unknownId('fcm')}/interests/%ff`],
    ['half of a character', (b: Beams) => `${b.base}/devices/fcm/${unknownId('fcm')}/interests/%C3`],
    ['%zz as the device', (b: Beams) => `${b.base}/devices/fcm/%zz/interests/a`],
    ['%zz as the instance', () => '/device_api/v1/instances/%zz/devices/fcm/x/interests/a'],
    ['%zz beside an empty segment', (b: Beams) => `${b.base}/devices/fcm/%zz/interests/`],
    ['%zz where nothing is', (b: Beams) => `${b.base}/no/such/%zz`],
  ])('is refused with a broken escape: %s', async (_, path) => {
    const beams = await openBeams()
    expectError(await beams.call('POST', path(beams)), 400, 'Bad request', 'The path is not valid.')
  })

  test('takes a user id with a broken escape for none', async () => {
    const beams = await openBeams()
    const path = `/customer_api/v1/instances/${beams.instanceId}/users/%zz`
    const headers = { Authorization: `Bearer ${beams.secretKey}` }
    expectError(await beams.call('DELETE', path, { headers }), 400, 'Bad request', 'The path is not valid.')
  })
})

describe('of two faults the first is answered:', () => {
  const text = { headers: { 'Content-Type': 'text/plain' }, body: 'x' }
  const unknownInstance = `/device_api/v1/instances/${crypto.randomUUID()}`
  const cases: readonly [string, (b: Beams) => [string, string, object?], number, string][] = [
    [
      'content type before instance',
      () => ['POST', `${unknownInstance}/devices/fcm`, text],
      400,
      'Invalid content type',
    ],
    [
      'instance before body',
      () => ['POST', `${unknownInstance}/devices/fcm`, { body: [] }],
      404,
      'Instance not found',
    ],
    [
      'body before device',
      (b) => ['PUT', `${b.base}/devices/fcm/${unknownId('fcm')}/interests`, { body: [] }],
      400,
      'Bad request',
    ],
    [
      'names before device',
      (b) => ['PUT', `${b.base}/devices/fcm/${unknownId('fcm')}/interests`, { body: { interests: [''] } }],
      400,
      'Invalid interest name',
    ],
    [
      'device id before name',
      (b) => ['POST', `${b.base}/devices/fcm/nonsense/interests/no%20good`],
      400,
      'Bad Request',
    ],
    ['device id before token', (b) => ['PUT', `${b.base}/devices/fcm/nonsense/user`], 400, 'Bad Request'],
    [
      'token before device',
      (b) => ['PUT', `${b.base}/devices/fcm/${unknownId('fcm')}/user`],
      401,
      'Unauthorized',
    ],
    [
      'limit before device',
      (b) => ['GET', `${b.base}/devices/fcm/${unknownId('fcm')}/interests?limit=0`],
      400,
      'Bad Request',
    ],
  ]
  test.each(cases)('%s', async (_, make, status, error) => {
    const beams = await openBeams()
    const [method, path, parts = {}] = make(beams)
    expectError(await beams.call(method, path, parts), status, error)
  })
})

test('no answer is a redirect', async () => {
  const beams = await openBeams()
  const { path } = await beams.register()
  for (const at of [`/${path}`, `${path}/`, '/device_api', `http:/${path}`.slice(5)]) {
    expect((await beams.call('GET', at)).headers.get('Location')).toBeNull()
  }
})

test('the SDKs’ own headers change nothing', async () => {
  const beams = await openBeams()
  const headers = {
    'X-Pusher-Library': 'push-notifications-swift 4.0.0',
    'Accept-Encoding': 'gzip',
    Accept: 'text/html',
  }
  const answer = await beams.call('POST', `${beams.base}/devices/fcm`, { headers, body: registration('fcm') })
  expect(answer.status).toBe(200)
})
