import { describe, expect, test } from 'vitest'
import { type Answer, createTenant, unique, V1 } from './kit.ts'

describe('registering a device', () => {
  test('answers 201 with every member that SDKs read, all strings', async () => {
    const t = await createTenant()
    const deviceId = unique('12345-6789')
    const token = unique('xyz')
    const answer = await t.send('POST', '/devices', {
      body: { deviceId, phoneNumber: '123456789', platform: 'A', token },
      headers: { 'User-Agent': 'TestUserAgent' },
    })
    expect(answer.status).toBe(201)
    expect(await answer.json<Answer>()).toEqual({
      createdMode: 'API',
      createdTime: '2026-11-25T12:00:00Z',
      deviceId,
      lastUpdatedTime: '2026-11-25T12:00:00Z',
      phoneNumber: '123456789',
      platform: 'A',
      token,
      userAgent: 'TestUserAgent',
      userId: 'anonymous',
      href: `http://gateway.test${V1}/apps/${t.app}/devices/${deviceId}`,
    })
  })

  test.each([
    ['A', 'ios', 'apns'],
    ['G', 'android', 'fcm'],
    ['W', 'windows', 'wns'],
    ['WEB_CHROME', 'web', 'webpush'],
    ['WEB_FIREFOX', 'web', 'webpush'],
    ['WEB_SAFARI', 'web', 'apns'],
    ['APPEXT_CHROME', 'web', 'fcm'],
  ])('takes platform %s, which is %s with %s', async (platform, ours, provider) => {
    const t = await createTenant()
    const device = await t.device({ platform })
    expect(await t.ok('GET', `/devices/${device.deviceId}`)).toMatchObject({ platform })
    const list = await (await t.h.admin('GET', `/apps/${t.id}/devices`)).json<Answer>()
    expect(list.devices).toMatchObject([
      { dialect: 'mobilefirst', externalId: device.deviceId, platform: ours, provider, userId: null },
    ])
  })

  test.each([
    ['a plain word', 'xyz'],
    ['upper-case hexadecimal', 'ABCDEF0123456789'],
    ['angle brackets and blanks', '<abcdef01 23456789>'],
    [
      'a subscription as JSON text',
      '{"endpoint":"https://push.example/1","userPublicKey":"a","userAuth":"b"}',
    ],
    ['a long URL', `https://wns.example/?token=${'a'.repeat(900)}`],
    ['characters outside ASCII', 'ünï→💡'],
  ])('gives the token back as it was sent: %s', async (_, prefix) => {
    const t = await createTenant()
    const device = await t.device({ token: prefix })
    expect(device.token).toBe(prefix)
    expect(await t.ok('GET', `/devices/${device.deviceId}`)).toMatchObject({ token: prefix })
  })

  test.each([
    ['no deviceId', { deviceId: undefined }, 'deviceId'],
    ['an empty deviceId', { deviceId: '' }, 'deviceId'],
    ['a deviceId that is a number', { deviceId: 7 }, 'deviceId'],
    ['no token', { token: undefined }, 'token'],
    ['an empty token', { token: '' }, 'token'],
    ['a token that is an object', { token: {} }, 'token'],
    ['no platform', { platform: undefined }, 'platform'],
    ['a platform in lower case', { platform: 'a' }, 'platform'],
    ['an unknown platform', { platform: 'M' }, 'platform'],
    ['a platform named like a member of every object', { platform: 'constructor' }, 'platform'],
    ['a userId of 255 characters', { userId: 'u'.repeat(255) }, 'userId'],
    ['a userId that is a number', { userId: 5 }, 'userId'],
    ['a phoneNumber that is a number', { phoneNumber: 5 }, 'phoneNumber'],
  ])('refuses %s and keeps nothing', async (_, more, name) => {
    const t = await createTenant()
    const deviceId = unique('device')
    const body = { deviceId, token: unique('token'), platform: 'A', ...more }
    const answer = await t.send('POST', '/devices', { body })
    expect(answer.status).toBe(400)
    const { code, message } = await answer.json<Answer>()
    expect(code).toBe('FPWSE0005E')
    expect(message).toContain(`"${name}"`)
    expect((await t.ok('GET', '/devices')).pageInfo).toMatchObject({ totalCount: '0' })
  })

  test.each([
    ['left out', undefined, 'anonymous'],
    ['empty', '', 'anonymous'],
    ['the vendor’s word for none', 'anonymous', 'anonymous'],
    ['a name', 'alice', 'alice'],
    ['254 characters', 'u'.repeat(254), 'u'.repeat(254)],
  ])('takes a userId that is %s', async (_, userId, shown) => {
    const t = await createTenant()
    expect(await t.device({ userId })).toMatchObject({ userId: shown })
  })

  test('ignores members it does not know and an empty phone number', async () => {
    const t = await createTenant()
    const device = await t.device({ variables: { a: 1 }, vapidRegistration: true, phoneNumber: '' })
    expect(device).not.toHaveProperty('variables')
    expect(device).not.toHaveProperty('phoneNumber')
  })

  test('takes any characters in an id, and finds it percent-encoded', async () => {
    const t = await createTenant()
    const deviceId = `a/b ü+%${unique('x')}`
    await t.device({ deviceId })
    const found = await t.ok('GET', `/devices/${encodeURIComponent(deviceId)}`)
    expect(found).toMatchObject({ deviceId })
    expect(found.href).toContain(encodeURIComponent(deviceId))
  })

  test('answers 200 for a known id and replaces token, platform and user', async () => {
    const t = await createTenant()
    const { deviceId } = await t.device({ userId: 'alice', phoneNumber: '1' })
    const token = unique('token')
    t.h.clock.advance(5000)
    const again = await t.send('POST', '/devices', { body: { deviceId, token, platform: 'G' } })
    expect(again.status).toBe(200)
    expect(await again.json<Answer>()).toMatchObject({
      deviceId,
      token,
      platform: 'G',
      userId: 'anonymous',
      createdTime: '2026-11-25T12:00:00Z',
      lastUpdatedTime: '2026-11-25T12:00:05Z',
    })
    expect((await t.ok('GET', '/devices')).pageInfo).toMatchObject({ totalCount: '1' })
  })

  test('makes one device and one automatic subscription of equal calls at once', async () => {
    const t = await createTenant()
    const body = { deviceId: unique('device'), token: unique('token'), platform: 'A' }
    const answers = await Promise.all(Array.from({ length: 8 }, () => t.send('POST', '/devices', { body })))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 201])
    expect(await t.ok('GET', '/devices')).toMatchObject({ pageInfo: { totalCount: '1' } })
    expect(await t.ok('GET', '/subscriptions')).toMatchObject({ pageInfo: { totalCount: '1' } })
  })

  test('answers under the runtime context and with a trailing slash, as the web SDK calls', async () => {
    const t = await createTenant()
    const token = await t.token('devices.write')
    const headers = { Authorization: `Bearer ${token}` }
    const body = { deviceId: unique('device'), token: unique('token'), platform: 'WEB_CHROME' }
    const made = await t.h.request('POST', `/mfp/api/imfpush/v1/apps/${t.app}/devices/`, { body, headers })
    expect(made.status).toBe(201)
    const { href } = await made.json<Answer>()
    expect(href).toBe(`http://gateway.test/mfp/api/imfpush/v1/apps/${t.app}/devices/${body.deviceId}`)
    expect((await t.h.request('GET', href.replace('http://gateway.test', ''), { headers })).status).toBe(200)
  })
})

