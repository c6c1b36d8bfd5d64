import { beforeEach, describe, expect, test } from 'vitest'
import { openTenant, type Tenant, unique } from './kit.ts'

let t: Tenant
let hwid: string
beforeEach(async () => {
  t = await openTenant()
  hwid = unique('h')
})

const raw = async (method: string, members: string) => {
  const body = `{"request":{"application":"${t.code}",${members}}}`
  return (await t.h.request('POST', `/json/1.3/${method}`, { body })).json<{
    status_code: number
    status_message: string
    response: unknown
  }>()
}

const NOTHING = [
  'null',
  '(null)',
  'NULL',
  'undefined',
  'nil',
  'None',
  'NaN',
  '[object Object]',
  'BLACKLISTED',
]

describe('B03: a word for nothing is none (identity R19)', () => {
  test.each(NOTHING)('push_token %s: as without one', async (word) => {
    await t.ok('registerDevice', { hwid, device_type: 3, push_token: word })
    expect(await t.ok('checkDevice', { hwid })).toEqual({ exist: true, push_token_exist: false })
    const other = unique('h')
    await t.ok('registerDevice', { hwid, device_type: 3, push_token: 'real' })
    await t.ok('registerDevice', { hwid, device_type: 3, push_token: word })
    await t.ok('multiRegisterDevice', { push_devices: [{ hwid: other, platform: 3, push_token: word }] })
    expect(await t.ok('checkDevice', { hwid })).toEqual({ exist: true, push_token_exist: true })
    expect(await t.ok('checkDevice', { hwid: other })).toEqual({ exist: true, push_token_exist: false })
  })

  test.each([...NOTHING, ''])('hwid %s: refused', async (word) => {
    for (const method of [
      'registerDevice',
      'setTags',
      'applicationOpen',
      'registerUser',
      'unregisterDevice',
    ]) {
      const request = { hwid: word, device_type: 3, push_token: 't', tags: {} }
      expect(await t.refused(method, request)).toMatch(/hwid .*is required/)
    }
    expect(await t.devices()).toEqual([])
  })

  test('a tag and a user may be called so, and a word may be part of a token', async () => {
    await t.ok('registerDevice', {
      hwid,
      device_type: 3,
      push_token: 'null-and-more',
      userId: 'none',
      tags: { a: 'null', b: ['undefined'] },
    })
    expect(await t.tags({ hwid })).toMatchObject({ a: 'null', b: ['undefined'] })
    expect(await t.device(hwid)).toMatchObject({ token: 'null-and-more', userId: 'none' })
  })
})

const SHARED = ['00000000-0000-0000-0000-000000000000', 'unknown', 'UNKNOWN', '9774d56d682e549c', 'aaaaaaaa']

describe('B04d: a hwid that many phones have (identity R21)', () => {
  test.each(SHARED)('%s: each phone stays reachable by its token', async (shared) => {
    for (const push_token of ['t1', 't2']) {
      await t.ok('registerDevice', {
        hwid: shared,
        device_type: 3,
        push_token,
        userId: push_token,
        tags: { a: push_token },
      })
    }
    for (const token of ['t1', 't2']) {
      const [device, ...others] = await t.devices(`&token=${token}`)
      expect([device, others]).toMatchObject([{ token, userId: token, active: true, tags: { a: token } }, []])
      expect(device?.externalId).not.toBe(shared)
    }
  })

  test.each(SHARED)(
    '%s: calls without a token are answered as for an unknown device and change nobody',
    async (hwid) => {
      await t.ok('registerDevice', { hwid, device_type: 3, push_token: 't1', userId: 'ann' })
      const before = await t.devices()
      const calls: [string, object][] = [
        ['registerDevice', { device_type: 3 }],
        ['setTags', { tags: { a: 1 } }],
        ['applicationOpen', { language: 'fr' }],
        ['registerUser', { userId: 'bob' }],
        ['setBadge', { badge: 3 }],
        ['pushStat', { hash: 'm' }],
        ['unregisterDevice', {}],
        ['deleteDevice', {}],
        ['postEvent', { event: 'e', attributes: {}, userId: 'bob' }],
        ['setPurchase', { productIdentifier: 'p', price: 1 }],
        ['multiRegisterDevice', { push_devices: [{ hwid, platform: 3 }], user_id: 'bob' }],
      ]
      for (const [method, request] of calls)
        expect([method, await t.ok(method, { hwid, ...request })]).toEqual([method, null])
      expect(await t.ok('checkDevice', { hwid })).toEqual({ exist: false, push_token_exist: false })
      expect(await t.tags({ hwid })).toEqual({})
      expect(await t.devices()).toEqual(before)
    },
  )
})

