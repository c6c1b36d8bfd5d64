import { describe, expect, test } from 'vitest'
import { openTenant, unique } from './kit.ts'

describe('email', () => {
  test.each(['registerDevice', 'registerEmail'])('%s takes an address for hwid and token', async (method) => {
    const t = await openTenant()
    const email = `Ann.${unique('a')}@Example.com`
    const request = { email, language: 'en', userId: 'Alex', tags: { a: 1 }, tz_offset: 3600 }
    expect(await t.ok(method, request)).toBeNull()
    expect(await t.devices()).toMatchObject([
      {
        externalId: email.toLowerCase(),
        platform: 'email',
        provider: 'email',
        token: email,
        userId: 'Alex',
        language: 'en',
        active: true,
      },
    ])
    expect(await t.tags({ hwid: email.toUpperCase() })).toMatchObject({ a: 1, Language: 'en' })
    expect(await t.ok('checkDevice', { hwid: email })).toEqual({ exist: true, push_token_exist: true })
  })

  test('one address is one device, whatever its case and the blanks around it', async () => {
    const t = await openTenant()
    const email = `${unique('a')}@example.com`
    await t.ok('registerEmail', { email })
    await t.ok('registerEmail', { email: `  ${email.toUpperCase()} ` })
    await t.ok('registerDevice', { hwid: email, device_type: 14 })
    expect(await t.devices()).toMatchObject([{ externalId: email, platform: 'email' }])
  })

  test.each([
    ['is no text', 7],
    ['has no @', 'ann.example.com'],
    ['has two @', 'a@b@example.com'],
    ['has nothing before the @', '@example.com'],
    ['has a blank inside', 'an n@example.com'],
    ['has no dot in the domain', 'ann@example'],
    ['ends in a dot', 'ann@example.'],
    ['begins its domain with a dot', 'ann@.example.com'],
    ['is empty', ''],
  ])('an address that %s is refused', async (_, email) => {
    const t = await openTenant()
    for (const method of ['registerDevice', 'registerEmail', 'setEmailTags', 'deleteEmail']) {
      await t.refused(method, { email, tags: { a: 1 } })
    }
    expect(await t.devices()).toEqual([])
  })

  test('a bad address as the hwid of type 14 is refused', async () => {
    const t = await openTenant()
    expect(await t.refused('registerDevice', { hwid: 'no address', device_type: 14 })).toContain('email')
  })

  test('a hwid of another type wins over an address beside it', async () => {
    const t = await openTenant()
    const hwid = unique('h')
    await t.ok('registerDevice', { hwid, device_type: 1, email: 'no address' })
    expect(await t.devices()).toMatchObject([{ externalId: hwid, platform: 'ios' }])
  })

  test("an Android phone that registers its user's address stays a phone", async () => {
    const t = await openTenant()
    const [hwid, email] = [unique('h'), `${unique('a')}@example.com`]
    await t.ok('registerDevice', { hwid, device_type: 3, push_token: unique('t') })
    await t.ok('registerEmail', {
      hwid,
      device_type: 3,
      email,
      userId: 'u',
      language: 'English',
      tz_offset: 0,
    })
    expect(await t.device(hwid)).toMatchObject({ platform: 'android', active: true, userId: null })
    expect(await t.device(email)).toMatchObject({ platform: 'email', userId: 'u' })
    await t.ok('setEmailTags', { hwid, device_type: 3, email, tags: { mail: 1 } })
    expect(await t.tags({ hwid })).not.toHaveProperty('mail')
    expect(await t.tags({ hwid: email })).toMatchObject({ mail: 1, Language: 'en' })
  })

  test('a hwid that an SDK sends for a user is no user of the address', async () => {
    const t = await openTenant()
    const [hwid, email] = [unique(`${t.code}_`), `${unique('a')}@example.com`]
    await t.ok('applicationOpen', { hwid, device_type: 11, userId: hwid })
    await t.ok('registerEmail', { email, userId: hwid, ts_offset: 3600 })
    expect(await t.device(email)).toMatchObject({ userId: null, timezone: '3600' })
    await t.ok('registerEmail', { email, userId: 'ann' })
    expect(await t.device(email)).toMatchObject({ userId: 'ann' })
  })

  test('registerEmailUser ties the address to a user, before or after it is registered', async () => {
    const t = await openTenant()
    const email = `${unique('a')}@example.com`
    await t.ok('registerEmailUser', { hwid: unique('h'), email, userId: 'ann' })
    await t.ok('registerEmail', { email })
    expect(await t.device(email)).toMatchObject({ userId: 'ann', active: true })
    await t.ok('registerEmailUser', { hwid: unique('h'), email, userId: 'bob' })
    expect(await t.device(email)).toMatchObject({ userId: 'bob' })
    expect(await t.refused('registerEmailUser', { email })).toBe('userId is required')
  })

  test('setEmailTags before the registration is not lost', async () => {
    const t = await openTenant()
    const email = `${unique('a')}@example.com`
    expect(await t.ok('setEmailTags', { email, tags: { a: 1, b: {} } })).toEqual({
      skipped: [{ tag: 'b', reason: 'Invalid type' }],
    })
    await t.ok('registerEmail', { email })
    expect(await t.tags({ hwid: email })).toMatchObject({ a: 1 })
    expect(await t.refused('setEmailTags', { email })).toBe('tags is required')
  })

  test('deleteEmail forgets the address, and an unknown one is fine', async () => {
    const t = await openTenant()
    const email = `${unique('a')}@example.com`
    await t.ok('registerEmail', { email })
    for (let n = 0; n < 2; n++) expect(await t.ok('deleteEmail', { email: email.toUpperCase() })).toBeNull()
    expect(await t.devices()).toEqual([])
  })
})

