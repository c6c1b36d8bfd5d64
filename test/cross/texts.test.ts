import { describe, expect, test } from 'vitest'
import { repaired } from '../../src/domain/text.ts'
import { openShop } from './dialects.ts'
import { backendlessPath, mobileFirstCall, openSpoken, pushwooshCall, speakers } from './speakers.ts'

const unique = (prefix: string) => `${prefix}-${crypto.randomUUID()}`
const ok = async (response: Response) => {
  expect(response.status, await response.clone().text()).toBeLessThan(300)
  return response
}

const WORDS = [
  '',
  'null',
  'NULL',
  '(null)',
  'undefined',
  'nil',
  'None',
  'NaN',
  '[object Object]',
  'BLACKLISTED',
]

describe.each(speakers)('R19, B03, B05a: words for nothing in $name', (speaker) => {
  test.each([...WORDS, null])('%j is no token', async (word) => {
    const { shop, devices } = await openSpoken(speaker)
    const response = await speaker.register(shop, { id: unique('device'), token: word })
    if (speaker.tokenNeeded) {
      expect(await speaker.refused(response)).toBe(true)
      expect(await devices()).toEqual([])
    } else {
      await ok(response)
      expect(await devices()).toMatchObject([{ token: null, active: false }])
    }
  })

  test.each([...WORDS, null])('%j is no id', async (word) => {
    if (!speaker.ids) return
    const { shop, devices } = await openSpoken(speaker)
    const response = await speaker.register(shop, { id: word, token: unique('token') })
    expect(await speaker.refused(response)).toBe(true)
    expect(await devices()).toEqual([])
  })

  test.each(['null', 'undefined', 'none'])('a person may be called %s', async (word) => {
    if (!speaker.users) return
    const { shop, devices } = await openSpoken(speaker)
    await ok(await speaker.register(shop, { id: unique('device'), token: unique('token'), user: word }))
    expect(await devices()).toMatchObject([{ userId: word }])
  })

  test.each(['nullable', 'x:null', 'BLACKLISTED-1', 'undefined undefined'])(
    '%s is a token like others',
    async (token) => {
      const { shop, devices } = await openSpoken(speaker)
      await ok(await speaker.register(shop, { id: unique('device'), token }))
      expect(await devices()).toMatchObject([{ token, active: true }])
    },
  )
})

describe('R19, B03: words for nothing where a token is changed', () => {
  test.each(WORDS)('%j in Beams is refused, and the token stays', async (word) => {
    const shop = await openShop()
    const path = `/device_api/v1/instances/${shop.setup('pusher-beams', 'instanceId')}/devices/fcm`
    const registered = await ok(await shop.h.request('POST', path, { body: { token: 't' } }))
    const { id } = await registered.json<{ id: string }>()
    const changed = await shop.h.request('PUT', `${path}/${id}/token`, { body: { token: word } })
    expect(changed.status).toBe(400)
    expect(await shop.devices()).toMatchObject([{ token: 't' }])
  })

  test.each(WORDS)('%j in MobileFirst is none: the token stays', async (word) => {
    const shop = await openShop()
    await ok(await mobileFirstCall(shop, 'POST', '/devices', { deviceId: 'd', token: 't', platform: 'G' }))
    await ok(await mobileFirstCall(shop, 'PUT', '/devices/d', { token: word, userId: 'u' }))
    expect(await shop.devices()).toMatchObject([{ token: 't', userId: 'u' }])
  })

  test.each(WORDS)('%j in Pushwoosh is none: the token stays', async (word) => {
    const shop = await openShop()
    for (const token of ['t', word]) {
      const call = { hwid: 'h', push_token: token, device_type: 3 }
      expect(await (await pushwooshCall(shop, 'registerDevice', call)).json()).toMatchObject({
        status_code: 200,
      })
    }
    expect(await shop.devices()).toMatchObject([{ token: 't', active: true }])
  })

  test.each(WORDS.slice(1))('%j in a row of a bulk call fails that row alone', async (word) => {
    const shop = await openShop()
    const body = {
      application: shop.setup('pushwoosh', 'applicationCode'),
      auth: shop.setup('pushwoosh', 'apiToken'),
      devices: [
        { hwid: 'h1', platform: 3, push_token: word },
        { hwid: word, platform: 3, push_token: 't2' },
        { hwid: 'h3', platform: 3, push_token: 't3' },
      ],
    }
    await ok(await shop.h.request('POST', '/api/v2/audience/bulkRegisterDevice', { body }))
    while (await shop.h.gateway.jobs.step());
    expect(await shop.devices()).toMatchObject([{ externalId: 'h3', token: 't3' }])
  })
})

