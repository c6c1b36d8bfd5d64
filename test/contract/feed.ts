import { describe, expect, test } from 'vitest'
import type { FeedItem, FeedPlace } from '../../src/domain/feed.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

const set = (name: string, value: string) => ({ name, do: 'set' as const, as: [{ type: 'text', value }] })

export function feedContract(kit: () => StoreKit): void {
  /** An app's whole feed after a position, in pages of the given size. */
  async function read(appId: string, from: FeedPlace, limit = 100) {
    const items: FeedItem[] = []
    let place = from
    for (;;) {
      const page = await kit().store.feed.page(appId, place, limit, kit().clock.now)
      items.push(...page.items)
      expect(page.items.length).toBeLessThanOrEqual(limit)
      place = page.next
      if (!page.more) return { items, place }
    }
  }
  const end = (appId: string) => kit().store.feed.end(appId)
  const brief = (items: readonly FeedItem[]) =>
    items.map(({ event, device }) => [event.kind, event.externalId, device?.externalId ?? null])

  describe('the feed', () => {
    test('has what happened to the devices of one app, in order, each with the device as it is by now', async () => {
      const [appId, other] = [await kit().createApp(), await kit().createApp()]
      const from = await end(appId)
      const [one, two] = [keyOf(appId), keyOf(appId)]
      await kit().register(one, { token: unique('t') })
      await kit().register(keyOf(other), { token: unique('t') })
      await kit().register(two, { token: unique('t') })
      await kit().register(one, { token: unique('t'), patch: { name: 'n' } })
      await kit().store.devices.remove(two, kit().occasion())
      const { items, place } = await read(appId, from)
      expect(brief(items)).toEqual([
        ['registered', one.externalId, one.externalId],
        ['registered', two.externalId, null],
        ['rotated', one.externalId, one.externalId],
        ['unregistered', two.externalId, null],
      ])
      expect(items[0]?.device).toMatchObject({ name: 'n' })
      expect((await read(appId, place)).items).toEqual([])
    })

    test.each([1, 2, 3])('goes on behind every item, in pages of %i', async (limit) => {
      const appId = await kit().createApp()
      const from = await end(appId)
      const [key, other] = [keyOf(appId), keyOf(await kit().createApp())]
      for (let at = 0; at < 4; at++) {
        await kit().register(key, { token: unique('t') })
        await kit().register(other, { token: unique('t') })
      }
      const whole = await read(appId, from)
      expect((await read(appId, from, limit)).items).toEqual(whole.items)
      for (const [at, { place }] of whole.items.entries())
        expect((await read(appId, place, limit)).items).toEqual(whole.items.slice(at + 1))
    })

    test.each([1, 2, 100])(
      'has each device of a user whose tags changed as a whole, in pages of %i',
      async (limit) => {
        const appId = await kit().createApp()
        const from = await end(appId)
        const patch = { user: { id: 'anna', proved: false } }
        const keys = [keyOf(appId), keyOf(appId), keyOf(appId)]
        for (const key of keys) await kit().register(key, { token: unique('t'), patch })
        await kit().register(keyOf(appId), { token: unique('t') })
        const before = await end(appId)
        const { store, clock } = kit()
        const change = { do: 'tags', changes: [set('a', 'x')], profile: {} } as const
        const of = { appId, dialect: 'red', userId: 'anna' }
        const work = { id: unique('work'), of, change, cause: 'test', askedAt: clock.now }
        await store.userWork.begin(work, clock.now)
        const { items } = await read(appId, before, limit)
        expect(new Set(items.map(({ device }) => device?.externalId))).toEqual(
          new Set(keys.map(({ externalId }) => externalId)),
        )
        expect(items.map(({ device }) => device?.tags)).toEqual(keys.map(() => ({ a: 'x' })))
        expect((await read(appId, from, limit)).items).toHaveLength(7)
      },
    )

    test('tells of a token that is sent in other words, and of none that is sent as it was', async () => {
      const appId = await kit().createApp()
      const key = keyOf(appId)
      const token = unique('t')
      await kit().register(key, { token })
      kit().clock.advance(1000)
      const from = await end(appId)
      await kit().register(key, { token, patch: { name: 'n' } })
      expect(brief((await read(appId, from)).items)).toEqual([
        ['profileChanged', key.externalId, key.externalId],
      ])
      const { device } = await kit().register(key, { token })
      await kit().store.feedback.report(
        appId,
        [{ target: { device: device.id }, outcome: 'dead', at: kit().clock.now, tolerance: 0, reason: null }],
        kit().occasion(),
      )
      kit().clock.advance(1000)
      const dead = await end(appId)
      await kit().register(key, { token })
      const { items } = await read(appId, dead)
      expect(brief(items)).toEqual([['tokenChanged', key.externalId, key.externalId]])
      expect(items[0]?.device?.pushToken).toMatchObject({ state: 'live' })
    })

    test('says up to where the history was dropped', async () => {
      const { store, clock, createApp, register } = kit()
      const appId = await createApp()
      await register(keyOf(appId), { token: unique('t') })
      const last = await end(appId)
      while ((await store.upkeep.dropHistory(new Date(8.64e15), 5000)) > 0);
      const dropped = await store.feed.dropped(appId)
      expect(dropped?.place).toEqual(last)
      expect(dropped?.at.getTime()).toBeGreaterThanOrEqual(clock.now.getTime())
    })
  })
}
