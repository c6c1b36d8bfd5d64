import { describe, expect, test } from 'vitest'
import type { DeviceKey } from '../../src/domain/device.ts'
import { fullDevice, keyOf, type StoreKit, tokenDraft, unique } from './kit.ts'

const DAY = 86_400_000

/** The number removed in total, in large batches; includes what other tests over the same database left. */
async function drained(drop: (batch: number) => Promise<number>): Promise<number> {
  let sum = 0
  for (let piece = await drop(5000); piece > 0; piece = await drop(5000)) sum += piece
  return sum
}

export function upkeepContract(kit: () => StoreKit): void {
  const now = () => kit().clock.now
  const find = (key: DeviceKey) => kit().store.devices.findByKey(key, now())
  /** Two concurrent batches of one row, where there are three, then the rest. */
  const inBatches = async (drop: (batch: number) => Promise<number>) => {
    const both = await Promise.all([drop(1), drop(1)])
    return [...both, await drop(2), await drop(2)]
  }

  describe('the upkeep', () => {
    test('hostile F20b: believes a clock that jumped only once it has gone on for a day', async () => {
      const { upkeep } = kit().store
      const start = new Date('2300-01-01T00:00:00.000Z').getTime()
      const note = (days: number) => upkeep.noteTime(new Date(start + days * DAY))
      await note(0)
      expect([await note(0.5), await note(1)]).toEqual([expect.any(Boolean), true])
      expect([await note(801), await note(801.9), await note(802.1)]).toEqual([false, false, true])
      // Back to the former time, and a pause of days, which looks like a jump.
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
      await kit().store.tags.change(caller, [], kit().occasion())
      const drop = (before: number) =>
        kit().store.upkeep.dropSuperseded(new Date(superseded.getTime() + before), 1000, {
          at: kit().clock.now,
          cause: 'test',
        })
      const left = async () =>
        (await kit().store.directory.devices(appId, {}, { after: null, limit: 10 })).items.map(
          ({ externalId }) => externalId,
        )
      await drop(0)
      expect(await left()).toHaveLength(3)
      await drop(1)
      expect((await left()).toSorted()).toEqual([caller.externalId, current.externalId].toSorted())
      await drop(2 * DAY)
      expect(await left()).toEqual([current.externalId])
      const { items } = await kit().store.directory.topics(appId, { after: null, limit: 10 })
      expect(items).toEqual([{ topic: 'a', subscribers: 1 }])
    })

    test('takes the counters that count nothing', async () => {
      const appId = await kit().createApp()
      const key = keyOf(appId)
      await kit().register(key, { topics: { names: ['a', 'b'], when: 'created' } })
      await kit().store.devices.remove(key, kit().occasion())
      expect(await kit().store.directory.topics(appId, { after: null, limit: 10 })).toEqual({
        items: [],
        next: null,
      })
      const first = await kit().store.upkeep.dropSpentCounters(2)
      expect(first).toBe(2)
      expect(await drained((batch) => kit().store.upkeep.dropSpentCounters(batch))).toBeGreaterThanOrEqual(2)
      expect(await kit().store.upkeep.dropSpentCounters(2)).toBe(0)
    })

    test('R5: removes devices whose time is over, with an event each, and no others', async () => {
      const { upkeep, directory } = kit().store
      const expire = (batch: number) => upkeep.expireDevices(batch, kit().occasion())
      // Expired rows of other tests would be counted, too.
      const then = { at: new Date(now().getTime() + DAY), cause: 'test' }
      await drained((batch) => upkeep.expireDevices(batch, then))
      const appId = await kit().createApp()
      const made = await Promise.all(
        [1, 1, 1, 2 * DAY].map((milliseconds) => {
          const expiresAt = new Date(now().getTime() + milliseconds)
          return kit().register(keyOf(appId), { token: unique('t'), patch: { expiresAt } })
        }),
      )
      expect(await expire(10)).toBe(0)
      kit().clock.advance(DAY)
      expect(await inBatches(expire)).toEqual([1, 1, 1, 0])
      const found = await Promise.all(made.map(({ device }) => find(device)))
      expect(found.map((one) => one !== null)).toEqual([false, false, false, true])
      const kinds = await Promise.all(
        made.map(async ({ device }) => (await directory.history(appId, device.id)).map(({ kind }) => kind)),
      )
      expect(kinds.map((one) => one[0])).toEqual(['expired', 'expired', 'expired', 'registered'])
      expect(await directory.stats(appId, now())).toMatchObject({ total: 1 })
    })

    test('forgets what happened to devices before a time', async () => {
      const { upkeep, directory } = kit().store
      await drained((batch) => upkeep.dropHistory(new Date(8.64e15), batch))
      const appId = await kit().createApp()
      const { device } = await kit().register(keyOf(appId), { token: unique('t') })
      for (const token of [unique('t'), unique('t')]) await kit().register(device, { token })
      kit().clock.advance(DAY)
      await kit().register(device, { token: unique('t') })
      expect(await inBatches((batch) => upkeep.dropHistory(now(), batch))).toEqual([1, 1, 1, 0])
      const history = await directory.history(appId, device.id)
      expect(history).toMatchObject([{ kind: 'rotated', at: now() }])
    })

    test('forgets what was last reported before a time', async () => {
      const { upkeep, receipts } = kit().store
      await drained((batch) => upkeep.dropReceipts(new Date(8.64e15), batch))
      const { device } = await kit().register(keyOf(await kit().createApp()))
      const report = (messageId: string) =>
        receipts.record({ key: device, messageId, kind: 'opened', at: now(), details: {} })
      for (const message of ['a', 'b', 'c', 'again']) await report(message)
      kit().clock.advance(DAY)
      await report('again')
      expect(await inBatches((batch) => upkeep.dropReceipts(now(), batch))).toEqual([1, 1, 1, 0])
      const { items } = await receipts.list(device.appId, {}, { after: null, limit: 10 })
      expect(items).toMatchObject([{ messageId: 'again', count: 2 }])
    })

    test('forgets tokens that nothing has pointed at since a time; one that comes back is as new', async () => {
      const { upkeep, apps, devices } = kit().store
      const appId = await kit().createApp()
      await drained((batch) => upkeep.dropTombstones(new Date(8.64e15), batch))
      const made = []
      for (let at = 0; at < 4; at++) made.push(await fullDevice(kit(), keyOf(appId)))
      for (const device of made.slice(0, 3)) await devices.remove(device, kit().occasion())
      kit().clock.advance(DAY)
      const [gone] = made
      const token = gone?.pushToken?.token ?? ''
      const drop = (batch: number) => upkeep.dropTombstones(now(), batch)
      expect(await drop(0)).toBe(0)
      expect(await inBatches(drop)).toEqual([1, 1, 1, 0])
      expect(await apps.counts(appId, null)).toMatchObject({ pushTokens: 1 })
      const draft = { key: keyOf(appId), identity: 'token' as const, token: tokenDraft(token) }
      expect((await devices.look(draft, now())).device).toBeNull()
      await kit().register(keyOf(appId), { token })
      expect(await apps.counts(appId, null)).toMatchObject({ pushTokens: 2 })
    })
  })
}