const SHARED = [
  'unknown',
  'UNKNOWN',
  '00000000-0000-0000-0000-000000000000',
  '0123456789ABCDEF',
  '9774d56d682e549c',
  'ffffffffffffffff',
]

describe.each(speakers.filter(({ ids }) => ids))('R21, B04: ids of many phones in $name', (speaker) => {
  test.each(SHARED)('%s leaves every phone reachable', async (id) => {
    const { shop, devices } = await openSpoken(speaker)
    const phones = ['t1', 't2', 't3'].map((token) => unique(token))
    for (const token of [...phones, ...phones]) await ok(await speaker.register(shop, { id, token }))
    const found = await devices()
    expect(found.map(({ token }) => token).sort()).toEqual([...phones].sort())
    for (const { externalId, active } of found) {
      expect(externalId).toMatch(/^shared:[0-9a-f]{32}$/)
      expect(active).toBe(true)
    }
    for (const token of phones) {
      const { devices: one } = await (
        await shop.h.admin('GET', `/apps/${shop.app.id}/devices?token=${token}`)
      ).json<{ devices: unknown[] }>()
      expect(one).toHaveLength(1)
    }
  })
})

describe('R21: calls that bring such an id alone', () => {
  test('are answered by Pushwoosh as for an unknown device, and make and change nothing', async () => {
    const shop = await openShop()
    await pushwooshCall(shop, 'registerDevice', { hwid: 'unknown', push_token: 't1', device_type: 3 })
    const before = await shop.devices()
    const calls: readonly (readonly [string, Readonly<Record<string, unknown>>, unknown])[] = [
      ['registerDevice', { device_type: 3 }, null],
      ['checkDevice', {}, { exist: false, push_token_exist: false }],
      ['setTags', { tags: { a: 1 } }, null],
      ['getTags', {}, { result: {} }],
      ['registerUser', { userId: 'u' }, null],
      ['applicationOpen', {}, null],
      ['setBadge', { badge: 1 }, null],
      ['unregisterDevice', {}, null],
      ['deleteDevice', {}, null],
      ['pushStat', { hash: 'h' }, null],
    ]
    for (const [method, more, response] of calls) {
      const answer = await pushwooshCall(shop, method, { hwid: 'unknown', ...more })
      expect(await answer.json(), method).toMatchObject({ status_code: 200, response })
    }
    expect(await shop.devices()).toEqual(before)
  })

  test('are answered by MobileFirst with 404, but for a PUT with a token', async () => {
    const shop = await openShop()
    const register = (token: string) =>
      mobileFirstCall(shop, 'POST', '/devices', { deviceId: 'unknown', token, platform: 'G' })
    const registered = await register('t1')
    expect([registered.status, await registered.json()]).toMatchObject([201, { deviceId: 'unknown' }])
    expect((await register('t2')).status).toBe(201)
    const before = await shop.devices()
    expect((await mobileFirstCall(shop, 'GET', '/devices/unknown')).status).toBe(404)
    expect((await mobileFirstCall(shop, 'PUT', '/devices/unknown', { userId: 'u' })).status).toBe(404)
    expect((await mobileFirstCall(shop, 'DELETE', '/devices/unknown')).status).toBe(404)
    const subscription = { deviceId: 'unknown', tagName: 'news' }
    expect((await mobileFirstCall(shop, 'POST', '/subscriptions', subscription)).status).toBe(404)
    expect(await shop.devices()).toEqual(before)
    const changed = await mobileFirstCall(shop, 'PUT', '/devices/unknown', { token: 't1', userId: 'u' })
    expect(await changed.json()).toMatchObject({ deviceId: 'unknown', token: 't1', userId: 'u' })
    expect((await mobileFirstCall(shop, 'PUT', '/devices/unknown', { token: 't9' })).status).toBe(404)
    const users = (await shop.devices()).map(({ token, userId }) => [token, userId]).sort()
    expect(users).toEqual([
      ['t1', 'u'],
      ['t2', null],
    ])
  })

  test('are answered by Backendless with 5000 and 5001', async () => {
    const shop = await openShop()
    const path = backendlessPath(shop)
    const body = { deviceId: 'unknown', deviceToken: 't1', os: 'ANDROID' }
    expect((await shop.h.request('POST', path, { body })).status).toBe(200)
    for (const [method, code] of [
      ['GET', 5000],
      ['DELETE', 5001],
    ] as const) {
      const response = await shop.h.request(method, `${path}/unknown`)
      expect([response.status, await response.json()]).toMatchObject([400, { code }])
    }
    expect(await shop.devices()).toMatchObject([{ token: 't1' }])
  })
})

