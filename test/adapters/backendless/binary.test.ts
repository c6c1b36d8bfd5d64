import { describe, expect, test } from 'vitest'
import { type AmfValue, amfObject, isAmfObject, membersOf } from '../../../adapters/backendless/amf/values.ts'
import { binaryCall, DTO, dto } from './amf/calls.ts'
import { type BackendlessTenant, idsOf, newPhone, openTenant } from './tenant.ts'

const AMF = { 'Content-Type': 'application/x-amf' }
const send = (t: BackendlessTenant, body: Uint8Array, headers = AMF) =>
  t.call('POST', '/binary', { kind: 'android', headers, body })

describe('registerDevice', () => {
  test('answers a text that holds the registration id and an object of templates', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const answer = await t.binary('registerDevice', [dto({ ...phone, channels: ['news', 'default'] })])
    const [id, templates, ...more] = JSON.parse(String(answer.value))
    expect(Object.keys(idsOf(id)).sort()).toEqual(['default', 'news'])
    expect([templates, more]).toEqual([{}, []])
    expect(await t.read(phone.deviceId)).toMatchObject({
      ...phone,
      os: 'ANDROID',
      osVersion: '34',
      channels: ['default', 'news'],
    })
  })

  test.each<[string, AmfValue, string[]]>([
    ['null, as Android sent before 2018', null, ['default']],
    ['an empty list', [], ['default']],
    ['an associative array', { kind: 'array', dense: ['a'], members: new Map([['x', 1]]) }, ['a']],
    [
      'a vector',
      { kind: 'vector', of: 'object', className: '', fixed: false, items: ['a', 'b'] },
      ['a', 'b'],
    ],
  ])('takes channels that are %s', async (_, channels, expected) => {
    const t = await openTenant()
    const phone = newPhone()
    expect((await t.binary('registerDevice', [dto({ ...phone, channels })])).fault).toBeNull()
    expect(await t.read(phone.deviceId)).toMatchObject({ channels: expected })
  })

  test('takes members in any order and without a class', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const { deviceId, deviceToken } = phone
    const anonymous = amfObject('', { osVersion: 12, deviceId, unheardOf: null, os: 'IOS', deviceToken })
    expect((await t.binary('registerDevice', [anonymous])).fault).toBeNull()
    expect(await t.devices()).toMatchObject([{ externalId: deviceId, osVersion: '12', platform: 'ios' }])
  })

  test.each<[string, AmfValue[], string]>([
    ['no argument', [], '8003'],
    ['a text for the registration', ['x'], '8003'],
    ['null', [null], '8003'],
    ['no token', [dto({ deviceId: 'D' })], '5002'],
    ['a token that is null', [dto({ deviceId: 'D', deviceToken: null })], '5002'],
    ['a token that is an object', [dto({ deviceId: 'D', deviceToken: amfObject('') })], '5002'],
    ['an empty device id', [dto({ deviceId: '', deviceToken: 'T' })], '5003'],
    ['a device id that is a number', [dto({ deviceId: 1, deviceToken: 'T' })], '5003'],
    ['channels that are a text', [dto({ deviceId: 'D', deviceToken: 'T', channels: 'a' })], '5005'],
    ['a channel that is a number', [dto({ deviceId: 'D', deviceToken: 'T', channels: [1] })], '5005'],
    ['a channel with a comma', [dto({ deviceId: 'D', deviceToken: 'T', channels: ['a,b'] })], '5005'],
    ['an expiration that is true', [dto({ deviceId: 'D', deviceToken: 'T', expiration: true })], '5004'],
    ['a system that is a number', [dto({ deviceId: 'D', deviceToken: 'T', os: 1 })], '8003'],
  ])('refuses %s and stores nothing', async (_, args, code) => {
    const t = await openTenant()
    expect((await t.binary('registerDevice', args)).fault).toBe(code)
    expect(await t.devices()).toEqual([])
  })

  test('a value that refers to itself is refused like any other', async () => {
    const t = await openTenant()
    const channels: AmfValue[] = []
    channels.push(channels)
    expect((await t.binary('registerDevice', [dto({ ...newPhone(), channels })])).fault).toBe('5005')
  })
})

describe('getDeviceRegistrationByDeviceId', () => {
  test('answers one registration, not a list', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const expiration = new Date(1900000000123)
    const ids = idsOf(await t.register({ ...phone, channels: ['b', 'a'], expiration: expiration.getTime() }))
    const { value } = await t.binary('getDeviceRegistrationByDeviceId', [phone.deviceId])
    expect(isAmfObject(value, DTO)).toBe(true)
    expect(Object.fromEntries(membersOf(value) ?? [])).toEqual({
      id: ids.a,
      ...phone,
      os: 'ANDROID',
      osVersion: '14',
      channels: ['a', 'b'],
      expiration,
    })
  })

  test('answers null where there is no expiration', async () => {
    const t = await openTenant()
    const phone = newPhone()
    await t.register(phone)
    const { value } = await t.binary('getDeviceRegistrationByDeviceId', [phone.deviceId])
    expect(membersOf(value)?.get('expiration')).toBeNull()
  })

  test.each<[string, AmfValue[]]>([
    ['an unknown device', ['nobody']],
    ['an empty id', ['']],
    ['null', [null]],
    ['a number', [1]],
    ['no argument', []],
  ])('%s is fault 5000', async (_, args) => {
    const t = await openTenant()
    expect((await t.binary('getDeviceRegistrationByDeviceId', args)).fault).toBe('5000')
  })
})

