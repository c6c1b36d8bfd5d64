import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { drivers, newPhone, openShop, pairs } from './dialects.ts'

const named = pairs.map(([one, other]) => [one.name, other.name, one, other] as const)
const withTopics = named.filter(([, , one, other]) => one.topics && other.topics)

test('every dialect takes part', () => {
  expect(drivers.map((one) => one.name).sort()).toEqual(adapters.map((one) => one.name).sort())
})

describe.each(named)('%s, then %s on the same token', (_, __, one, other) => {
  test('are two devices of one phone, each found by its own dialect', async () => {
    const shop = await openShop()
    const phone = newPhone()
    const handles = [await one.register(shop, phone), await other.register(shop, phone)]
    const installations = await shop.installations()
    expect(installations).toHaveLength(1)
    expect(installations[0]?.devices.map((device) => device.externalId).sort()).toEqual(
      handles.map((handle) => handle.externalId).sort(),
    )
    expect(installations[0]?.token).toBe(phone.token)
  })

  test('registering again in both changes nothing', async () => {
    const shop = await openShop()
    const phone = newPhone()
    for (const dialect of [one, other]) await dialect.register(shop, phone)
    const before = await shop.devices()
    shop.h.clock.advance(1000)
    for (const dialect of [other, one]) await dialect.register(shop, phone)
    expect(await shop.devices()).toEqual(before)
  })

  test('leaving one leaves the other as it was (R10)', async () => {
    const shop = await openShop()
    const phone = newPhone({ user: 'alice' })
    const [first, second] = [await one.register(shop, phone), await other.register(shop, phone)]
    const before = await shop.device(second)
    await one.unregister(shop, phone, first)
    expect(await shop.device(second)).toEqual(before)
    expect((await shop.device(first))?.token ?? null).toBeNull()
    expect(before).toMatchObject({ active: true, token: phone.token })
  })

  test('a user named in one is not the user of the other (R6, R7)', async () => {
    const shop = await openShop()
    const phone = newPhone({ user: 'alice' })
    const first = await one.register(shop, phone)
    const second = await other.register(shop, phone)
    const before = await shop.device(first)
    await other.claimUser(shop, phone, second, 'mallory')
    expect(await shop.device(first)).toEqual(before)
  })

  test('the same token in another app is another phone (R20)', async () => {
    const [shop, rival] = [await openShop(), await openShop()]
    const phone = newPhone()
    const first = await one.register(shop, phone)
    await other.register(rival, phone)
    expect(await shop.device(first)).toMatchObject({ active: true, token: phone.token })
    expect(await shop.devices()).toHaveLength(1)
    expect(await rival.devices()).toHaveLength(1)
  })
})

describe.each(withTopics)('topics of %s in %s', (_, __, one, other) => {
  test('are copied once when the phone first registers there, and are its own from then on (R6)', async () => {
    const shop = await openShop()
    const phone = newPhone()
    const first = await one.register(shop, { ...phone, topics: ['news', 'sport'] })
    const second = await other.register(shop, phone)
    expect((await shop.device(second))?.topics).toEqual(expect.arrayContaining(['news', 'sport']))
    await one.register(shop, { ...phone, topics: ['later'] })
    expect((await shop.device(second))?.topics).not.toContain('later')
    await other.unregister(shop, phone, second)
    const again = await other.register(shop, phone)
    expect((await shop.device(again))?.topics).not.toContain('news')
    expect((await shop.device(first))?.topics).toContain('later')
  })

  test('are not copied where the app has carry-over switched off', async () => {
    const shop = await openShop({ carryOver: false })
    const phone = newPhone()
    await one.register(shop, { ...phone, topics: ['news'] })
    const second = await other.register(shop, phone)
    expect((await shop.device(second))?.topics).not.toContain('news')
  })
})

describe('one phone in every dialect', () => {
  test('is one installation with the union of the topics', async () => {
    const shop = await openShop({ carryOver: false })
    const phone = newPhone({ topics: ['a'] })
    for (const dialect of drivers) await dialect.register(shop, phone)
    const [installation, ...more] = await shop.installations()
    expect(more).toEqual([])
    expect(installation?.devices).toHaveLength(drivers.length)
    expect(installation?.topics).toContain('a')
  })

  test.each(drivers.map((one) => [one.name, one] as const))(
    'facts of one meaning land in one column: %s',
    async (_, driver) => {
      const shop = await openShop()
      const handle = await driver.register(shop, newPhone())
      expect(await shop.device(handle)).toMatchObject({
        platform: 'android',
        provider: 'fcm',
        ...driver.facts,
      })
    },
  )

  test('registered at once through every dialect four times over, it is still one phone (R16)', async () => {
    const shop = await openShop()
    const phone = newPhone()
    const calls = [1, 2, 3, 4].flatMap(() => drivers.map((one) => one.register(shop, phone)))
    await Promise.all(calls)
    expect(await shop.installations()).toHaveLength(1)
    expect(await shop.devices()).toHaveLength(drivers.length)
  })
})