describe.each(speakers)('R18 in $name', (speaker) => {
  const HEX = 'a1b2c3d4'.repeat(8)
  const grouped = HEX.replace(/(.{8})(?=.)/g, '$1 ')

  test.each([
    ['capitals', HEX.toUpperCase()],
    ['angle brackets and blanks', `<${grouped}>`],
    ['dashes, as .NET prints bytes', HEX.toUpperCase().replace(/(..)(?=.)/g, '$1-')],
  ])('B07: an APNs token in %s is the same one', async (_, written) => {
    const { shop, devices } = await openSpoken(speaker)
    const id = unique('device')
    await ok(await speaker.register(shop, { id, token: HEX }, 'ios'))
    await ok(await speaker.register(shop, { id, token: written }, 'ios'))
    const [device, ...more] = await devices()
    expect(more).toEqual([])
    expect(device).toMatchObject({ token: written, provider: 'apns' })
    const list = await (await shop.h.admin('GET', `/apps/${shop.app.id}/installations`)).json()
    expect(list).toMatchObject({ installations: [{ token: written }] })
  })

  test.each([
    '{length = 32, bytes = 0x740f4707 bebcf74f ... 462c7eaf 61bb78ad }',
    '{length=32,bytes=0x740f4707bebcf74f...462c7eaf61bb78ad}',
    '32 bytes',
  ])('B06a, B06d: %s is taken, found, and out of use', async (token) => {
    const { shop, devices } = await openSpoken(speaker)
    const id = unique('device')
    await ok(await speaker.register(shop, { id, token }, 'ios'))
    expect(await devices()).toMatchObject([{ token, active: false }])
    const found = await shop.h.admin('GET', `/apps/${shop.app.id}/devices?token=${encodeURIComponent(token)}`)
    expect(await found.json()).toMatchObject({ devices: [{ token, active: false }] })
    if (!speaker.ids) return
    await ok(await speaker.register(shop, { id, token: HEX }, 'ios'))
    expect(await devices()).toMatchObject([{ token: HEX, active: true }])
  })
})

const BROKEN = ['x\ud83d', '\ude00', 'a\u0000b', '\u0000']

describe.each(speakers)('R22, B11: broken text in $name', (speaker) => {
  test.each(BROKEN)('%j is refused for a token, an id and a user, and nothing is stored', async (text) => {
    const { shop, devices } = await openSpoken(speaker)
    const id = unique('device')
    const token = unique('token')
    expect(await speaker.refused(await speaker.register(shop, { id, token: text }))).toBe(true)
    if (speaker.ids)
      expect(await speaker.refused(await speaker.register(shop, { id: text, token }))).toBe(true)
    if (speaker.users) {
      expect(await speaker.refused(await speaker.register(shop, { id, token, user: text }))).toBe(true)
    }
    expect(await devices()).toEqual([])
  })

  test.each(BROKEN)('%j in a description costs no registration', async (text) => {
    if (!speaker.descriptions) return
    const { shop, devices } = await openSpoken(speaker)
    const said = { id: unique('device'), token: unique('token'), description: `phone ${text}` }
    await ok(await speaker.register(shop, said))
    await ok(await speaker.register(shop, said))
    const shown = repaired(said.description)
    expect(await devices()).toMatchObject([{ [speaker.descriptions]: shown, token: said.token }])
  })

  test.each(['😀🇩🇪👩‍👩‍👧', 'שלום "עולם"', '\'"\\`', '\u0001'])(
    'B11e: %j comes back as it was sent',
    async (text) => {
      const { shop, devices } = await openSpoken(speaker)
      const said = {
        id: `id ${text}`,
        token: `token ${text}`,
        user: `user ${text}`,
        description: `d ${text}`,
      }
      await ok(await speaker.register(shop, said))
      expect(await devices()).toMatchObject([
        {
          token: said.token,
          ...(speaker.ids && { externalId: said.id }),
          ...(speaker.users && { userId: said.user }),
          ...(speaker.descriptions && { [speaker.descriptions]: said.description }),
        },
      ])
    },
  )
})

test('B11b: a Backendless channel that cannot be stored is refused, and the device with it', async () => {
  const shop = await openShop()
  for (const channel of BROKEN) {
    const body = { deviceId: 'd', deviceToken: 't', os: 'ANDROID', channels: ['news', channel] }
    const response = await shop.h.request('POST', backendlessPath(shop), { body })
    expect([response.status, await response.json()]).toMatchObject([400, { code: 5005 }])
  }
  expect(await shop.devices()).toEqual([])
})