test.each([
  ['ios', 1, '{length = 32, bytes = 0x740f4707 bebcf74f ... 462c7eaf 61bb78ad }'],
  ['macos', 7, '{length=32,bytes=0x740f4707}'],
  ['web', 10, '{ length = 32, bytes = 0x740f4707 ... 61bb78ad }'],
])(
  'B06a: what iOS 13 made of a token is kept and inactive until a real one comes: %s',
  async (_, type, push_token) => {
    await t.ok('registerDevice', { hwid, device_type: type, push_token })
    expect(await t.devices(`&token=${encodeURIComponent(push_token)}`)).toMatchObject([
      { externalId: hwid, active: false },
    ])
    await t.ok('registerDevice', { hwid, device_type: type, push_token: 'ab'.repeat(32) })
    expect(await t.device(hwid)).toMatchObject({ active: true })
  },
)

describe('B12a: a number keeps its digits or is refused', () => {
  test.each([
    [
      'userId of registerUser',
      'registerUser',
      (hwid: string) => `"hwid":"${hwid}","userId":9007199254740993`,
    ],
    [
      'userId of registerDevice',
      'registerDevice',
      (hwid: string) => `"hwid":"${hwid}","device_type":3,"userId":9007199254740993`,
    ],
    [
      'user_id of multiRegisterDevice',
      'multiRegisterDevice',
      (hwid: string) => `"user_id":9007199254740993,"push_devices":[{"hwid":"${hwid}","platform":3}]`,
    ],
  ])('%s', async (_, method, members) => {
    expect(await raw(method, members(hwid))).toMatchObject({ status_code: 200 })
    expect(await t.device(hwid)).toMatchObject({ userId: '9007199254740993' })
    await raw('setTags', '"userId":9007199254740992,"tags":{"a":1}')
    expect(await t.tags({ hwid })).not.toHaveProperty('a')
  })

  test('users of mergeUser', async () => {
    await raw('registerUser', `"hwid":"${hwid}","userId":9007199254740993`)
    await raw(
      'mergeUser',
      `"hwid":"x","oldUserId":9007199254740993,"newUserId":-9007199254740995,"merge":true`,
    )
    expect(await t.device(hwid)).toMatchObject({ userId: '-9007199254740995' })
  })

  test.each(['1e400', '12345678901234567890.5', '1e21'])('no id is %s', async (number) => {
    expect(await raw('registerUser', `"hwid":"${hwid}","userId":${number}`)).toMatchObject({
      status_code: 210,
    })
    expect(await t.devices()).toEqual([])
  })

  test.each(['9007199254740993', '-9007199254740993', '123456789012345678901234567890'])(
    'a tag of %s is refused, nothing stored; as a text and in a list it is kept',
    async (number) => {
      const tags = (tag: string) => `"hwid":"${hwid}","device_type":3,"tags":{"fine":1,"n":${tag}}`
      expect(await raw('setTags', tags(number))).toMatchObject({ status_code: 210 })
      expect(await raw('registerDevice', tags(number))).toMatchObject({ status_code: 210 })
      expect(await t.devices()).toEqual([])
      expect(
        await raw('setTags', `"hwid":"${hwid}","tags":{"text":"${number}","list":[${number}]}`),
      ).toMatchObject({
        status_code: 200,
        response: null,
      })
      expect(await t.tags({ hwid })).toMatchObject({ text: number, list: [number] })
    },
  )

  test('a fraction of many digits is as near as a double gets', async () => {
    await raw('setTags', `"hwid":"${hwid}","tags":{"n":0.1000000000000000055511151231257827}`)
    expect(await t.tags({ hwid })).toMatchObject({ n: 0.1 })
  })

  test('an increment never counts into numbers that lose digits', async () => {
    await t.ok('setTags', { hwid, tags: { n: Number.MAX_SAFE_INTEGER - 1 } })
    for (const value of [1, 1, 1])
      await t.ok('setTags', { hwid, tags: { n: { operation: 'increment', value } } })
    expect(await t.tags({ hwid })).toMatchObject({ n: Number.MAX_SAFE_INTEGER })
  })
})

