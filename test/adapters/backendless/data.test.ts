import { describe, expect, test } from 'vitest'
import { idsOf, newPhone, openTenant, refusalOf } from './tenant.ts'

const FIND = '/data/DeviceRegistration/find'
const PAGE = { pageSize: 10, offset: 0, relationsPageSize: 10, distinct: false }
type Row = Record<string, unknown>

describe('find', () => {
  test('answers one row per channel, as Swift reads them', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const ids = idsOf(await t.register({ ...phone, channels: ['a', 'b'], expiration: 1900000000123 }))
    const body = { where: `deviceId='${phone.deviceId}'`, ...PAGE }
    const response = await t.call('POST', FIND, { kind: 'ios', body })
    const row = (channelName: string) => ({
      ___class: 'DeviceRegistration',
      objectId: ids[channelName],
      ...phone,
      operatingSystemName: 'ANDROID',
      operatingSystemVersion: '14',
      channelName,
      expiration: 1900000000123,
    })
    expect([response.status, await response.json()]).toEqual([200, [row('a'), row('b')]])
  })

  test('an expiration that is none is null', async () => {
    const t = await openTenant()
    const phone = newPhone()
    await t.register(phone)
    const body = { where: `deviceId = '${phone.deviceId}'` }
    expect(await (await t.call('POST', FIND, { body })).json()).toMatchObject([{ expiration: null }])
  })

  test('an unknown device has no rows', async () => {
    const t = await openTenant()
    const response = await t.call('POST', FIND, { body: { where: "deviceId='nobody'" } })
    expect([response.status, await response.json()]).toEqual([200, []])
  })

  test('a doubled quote is a quote', async () => {
    const t = await openTenant()
    await t.register({ deviceId: "o'clock", deviceToken: newPhone().deviceToken })
    const body = { where: "deviceId='o''clock'" }
    expect(await (await t.call('POST', FIND, { body })).json()).toMatchObject([{ deviceId: "o'clock" }])
  })

  test('pages of the size that is asked for', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const channels = Array.from({ length: 12 }, (_, n) => `c${String(n).padStart(2, '0')}`)
    await t.register({ ...phone, channels })
    const page = async (more: object) => {
      const body = { where: `deviceId='${phone.deviceId}'`, ...more }
      const rows = await (await t.call('POST', FIND, { body })).json<Row[]>()
      return rows.map(({ channelName }) => channelName)
    }
    expect(await page(PAGE)).toEqual(channels.slice(0, 10))
    expect(await page({ pageSize: 10, offset: 10 })).toEqual(channels.slice(10))
    expect(await page({ pageSize: 100 })).toEqual(channels)
    expect(await page({})).toHaveLength(10)
  })

  test.each([
    ['no condition', {}],
    ['an empty one', { where: '' }],
    ['one that is always true', { where: '1=1' }],
    ['one that adds an alternative', { where: "deviceId='D' or 1=1" }],
    ['one that closes its quote', { where: "deviceId='D' or ''=''" }],
    ['a pattern', { where: "deviceId like 'D%'" }],
    ['another column', { where: "deviceToken='T'" }],
    ['a list', { where: ["deviceId='D'"] }],
    ['null', { where: null }],
    ['a page of 101 rows', { where: "deviceId='D'", pageSize: 101 }],
    ['a page of no rows', { where: "deviceId='D'", pageSize: 0 }],
    ['an offset before the first', { where: "deviceId='D'", offset: -1 }],
    ['an offset that is text', { where: "deviceId='D'", offset: '1' }],
  ])('refuses %s', async (_, body) => {
    const t = await openTenant()
    await t.register({ deviceId: 'D', deviceToken: newPhone().deviceToken })
    expect(await refusalOf(await t.call('POST', FIND, { body }))).toEqual([400, 8003])
  })

  test.each([
    ['another table', 'POST', '/data/Users/find'],
    ['the whole table', 'GET', '/data/DeviceRegistration'],
    ['a row by its id', 'GET', '/data/DeviceRegistration/X'],
    ['a bulk delete', 'POST', '/data/bulk/DeviceRegistration/delete'],
    ['a new row', 'POST', '/data/DeviceRegistration'],
  ])('does not have %s', async (_, method, path) => {
    const t = await openTenant()
    const body = method === 'POST' ? { where: "deviceId='D'" } : undefined
    expect(await refusalOf(await t.call(method, path, { body }))).toEqual([404, 404])
  })
})

describe('delete', () => {
  const remove = (t: Awaited<ReturnType<typeof openTenant>>, id: string) =>
    t.call('DELETE', `/data/DeviceRegistration/${id}`)

  test('ends one channel and answers exactly one integer', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const ids = idsOf(await t.register({ ...phone, channels: ['a', 'b'] }))
    const response = await remove(t, String(ids.a))
    expect([response.status, await response.json()]).toEqual([200, { deletionTime: t.h.clock.now.getTime() }])
    expect(await t.read(phone.deviceId)).toMatchObject({ id: ids.b, channels: ['b'] })
  })

  test('with the last row the device is gone', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const ids = idsOf(await t.register({ ...phone, channels: ['a', 'b'] }))
    await Promise.all(Object.values(ids).map((id) => remove(t, id)))
    expect(await t.read(phone.deviceId)).toBe(5000)
    expect(await t.devices()).toEqual([])
  })

  test('a row goes once', async () => {
    const t = await openTenant()
    const ids = idsOf(await t.register({ ...newPhone(), channels: ['a', 'b'] }))
    const answers = await Promise.all([1, 2, 3].map(() => remove(t, String(ids.a))))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
    expect(await t.devices()).toMatchObject([{ topics: ['b'] }])
  })

  test.each([
    ['an unknown one', () => crypto.randomUUID().toUpperCase()],
    ['text', () => 'X'],
    ['SQL', () => "'%20OR%201=1"],
  ])('%s is row not found', async (_, id) => {
    const t = await openTenant()
    await t.register(newPhone())
    expect(await refusalOf(await remove(t, id()))).toEqual([400, 1000])
    expect(await t.devices()).toHaveLength(1)
  })

  test("another app's row is out of reach", async () => {
    const t = await openTenant()
    const other = await openTenant({}, t.h)
    const ids = idsOf(await t.register(newPhone()))
    expect(await refusalOf(await remove(other, String(ids.default)))).toEqual([400, 1000])
    expect(await t.devices()).toMatchObject([{ topics: ['default'] }])
  })
})
