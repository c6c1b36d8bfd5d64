import { beforeEach, describe, expect, test } from 'vitest'
import { openTenant, type Tenant, unique } from './kit.ts'

let t: Tenant
let hwid: string
beforeEach(async () => {
  t = await openTenant()
  hwid = unique('h')
})
const user = async () => (await t.device(hwid)).userId

describe('registerUser', () => {
  test('ties a device to a user, as a claim, also before it registers', async () => {
    const request = { hwid, device_type: 3, userId: 'ann', tz_offset: 7200 }
    expect(await t.ok('registerUser', request)).toBeNull()
    expect(await t.device(hwid)).toMatchObject({
      userId: 'ann',
      userProved: false,
      timezone: '7200',
      platform: 'android',
      token: null,
    })
    await t.ok('registerDevice', { hwid, device_type: 3, push_token: unique('t') })
    expect(await user()).toBe('ann')
  })

  test('the last user wins', async () => {
    for (const userId of ['ann', 'bob']) await t.ok('registerUser', { hwid, userId })
    expect(await user()).toBe('bob')
    await t.ok('registerDevice', { hwid, device_type: 3, userId: 'cid' })
    expect(await user()).toBe('cid')
  })

  test.each([
    ['the hwid itself', (id: string) => id],
    ['an empty id', () => ''],
  ])('%s takes the user away; the device and its tags stay', async (_, userId) => {
    await t.ok('registerDevice', {
      hwid,
      device_type: 3,
      push_token: unique('t'),
      userId: 'ann',
      tags: { a: 1 },
    })
    await t.ok('registerUser', { hwid, userId: userId(hwid) })
    expect(await t.device(hwid)).toMatchObject({ userId: null, active: true })
    expect(await t.tags({ hwid })).toMatchObject({ a: 1 })
  })

  test('without an id it changes no user', async () => {
    await t.ok('registerUser', { hwid, userId: 'ann' })
    await t.ok('registerUser', { hwid })
    expect(await user()).toBe('ann')
  })

  test('a number is an id', async () => {
    await t.ok('registerUser', { hwid, userId: 42 })
    expect(await user()).toBe('42')
  })

  test.each([
    ['a list', ['a']],
    ['an object', {}],
    ['a flag', true],
    ['1025 characters', 'x'.repeat(1025)],
  ])('an id that is %s is refused', async (_, userId) => {
    expect(await t.refused('registerUser', { hwid, userId })).toContain('userId')
    expect(await t.devices()).toEqual([])
  })
})

describe('a user that is merely mentioned', () => {
  test.each([
    ['applicationOpen', {}],
    ['setTags', { tags: { a: 1 } }],
    ['setBadge', { badge: 1 }],
    ['postEvent', { event: 'PW_ScreenOpen', attributes: {} }],
    ['getInApps', {}],
    ['getInboxMessages', {}],
  ])('%s binds it to a device that has none, and replaces nobody', async (method, more) => {
    await t.ok('registerDevice', { hwid, device_type: 3 })
    await t.ok(method, { hwid, userId: hwid, ...more })
    expect(await user()).toBeNull()
    await t.ok(method, { hwid, userId: 'ann', ...more })
    expect(await user()).toBe('ann')
    await t.ok(method, { hwid, userId: 'bob', ...more })
    expect(await user()).toBe('ann')
  })

  test.each(['pushStat', 'messageDeliveryEvent', 'getTags', 'checkDevice', 'unregisterDevice'])(
    '%s binds nobody',
    async (method) => {
      await t.ok('registerDevice', { hwid, device_type: 3 })
      await t.ok(method, { hwid, userId: 'ann', hash: 'x' })
      expect(await user()).toBeNull()
    },
  )
})