test('B12d: numbers and digits that are fine are taken', async () => {
  await t.ok('registerDevice', { hwid, userId: 42, device_type: '3', timezone: '19800', app_version: 1.5 })
  expect(await t.device(hwid)).toMatchObject({
    userId: '42',
    platform: 'android',
    timezone: '19800',
    appVersion: '1.5',
  })
})

test.each([
  ['iw', 'he'],
  ['in', 'id'],
  ['ji', 'yi'],
  ['iw-IL', 'he'],
  ['zh-Hans-CN', 'zh-Hans-CN'],
  ['zh_TW', 'zh-TW'],
  ['zh-Hant-TW', 'zh-Hant-TW'],
  ['pt-BR', 'pt'],
])('B17a, B17d: the language %s is %s wherever it is told', async (language, kept) => {
  await t.ok('registerDevice', { hwid, device_type: 3, language })
  await t.ok('registerEmail', { email: 'ann@example.com', language })
  expect(await t.tags({ hwid })).toMatchObject({ Language: kept })
  expect(await t.tags({ hwid: 'ann@example.com' })).toMatchObject({ Language: kept })
  expect(await t.device(hwid)).toMatchObject({ language: kept })
})

test.each([
  ['+0530', '19800'],
  ['-0330', '-12600'],
  ['+05:30', '19800'],
  ['-08:00', '-28800'],
  ['+0000', '0'],
  ['0530', '19800'],
  ['+1400', '50400'],
  [' +0530 ', '19800'],
  // Seconds, as iOS writes them.
  ['-3600', '-3600'],
  ['+19800', '19800'],
  ['3600', '3600'],
  ['-1800', '-1800'],
  // Neither: the stored value stays.
  ['Europe/Berlin', '7200'],
  ['UTC', '7200'],
  ['', '7200'],
  ['+5:30', '7200'],
  [{}, '7200'],
  [null, '7200'],
  [true, '7200'],
  [1.5, '7200'],
])('B18c: the timezone %j is kept as %s, and never costs a registration', async (timezone, kept) => {
  await t.ok('registerDevice', { hwid, device_type: 1, timezone: 7200 })
  await t.ok('registerDevice', { hwid, device_type: 1, push_token: unique('t'), timezone })
  expect(await t.device(hwid)).toMatchObject({ timezone: kept, active: true })
  const fresh = unique('h')
  await t.ok('registerDevice', { hwid: fresh, device_type: 1, timezone })
  await t.ok('multiRegisterDevice', { push_devices: [{ hwid: `${fresh} 2`, platform: 1 }], timezone })
  expect(await t.devices()).toHaveLength(3)
})

test.each([
  '2024-10-03T22:11:00.000Z',
  '2024-10-03T22:11:00Z',
  '2024-10-03T22:11Z',
  '2024-10-03T22:11:00.123456+02:00',
  '2024-10-03T22:11:00-0330',
  '2024-10-03 22:11:05',
])('B18f: a Date takes %s', async (later) => {
  await t.ok('setTags', { hwid, tags: { Visit: '2024-10-02 22:11' } })
  expect(await t.ok('setTags', { hwid, tags: { Visit: later } })).toBeNull()
  expect(await t.tags({ hwid })).toMatchObject({ Visit: later })
})

test.each(['2024-13-03T22:11:00Z', '2024-10-03T25:11:00Z', '2024-10-03T', 'tomorrow'])(
  'B18f: a Date does not take %s',
  async (other) => {
    await t.ok('setTags', { hwid, tags: { Visit: '2024-10-02 22:11' } })
    expect(await t.ok('setTags', { hwid, tags: { Visit: other } })).toMatchObject({
      skipped: [{ tag: 'Visit' }],
    })
  },
)

