import { describe, expect, test } from 'vitest'
import { openTenant, unique } from './kit.ts'

const base64 = (bytes: number) => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes))))
const base64url = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

describe('registerDevice by type', () => {
  test.each([
    ['1, iOS', 1, 'ios', 'apns'],
    ['2, BlackBerry', 2, 'android', 'other'],
    ['3, Android', 3, 'android', 'fcm'],
    ['5, Windows Phone', 5, 'windows', 'other'],
    ['7, Mac OS X', 7, 'macos', 'apns'],
    ['8, Windows', 8, 'windows', 'wns'],
    ['9, Amazon', 9, 'amazon', 'adm'],
    ['10, Safari', 10, 'web', 'apns'],
    ['11, Chrome', 11, 'web', 'webpush'],
    ['12, Firefox', 12, 'web', 'webpush'],
    ['17, Huawei', 17, 'huawei', 'hms'],
    ['19, Xiaomi', 19, 'android', 'other'],
    ['a type as digits', '3', 'android', 'fcm'],
  ])('%s', async (_, device_type, platform, provider) => {
    const t = await openTenant()
    const [hwid, push_token] = [unique('hwid'), unique('token')]
    expect(await t.ok('registerDevice', { hwid, device_type, push_token })).toBeNull()
    expect(await t.devices()).toMatchObject([
      { externalId: hwid, platform, provider, token: push_token, active: true, environment: 'unknown' },
    ])
  })

  test.each([
    ['missing', undefined],
    ['null', null],
    ['unknown', 4],
    ['of the old Edge', 150],
    ['no number', 'android'],
    ['fractional', 3.5],
    ['a list', [3]],
  ])('a type that is %s is refused, and nothing is kept', async (_, device_type) => {
    const t = await openTenant()
    const text = await t.refused('registerDevice', { hwid: unique('h'), device_type, tags: { a: 1 } })
    expect(text).toContain('device_type')
    expect(await t.devices()).toEqual([])
  })
})

test.each([
  ['a hwid that is missing', { hwid: undefined }, 'hwid is required'],
  ['a hwid that is empty', { hwid: '' }, 'hwid is required'],
  ['a hwid that is null', { hwid: null }, 'hwid is required'],
  ['a hwid that is a number', { hwid: 7 }, 'hwid must be a string'],
  ['a hwid of 513 characters', { hwid: 'x'.repeat(513) }, 'hwid is longer than 512 characters'],
  ['a hwid with a NUL', { hwid: 'a\0b' }, 'hwid has characters that no id can have'],
  ['a push token that is an object', { push_token: {} }, 'push_token must be a string'],
  [
    'a push token of 4097 characters',
    { push_token: 'x'.repeat(4097) },
    'push_token is longer than 4096 characters',
  ],
  ['a user that is a list', { userId: ['u'] }, 'userId must be a string'],
  ['tags that are a list', { tags: ['a'] }, 'tags must be an object'],
  ['tags that are a text', { tags: '{"a":1}' }, 'tags must be an object'],
  ['an application that is missing', { application: undefined }, 'Application not found'],
  ['an application that is empty', { application: '' }, 'Application not found'],
  ['an application that is a number', { application: 12345 }, 'Application not found'],
  ['an application that is unknown', { application: 'ZZZZZ-99999' }, 'Application not found'],
])('%s is an argument error', async (_, member, text) => {
  const t = await openTenant()
  const request = { hwid: unique('h'), device_type: 3, push_token: unique('t'), tags: { a: 1 }, ...member }
  expect(await t.refused('registerDevice', request)).toBe(text)
  expect(await t.devices()).toEqual([])
})

