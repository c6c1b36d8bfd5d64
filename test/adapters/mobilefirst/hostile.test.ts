import { describe, expect, test } from 'vitest'
import { type Answer, createTenant, RUNTIME, type Tenant, unique, V1 } from './kit.ts'
import { androidSigner, hmacSigner, jws, registration, type Signer, selfRegister } from './phone.ts'

/**
 * JSON in which the text `deep` is replaced by `{"a":{"a":…}}` with so many levels, built without recursion.
 */
const nested = (document: unknown, levels: number): string =>
  JSON.stringify(document).replace('"deep"', `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)

describe('JSON inside a signed payload (hostile F9)', () => {
  test.each([
    ['attributes', 3000],
    ['attributes', 40],
    ['device', 40],
    ['application', 40],
    ['anything', 40],
  ])('is refused with 400 where %s is nested %i deep, as a body would be', async (member, levels) => {
    const t = await createTenant()
    const signer = await hmacSigner()
    const whole = registration(t.app, unique('phone'), signer)
    const known: unknown = whole[member as 'attributes']
    const payload = nested({ ...whole, [member]: { ...(known as object), more: 'deep' } }, levels)
    expect((await selfRegister(t.h, payload, signer)).status).toBe(400)
  })

  test('is refused in an assertion and in a JWS header, too', async () => {
    const t = await createTenant()
    const signer = await hmacSigner()
    const whole = registration(t.app, unique('phone'), signer)
    const more: unknown = JSON.parse(nested('deep', 40))
    const deep: Signer = { ...signer, header: () => ({ ...signer.header(), more }) }
    expect((await selfRegister(t.h, whole, deep)).status).toBe(400)
    const parts = await jws(signer, nested({ sub: 'x', more: 'deep' }, 2000))
    const answer = await t.h.request('POST', `${RUNTIME}/preauth/v1/heartbeat`, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_assertion: Object.values(parts).join('.') }).toString(),
    })
    expect(answer.status).toBe(400)
  })

  test.each([
    ['half an emoji', 'phone \ud83d'],
    ['a NUL', 'phone \0'],
    ['a word for nothing', 'null'],
    ['more than 1,000 characters', 'x'.repeat(1001)],
  ])('is refused with 400 where the device’s id is %s', async (_, id) => {
    const t = await createTenant()
    const signer = await hmacSigner()
    expect((await selfRegister(t.h, registration(t.app, id, signer), signer)).status).toBe(400)
  })

  test('is taken where a display name was cut inside an emoji', async () => {
    const t = await createTenant()
    const signer = await hmacSigner()
    const whole = registration(t.app, unique('phone'), signer)
    const payload = { ...whole, device: { ...whole.device, deviceDisplayName: 'Ann’s \ud83d' } }
    expect((await selfRegister(t.h, payload, signer)).status).toBe(201)
  })
})

describe('a self-registered key (review A5, hostile F16)', () => {
  const byte = (value: number) => String.fromCharCode(value)
  const integer = (bits: number, last = 0xff) =>
    btoa(byte(0xff) + byte(0xff).repeat(bits / 8 - 2) + byte(last))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
  /** The answer to a registration with a key of so many bits and an invalid signature. */
  async function answerTo(t: Tenant, n: string, e: string) {
    const signer: Signer = { ...androidSigner(), header: () => ({ alg: 'RS256', jwk: { kty: 'RSA', n, e } }) }
    return selfRegister(t.h, registration(t.app, unique('phone'), signer), signer)
  }

  test.each([
    ['an exponent of 32 bits where it is verified in JavaScript', 1024, integer(32)],
    ['an exponent of 18 bits there', 512, btoa('\x03\xff\xff')],
    ['an exponent of 40 bits', 4096, integer(40)],
    ['an exponent as long as the modulus', 4096, integer(4096)],
    ['an even exponent', 2048, integer(32, 0xfe)],
    ['the exponent 1', 2048, btoa('\x01')],
    ['a modulus of 4,104 bits', 4104, 'AQAB'],
    ['a modulus of 256 bits', 256, 'AQAB'],
    ['an even modulus', 2048, 'AQAB'],
  ])('is refused with 400, with %s', async (what, bits, e) => {
    const t = await createTenant()
    const n = integer(bits, what.includes('even modulus') ? 0xfe : 0xff)
    expect((await answerTo(t, n, e)).status).toBe(400)
  })
})

describe('text that no store keeps as it came (identity R22, hostile F9, F10)', () => {
  const BROKEN = [
    ['half an emoji', '\ud83d'],
    ['the other half', 'x\udc00'],
    ['a NUL', 'a\0b'],
  ] as const
  const CALLS: readonly (readonly [string, string, (text: string) => unknown])[] = [
    ['POST', '/devices', (text) => ({ deviceId: text, token: 't', platform: 'A' })],
    ['POST', '/devices', (text) => ({ deviceId: 'd', token: text, platform: 'A' })],
    ['POST', '/devices', (text) => ({ deviceId: 'd', token: 't', platform: 'A', userId: text })],
    ['POST', '/devices', (text) => ({ deviceId: 'd', token: 't', platform: 'A', phoneNumber: text })],
    ['PUT', '/devices/known', (text) => ({ userId: text })],
    ['PUT', '/devices/known', (text) => ({ token: text })],
    ['POST', '/tags', (text) => ({ name: text })],
    ['POST', '/subscriptions', (text) => ({ deviceId: text, tagName: 'news' })],
    ['POST', '/subscriptions', (text) => ({ deviceId: 'known', tagName: text })],
    ['POST', '/subscriptions', (text) => ({ deviceId: 'known', tagNames: ['news', text] })],
    ['POST', '/subscriptions?action=delete', (text) => ({ deviceId: 'known', tagNames: [text] })],
    ['PUT', '/settings/gcmConf', (text) => ({ apiKey: text, senderId: '1' })],
    ['PUT', '/settings/wnsConf', (text) => ({ clientSecret: 's', packageSID: text })],
    ['PUT', '/settings/smsConf', (text) => ({ host: text })],
    ['PUT', '/settings/smsConf', (text) => ({ host: 'h', parameters: [{ name: 'a', value: text }] })],
    ['POST', '/webhooks', (text) => ({ name: text, url: 'https://hook.example', eventTypes: 'onSubscribe' })],
  ]

  test.each(BROKEN)('is refused with 400 and nothing stored: %s', async (_, text) => {
    const t = await createTenant()
    await t.device({ deviceId: 'known', token: 'known', userId: 'ann' })
    await t.tags('news')
    const before = await Promise.all(['/devices', '/subscriptions', '/tags'].map((path) => t.ok('GET', path)))
    for (const [method, path, body] of CALLS) {
      const answer = await t.send(method, path, { body: body(text) })
      expect([method, path, answer.status]).toEqual([method, path, 400])
      expect((await answer.json<Answer>()).code).toBe('FPWSE0005E')
    }
    const after = await Promise.all(['/devices', '/subscriptions', '/tags'].map((path) => t.ok('GET', path)))
    expect(after).toEqual(before)
  })

  test.each(BROKEN)('is refused with 4xx as the id of an application: %s', async (_, applicationId) => {
    const t = await createTenant()
    const token = await t.token('apps.read apps.write')
    const answer = await t.h.request('POST', `${V1}/apps`, {
      headers: { Authorization: `Bearer ${token}` },
      body: { applicationId, enabled: 'true' },
    })
    expect(answer.status).toBe(400)
  })

  test('is repaired where it only describes', async () => {
    const t = await createTenant()
    const made = await t.ok('POST', '/tags', { body: { name: 'news', description: 'daily \ud83d' } })
    expect(made.description).toBe('daily \ufffd')
    expect(await t.ok('PUT', '/tags/news', { body: { description: '\0' } })).toMatchObject({
      description: '\ufffd',
    })
  })
})

describe('words for nothing (identity R19)', () => {
  const WORDS = [
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

  test.each(WORDS)('POST refuses %s as a token and as a device’s id (B03h)', async (word) => {
    const t = await createTenant()
    for (const [name, body] of [
      ['token', { deviceId: 'd', token: word, platform: 'G' }],
      ['deviceId', { deviceId: word, token: 't', platform: 'G' }],
    ] as const) {
      const answer = await t.send('POST', '/devices', { body })
      expect(answer.status).toBe(400)
      expect((await answer.json<Answer>()).message).toContain(`"${name}"`)
    }
    expect(await t.ok('GET', '/devices')).toMatchObject({ devices: [] })
  })

  test.each(WORDS)('PUT with %s leaves the token that is there', async (word) => {
    const t = await createTenant()
    const { deviceId, token } = await t.device()
    expect(await t.ok('PUT', `/devices/${deviceId}`, { body: { token: word } })).toMatchObject({ token })
  })

  test('are tokens where they are only part of one, and may be users', async () => {
    const t = await createTenant()
    const made = await t.device({ token: 'null:APA91b', userId: 'null' })
    expect(made).toMatchObject({ token: 'null:APA91b', userId: 'null' })
  })
})

describe('what is too long (hostile F2’s kind)', () => {
  const long = (length: number) => 'x'.repeat(length)
  test.each<[string, string, unknown]>([
    ['POST', '/devices', { deviceId: long(1001), token: 't', platform: 'A' }],
    ['POST', '/devices', { deviceId: 'd', token: long(8001), platform: 'A' }],
    ['POST', '/devices', { deviceId: 'd', token: 't', platform: 'A', phoneNumber: long(1001) }],
    ['POST', '/tags', { name: long(1001) }],
    ['POST', '/tags', { name: 'n', description: long(4001) }],
    ['POST', '/subscriptions', { deviceId: long(1001), tagName: 'n' }],
    ['POST', '/subscriptions', { deviceId: 'd', tagName: long(1001) }],
    ['POST', '/subscriptions', { deviceId: 'd', tagNames: [long(1001)] }],
    [
      'POST',
      '/subscriptions',
      { deviceId: 'd', tagNames: Array.from({ length: 1001 }, (_, at) => `t${at}`) },
    ],
    ['PUT', '/settings/gcmConf', { apiKey: long(16_385), senderId: '1' }],
    ['PUT', '/settings/gcmConf', { apiKey: 'k', senderId: long(1001) }],
    ['PUT', '/settings/wnsConf', { clientSecret: long(16_385), packageSID: 's' }],
    ['PUT', '/settings/smsConf', { host: 'h', name: long(1001) }],
    ['PUT', '/settings/smsConf', { host: 'h', parameters: Array(101).fill({ name: 'a' }) }],
    ['PUT', '/settings/smsConf', { host: 'h', parameters: [{ name: 'a', value: long(4001) }] }],
    ['POST', '/webhooks', { name: long(1001), url: 'https://h.example', eventTypes: 'onSubscribe' }],
    ['POST', '/webhooks', { name: 'w', url: `https://h.example/${long(2000)}`, eventTypes: 'onSubscribe' }],
  ])('%s %s answers 400 by name', async (method, path, body) => {
    const t = await createTenant()
    const answer = await t.send(method, path, { body })
    expect([answer.status, (await answer.json<Answer>()).code]).toEqual([400, 'FPWSE0005E'])
  })

  test('the id of an application is not looked up, and of a user agent the beginning is kept', async () => {
    const t = await createTenant()
    const token = await t.token('apps.write')
    const answer = await t.h.request('POST', `${V1}/apps`, {
      headers: { Authorization: `Bearer ${token}` },
      body: { applicationId: long(301) },
    })
    expect(answer.status).toBe(400)
    const body = { deviceId: 'd', token: 't', platform: 'A' }
    const made = await t.ok('POST', '/devices', { body, headers: { 'User-Agent': long(5000) } })
    expect(made.userAgent).toBe(long(1000))
  })
})