test('R22: the names and values of Pushwoosh tags are refused whole', async () => {
  const shop = await openShop()
  for (const text of BROKEN) {
    for (const tags of [
      { [`n${text}`]: 1 },
      { n: text },
      { n: ['a', text] },
      { ok: 1, n: { operation: 'append', value: [text] } },
    ]) {
      const answer = await pushwooshCall(shop, 'setTags', { hwid: 'h', tags })
      expect(await answer.json()).toMatchObject({ status_code: 210 })
    }
  }
  expect(await shop.devices()).toEqual([])
})

test('R22: the names of MobileFirst tags are refused, their descriptions repaired', async () => {
  const shop = await openShop()
  for (const [at, text] of BROKEN.entries()) {
    expect((await mobileFirstCall(shop, 'POST', '/tags', { name: `n${text}` })).status).toBe(400)
    const named = await mobileFirstCall(shop, 'POST', '/tags', {
      name: `tag ${at}`,
      description: `d ${text}`,
    })
    expect([named.status, await named.json()]).toMatchObject([201, { description: repaired(`d ${text}`) }])
  }
})

test('R22: the administration refuses broken text, in a body, a path and a query', async () => {
  const shop = await openShop()
  for (const text of BROKEN) {
    for (const body of [
      { name: text, dialects: {} },
      { name: 'n', dialects: { [text]: {} } },
      { name: 'n', dialects: { mobilefirst: { applicationId: `com.${text}` } } },
      { name: 'n', dialects: { flameup: { workspaceId: `w${text}` } } },
    ]) {
      expect((await shop.h.admin('POST', '/apps', body)).status).toBe(400)
    }
  }
  const app = `/apps/${shop.app.id}`
  for (const path of [`${app}/users/a%00`, `${app}/devices/%00`, `${app}/devices?token=a%00`, `/apps/%00`]) {
    expect((await shop.h.admin('GET', path)).status, path).toBe(400)
  }
})

describe('B12, numbers that a double cannot hold', () => {
  const pushwoosh = async (request: string) => {
    const shop = await openShop()
    const application = JSON.stringify(shop.setup('pushwoosh', 'applicationCode'))
    const call = async (method: string, members: string) => {
      const body = `{"request":{"application":${application},"hwid":"h","device_type":3,${members}}}`
      const headers = { 'Content-Type': 'application/json' }
      const response = await shop.h.request('POST', `/json/1.3/${method}`, { headers, body })
      return response.json<{ status_code: number; response: unknown }>()
    }
    return { shop, call, answer: await call('registerUser', request) }
  }

  test.each([
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['9007199254740992', '9007199254740992'],
    ['42', '42'],
  ])('B12a: a Pushwoosh user %s keeps its digits', async (number, user) => {
    const { shop, answer } = await pushwoosh(`"userId":${number}`)
    expect(answer).toMatchObject({ status_code: 200 })
    expect(await shop.devices()).toMatchObject([{ userId: user }])
  })

  test.each(['1e400', '9.007199254740993e15', '0.123456789012345678901', '1e21'])(
    'a Pushwoosh user %s is refused',
    async (number) => {
      const { shop, answer } = await pushwoosh(`"userId":${number}`)
      expect(answer).toMatchObject({ status_code: 210 })
      expect(await shop.devices()).toEqual([])
    },
  )

  test('a tag never becomes another number', async () => {
    const { call } = await pushwoosh('"userId":"u"')
    const tags = '"Big":9007199254740993,"List":[9007199254740993,1],"Small":1'
    const set = await call('setTags', `"tags":{${tags}}`)
    const { response } = await call('getTags', '"tags":[]')
    expect(JSON.stringify(response)).not.toContain('9007199254740992')
    if (set.status_code === 200)
      expect(response).toMatchObject({ result: { List: ['9007199254740993', '1'] } })
  })

  test('B12d: small numbers are read as ever', async () => {
    const { shop, call } = await pushwoosh('"userId":42')
    const more = '"device_type":"3","timezone":"19800","app_version":1.5,"push_token":"t"'
    expect(await call('registerDevice', more)).toMatchObject({ status_code: 200 })
    expect(await shop.devices()).toMatchObject([{ userId: '42', timezone: '19800', appVersion: '1.5' }])
  })

  test.each(speakers)('$name takes no other number for an id or a token', async (speaker) => {
    const { shop, devices } = await openSpoken(speaker)
    const raw = { toJSON: () => 'NUMBER' }
    const plain = shop.h.request
    const number = async (method: string, path: string, init: Parameters<typeof plain>[2] = {}) => {
      const body = JSON.stringify(init.body)?.replaceAll('"NUMBER"', '9007199254740993')
      const headers = { 'Content-Type': 'application/json', ...init.headers }
      // A form, for an access token, is sent unchanged.
      return plain(method, path, typeof init.body === 'string' ? init : { ...init, headers, body })
    }
    const bent = { ...shop, h: { ...shop.h, request: number } }
    await speaker.register(bent, { id: 'd', token: raw, user: 'u' })
    await speaker.register(bent, { id: raw, token: 't', user: 'u' })
    await speaker.register(bent, { id: 'd', token: 't', user: raw, description: 'x' })
    const shown = JSON.stringify(await devices())
    expect(shown).not.toContain('9007199254740992')
  })

  test('free documents keep every digit, as text', async () => {
    const shop = await openShop()
    const path = `/device_api/v1/instances/${shop.setup('pusher-beams', 'instanceId')}/devices/fcm`
    const headers = { 'Content-Type': 'application/json' }
    const body = '{"token":"t","metadata":{"account":9007199254740993,"list":[1.5,12345678901234567890]}}'
    const { id } = await (await ok(await shop.h.request('POST', path, { headers, body }))).json<{
      id: string
    }>()
    const metadata = { account: '9007199254740993', list: [1.5, '12345678901234567890'] }
    expect(await (await shop.h.request('GET', `${path}/${id}`)).json()).toMatchObject({ metadata })
  })

  test('a Backendless version and expiration are read from any number', async () => {
    const shop = await openShop()
    const headers = { 'Content-Type': 'application/json' }
    const body =
      '{"deviceId":"d","deviceToken":"t","os":"IOS","osVersion":12345678901234567890,"expiration":1900000000123.000000000000001}'
    await ok(await shop.h.request('POST', backendlessPath(shop), { headers, body }))
    expect(await shop.devices()).toMatchObject([{ osVersion: '12345678901234567890' }])
  })
})

