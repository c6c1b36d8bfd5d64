import { describe, expect, test } from 'vitest'
import type { ActivityCount } from '../../src/domain/activity.ts'
import type { StoreKit } from './kit.ts'

export function activityContract(kit: () => StoreKit): void {
  const countOf = (appId: string, more: Partial<ActivityCount> = {}): ActivityCount => ({
    ...{ appId, hour: 400_000, kind: 'registered', dialect: 'red', facet: 'android', count: 1 },
    ...more,
  })

  describe('counts for plots', () => {
    test('are added to those of the same hour and kind, and listed from an hour on', async () => {
      const appId = await kit().createApp()
      const { activity } = kit().store
      await activity.add([
        countOf(appId, { count: 3 }),
        countOf(appId, { facet: 'ios' }),
        countOf(await kit().createApp()),
      ])
      await activity.add([countOf(appId, { count: 4 }), countOf(appId, { hour: 399_999, kind: 'refused' })])
      expect(await activity.since(appId, 400_000)).toEqual([
        countOf(appId, { count: 7 }),
        countOf(appId, { facet: 'ios' }),
      ])
      expect(await activity.since(appId, 399_999)).toHaveLength(3)
    })

    test('go with their app, and are not added behind it', async () => {
      const appId = await kit().createApp()
      const { activity, apps } = kit().store
      await activity.add([countOf(appId)])
      await apps.remove(appId, kit().occasion())
      await activity.add([countOf(appId), countOf('', { hour: 300_000, count: 2 })])
      expect(await activity.since(appId, 0)).toEqual([])
      expect(await activity.since('', 0)).toEqual([countOf('', { hour: 300_000, count: 2 })])
    })

    test('of all apps are added up', async () => {
      const hour = 500_000
      const { activity } = kit().store
      await activity.add([
        countOf(await kit().createApp(), { hour, count: 2 }),
        countOf(await kit().createApp(), { hour, count: 5 }),
      ])
      expect(await activity.since(null, hour)).toEqual([countOf('', { hour, count: 7 })])
    })

    test('are deleted by age, a batch at a time', async () => {
      const appId = await kit().createApp()
      const { activity } = kit().store
      await activity.add([1, 2, 3, 100_000].map((hour) => countOf(appId, { hour })))
      while ((await activity.drop(4, 2)) > 0);
      expect((await activity.since(appId, 0)).map(({ hour }) => hour)).toEqual([100_000])
    })
  })
}
