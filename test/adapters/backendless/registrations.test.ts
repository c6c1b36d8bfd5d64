import { describe, expect, test } from 'vitest'
import { idsOf, type KeyKind, newPhone, openTenant, refusalOf, UUID } from './tenant.ts'

const PATH = '/messaging/registrations'

describe('register', () => {
  test('answers an id for every channel and lists the device', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const ids = idsOf(await t.register({ ...phone, channels: ['news', 'sport'] }))
    expect(Object.keys(ids).sort()).toEqual(['news', 'sport'])
    for (const id of Object.values(ids)) expect(id).toMatch(UUID)
    expect(new Set(Object.values(ids)).size).toBe(2)
    expect(await t.devices()).toMatchObject([
      { externalId: phone.deviceId, token: phone.deviceToken, topics: ['news', 'sport'], active: true },
    ])
  })

  test.each([
    ['absent channels', {}, ['default']],
    ['null', { channels: null }, ['default']],
    ['an empty list', { channels: [] }, ['default']],
    ['a list of an empty name', { channels: [''] }, ['default']],
    ['an empty name among others', { channels: ['', 'a'] }, ['a']],
    ['duplicates', { channels: ['b', 'a', 'b'] }, ['a', 'b']],
    ['names that differ in case', { channels: ['News', 'news'] }, ['News', 'news']],
    ['a name with a single colon', { channels: [':a'] }, [':a']],
  ])('takes %s', async (_, members, channels) => {
    const t = await openTenant()
    const phone = newPhone()
    expect(Object.keys(idsOf(await t.register({ ...phone, ...members }))).sort()).toEqual(channels)
    expect(await t.read(phone.deviceId)).toMatchObject({ channels })
  })

  test('adds channels, keeps the ids of those that are there, and lists all of them', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const first = idsOf(await t.register({ ...phone, channels: ['a'] }))
    const second = idsOf(await t.register({ ...phone, channels: ['b'] }))
    expect(second).toEqual({ a: first.a, b: expect.stringMatching(UUID) })
    expect(idsOf(await t.register(phone))).toMatchObject({ ...second, default: expect.stringMatching(UUID) })
  })

  test('replaces token, system, version and expiration', async () => {
    const t = await openTenant()
    const { deviceId, deviceToken } = newPhone()
    await t.register({ deviceId, deviceToken: 'old', os: 'ios', osVersion: '9', expiration: 1900000000123 })
    await t.register({ deviceId, deviceToken, os: 'ANDROID', osVersion: '15' })
    const read = await t.read(deviceId)
    expect(read).toMatchObject({ deviceToken, deviceId, os: 'ANDROID', osVersion: '15' })
    expect(read).not.toHaveProperty('expiration')
    expect(await t.devices()).toMatchObject([{ platform: 'android', provider: 'fcm', token: deviceToken }])
  })

  test.each([
    ['IOS', 'aa11', 'IOS', 'ios', 'apns'],
    ['ios', 'aa11', 'IOS', 'ios', 'apns'],
    ['OSX', 'aa11', 'OSX', 'macos', 'apns'],
    ['ANDROID', 'x:APA91b', 'ANDROID', 'android', 'fcm'],
    ['WP', 'https://wns.example/x', 'WP', 'windows', 'wns'],
    ['LINUX', 'aa11', 'LINUX', 'ios', 'apns'],
    ['LINUX', 'x:APA91b', 'LINUX', 'android', 'fcm'],
    ['constructor', 'x:APA91b', 'CONSTRUCTOR', 'android', 'fcm'],
    ['', 'AA11', '', 'ios', 'apns'],
    [null, 'x:APA91b', '', 'android', 'fcm'],
    [undefined, 'x:APA91b', '', 'android', 'fcm'],
  ])('system %j with token %j', async (os, deviceToken, shown, platform, provider) => {
    const t = await openTenant()
    const { deviceId } = newPhone()
    await t.register({ deviceId, deviceToken, os })
    expect(await t.read(deviceId)).toMatchObject({ os: shown, deviceToken })
    expect(await t.devices()).toMatchObject([{ platform, provider, environment: 'unknown' }])
  })

  test.each([
    ['a text', '14.2', '14.2'],
    ['a number', 34, '34'],
    ['null', null, ''],
    ['an absent one', undefined, ''],
  ])('keeps a version that is %s as text', async (_, osVersion, shown) => {
    const t = await openTenant()
    const phone = newPhone()
    await t.register({ ...phone, osVersion })
    expect(await t.read(phone.deviceId)).toMatchObject({ osVersion: shown })
    expect(await t.devices()).toMatchObject([{ osVersion: shown }])
  })

  test('stores a token of 4,096 characters as it is', async () => {
    const t = await openTenant()
    const { deviceId } = newPhone()
    const deviceToken = `x:${'A'.repeat(4094)}`
    await t.register({ deviceId, deviceToken })
    expect(await t.read(deviceId)).toMatchObject({ deviceToken })
  })

  test('takes the token that iOS 13 described and shows that it is of no use', async () => {
    const t = await openTenant()
    const { deviceId } = newPhone()
    const deviceToken = '{length=32,bytes=0x965b251c 6cb1926d ... 3b1a9a75 }'
    await t.register({ deviceId, deviceToken, os: 'IOS' })
    expect(await t.devices()).toMatchObject([{ token: deviceToken, active: false }])
    await t.register({ deviceId, deviceToken: 'aa11', os: 'IOS' })
    expect(await t.devices()).toMatchObject([{ token: 'aa11', active: true }])
  })

  test('ignores what a client holds of an earlier answer', async () => {
    const t = await openTenant()
    const phone = newPhone()
    await t.register({ ...phone, id: 'X', registrationId: 'Y::z', objectId: 7 })
    expect(await t.read(phone.deviceId)).toMatchObject({ deviceId: phone.deviceId, channels: ['default'] })
  })

  test('parallel first registrations leave one device with all channels', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const channels = Array.from({ length: 12 }, (_, n) => `c${String(n).padStart(2, '0')}`)
    await Promise.all(channels.map((name) => t.register({ ...phone, channels: [name] })))
    expect(await t.devices()).toMatchObject([{ topics: channels }])
  })

  test('a limit of channels that is reached by addition is an error', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const some = (from: number) => Array.from({ length: 3000 }, (_, n) => `${from + n}`)
    await t.register({ ...phone, channels: some(0) })
    const body = { ...phone, channels: some(3000) }
    expect(await refusalOf(await t.call('POST', PATH, { body }))).toEqual([400, 5005])
    expect((await t.devices())[0]?.topics).toHaveLength(3000)
  })
})