describe('a token that moves (R2, R3, R5)', () => {
  test('leaves the first id readable without a token, its tags kept, and a PUT revives it', async () => {
    const t = await createTenant()
    await t.tags('news')
    const first = await t.device()
    await t.ok('POST', '/subscriptions', { body: { deviceId: first.deviceId, tagName: 'news' } })
    const second = await t.device({ token: first.token })
    expect(await t.ok('GET', `/devices/${first.deviceId}`)).toMatchObject({ token: '', platform: 'A' })
    expect(await t.ok('GET', `/subscriptions?deviceId=${first.deviceId}`)).toMatchObject({
      pageInfo: { totalCount: '2' },
    })
    const revived = await t.ok('PUT', `/devices/${first.deviceId}`, { body: { token: first.token } })
    expect(revived).toMatchObject({ token: first.token })
    expect(await t.ok('GET', `/devices/${second.deviceId}`)).toMatchObject({ token: '' })
  })

  test('lets a superseded device change its user without a token', async () => {
    const t = await createTenant()
    const first = await t.device()
    await t.device({ token: first.token })
    const changed = await t.ok('PUT', `/devices/${first.deviceId}`, { body: { userId: 'bob' } })
    expect(changed).toMatchObject({ token: '', userId: 'bob' })
  })
})