test('the full example of the seed registers, its extra members ignored', async () => {
  const t = await openTenant({ applicationCode: `X${crypto.randomUUID().slice(0, 4).toUpperCase()}-XXXXX` })
  const token = 'dec301908b9ba8df85e57a58e40f96f523f4c2068674f5fe2ba25cdc250a2a41'
  const hwid = unique('1CA6')
  await t.ok('registerDevice', {
    push_token: token,
    hwid,
    idfa: 'AEBE52E7-03EE-455A-B3C4-E57283966239',
    timezone: 3600,
    device_type: 1,
    email: 'email_address@domain.com',
    language: 'en',
    userId: 'Alex',
    tags: {
      StringTag: 'string value',
      IntegerTag: 42,
      ListTag: ['string1', 'string2'],
      DateTag: '2024-10-02 22:11',
      BooleanTag: true,
    },
    app_version: '1.2.3',
    device_model: 'Samsung SM-G355H',
    os_version: '2.3',
    public_key: 'BNmDO4BTKEMJqaqprTf7t/HBXXXXX=',
    auth_token: 'RlRmCXXXXX==',
    fcm_token: 'BNmDO4BTKEMJ',
    fcm_push_set: 'RlRm==',
  })
  expect(await t.devices()).toMatchObject([
    {
      externalId: hwid,
      platform: 'ios',
      token,
      userId: 'Alex',
      userProved: false,
      language: 'en',
      timezone: '3600',
      model: 'Samsung SM-G355H',
      osVersion: '2.3',
      appVersion: '1.2.3',
    },
  ])
  expect(await t.tags({ hwid })).toEqual({
    StringTag: 'string value',
    IntegerTag: 42,
    ListTag: ['string1', 'string2'],
    DateTag: '2024-10-02 22:11',
    BooleanTag: true,
    Language: 'en',
    'Application Version': '1.2.3',
    'Device Model': 'Samsung SM-G355H',
    'OS Version': '2.3',
    'First Install': '1795564800',
  })
})

test('a browser brings its keys in base64, and they are kept in base64url beside the endpoint', async () => {
  const t = await openTenant()
  const hwid = unique(`${t.code}_`)
  const [public_key, auth_token] = [base64(65), base64(16)]
  const push_token = `https://push.example/send/${unique('e')}`
  await t.ok('registerDevice', { hwid, device_type: 11, push_token, public_key, auth_token })
  const app = await t.h.gateway.apps.find('pushwoosh', t.code)
  const device = app && (await t.h.gateway.devices.find({ app, externalId: hwid }))
  expect(device?.pushToken).toMatchObject({
    provider: 'webpush',
    token: push_token,
    keys: { p256dh: base64url(public_key), auth: base64url(auth_token) },
  })
})

test.each([
  ['sandbox', 'sandbox'],
  ['production', 'production'],
  ['elsewhere', 'unknown'],
])('gateway %s makes the environment %s', async (gateway, environment) => {
  const t = await openTenant()
  await t.ok('registerDevice', { hwid: unique('h'), device_type: 1, push_token: unique('a1'), gateway })
  expect(await t.devices()).toMatchObject([{ environment }])
})

describe('an upsert', () => {
  test('keeps what a later registration does not name', async () => {
    const t = await openTenant()
    const [hwid, push_token] = [unique('h'), unique('t')]
    const about = {
      language: 'fr',
      timezone: 3600,
      app_version: '1',
      device_model: 'Pixel',
      os_version: '14',
    }
    await t.ok('registerDevice', { hwid, device_type: 3, push_token, userId: 'u', ...about, tags: { a: 1 } })
    t.h.clock.advance(2 * 86_400_000)
    await t.ok('registerDevice', { hwid, device_type: 3, tags: { b: 2 } })
    expect(await t.device(hwid)).toMatchObject({
      token: push_token,
      userId: 'u',
      language: 'fr',
      timezone: '3600',
    })
    expect(await t.tags({ hwid })).toMatchObject({
      a: 1,
      b: 2,
      'First Install': '1795564800',
      'OS Version': '14',
    })
  })

  test('writes nothing for an app start that says nothing new', async () => {
    let commits = 0
    const t = await openTenant(
      {},
      {
        db: (real) => ({
          read: (plan) => real.read(plan),
          commit: (plan) => {
            commits++
            return real.commit(plan)
          },
        }),
      },
    )
    const request = {
      hwid: unique('h'),
      device_type: 3,
      push_token: unique('t'),
      language: 'en',
      app_version: '1',
    }
    await t.ok('registerDevice', request)
    const before = commits
    await t.ok('registerDevice', request)
    expect(commits).toBe(before)
  })

  test('20 devices with 4 equal calls at once are 20 devices and 80 successes', async () => {
    const t = await openTenant()
    const ids = Array.from({ length: 20 }, () => [unique('h'), unique('t')])
    await Promise.all(
      [...ids, ...ids, ...ids, ...ids].map(([hwid, push_token]) =>
        t.ok('registerDevice', { hwid, push_token, device_type: 3, tags: { a: 1 } }),
      ),
    )
    expect(await t.devices()).toHaveLength(20)
  })

  test('the hwid has a case', async () => {
    const t = await openTenant()
    const hwid = unique('h')
    for (const id of [hwid, hwid.toUpperCase()]) await t.ok('registerDevice', { hwid: id, device_type: 3 })
    expect(await t.devices()).toHaveLength(2)
  })
})
