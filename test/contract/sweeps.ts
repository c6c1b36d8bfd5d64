import { describe, expect, test } from 'vitest'
import type { AppRetention } from '../../src/domain/app.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

const DAY = 86_400_000

export function sweepContract(kit: () => StoreKit): void {
  const { clock, store } = { clock: () => kit().clock, store: () => kit().store }
  const keeping = async (appId: string, retention: Partial<AppRetention>) =>
    void (await store().apps.change(appId, { retention, put: [], drop: [] }, kit().occasion()))
  const later = (milliseconds: number) => new Date(clock().now.getTime() + milliseconds)
  const claim = (lease = unique('lease')) =>
    store().sweeps.claim({ lease, until: later(60_000) }, clock().now)

  /**
   * Processes everything that is due, also of other tests' apps; returns the number of batches of this app.
   */
  async function swept(appId: string): Promise<number> {
    for (let pieces = 0; ; ) {
      const lease = unique('lease')
      const sweep = await claim(lease)
      if (!sweep) return pieces
      if (sweep.appId === appId) pieces++
      const terms = { lease, before: later(-sweep.days * DAY), again: later(3_600_000) }
      await store().sweeps.proceed(sweep, terms, { at: clock().now, cause: 'retention' })
    }
  }
  const history = async (appId: string, id: string) =>
    (await store().directory.history(appId, id)).map(({ kind, cause }) => `${kind} ${cause}`)

  describe('what an app keeps for less long than the gateway', () => {
    test('is its history: what is older goes, readers are told, and another app keeps its own', async () => {
      const [appId, other] = [await kit().createApp(), await kit().createApp()]
      await keeping(appId, { events: 7 })
      const keys = [keyOf(appId), keyOf(other)]
      const made = []
      for (const key of keys) made.push((await kit().register(key, { token: unique('t') })).device)
      const [mine, theirs] = made
      const lost = await store().feed.end(appId)
      await swept(appId)
      expect(await history(appId, mine?.id ?? '')).toEqual(['registered test'])
      clock().advance(8 * DAY)
      for (const key of keys) await kit().register(key, { token: unique('t') })
      await swept(appId)
      expect(await history(appId, mine?.id ?? '')).toEqual(['rotated test'])
      expect(await history(other, theirs?.id ?? '')).toEqual(['rotated test', 'registered test'])
      const dropped = await store().feed.dropped(appId)
      expect((dropped?.place[1] ?? 0) <= lost[1]).toBe(true)
      expect(dropped?.place[1]).toBeGreaterThan((await store().feed.dropped(other))?.place[1] ?? 0)
      expect(await swept(appId)).toBe(0)
    })

    test('is what clients reported, and messages that are over', async () => {
      const [appId, other] = [await kit().createApp(), await kit().createApp()]
      await keeping(appId, { receipts: 1, messages: 1 })
      const report = async (app: string, messageId: string) => {
        const { device } = await kit().register(keyOf(app))
        const at = clock().now
        await store().receipts.record({ key: device, messageId, kind: 'opened', at, details: {} })
      }
      const sent = async (app: string) => {
        const draft = {
          ...{
            id: unique('send'),
            externalId: unique('message'),
            body: {},
            audience: { to: { all: true as const } },
          },
          ...{ priority: 'normal' as const, dialects: ['red'], parts: [] },
        }
        await store().messages.accept({ appId: app, dialect: 'red' }, [draft], clock().now)
        return draft.id
      }
      for (const app of [appId, other]) for (const name of ['a', 'b']) await report(app, name)
      const [over, waiting, theirs] = [await sent(appId), await sent(appId), await sent(other)]
      for (const [app, id] of [[appId, over] as const, [other, theirs] as const]) {
        await store().messages.cancel(app, id, clock().now)
      }
      clock().advance(2 * DAY)
      await report(appId, 'c')
      await swept(appId)
      const reports = async (app: string) =>
        (await store().receipts.list(app, {}, { after: null, limit: 10 })).items.map(
          ({ messageId }) => messageId,
        )
      expect(await reports(appId)).toEqual(['c'])
      expect((await reports(other)).sort()).toEqual(['a', 'b'])
      const kept = async (app: string, id: string) => (await store().messages.get(app, id)) !== null
      expect([await kept(appId, over), await kept(appId, waiting), await kept(other, theirs)]).toEqual([
        false,
        true,
        true,
      ])
      await store().messages.cancel(appId, waiting, clock().now)
    })

    test('is devices that have not called: not those whose vendor waits for a call, not those of another app', async () => {
      const [appId, other] = [await kit().createApp(), await kit().createApp()]
      const keys = { idle: keyOf(appId), caller: keyOf(appId), waiting: keyOf(appId), theirs: keyOf(other) }
      const made: Record<string, string> = {}
      for (const [name, key] of Object.entries(keys)) {
        const topics = { names: ['a'], when: 'created' as const }
        made[name] = (await kit().register(key, { token: unique('t'), topics })).device.id
      }
      const copy = {
        ...{ id: unique('copy'), scope: { appId, dialect: 'red' }, device: unique('d'), route: 'POST /x' },
        ...{ same: unique('same'), externalId: keys.waiting.externalId, subjects: [], once: false },
        ...{ sealed: 'sealed', at: clock().now },
      }
      await store().copies.add(copy)
      clock().advance(31 * DAY)
      await store().devices.touch(made.caller ?? '', clock().now, false)
      expect(await swept(appId)).toBe(0)
      await keeping(appId, { inactiveDevices: 30 })
      expect(await swept(appId)).toBe(1)
      const left = async () => {
        const found = await Promise.all(
          Object.entries(keys).map(async ([name, key]) =>
            (await store().devices.findByKey(key, clock().now)) ? [name] : [],
          ),
        )
        return found.flat()
      }
      expect(await left()).toEqual(['caller', 'waiting', 'theirs'])
      expect((await history(appId, made.idle ?? ''))[0]).toBe('unregistered retention')
      expect(await store().directory.stats(appId, clock().now)).toMatchObject({ total: 2 })
      await store().copies.end(copy, { ids: [], gone: false }, clock().now)
      clock().advance(3 * 3_600_000)
      await swept(appId)
      expect(await left()).toEqual(['caller', 'theirs'])
      await keeping(appId, { inactiveDevices: null })
      clock().advance(90 * DAY)
      expect(await swept(appId)).toBe(0)
      expect(await left()).toEqual(['caller', 'theirs'])
    })

    test('is gone through by one at a time, and by another where that one died', async () => {
      const appId = await kit().createApp()
      await swept(appId)
      await keeping(appId, { events: 7 })
      const [first, second] = await Promise.all([claim(), claim()])
      const mine = [first, second].filter((sweep) => sweep?.appId === appId)
      expect(mine).toMatchObject([{ kind: 'events', days: 7, place: null }])
      clock().advance(30_000)
      expect(await claim()).toBeNull()
      clock().advance(31_000)
      expect(await claim()).toMatchObject({ appId, kind: 'events' })
      clock().advance(61_000)
      expect(await swept(appId)).toBe(1)
    })
  })
}