describe('mergeUser', () => {
  const owners = async () =>
    Object.fromEntries((await t.devices()).map((one) => [one.externalId, one.userId]))
  beforeEach(async () => {
    for (const [id, userId] of [
      ['a1', 'ann'],
      ['a2', 'ann'],
      ['b1', 'bob'],
      ['c1', 'cid'],
    ]) {
      await t.ok('registerUser', { hwid: id, userId })
    }
  })

  test('with merge the devices of the old user become those of the new one', async () => {
    expect(
      await t.ok('mergeUser', { hwid: 'a1', oldUserId: 'ann', newUserId: 'bob', merge: true }),
    ).toBeNull()
    expect(await owners()).toEqual({ a1: 'bob', a2: 'bob', b1: 'bob', c1: 'cid' })
  })

  test('without merge nothing moves', async () => {
    await t.ok('mergeUser', { hwid: 'a1', oldUserId: 'ann', newUserId: 'bob', merge: false })
    expect(await owners()).toEqual({ a1: 'ann', a2: 'ann', b1: 'bob', c1: 'cid' })
  })

  test('users of another app stay', async () => {
    const other = await openTenant()
    await other.ok('registerUser', { hwid: 'x', userId: 'ann' })
    await t.ok('mergeUser', { hwid: 'a1', oldUserId: 'ann', newUserId: 'bob', merge: true })
    expect(await other.device('x')).toMatchObject({ userId: 'ann' })
  })

  test.each([
    ['no old user', { newUserId: 'bob', merge: true }, 'oldUserId is required'],
    ['no new user', { oldUserId: 'ann', merge: true }, 'newUserId is required'],
  ])('%s is refused', async (_, request, text) => {
    expect(await t.refused('mergeUser', { hwid: 'a1', ...request })).toBe(text)
  })
})

describe('multiRegisterDevice', () => {
  const full = () => ({
    user_id: 'ann',
    email: `${unique('a')}@Example.com`,
    sms_phone_number: '+14155552671',
    whatsapp_phone_number: '+14155552671',
    kakao_phone_number: '+821012345678',
    line_token: 'line',
    language: 'fr-FR',
    timezone: '3600',
    city: 'Lyon',
    tags: {
      Level: { operation: 0, value: 7 },
      List: { operation: 1, values: ['a', 'b'] },
      Gone: { operation: 2, value: 'x' },
      Count: { operation: 3, value: 2 },
    },
    push_devices: [
      {
        hwid,
        platform: 11,
        push_token: `https://push.example/${hwid}`,
        sdk_version: '3.55.0',
        platformData: { public_key: 'BA==', auth_token: 'AA==', browser: 'Chrome 131' },
      },
      { hwid: `${hwid}-phone`, platform: 3, push_token: unique('t') },
    ],
  })

  test('registers every device that it names, each with user and tags', async () => {
    const request = full()
    expect(await t.ok('multiRegisterDevice', request)).toBeNull()
    const devices = await t.devices()
    expect(devices.map((one) => one.platform).sort()).toEqual(['android', 'email', 'sms', 'web', 'whatsapp'])
    for (const device of devices) {
      expect(device).toMatchObject({ userId: 'ann', active: true, language: 'fr', timezone: '3600' })
      expect(device.tags).toMatchObject({ Level: 7, List: ['a', 'b'], Count: 2, Language: 'fr' })
      expect(device.tags).not.toHaveProperty('Gone')
    }
    expect(await t.device(hwid)).toMatchObject({ sdkVersion: '3.55.0', model: 'Chrome 131' })
    expect(await t.device(request.email.toLowerCase())).toMatchObject({ token: request.email, model: null })
  })

  test.each([
    ['a bad number', { sms_phone_number: '+0000000000' }],
    ['a bad address', { email: 'nowhere' }],
    ['an unknown platform', { push_devices: [{ hwid: 'h', platform: 4 }] }],
    ['a device without a hwid', { push_devices: [{ platform: 3 }] }],
    ['devices that are no list', { push_devices: {} }],
    ['a device that is no object', { push_devices: ['h'] }],
    ['tags that are no object', { tags: ['a'] }],
    ['a user that is no text', { user_id: {} }],
  ])('%s refuses all of it', async (_, wrong) => {
    await t.refused('multiRegisterDevice', { ...full(), ...wrong })
    expect(await t.devices()).toEqual([])
  })

  test('nothing to register is refused', async () => {
    await t.refused('multiRegisterDevice', { user_id: 'ann' })
  })
})
