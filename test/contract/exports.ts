import { describe, expect, test } from 'vitest'
import { keyOf, type StoreKit, unique } from './kit.ts'

const tag = (name: string, type: string, value: string | number) => ({
  name,
  do: 'set' as const,
  as: [{ type, value }],
})

export function exportContract(kit: () => StoreKit): void {
  async function crowd(appId: string, count: number) {
    const ids: string[] = []
    for (let at = 0; at < count; at++) ids.push((await kit().register(keyOf(appId))).device.id)
    return ids
  }
  const page = (appId: string, after: string, until: string, limit = 100) =>
    kit().store.exports.ids({ appId, dialect: 'red' }, after, until, limit)

  describe('an export', () => {
    test('has the ids of one dialect of one app behind a place and up to an end, in order', async () => {
      const [appId, other] = [await kit().createApp(), await kit().createApp()]
      const ids = await crowd(appId, 5)
      await crowd(other, 2)
      const last = ids.at(-1) ?? ''
      expect(await kit().store.exports.newest({ appId, dialect: 'red' })).toBe(last)
      expect(await kit().store.exports.newest({ appId, dialect: 'green' })).toBe(null)
      expect(await page(appId, '', last)).toEqual(ids)
      expect(await page(appId, '', last, 2)).toEqual(ids.slice(0, 2))
      expect(await page(appId, ids[1] ?? '', ids[3] ?? '')).toEqual(ids.slice(2, 4))
    })

    test('reads devices as they are by now, with the types of their tags, and none of another app', async () => {
      const [appId, other] = [await kit().createApp(), await kit().createApp()]
      const key = keyOf(appId)
      const tags = [tag('z', 'price', 7), tag('10', 'text', 'x'), tag('9', 'date', '2026-01-01')]
      const { device } = await kit().register(key, { token: unique('t'), tags })
      const [stranger = ''] = await crowd(other, 1)
      const gone = await kit().register(keyOf(appId))
      await kit().store.devices.remove(gone.device, kit().occasion())
      const ids = [device.id, stranger, gone.device.id]
      const found = await kit().store.exports.devices(appId, ids, {}, kit().clock.now)
      expect(found.map((one) => one.device.id)).toEqual([device.id])
      expect(found[0]?.device.tags).toEqual({ z: 7, 10: 'x', 9: '2026-01-01' })
      expect(Object.fromEntries(found[0]?.tagTypes ?? [])).toEqual({ z: 'price', 10: 'text', 9: 'date' })
    })

    test.each([
      ['platform', { platform: 'android' }, { platform: 'ios' }],
      ['provider', { provider: 'fcm' }, { provider: 'apns' }],
      ['active', { active: true }, { active: false }],
    ])('leaves out what its filter does not match: %s', async (_, right, wrong) => {
      const appId = await kit().createApp()
      const { device } = await kit().register(keyOf(appId), { token: unique('t') })
      const count = async (filter: object) =>
        (await kit().store.exports.devices(appId, [device.id], filter, kit().clock.now)).length
      expect([await count(right), await count(wrong)]).toEqual([1, 0])
    })
  })
}