describe('updating a device', () => {
  test('changes the user alone and moves only lastUpdatedTime', async () => {
    const t = await createTenant()
    const device = await t.device({ phoneNumber: '1' })
    t.h.clock.advance(61_000)
    const { userAgent: _, ...before } = device
    expect(await t.ok('PUT', `/devices/${device.deviceId}`, { body: { userId: 'admin' } })).toEqual({
      ...before,
      userId: 'admin',
      lastUpdatedTime: '2026-11-25T12:01:01Z',
    })
  })

  test.each([
    ['the token', { token: 'new-token' }, { token: 'new-token', platform: 'A', userId: 'alice' }],
    ['the platform', { platform: 'G' }, { platform: 'G', userId: 'alice' }],
    ['both', { token: 't2', platform: 'W' }, { token: 't2', platform: 'W' }],
    ['the phone number', { phoneNumber: '42' }, { phoneNumber: '42' }],
    ['nothing by an empty body', {}, { userId: 'alice' }],
    ['nothing by empty strings', { token: '', userId: '', platform: '' }, { platform: 'A', userId: 'alice' }],
    [
      'the path’s device whatever id the body names',
      { deviceId: 'another', userId: 'bob' },
      { userId: 'bob' },
    ],
    ['the user to none', { userId: 'anonymous' }, { userId: 'anonymous' }],
  ])('changes %s', async (_, body, expected) => {
    const t = await createTenant()
    const { deviceId } = await t.device({ userId: 'alice' })
    const changed = await t.ok('PUT', `/devices/${deviceId}`, { body })
    expect(changed).toMatchObject({ deviceId, ...expected })
    const { userAgent: __, ...read } = await t.ok('GET', `/devices/${deviceId}`)
    expect(read).toEqual(changed)
  })

  test.each([
    ['an unknown platform', { platform: 'X' }, 'platform'],
    ['a token of a wrong type', { token: 1 }, 'token'],
    ['a deviceId of a wrong type', { deviceId: 1 }, 'deviceId'],
    ['a userId that is too long', { userId: 'u'.repeat(255) }, 'userId'],
  ])('refuses %s and changes nothing', async (_, body, name) => {
    const t = await createTenant()
    const { deviceId, userAgent: __, ...before } = await t.device()
    const answer = await t.send('PUT', `/devices/${deviceId}`, { body: { phoneNumber: '9', ...body } })
    expect(answer.status).toBe(400)
    expect((await answer.json<Answer>()).message).toContain(`"${name}"`)
    expect(await t.ok('GET', `/devices/${deviceId}`)).toEqual({ deviceId, ...before })
  })

  test.each(['GET', 'PUT', 'DELETE'])(
    'answers 404 with a JSON object for an unknown device: %s',
    async (method) => {
      const t = await createTenant()
      const answer = await t.send(
        method,
        '/devices/nobody',
        method === 'PUT' ? { body: { userId: 'a' } } : {},
      )
      expect(answer.status).toBe(404)
      expect(await answer.json<Answer>()).toMatchObject({
        code: 'FPWSE0001E',
        message: expect.stringContaining('nobody'),
      })
    },
  )
})