describe('a cursor (review C6)', () => {
  const cursor = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')
  test.each<[string, string]>([
    ['no base64', '!'],
    ['no JSON', btoa('nonsense')],
    ['an object', cursor({})],
    ['a number', cursor(7)],
    ['an empty list', cursor([])],
    ['no place', cursor([1, 10])],
    ['a place that is an object', cursor([1, 10, { toString: 'x' }])],
    ['a place of objects', cursor([1, 10, [{ toString: 1 }, 2, 3]])],
    ['a place of lists', cursor([1, 10, [['a']]])],
    ['a place of nothing', cursor([1, 10, [null]])],
    ['a place of flags', cursor([1, 10, [true]])],
    ['a place of fractions', cursor([1, 10, ['x', 0.5, 'y']])],
    ['a place of too many things', cursor([1, 10, ['a', 1, 'b', 'c']])],
    ['half an emoji', cursor([1, 10, ['\ud83d']])],
    ['a total below zero', cursor([1, -10, ['a']])],
    ['a total that is text', cursor([1, '10', ['a']])],
  ])('that is %s is refused with 400 in every list', async (_, text) => {
    const t = await createTenant()
    await t.device()
    for (const list of ['/devices', '/subscriptions', '/tags']) {
      const answer = await t.send('GET', `${list}?offset=1&size=1&cursor=${encodeURIComponent(text)}`)
      expect([list, answer.status, (await answer.json<Answer>()).code]).toEqual([list, 400, 'FPWSE0005E'])
    }
  })

  test('with any place and any offset gives nothing of anybody else’s, and never a 5xx', async () => {
    const t = await createTenant()
    const other = await createTenant({ h: t.h })
    await Promise.all([t.device(), t.device(), other.device()])
    const places = {
      devices: [[''], ['zzz']],
      subscriptions: [
        ['', 0, ''],
        ['a', Number.MAX_SAFE_INTEGER, 'b'],
      ],
      tags: [[''], ['zzz']],
    }
    for (const [list, some] of Object.entries(places)) {
      for (const [place, from] of some.flatMap((one) => [0, 1, 7].map((from) => [one, from] as const))) {
        const text = cursor([1, `mobilefirst/${list}`, from, 9, ...place])
        const answer = await t.send('GET', `/${list}?offset=1&size=9&cursor=${text}`)
        expect([list, place, from, answer.status]).toEqual([list, place, from, 200])
        expect(await answer.text()).not.toContain(other.app)
      }
    }
  })

  test('of another list is refused, and so is one of an earlier form', async () => {
    const t = await createTenant()
    await Promise.all([t.device(), t.device()])
    const { pageInfo } = await t.ok('GET', '/devices?offset=0&size=1')
    const next = new URL(String((pageInfo as Answer).next))
    const given = next.searchParams.get('cursor') ?? ''
    const earlier = cursor([1, 2, ['a']])
    expect((await t.send('GET', `/devices?offset=1&size=1&cursor=${given}`)).status).toBe(200)
    for (const [list, text] of [
      ['/subscriptions', given],
      ['/tags', given],
      ['/devices', earlier],
    ]) {
      const answer = await t.send('GET', `${list}?offset=1&size=1&cursor=${text}`)
      expect([list, answer.status, (await answer.json<Answer>()).code]).toEqual([list, 400, 'FPWSE0005E'])
    }
  })
})