describe('retrieve', () => {
  test.each<[KeyKind, string, 'object' | 'array']>([
    ['rest', 'auto', 'object'],
    ['js', 'auto', 'array'],
    ['android', 'auto', 'array'],
    ['ios', 'auto', 'array'],
    ['dotnet', 'auto', 'array'],
    ['custom', 'auto', 'array'],
    ['rest', 'array', 'array'],
    ['js', 'object', 'object'],
  ])('with a key for %s and the setting %s it answers an %s', async (kind, retrieve, shape) => {
    const t = await openTenant({ retrieve })
    const phone = newPhone()
    const ids = idsOf(await t.register({ ...phone, channels: ['b', 'a'], expiration: 1900000000123 }))
    const one = {
      id: ids.a,
      ...phone,
      os: 'ANDROID',
      osVersion: '14',
      channels: ['a', 'b'],
      expiration: 1900000000123,
    }
    const response = await t.call('GET', `${PATH}/${phone.deviceId}`, { kind })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual(shape === 'array' ? [one] : one)
  })

  test('every kind of key opens the same devices', async () => {
    const t = await openTenant()
    const phone = newPhone()
    for (const kind of ['rest', 'js', 'android', 'ios', 'dotnet', 'custom'] as const) {
      await t.register({ ...phone, channels: [kind] }, kind)
    }
    expect(await t.devices()).toHaveLength(1)
  })

  test.each([
    ['a slash', 'a/b', 'a%2Fb'],
    ['a plus', 'a+b', 'a+b'],
    ['an escaped plus', 'a+b', 'a%2Bb'],
    ['a space', 'a b', 'a%20b'],
    ['a percent sign', '50%', '50%25'],
    ['an escape that was escaped', '%41', '%2541'],
    ['characters that the SDK leaves raw', 'a@b:c=d&e$', 'a@b:c=d&e$'],
    ['umlauts', 'gerät', 'ger%C3%A4t'],
  ])('finds an id with %s', async (_, deviceId, escaped) => {
    const t = await openTenant()
    const { deviceToken } = newPhone()
    await t.register({ deviceId, deviceToken })
    const response = await t.call('GET', `${PATH}/${escaped}`)
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ deviceId })])
  })

  test('ids are told apart by case', async () => {
    const t = await openTenant()
    await t.register({ deviceId: 'Dev', deviceToken: newPhone().deviceToken })
    expect(await t.read('dev')).toBe(5000)
  })

  test('a GET may call itself JSON without a body', async () => {
    const t = await openTenant()
    const phone = newPhone()
    await t.register(phone)
    const headers = { 'Content-Type': 'application/json' }
    expect((await t.call('GET', `${PATH}/${phone.deviceId}`, { headers })).status).toBe(200)
    expect((await t.call('DELETE', `${PATH}/${phone.deviceId}`, { headers })).status).toBe(200)
  })
})

