import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { type Driver, drivers, newPhone, openShop, type Shop } from '../cross/dialects.ts'
import { fcm, officeOf } from './kit.ts'

const line = (of: object) => `${JSON.stringify(of)}\n`
const open = async () => {
  const shop = await openShop()
  return { shop, office: officeOf(shop.h, shop.app.id) }
}
const rowOf = ({ name, topics }: Driver, token: string, more: object = {}) =>
  line({ dialect: name, platform: 'android', token, ...(topics && { topics: ['news'] }), ...more })
const of = async (shop: Shop, { name }: Driver) =>
  (await shop.devices()).filter(({ dialect }) => dialect === name)

/** In these, an unregistered device is gone; Pushwoosh keeps its tags. */
const leaving = drivers.filter(({ name }) => name !== 'pushwoosh')

describe(`9.2 live calls on ${runtimeName}`, () => {
  test.each(drivers)(
    'R14, $name: a phone imported by its token alone that registers four times at once is the same device',
    async (driver) => {
      const { shop, office } = await open()
      const token = fcm(crypto.randomUUID())
      await office.import('format=ndjson', rowOf(driver, token, { language: 'pt' }))
      const [imported] = await of(shop, driver)
      const phone = newPhone({ token })
      await Promise.all([1, 2, 3, 4].map(() => driver.register(shop, phone)))
      const [device, ...more] = await of(shop, driver)
      expect(more).toEqual([])
      expect(device).toMatchObject({
        ...{ id: imported?.id, token, active: true, liveAt: shop.h.clock.now.toISOString() },
        // The values of the call itself win.
        ...{ language: driver.facts.language ?? 'pt', ...driver.facts },
      })
      if (driver.topics) expect(device?.topics).toContain('news')
    },
  )

  test.each(leaving)(
    '$name: a phone that has left comes back with no older file, and with a newer one',
    async (driver) => {
      const { shop, office } = await open()
      const phone = newPhone({ token: fcm(crypto.randomUUID()), user: 'anna' })
      const handle = await driver.register(shop, phone)
      await driver.unregister(shop, phone, handle)
      const row = rowOf(driver, phone.token, { externalId: handle.externalId })
      const older = await office.import('format=ndjson&exportedAt=2026-11-20T00:00:00Z', row)
      expect(older.reasons).toEqual({ gone_since: 1 })
      expect(await of(shop, driver)).toEqual([])
      shop.h.clock.advance(60_000)
      const newer = await office.import(`format=ndjson&exportedAt=${shop.h.clock.now.toISOString()}`, row)
      expect(newer.outcomes).toMatchObject({ created: 1 })
    },
  )

  test('a user who was erased comes back with no older file: not by name, by device and by token', async () => {
    const { shop, office } = await open()
    const [token, other] = [fcm(crypto.randomUUID()), fcm(crypto.randomUUID())]
    const row = (externalId: string, sent: string, userId?: string) =>
      line({ dialect: 'pushwoosh', externalId, platform: 'android', token: sent, userId })
    await office.import('format=ndjson', row('of anna', token, 'anna') + row('of ben', other, 'ben'))
    expect((await shop.h.admin('DELETE', `/apps/${shop.app.id}/users/anna`)).status).toBe(204)
    const before = await shop.devices()
    const file =
      row('new', fcm(crypto.randomUUID()), 'anna') +
      row('of anna', fcm(crypto.randomUUID())) +
      row('another', token) +
      row('of ben', other, 'ben')
    const older = await office.import('format=ndjson&exportedAt=2026-11-20T00:00:00Z', file)
    expect(older.reasons).toEqual({ erased: 3 })
    expect(older.outcomes).toMatchObject({ skipped: 3, unchanged: 1 })
    expect(await shop.devices()).toEqual(before)
    shop.h.clock.advance(60_000)
    const newer = await office.import(`format=ndjson&exportedAt=${shop.h.clock.now.toISOString()}`, file)
    expect(newer.outcomes).toMatchObject({ skipped: 0, unchanged: 1 })
  })

  test('a phone that speaks all dialects is one phone with a device in each, whichever came from a file', async () => {
    const { shop, office } = await open()
    const phone = newPhone({ token: fcm(crypto.randomUUID()) })
    const rows = drivers.map((driver) => rowOf(driver, phone.token, { model: driver.name }))
    await office.import('format=ndjson', rows.join(''))
    const imported = new Map((await shop.devices()).map(({ dialect, id }) => [dialect, id]))
    expect(imported.size).toBe(drivers.length)
    const [first, ...rest] = drivers
    if (!first) throw new Error('no dialect')
    await first.register(shop, phone)
    // The others' devices do not become live by it.
    for (const driver of rest)
      expect(await of(shop, driver)).toMatchObject([{ liveAt: null, model: driver.name }])
    for (const driver of rest) await driver.register(shop, phone)
    for (const driver of drivers)
      expect(await of(shop, driver)).toMatchObject([{ id: imported.get(driver.name), token: phone.token }])
    const installations = await shop.installations()
    expect(installations.map(({ devices }) => devices.length)).toEqual([drivers.length])
  })
})