const VALID = [
  '+14155552671',
  '+447911123456',
  '+4915123456789',
  '+5511987654321',
  '+919876543210',
  '+80012345678',
]
const INVALID = [
  ["the seed's placeholder", '+0000000000'],
  ['no plus', '14155552671'],
  ['too short for its plan', '+1415555267'],
  ['an area code that does not exist', '+12005550100'],
  ['a country code that does not exist', '+99912345678'],
  ['16 digits', '+1415555267112345'],
  ['blanks inside', '+1 415 555 2671'],
  ['letters', '+1415555CALL'],
  ['an extension', '+14155552671;ext=5'],
  ['nothing but a plus', '+'],
  ['other digits', '+١٤١٥٥٥٥٢٦٧١'],
] as const

describe.each([
  ['SMS', 18, 'sms', ''],
  ['WhatsApp', 21, 'whatsapp', 'whatsapp:'],
] as const)('%s', (_, device_type, platform, prefix) => {
  test.each(VALID)('the number %s registers, its own token', async (number) => {
    const t = await openTenant()
    const hwid = prefix + number
    expect(await t.ok('registerDevice', { hwid, device_type, userId: 'u', tags: { a: 1 } })).toBeNull()
    expect(await t.devices()).toMatchObject([
      { externalId: hwid, platform, provider: platform, token: hwid, userId: 'u', active: true },
    ])
    expect(await t.tags({ hwid })).toMatchObject({ a: 1 })
  })

  test.each(INVALID)('%s is refused', async (_, number) => {
    const t = await openTenant()
    expect(await t.refused('registerDevice', { hwid: prefix + number, device_type })).toContain(
      'phone number',
    )
    expect(await t.devices()).toEqual([])
  })
})

test.each([
  ['the web: a bare number', { hwid: '+14155552671' }],
  ['Android: a bare push token', { hwid: 'whatsapp:+14155552671', push_token: '+14155552671' }],
  ['iOS: both with the prefix', { hwid: 'whatsapp:+14155552671', push_token: 'whatsapp:+14155552671' }],
])('a WhatsApp device as it comes from %s', async (_, request) => {
  const t = await openTenant()
  await t.ok('registerDevice', { ...request, device_type: 21 })
  await t.ok('registerDevice', { hwid: '+14155552671', device_type: 18 })
  expect((await t.devices()).map((one) => [one.platform, one.externalId]).sort()).toEqual([
    ['sms', '+14155552671'],
    ['whatsapp', 'whatsapp:+14155552671'],
  ])
})
