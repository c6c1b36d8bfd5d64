import { describe, expect, test } from 'vitest'
import type { DeviceKey } from '../../src/domain/device.ts'
import type { TagChange } from '../../src/domain/tag.ts'
import { keyOf, type StoreKit } from './kit.ts'

const set = (name: string, value: string, more: object = {}): TagChange => ({
  name,
  do: 'set',
  as: [{ type: 'text', value }],
  ...more,
})

/** The tags of a user, who may have several devices. */
export function userTagContract(kit: () => StoreKit): void {
  const now = () => kit().clock.now
  const readOf = async (appId: string, userId: string) =>
    Object.fromEntries(
      (await kit().store.tags.readOfUser({ appId, dialect: 'red', userId }, now())).map(({ name, value }) => [
        name,
        value,
      ]),
    )
  const device = async (appId: string, userId: string, tags: readonly TagChange[], dialect = 'red') => {
    kit().clock.advance(1)
    const key = keyOf(appId, dialect)
    await kit().register(key, { tags, patch: { user: { id: userId, proved: false } } })
    return key
  }
  const change = (key: DeviceKey, ...changes: readonly TagChange[]) => {
    kit().clock.advance(1)
    return kit().store.tags.change(key, changes, kit().occasion())
  }

  describe('the tags of a user', () => {
    test('are those of all their devices in the dialect; of one name, the one written last', async () => {
      const appId = await kit().createApp()
      const first = await device(appId, 'ann', [set('a', 'first'), set('b', 'first')])
      await device(appId, 'ann', [set('b', 'second'), set('c', 'second')])
      await device(appId, 'ann', [set('d', 'blue')], 'blue')
      await device(appId, 'bob', [set('d', 'bob')])
      expect(await readOf(appId, 'ann')).toEqual({ a: 'first', b: 'second', c: 'second' })
      await change(first, set('b', 'first again'))
      expect(await readOf(appId, 'ann')).toEqual({ a: 'first', b: 'first again', c: 'second' })
      expect(await readOf(appId, 'nobody')).toEqual({})
    })

    test('go by the time of a value that stays the same where that is asked', async () => {
      const appId = await kit().createApp()
      const first = await device(appId, 'ann', [set('a', 'first'), set('b', 'first')])
      await device(appId, 'ann', [set('a', 'second'), set('b', 'second')])
      await change(first, set('a', 'first'), set('b', 'first', { stamped: true }))
      expect(await readOf(appId, 'ann')).toEqual({ a: 'second', b: 'first' })
    })
  })
}