describe('B13, empty maps from PHP and Lua', () => {
  test('B13a: Pushwoosh tags', async () => {
    const shop = await openShop()
    const register = async (tags: unknown) =>
      (
        await pushwooshCall(shop, 'registerDevice', { hwid: 'h', push_token: 't', device_type: 3, tags })
      ).json()
    expect(await register({ kept: 1 })).toMatchObject({ status_code: 200 })
    expect(await register([])).toMatchObject({ status_code: 200, response: null })
    expect(await register(['a'])).toMatchObject({ status_code: 210 })
    expect(await shop.devices()).toMatchObject([{ token: 't', tags: { kept: 1 } }])
    const set = await pushwooshCall(shop, 'setTags', { hwid: 'h', tags: [] })
    expect(await set.json()).toMatchObject({ status_code: 200 })
  })

  test('B13c: Beams metadata', async () => {
    const shop = await openShop()
    const path = `/device_api/v1/instances/${shop.setup('pusher-beams', 'instanceId')}/devices/fcm`
    const register = (metadata: unknown) => shop.h.request('POST', path, { body: { token: 't', metadata } })
    const { id } = await (await ok(await register([]))).json<{ id: string }>()
    expect(await (await shop.h.request('GET', `${path}/${id}`)).json()).toMatchObject({ metadata: {} })
    expect((await register(['a'])).status).toBe(400)
  })

  test('the documents of the administration', async () => {
    const shop = await openShop()
    const body = { name: 'n', dialects: { flameup: [], mobilefirst: [] }, settings: [] }
    expect((await shop.h.admin('POST', '/apps', body)).status).toBe(201)
    expect((await shop.h.admin('POST', '/apps', { name: 'n', dialects: [] })).status).toBe(201)
    expect((await shop.h.admin('POST', '/apps', { name: 'n', dialects: ['flameup'] })).status).toBe(400)
    expect((await shop.h.admin('POST', '/apps', { name: 'n', dialects: { flameup: ['a'] } })).status).toBe(
      400,
    )
  })

  test.each(speakers)('a whole body that is one stays malformed: $name', async (speaker) => {
    const { shop } = await openSpoken(speaker)
    const plain = shop.h.request
    const emptied = (method: string, path: string, init: Parameters<typeof plain>[2] = {}) =>
      plain(method, path, typeof init.body === 'string' ? init : { ...init, body: [] })
    const bent = { ...shop, h: { ...shop.h, request: emptied } }
    expect((await speaker.register(bent, { id: 'd', token: 't' })).status).toBe(400)
  })
})