describe('hostile F10: text that cannot be stored (identity R22)', () => {
  test.each(['device_name', 'device_model', 'os_version', 'app_version', 'v'])(
    'in %s it is repaired and costs no registration',
    async (member) => {
      await t.ok('registerDevice', {
        hwid,
        device_type: 3,
        push_token: unique('t'),
        [member]: 'phone \ud83d\0',
      })
      const device = await t.device(hwid)
      expect(JSON.stringify(device)).toContain('phone \ufffd\ufffd')
      expect(device.active).toBe(true)
    },
  )

  test.each([
    ['hwid', { hwid: 'h\ud800' }],
    ['push_token', { push_token: 't\0' }],
    ['userId', { userId: '\udc00u' }],
    ['email', { hwid: undefined, email: 'a\ud800@example.com' }],
  ])('in %s it is refused and stores nothing', async (_, wrong) => {
    await t.refused('registerDevice', { hwid, device_type: 3, push_token: 't', ...wrong })
    expect(await t.devices()).toEqual([])
  })
})

describe('hostile F9a: JSON inside JSON text', () => {
  const report = (metaData: unknown) => ({ hwid, hash: unique('m'), metaData })
  const receipts = async () =>
    (
      await (
        await t.h.admin('GET', `/apps/${t.id}/receipts`)
      ).json<{
        receipts: { details: { metaData?: unknown } }[]
      }>()
    ).receipts.map(({ details }) => details.metaData)

  test.each(['pushStat', 'messageDeliveryEvent'])('however deep it is, %s is answered', async (method) => {
    await t.ok('registerDevice', { hwid, device_type: 3 })
    for (const depth of [40, 5000, 100_000]) {
      await t.ok(method, report('['.repeat(depth) + ']'.repeat(depth)))
      await t.ok(method, report(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`))
    }
    await t.ok(method, report('{"campaign":"c"}'))
    expect(await receipts()).toContainEqual({ campaign: 'c' })
  })

  test('what is huge is left out, what is broken repaired; the report counts', async () => {
    await t.ok('registerDevice', { hwid, device_type: 3 })
    await t.ok('pushStat', report({ a: 'x'.repeat(100_000) }))
    await t.ok('pushStat', report({ 'a\ud800': 'b\0' }))
    const found = await receipts()
    expect(found).toHaveLength(2)
    expect(found).toContainEqual({ 'a\ufffd': 'b\ufffd' })
  })
})

test.each([
  ['\u212aelly@example.com', 'kelly@example.com'],
  ['\u0130an@example.com', 'i\u0307an@example.com'],
])('hostile F17: %s is another address than %s; capitals are the same', async (one, two) => {
  await t.ok('registerEmail', { email: two, userId: 'kelly' })
  await t.ok('registerEmail', { email: one, userId: 'mallory' })
  await t.ok('registerEmail', { email: two.toUpperCase().replace('\u0130', 'i\u0307'.toUpperCase()) })
  expect((await t.devices()).map((device) => device.userId).sort()).toEqual(['kelly', 'mallory'])
})

test('seed audit P9: the badge is shown in the admin API, on the device and in its installation', async () => {
  await t.ok('registerDevice', { hwid, device_type: 1, push_token: unique('t') })
  expect(await t.device(hwid)).toMatchObject({ badge: null })
  await t.ok('setBadge', { hwid, badge: 4 })
  const { id } = await t.device(hwid)
  expect(await (await t.h.admin('GET', `/apps/${t.id}/devices/${id}`)).json()).toMatchObject({ badge: 4 })
  const { installations } = await (await t.h.admin('GET', `/apps/${t.id}/installations`)).json<{
    installations: { devices: object[] }[]
  }>()
  expect(installations).toMatchObject([{ devices: [{ badge: 4 }] }])
  await t.ok('setBadge', { hwid, badge: 0 })
  expect(await t.device(hwid)).toMatchObject({ badge: 0 })
})