describe('an id that many phones have (identity R21)', () => {
  const ZERO = '00000000-0000-0000-0000-000000000000'

  test.each([ZERO, 'unknown', '9774d56d682e549c'])(
    '%s registers each phone by its token',
    async (deviceId) => {
      const t = await createTenant()
      for (const token of ['one', 'two', 'one']) {
        const made = await t.ok('POST', '/devices', { body: { deviceId, token, platform: 'G' } })
        expect(made).toMatchObject({ deviceId, token })
      }
      expect(await t.ok('GET', '/devices')).toMatchObject({ pageInfo: { totalCount: '2' } })
    },
  )

  test('is updated by a PUT that names the token, and by nothing else', async () => {
    const t = await createTenant()
    await t.ok('POST', '/devices', { body: { deviceId: ZERO, token: 'one', platform: 'W' } })
    for (const body of [
      { token: 'one', platform: 'W', userId: 'ann' },
      { token: 'one', userId: 'bob' },
    ]) {
      const changed = await t.ok('PUT', `/devices/${ZERO}`, { body })
      expect(changed).toMatchObject({ deviceId: ZERO, platform: 'W', ...body })
    }
    for (const [method, path, body] of [
      ['PUT', `/devices/${ZERO}`, { userId: 'carol' }],
      ['PUT', `/devices/${ZERO}`, { platform: 'G' }],
      ['PUT', `/devices/${ZERO}`, { token: 'two' }],
      ['PUT', `/devices/${ZERO}`, { token: 'two', platform: 'W' }],
      ['GET', `/devices/${ZERO}`, undefined],
      ['DELETE', `/devices/${ZERO}`, undefined],
      ['GET', `/subscriptions/${ZERO}`, undefined],
      ['POST', '/subscriptions', { deviceId: ZERO, tagName: 'Push.ALL' }],
      ['POST', '/subscriptions?action=delete', { deviceId: ZERO, tagNames: ['Push.ALL'] }],
      ['DELETE', `/subscriptions?deviceId=${ZERO}&tagName=Push.ALL`, undefined],
    ] as const) {
      const answer = await t.send(method, path, body === undefined ? {} : { body })
      expect([method, path, answer.status]).toEqual([method, path, 404])
    }
    expect(await t.ok('GET', '/devices')).toMatchObject({ devices: [{ token: 'one', userId: 'bob' }] })
  })
})

describe('unregistering a device', () => {
  test('answers 204 without a body, takes its subscriptions and no tag', async () => {
    const t = await createTenant()
    await t.tags('news')
    const { deviceId } = await t.device()
    await t.ok('POST', '/subscriptions', { body: { deviceId, tagName: 'news' } })
    const gone = await t.send('DELETE', `/devices/${deviceId}`, {
      headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
    })
    expect(gone.status).toBe(204)
    expect(await gone.text()).toBe('')
    expect((await t.send('GET', `/devices/${deviceId}`)).status).toBe(404)
    expect(await t.ok('GET', '/subscriptions')).toMatchObject({ pageInfo: { totalCount: '0' } })
    expect(await t.ok('GET', '/tags')).toMatchObject({ pageInfo: { totalCount: '1' } })
  })

  test('starts with the automatic tag alone when the same id registers again (R9)', async () => {
    const t = await createTenant()
    await t.tags('news')
    const { deviceId, token } = await t.device()
    await t.ok('POST', '/subscriptions', { body: { deviceId, tagName: 'news' } })
    await t.ok('DELETE', `/devices/${deviceId}`)
    const again = await t.send('POST', '/devices', { body: { deviceId, token, platform: 'A' } })
    expect(again.status).toBe(201)
    const { subscriptions } = await t.ok('GET', `/subscriptions?deviceId=${deviceId}`)
    expect(subscriptions).toMatchObject([{ tagName: 'Push.ALL' }])
  })
})
