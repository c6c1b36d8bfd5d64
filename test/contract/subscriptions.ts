import { describe, expect, test } from 'vitest'
import type { DeviceKey } from '../../src/domain/device.ts'
import { catalogued } from './catalogue.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

const AUTOMATIC = ['everybody']

export function subscriptionContract(kit: () => StoreKit): void {
  const subscriptions = () => kit().store.subscriptions
  const now = () => kit().clock.now
  const proposals = (names: readonly string[]) => names.map((name) => ({ name, id: unique('subscription') }))
  const change = (
    what: 'add' | 'remove',
    key: DeviceKey,
    names: readonly string[],
    topics = proposals(names),
  ) => subscriptions()[what]({ key, topics, automatic: AUTOMATIC }, kit().occasion())
  const scopeOf = ({ appId, dialect }: DeviceKey) => ({ appId, dialect })
  const topicsOf = async (key: DeviceKey) => (await kit().store.devices.findByKey(key, now()))?.topics
  const device = async () => {
    const key = keyOf(await kit().createApp())
    await kit().register(key)
    await catalogued(kit(), scopeOf(key), ['a', 'b', 'c'])
    return key
  }

  describe('subscriptions', () => {
    test('are to topics that exist alone, in the order of the request, with the ids that they keep', async () => {
      const key = await device()
      const topics = proposals(['b', 'nowhere', 'everybody', 'a'])
      const ids = topics.map(({ id }) => id)
      expect(await change('add', key, [], topics)).toEqual([
        { topic: 'b', id: ids[0], changed: true, known: true },
        { topic: 'nowhere', id: null, changed: false, known: false },
        { topic: 'everybody', id: ids[2], changed: true, known: true },
        { topic: 'a', id: ids[3], changed: true, known: true },
      ])
      expect(await change('add', key, ['a', 'c'])).toMatchObject([
        { topic: 'a', id: ids[3], changed: false },
        { topic: 'c', changed: true },
      ])
      const found = await kit().store.devices.findByKey(key, now())
      expect(found?.topics).toEqual(['a', 'b', 'c', 'everybody'])
      expect(found?.subscriptionIds.get('a')).toBe(ids[3])
    })

    test('are taken away by name, those that are there', async () => {
      const key = await device()
      const topics = proposals(['a', 'b'])
      await change('add', key, [], topics)
      expect(await change('remove', key, ['b', 'c', 'nowhere'])).toEqual([
        { topic: 'b', id: topics[1]?.id, changed: true, known: true },
        { topic: 'c', id: null, changed: false, known: true },
        { topic: 'nowhere', id: null, changed: false, known: false },
      ])
      expect(await topicsOf(key)).toEqual(['a'])
    })

    test('of an unknown device are neither made nor taken away', async () => {
      const key = keyOf(await kit().createApp())
      await catalogued(kit(), scopeOf(key), ['a'])
      expect([await change('add', key, ['a']), await change('remove', key, ['a'])]).toEqual([null, null])
    })

    test('of a superseded device go on (R3)', async () => {
      const key = await device()
      const token = unique('t')
      await kit().register(key, { token })
      await kit().register(keyOf(key.appId), { token })
      expect(await change('add', key, ['a'])).toMatchObject([{ changed: true }])
      expect(await change('remove', key, ['a'])).toMatchObject([{ changed: true }])
    })

    test('are found and removed by id in their own scope alone, and their device stays', async () => {
      const key = await device()
      const topics = proposals(['a'])
      await change('add', key, [], topics)
      const id = topics[0]?.id ?? ''
      const found = { id, topic: 'a', createdAt: now(), device: { externalId: key.externalId } }
      expect(await subscriptions().find(scopeOf(key), id)).toMatchObject(found)
      for (const other of [{ ...scopeOf(key), dialect: 'blue' }, scopeOf(await device())]) {
        expect(await subscriptions().find(other, id)).toBeNull()
        expect(await subscriptions().removeById(other, id, kit().occasion())).toBe(false)
      }
      expect(await subscriptions().removeById(scopeOf(key), id, kit().occasion())).toBe(true)
      expect(await subscriptions().removeById(scopeOf(key), id, kit().occasion())).toBe(false)
      expect(await subscriptions().find(scopeOf(key), id)).toBeNull()
      expect(await topicsOf(key)).toEqual([])
    })

    test('that several make at once have one id, which all are told', async () => {
      const key = await device()
      const outcomes = (await Promise.all(Array.from({ length: 8 }, () => change('add', key, ['a'])))).flat()
      expect(new Set(outcomes.map((one) => one?.id)).size).toBe(1)
      expect(outcomes.filter((one) => one?.changed)).toHaveLength(1)
      const gone = (await Promise.all(Array.from({ length: 8 }, () => change('remove', key, ['a'])))).flat()
      expect(gone.filter((one) => one?.changed)).toHaveLength(1)
    })

    test('are counted, by whichever way they come and go', async () => {
      const key = await device()
      const count = async () =>
        (await kit().store.directory.topics(key.appId, { after: null, limit: 10 })).items.map(
          ({ topic, subscribers }) => `${topic} ${subscribers}`,
        )
      const topics = proposals(['a', 'b'])
      await change('add', key, [], topics)
      await change('add', key, ['a'])
      expect(await count()).toEqual(['a 1', 'b 1'])
      await subscriptions().removeById(scopeOf(key), topics[0]?.id ?? '', kit().occasion())
      expect(await count()).toEqual(['b 1'])
      await change('remove', key, ['b'])
      expect(await count()).toEqual([])
    })

    test('are 500 at once', async () => {
      const key = await device()
      const automatic = Array.from({ length: 500 }, (_, at) => `topic ${at}`)
      const all = { key, topics: proposals(automatic), automatic }
      expect((await subscriptions().add(all, kit().occasion()))?.filter((one) => one.changed)).toHaveLength(
        500,
      )
      expect((await topicsOf(key))?.length).toBe(500)
      expect(
        (await subscriptions().remove(all, kit().occasion()))?.filter((one) => one.changed),
      ).toHaveLength(500)
      expect(await topicsOf(key)).toEqual([])
    })
  })
}
