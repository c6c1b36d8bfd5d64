import { describe, expect, test } from 'vitest'
import { keyOf, type StoreKit, unique } from './kit.ts'

const DAY = 86_400_000

export function upkeepContract(kit: () => StoreKit): void {
  describe('the upkeep', () => {
    test('hostile F20b: believes a clock that jumped only once it has gone on for a day', async () => {
      const { upkeep } = kit().store
      const start = new Date('2300-01-01T00:00:00.000Z').getTime()
      const note = (days: number) => upkeep.noteTime(new Date(start + days * DAY))
      await note(0)
      expect([await note(0.5), await note(1)]).toEqual([expect.any(Boolean), true])
      expect([await note(801), await note(801.9), await note(802.1)]).toEqual([false, false, true])
      // Back where it was believed before, and a pause of days, which looks like a jump.
      expect([await note(2), await note(802), await note(810), await note(811)]).toEqual([
        true,
        true,
        false,
        true,
      ])
    })

    test('R3: takes superseded devices that neither were superseded nor called since', async () => {
      const appId = await kit().createApp()
      const token = unique('token')
      const [old, caller, current] = [keyOf(appId), keyOf(appId), keyOf(appId)]
      const topics = { names: ['a'], when: 'created' as const }
      for (const key of [old, caller, current]) await kit().register(key, { token, topics })
      const superseded = kit().clock.now
      kit().clock.advance(DAY)
      await kit().store.tags.change(caller, [], kit().clock.now)
      const drop = (before: number) =>
        kit().store.upkeep.dropSuperseded(new Date(superseded.getTime() + before), 1000, {
          at: kit().clock.now,
          cause: 'test',
        })
      const left = async () =>
        (await kit().store.directory.devices(appId, {}, { cursor: null, limit: 10 })).items.map(
          ({ externalId }) => externalId,
        )
      await drop(0)
      expect(await left()).toHaveLength(3)
      await drop(1)
      expect((await left()).toSorted()).toEqual([caller.externalId, current.externalId].toSorted())
      await drop(2 * DAY)
      expect(await left()).toEqual([current.externalId])
      const { items } = await kit().store.directory.topics(appId, { after: '', limit: 10 })
      expect(items).toEqual([{ topic: 'a', subscribers: 1 }])
    })

    test('takes the counters that count nothing', async () => {
      const appId = await kit().createApp()
      const key = keyOf(appId)
      await kit().register(key, { topics: { names: ['a', 'b'], when: 'created' } })
      await kit().store.devices.remove(key, { at: kit().clock.now, cause: 'test' })
      expect(await kit().store.directory.topics(appId, { after: '', limit: 10 })).toEqual({
        items: [],
        next: null,
      })
      let dropped = 0
      let piece: number
      do {
        piece = await kit().store.upkeep.dropSpentCounters(2)
        expect(piece).toBeLessThanOrEqual(2)
        dropped += piece
      } while (piece > 0)
      expect(dropped).toBeGreaterThanOrEqual(4)
    })
  })
}
