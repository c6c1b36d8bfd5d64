import { beforeEach, describe, expect, test } from 'vitest'
import { openTenant, type Tenant, unique } from './kit.ts'

let t: Tenant
let hwid: string
beforeEach(async () => {
  t = await openTenant()
  hwid = unique('h')
  await t.ok('registerDevice', { hwid, device_type: 3, push_token: unique('t') })
})

interface Receipts {
  readonly receipts: readonly Record<string, unknown>[]
  readonly nextCursor?: string
}
const receipts = async (query = ''): Promise<Receipts> =>
  (await t.h.admin('GET', `/apps/${t.id}/receipts?limit=100${query}`)).json()

describe.each([
  ['pushStat', 'opened'],
  ['messageDeliveryEvent', 'delivered'],
])('%s', (method, kind) => {
  test('is kept per device and message, and repetitions are counted', async () => {
    const request = { hwid, hash: 'hash-1', userId: 'ann', metaData: { campaign: 7 } }
    expect(await t.ok(method, request)).toBeNull()
    t.h.clock.advance(60_000)
    await t.ok(method, request)
    await t.ok(method, { hwid, hash: 'hash-2' })
    const { id } = await t.device(hwid)
    expect((await receipts()).receipts).toEqual([
      {
        deviceId: id,
        messageId: 'hash-1',
        kind,
        count: 2,
        firstAt: '2026-11-25T12:00:00.000Z',
        lastAt: '2026-11-25T12:01:00.000Z',
        details: { userId: 'ann', metaData: { campaign: 7 } },
      },
      expect.objectContaining({ messageId: 'hash-2', kind, count: 1, details: {} }),
    ])
    expect((await receipts('&message=hash-2')).receipts).toHaveLength(1)
    expect((await receipts(`&device=${id}`)).receipts).toHaveLength(2)
    expect((await receipts('&device=other')).receipts).toEqual([])
  })

  test('100 at once are 100', async () => {
    await Promise.all(Array.from({ length: 100 }, () => t.ok(method, { hwid, hash: 'h' })))
    expect((await receipts()).receipts).toMatchObject([{ count: 100 }])
  })

  test('metaData may be JSON text, as Android and iOS send it', async () => {
    await t.ok(method, { hwid, hash: 'h', metaData: '{"a":1}' })
    expect((await receipts()).receipts).toMatchObject([{ details: { metaData: { a: 1 } } }])
    await t.ok(method, { hwid, hash: 'h', metaData: '{broken' })
    expect((await receipts()).receipts).toMatchObject([{ details: { metaData: '{broken' } }])
  })

  test('a report without a hash is kept too', async () => {
    await t.ok(method, { hwid })
    expect((await receipts()).receipts).toMatchObject([{ messageId: '', kind, count: 1 }])
  })

  test('of an unknown device nothing is kept, and it is fine', async () => {
    expect(await t.ok(method, { hwid: unique('h'), hash: 'h' })).toBeNull()
    expect((await receipts()).receipts).toEqual([])
    expect(await t.devices()).toHaveLength(1)
  })

  test.each([
    ['without a hwid', { hash: 'h' }, 'hwid is required'],
    ['with a hash that is no text', { hwid: 'h', hash: 7 }, 'hash must be a string'],
  ])('%s is refused', async (_, request, text) => {
    expect(await t.refused(method, request)).toBe(text)
  })
})

test('opened and delivered are told apart', async () => {
  await t.ok('messageDeliveryEvent', { hwid, hash: 'h' })
  await t.ok('pushStat', { hwid, hash: 'h' })
  expect((await receipts()).receipts.map(({ kind }) => kind).sort()).toEqual(['delivered', 'opened'])
})

test('another app sees none of it', async () => {
  const other = await openTenant()
  await t.ok('pushStat', { hwid, hash: 'h' })
  const seen = await other.h.admin('GET', `/apps/${other.id}/receipts`)
  expect(await seen.json()).toEqual({ receipts: [] })
})

describe('setBadge', () => {
  test.each([0, 4, 2_000_000])('keeps %i', async (badge) => {
    const { body } = await t.send('setBadge', { hwid, badge })
    expect(body).toMatchObject({ status_code: 200, status_message: 'OK' })
    const app = await t.h.gateway.apps.find('pushwoosh', t.code)
    const device = app && (await t.h.gateway.devices.find({ app, externalId: hwid }))
    expect(device?.details).toMatchObject({ badge })
  })

  test.each([
    ['missing', undefined],
    ['null', null],
    ['negative', -1],
    ['fractional', 1.5],
    ['a text', '4'],
    ['a flag', true],
  ])('a badge that is %s is refused', async (_, badge) => {
    expect(await t.refused('setBadge', { hwid, badge })).toContain('badge')
  })

  test('of an unknown device it is fine, and makes none', async () => {
    await t.ok('setBadge', { hwid: unique('h'), badge: 1 })
    expect(await t.devices()).toHaveLength(1)
  })
})

test('applicationOpen makes the device of a new hwid', async () => {
  await t.ok('applicationOpen', { hwid: 'fresh', device_type: 1, v: '7.1.3' })
  expect(await t.device('fresh')).toMatchObject({ platform: 'ios', token: null, sdkVersion: '7.1.3' })
  expect(await t.refused('applicationOpen', {})).toBe('hwid is required')
})

describe('purchases', () => {
  test('setPurchase sets the purchase tags', async () => {
    const purchase = { transactionDate: '2026-11-20 10:00', quantity: 2, currency: 'EUR', price: 19.95 }
    expect(await t.ok('setPurchase', { hwid, productIdentifier: 'shoe', ...purchase })).toBeNull()
    await t.ok('setPurchase', { hwid, productIdentifier: 'hat', ...purchase, price: 5 })
    expect(await t.tags({ hwid })).toMatchObject({
      'In-app Product': ['shoe', 'hat'],
      'In-app Purchase': 5,
      'Last In-app Purchase date': '2026-11-20 10:00',
    })
  })

  test('the purchase event of Android and iOS sets them too', async () => {
    const attributes = {
      productIdentifier: 'shoe',
      quantity: '1',
      amount: '19.95',
      currency: 'EUR',
      status: 'success',
    }
    expect(await t.ok('postEvent', { hwid, event: 'PW_InAppPurchase', attributes })).toBeNull()
    expect(await t.tags({ hwid })).toMatchObject({
      'In-app Product': ['shoe'],
      'In-app Purchase': 19.95,
      'Last In-app Purchase date': '1795608000',
    })
  })
})

test.each([
  ['an event of the SDK', { event: 'PW_ApplicationOpen', attributes: { device_type: 3 } }],
  ['an event of the app', { event: 'my event', attributes: {} }],
  ['an event without attributes', { event: 'x' }],
])('postEvent takes %s', async (_, request) => {
  expect(await t.ok('postEvent', { hwid, timestampUTC: 1, timestampCurrent: 2, ...request })).toBeNull()
})

test('postEvent without a name is refused', async () => {
  expect(await t.refused('postEvent', { hwid, attributes: {} })).toBe('event is required')
})
