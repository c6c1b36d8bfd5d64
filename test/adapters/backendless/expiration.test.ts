import { describe, expect, test } from 'vitest'
import { dto } from './amf/calls.ts'
import { newPhone, openTenant, refusalOf } from './tenant.ts'

const PATH = '/messaging/registrations'

describe('expiration', () => {
  test.each([
    ['milliseconds', 1900000000123, 1900000000123],
    ['seconds with a fraction, as the JavaScript SDK makes them of a Date', 1900000000.123, 1900000000123],
    ['whole seconds', 1900000000, 1900000000000],
    ['text without a zone, which is UTC', '2030-03-17T17:46:40.123456', 1900000000123],
    ['text in UTC', '2030-03-17T17:46:40.123Z', 1900000000123],
    ['text with an offset', '2030-03-17T19:46:40.123+02:00', 1900000000123],
    ['text with an offset without a colon', '2030-03-17T19:46:40.123+0200', 1900000000123],
    ['text without seconds', '2030-03-17T17:46Z', 1899999960000],
    ['text with a space', '2030-03-17 17:46:40', 1900000000000],
    ['text of a date', '2030-03-18', 1900022400000],
    ['zero', 0, undefined],
    ['null', null, undefined],
    ['empty text', '', undefined],
    ['an absent one', undefined, undefined],
    ['milliseconds as text (B18a)', '1900000000000', 1900000000000],
    ['milliseconds as text with blanks', ' 1900000000123 ', 1900000000123],
    ['seconds as text (B18a)', '1900000000', 1900000000000],
    ['seconds with a fraction as text', '1900000000.123', 1900000000123],
    ['zero as text', '0', undefined],
  ])('is understood as %s', async (_, expiration, milliseconds) => {
    const t = await openTenant()
    const phone = newPhone()
    await t.register({ ...phone, expiration })
    const read = (await t.read(phone.deviceId)) as Record<string, unknown>
    expect(read.expiration).toBe(milliseconds)
    expect('expiration' in read).toBe(milliseconds !== undefined)
  })

  test.each([
    ['minus one', -1],
    ['a time in the past', 1700000000000],
    ['seconds in the past', 1700000000],
    ['text in the past', '2020-01-01T00:00:00'],
    ['text that is no date', 'tomorrow'],
    ['a day that no month has', '2030-02-31T00:00:00'],
    ['a time beyond all dates', 1e17],
    ['true', true],
    ['an object', { at: 1900000000123 }],
    ['a list', [1900000000123]],
    ['digits of the past', '1500000000'],
    ['digits without end', '9'.repeat(60)],
    ['digits beyond all time', '99999999999999999999'],
    ['half digits', '1900000000000ms'],
    ['hexadecimal', '0x6fc23ac00'],
    ['a power of ten', '1.9e12'],
  ])('refuses %s and stores nothing', async (_, expiration) => {
    const t = await openTenant()
    const body = { ...newPhone(), os: 'ANDROID', expiration }
    const response = await t.call('POST', PATH, { body })
    const text = await response.clone().text()
    expect(await refusalOf(response)).toEqual([400, 5004])
    expect(text).toContain('Invalid expiration date')
    expect(await t.devices()).toEqual([])
  })

  test('is an AMF date in a binary call', async () => {
    const t = await openTenant()
    const phone = newPhone()
    await t.binary('registerDevice', [dto({ ...phone, expiration: new Date(1900000000123) })])
    expect(await t.read(phone.deviceId)).toMatchObject({ expiration: 1900000000123 })
    await t.binary('registerDevice', [dto({ ...phone, expiration: new Date(0) })])
    expect(await t.read(phone.deviceId)).not.toHaveProperty('expiration')
    const past = await t.binary('registerDevice', [dto({ ...phone, expiration: new Date(1700000000000) })])
    expect(past.fault).toBe('5004')
  })
})

describe('at its time a registration is gone', () => {
  async function expired() {
    const t = await openTenant()
    const phone = newPhone()
    await t.register({ ...phone, channels: ['a'], expiration: t.h.clock.now.getTime() + 60_000 })
    t.h.clock.advance(59_999)
    expect(await t.read(phone.deviceId)).toMatchObject({ deviceId: phone.deviceId })
    t.h.clock.advance(1)
    return { t, phone }
  }

  test('for retrieving it', async () => {
    const { t, phone } = await expired()
    expect(await t.read(phone.deviceId)).toBe(5000)
    expect((await t.binary('getDeviceRegistrationByDeviceId', [phone.deviceId])).fault).toBe('5000')
    expect(await t.devices()).toEqual([])
  })

  test('for cancelling it', async () => {
    const { t, phone } = await expired()
    expect(await refusalOf(await t.call('DELETE', `${PATH}/${phone.deviceId}`))).toEqual([400, 5001])
  })

  test.each([
    ['whole', [] as null[]],
    ['for all channels', [null]],
  ])('for a binary cancellation, %s', async (_, more) => {
    const { t, phone } = await expired()
    expect((await t.binary('unregisterDevice', [phone.deviceId, ...more])).fault).toBe('5001')
  })

  test('for leaving a channel', async () => {
    const { t, phone } = await expired()
    expect((await t.binary('unregisterDevice', [phone.deviceId, ['a']])).fault).toBe('5001')
  })

  test('for refreshing its token', async () => {
    const { t, phone } = await expired()
    expect((await t.binary('refreshDeviceToken', [phone.deviceId, 'new'])).value).toBe(false)
    expect(await t.devices()).toEqual([])
  })

  test('for the Data API', async () => {
    const { t, phone } = await expired()
    const body = { where: `deviceId='${phone.deviceId}'` }
    expect(await (await t.call('POST', '/data/DeviceRegistration/find', { body })).json()).toEqual([])
  })

  test('for registering: it starts from nothing', async () => {
    const { t, phone } = await expired()
    await t.register({ ...phone, channels: ['b'] })
    expect(await t.read(phone.deviceId)).toMatchObject({ channels: ['b'] })
  })
})
