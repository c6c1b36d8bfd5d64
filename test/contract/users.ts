import { describe, expect, test } from 'vitest'
import type { DeviceKey } from '../../src/domain/device.ts'
import type { UserRules } from '../../src/store/store.ts'
import { heldOf, keyOf, reveal, type StoreKit, unique } from './kit.ts'

const KEEP: UserRules = { replace: false, limit: null }
const REPLACE: UserRules = { replace: true, limit: null }
const limited = (devices: number): UserRules => ({ replace: true, limit: { devices, among: ['android'] } })

export function userContract(kit: () => StoreKit): void {
  const occasion = () => kit().occasion()
  const bind = (key: DeviceKey, id: string, rules: UserRules, proved = true) =>
    kit().store.users.bind(key, { id, proved }, rules, occasion())
  const userOf = async (key: DeviceKey) =>
    (await kit().store.devices.findByKey(key, kit().clock.now))?.user ?? null
  const devicesOf = async (appId: string, userId: string) =>
    (await kit().store.held.about(heldOf(appId, userId), { after: null, limit: 100 }, reveal)).devices.items
  const devices = async (appId: string, count: number, dialect = 'red') => {
    const keys = Array.from({ length: count }, () => keyOf(appId, dialect))
    await Promise.all(keys.map((key) => kit().register(key, { token: unique('t') })))
    return keys
  }
  const one = async () => {
    const key = keyOf(await kit().createApp())
    await kit().register(key, { token: unique('t') })
    return key
  }

  describe('users', () => {
    test.each([
      ['nobody there', null, 'alice', KEEP, 'bound', 'alice'],
      ['the same user', 'alice', 'alice', KEEP, 'bound', 'alice'],
      ['another user, not replaced', 'alice', 'bob', KEEP, 'taken', 'alice'],
      ['another user, replaced', 'alice', 'bob', REPLACE, 'bound', 'bob'],
      ['no room', null, 'alice', limited(0), 'limit', undefined],
      ['the same user where there is no room for more', 'alice', 'alice', limited(0), 'bound', 'alice'],
      ['another user, no room', 'alice', 'bob', limited(0), 'limit', 'alice'],
    ] as const)('are bound by the rules: %s', async (_, before, id, rules, outcome, after) => {
      const key = await one()
      if (before) await bind(key, before, REPLACE)
      expect(await bind(key, id, rules)).toBe(outcome)
      expect((await userOf(key))?.id).toBe(after)
    })

    test('that were claimed become proved', async () => {
      const key = await one()
      await bind(key, 'alice', KEEP, false)
      expect(await bind(key, 'alice', KEEP, true)).toBe('bound')
      expect(await userOf(key)).toEqual({ id: 'alice', proved: true })
    })

    test('of an unknown device or a superseded one are not bound', async () => {
      const appId = await kit().createApp()
      const [old, token] = [keyOf(appId), unique('t')]
      await kit().register(old, { token })
      await kit().register(keyOf(appId), { token })
      expect(await bind(keyOf(appId), 'alice', KEEP)).toBe('unknown')
      expect(await bind(old, 'alice', KEEP)).toBe('unknown')
    })

    test('have 100 devices and no 101st', async () => {
      const keys = await devices(await kit().createApp(), 101)
      const outcomes = []
      for (const key of keys) outcomes.push(await bind(key, 'alice', limited(100)))
      expect(outcomes).toEqual([...Array.from({ length: 100 }, () => 'bound'), 'limit'])
    })

    test('have never more devices than they may, however many are bound at once', async () => {
      const appId = await kit().createApp()
      const keys = await devices(appId, 12)
      const outcomes = await Promise.all(keys.map((key) => bind(key, 'alice', limited(5))))
      expect(outcomes.filter((outcome) => outcome === 'bound')).toHaveLength(5)
      expect(await devicesOf(appId, 'alice')).toHaveLength(5)
    })

    test('count a replaced device that registers again among theirs', async () => {
      const appId = await kit().createApp()
      const limits = { devices: null, devicesPerUser: 1 }
      const [old, anew] = [keyOf(appId), keyOf(appId)]
      const token = unique('t')
      for (const key of [old, anew]) {
        await kit().register(key, { token, limits, patch: { user: { id: 'ann', proved: false } } })
        kit().clock.advance(1000)
      }
      await kit().register(old, { token: unique('t'), limits })
      const users = await Promise.all(
        [old, anew].map((key) => kit().store.devices.findByKey(key, kit().clock.now)),
      )
      expect(users.map((device) => device?.user?.id ?? null)).toEqual(['ann', null])
    })

    test('are counted per dialect, app, and platform', async () => {
      const [appId, otherApp] = [await kit().createApp(), await kit().createApp()]
      const [first, second] = await devices(appId, 2)
      const [elsewhere] = await devices(appId, 1, 'blue')
      const [foreign] = await devices(otherApp, 1)
      const phone = keyOf(appId)
      await kit().register(phone, { platform: 'ios' })
      for (const key of [elsewhere, foreign, phone]) if (key) await bind(key, 'alice', REPLACE)
      if (!first || !second) throw new Error('no devices')
      expect(await bind(first, 'alice', limited(1))).toBe('bound')
      expect(await bind(second, 'alice', limited(1))).toBe('limit')
    })

    test('lose their devices in one dialect only', async () => {
      const appId = await kit().createApp()
      const red = await devices(appId, 3)
      const blue = await devices(appId, 2, 'blue')
      for (const key of [...red, ...blue]) await bind(key, 'alice', REPLACE)
      const of = { appId, dialect: 'red' }
      expect(await kit().store.users.removeDevices(of, 'alice', occasion())).toBe(3)
      expect(await kit().store.users.removeDevices(of, 'alice', occasion())).toBe(0)
      expect(await devicesOf(appId, 'alice')).toHaveLength(2)
    })

    test('are erased with their devices and from the history of devices they left', async () => {
      const appId = await kit().createApp()
      const [kept, own] = await devices(appId, 2)
      const [blue] = await devices(appId, 1, 'blue')
      if (!kept || !own || !blue) throw new Error('no devices')
      const alice = unique('alice')
      for (const key of [kept, own, blue]) await bind(key, alice, REPLACE)
      await bind(kept, 'bob', REPLACE)
      expect(await kit().store.users.erase(appId, alice, occasion())).toBe(2)
      expect(await devicesOf(appId, alice)).toEqual([])
      expect((await userOf(kept))?.id).toBe('bob')
      const { id } = (await kit().store.devices.findByKey(kept, kit().clock.now)) ?? { id: '' }
      const history = await kit().store.directory.history(appId, id)
      expect(history.map(({ kind }) => kind)).toContain('registered')
      expect(JSON.stringify(history)).not.toContain(alice)
      expect(await kit().store.users.erase(appId, alice, occasion())).toBe(0)
    })
  })
}