describe('unregisterDevice', () => {
  async function registered() {
    const t = await openTenant()
    const phone = newPhone()
    await t.register({ ...phone, channels: ['a', 'b', 'c'] })
    return { t, phone }
  }
  /** The exact bytes, because an integer and a double decode to the same value. */
  async function raw(t: BackendlessTenant, args: AmfValue[]) {
    const response = await send(t, binaryCall('unregisterDevice', args))
    return new Uint8Array(await response.arrayBuffer())
  }
  const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

  test('with the id alone answers true, and the device is gone', async () => {
    const { t, phone } = await registered()
    expect((await t.binary('unregisterDevice', [phone.deviceId])).value).toBe(true)
    expect(await t.devices()).toEqual([])
  })

  test.each<[string, AmfValue, number, string[]]>([
    ['one channel', ['b'], 2, ['a', 'c']],
    ['two channels', ['a', 'b'], 1, ['c']],
    ['a channel that it is not on', ['x'], 3, ['a', 'b', 'c']],
    ['one of each', ['x', 'a'], 2, ['b', 'c']],
    ['an empty list', [], 3, ['a', 'b', 'c']],
  ])('leaving %s', async (_, channels, left, topics) => {
    const { t, phone } = await registered()
    expect((await t.binary('unregisterDevice', [phone.deviceId, channels])).value).toBe(left)
    expect(await t.devices()).toMatchObject([{ topics }])
  })

  test.each<[string, AmfValue]>([
    ['every channel', ['a', 'b', 'c']],
    ['null', null],
  ])('leaving %s answers 0 and the device is gone', async (_, channels) => {
    const { t, phone } = await registered()
    expect((await t.binary('unregisterDevice', [phone.deviceId, channels])).value).toBe(0)
    expect(await t.devices()).toEqual([])
    expect(await t.read(phone.deviceId)).toBe(5000)
  })

  test('the count is an AMF integer', async () => {
    const { t, phone } = await registered()
    // Marker 04 is an integer, 05 a double; the body is the first member of the message.
    expect(hex(await raw(t, [phone.deviceId, ['a']]))).toMatch(/0402/)
    const { t: other, phone: twin } = await registered()
    expect(hex(await raw(other, [twin.deviceId, null]))).toMatch(/0400/)
  })

  test('a channel that was left and joined again has a new id', async () => {
    const { t, phone } = await registered()
    const before = idsOf(await t.register(phone))
    await t.binary('unregisterDevice', [phone.deviceId, ['a']])
    const after = idsOf(await t.register({ ...phone, channels: ['a'] }))
    expect(after.b).toBe(before.b)
    expect(after.a).not.toBe(before.a)
  })

  test('channels left at once: the device goes with the last of them', async () => {
    const { t, phone } = await registered()
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((channel) => t.binary('unregisterDevice', [phone.deviceId, [channel]])),
    )
    expect(answers.map(({ value }) => value).sort()).toEqual([0, 1, 2])
    expect(await t.devices()).toEqual([])
  })

  test.each<[string, AmfValue[], string]>([
    ['an unknown device', ['nobody'], '5001'],
    ['an unknown device, all channels', ['nobody', null], '5001'],
    ['an unknown device, some channels', ['nobody', ['a']], '5001'],
    ['no id', [], '5001'],
    ['an id that is null', [null, ['a']], '5001'],
    ['channels that are a text', ['nobody', 'a'], '5005'],
    ['a channel that is a number', ['nobody', [1]], '5005'],
  ])('%s is a fault', async (_, args, code) => {
    const t = await openTenant()
    expect((await t.binary('unregisterDevice', args)).fault).toBe(code)
  })
})

describe('refreshDeviceToken', () => {
  test('replaces the token and nothing else', async () => {
    const t = await openTenant()
    const phone = newPhone()
    await t.register({ ...phone, channels: ['a'], osVersion: '12', expiration: 1900000000123 })
    const before = (await t.read(phone.deviceId)) as object
    const token = newPhone().deviceToken
    expect((await t.binary('refreshDeviceToken', [phone.deviceId, token])).value).toBe(true)
    expect(await t.read(phone.deviceId)).toEqual({ ...before, deviceToken: token })
    expect((await t.binary('refreshDeviceToken', [phone.deviceId, token])).value).toBe(true)
    expect(await t.devices()).toHaveLength(1)
  })

  test.each<[string, AmfValue[]]>([
    ['an unknown device', ['nobody', 'T']],
    ['an id that is null', [null, 'T']],
  ])('answers false for %s', async (_, args) => {
    const t = await openTenant()
    expect((await t.binary('refreshDeviceToken', args)).value).toBe(false)
    expect(await t.devices()).toEqual([])
  })

  test.each<[string, AmfValue[]]>([
    ['an empty token', ['D', '']],
    ['null', ['D', null]],
    ['no token', ['D']],
  ])('refuses %s', async (_, args) => {
    const t = await openTenant()
    await t.register({ deviceId: 'D', deviceToken: 'T' })
    expect((await t.binary('refreshDeviceToken', args)).fault).toBe('5002')
    expect(await t.read('D')).toMatchObject({ deviceToken: 'T' })
  })
})
