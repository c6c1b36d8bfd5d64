import { describe, expect, test } from 'vitest'
import { packed } from '../../../src/conformance/packed.ts'
import { binaryCall, dto, readAnswer } from './amf/calls.ts'
import { newPhone, openTenant } from './tenant.ts'

const registration = (members: Readonly<Record<string, string | number | boolean>>) =>
  dto({ os: 'ANDROID', osVersion: '14', ...members })

describe('the binary form reads texts as REST does', () => {
  test.each([
    ['deviceToken', 'null', '5002'],
    ['deviceToken', '[object Object]', '5002'],
    ['deviceToken', 'BLACKLISTED', '5002'],
    ['deviceToken', 'a\u0000', '5002'],
    ['deviceToken', '', '5002'],
    ['deviceId', 'undefined', '5003'],
    ['deviceId', '(null)', '5003'],
    ['deviceId', '\u0000', '5003'],
    ['deviceId', 'x'.repeat(5000), '5003'],
  ])('R19, R22: %s %j is refused', async (member, value, code) => {
    const t = await openTenant()
    const call = await t.binary('registerDevice', [registration({ ...newPhone(), [member]: value })])
    expect(call.fault).toBe(code)
    expect(await t.devices()).toEqual([])
  })

  test.each(['null', 'a\u0000', ''])(
    'R19, R22: a refresh to %j is refused, and the token stays',
    async (token) => {
      const t = await openTenant()
      const phone = newPhone()
      await t.register(phone)
      expect((await t.binary('refreshDeviceToken', [phone.deviceId, token])).fault).toBe('5002')
      expect(await t.devices()).toMatchObject([{ token: phone.deviceToken }])
    },
  )

  test('R21: an id of many phones leaves each reachable, and alone finds nobody', async () => {
    const t = await openTenant()
    for (const deviceToken of ['t1', 't2']) {
      const call = await t.binary('registerDevice', [registration({ deviceId: 'unknown', deviceToken })])
      expect(call.fault).toBeNull()
    }
    expect((await t.devices()).map(({ token }) => token).sort()).toEqual(['t1', 't2'])
    expect((await t.binary('getDeviceRegistrationByDeviceId', ['unknown'])).fault).toBe('5000')
    expect((await t.binary('refreshDeviceToken', ['unknown', 't3'])).value).toBe(false)
    expect((await t.binary('unregisterDevice', ['unknown'])).fault).toBe('5001')
    expect(await t.devices()).toHaveLength(2)
  })

  test('R22: a description is repaired', async () => {
    const t = await openTenant()
    await t.binary('registerDevice', [registration({ ...newPhone(), osVersion: '1\u00004' })])
    expect(await t.devices()).toMatchObject([{ osVersion: '1\ufffd4' }])
  })

  test.each(['gzip', 'deflate'] as const)('B14: a packet in %s is unpacked', async (coding) => {
    const t = await openTenant()
    const phone = newPhone()
    const response = await t.call('POST', '/binary', {
      kind: 'android',
      headers: { 'Content-Type': 'application/x-amf', 'Content-Encoding': coding },
      body: await packed(binaryCall('registerDevice', [registration(phone)]), coding),
    })
    expect(readAnswer(new Uint8Array(await response.arrayBuffer())).fault).toBeNull()
    expect(await t.devices()).toMatchObject([{ token: phone.deviceToken }])
  })
})