describe('cancel', () => {
  test.each(['registrations', 'registration'])('DELETE …/messaging/%s answers a boolean', async (name) => {
    const t = await openTenant()
    const phone = newPhone()
    await t.register(phone)
    const response = await t.call('DELETE', `/messaging/${name}/${phone.deviceId}`)
    expect([response.status, await response.json()]).toEqual([200, { result: true }])
    expect(await t.read(phone.deviceId)).toBe(5000)
    expect(await refusalOf(await t.call('DELETE', `/messaging/${name}/${phone.deviceId}`))).toEqual([
      400, 5001,
    ])
  })

  test('a device that comes back starts from nothing, with new ids', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const before = idsOf(await t.register({ ...phone, channels: ['a', 'b'], expiration: 1900000000123 }))
    await t.call('DELETE', `${PATH}/${phone.deviceId}`)
    const after = idsOf(await t.register({ ...phone, channels: ['a'] }))
    expect(Object.keys(after)).toEqual(['a'])
    expect(after.a).not.toBe(before.a)
    expect(await t.read(phone.deviceId)).not.toHaveProperty('expiration')
  })

  test('of parallel cancellations one succeeds, and the late ones say that there is no device', async () => {
    const t = await openTenant()
    const phone = newPhone()
    await t.register(phone)
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => t.call('DELETE', `${PATH}/${phone.deviceId}`)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400])
  })
})

describe('user-token', () => {
  test.each(['POST', 'GET', 'DELETE'])(
    'is taken on %s, whatever it is, and never given back',
    async (method) => {
      const t = await openTenant()
      const phone = newPhone()
      await t.register(phone)
      const path = method === 'POST' ? PATH : `${PATH}/${phone.deviceId}`
      const body = method === 'POST' ? { ...phone, os: 'ANDROID' } : undefined
      const response = await t.call(method, path, { headers: { 'user-token': 'STALE-TOKEN' }, body })
      const text = await response.text()
      expect(response.status, text).toBe(200)
      expect(text + [...response.headers].join()).not.toContain('STALE-TOKEN')
    },
  )
})

describe('templates and info', () => {
  test.each(['', '/ios', '/android', '/ANDROID', '/IOS'])(
    'GET …/messaging/pushtemplates%s is an object',
    async (os) => {
      const t = await openTenant()
      const response = await t.call('GET', `/messaging/pushtemplates${os}`)
      expect([response.status, await response.json()]).toEqual([200, {}])
    },
  )

  test('GET …/info keeps the SDK from sending logs', async () => {
    const t = await openTenant()
    const response = await t.call('GET', '/info', { kind: 'js' })
    expect([response.status, await response.json()]).toEqual([
      200,
      { appId: t.id, rtURL: '', loggers: [{ name: 'Global logger', level: 'off' }] },
    ])
  })

  test.each(['/rt/lookup', '/log', '/users/login', '/data/Person'])(
    '%s is refused in the shape that SDKs read',
    async (path) => {
      const t = await openTenant()
      for (const method of ['GET', 'PUT', 'POST']) {
        expect(await refusalOf(await t.call(method, path))).toEqual([404, 404])
      }
    },
  )
})
