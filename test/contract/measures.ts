import { describe, expect, test } from 'vitest'
import type { Scope } from '../../src/store/contract/listing.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

export function measuresContract(kit: () => StoreKit): void {
  describe('what metrics ask', () => {
    test('queues that are empty have nobody that waits, and no age', async () => {
      const backlogs = await kit().store.measures.backlogs(100)
      expect(backlogs.map(({ queue }) => queue)).toEqual(['webhooks', 'pages', 'copies', 'jobs', 'imports'])
      for (const { waiting, since } of backlogs) expect(waiting === 0).toBe(since === null)
    })

    test('work that waits is counted up to the limit, with the time of the oldest', async () => {
      const { store, createApp, clock } = kit()
      const appId = await createApp()
      const items = [{ label: 'a', input: '{}', reason: null }]
      const before = (await store.measures.backlogs(1000)).find(({ queue }) => queue === 'jobs')?.waiting ?? 0
      for (let at = 0; at < 4; at++)
        await store.jobs.create({ appId, dialect: 'red', id: unique('job'), total: 1, items }, clock.now)
      const counted = async (limit: number) =>
        (await store.measures.backlogs(limit)).find(({ queue }) => queue === 'jobs')
      expect(await counted(1000)).toMatchObject({ waiting: before + 4, since: expect.any(Date) })
      expect((await counted(3))?.waiting).toBe(3)
    })

    test('dialects of apps are listed behind each other, a page at a time', async () => {
      const { store, createApp } = kit()
      const apps = [await createApp(), await createApp()]
      const all: Scope[] = []
      for (let after: Scope | null = null; ; ) {
        const page: readonly Scope[] = await store.measures.scopes(after, 1)
        if (page.length === 0) break
        all.push(...page)
        after = page[0] ?? null
      }
      expect(new Set(all.map(({ appId, dialect }) => `${appId} ${dialect}`)).size).toBe(all.length)
      for (const app of apps) expect(all.map(({ appId }) => appId)).toContain(app)
    })

    test('devices are counted a piece at a time, each once', async () => {
      const { store, createApp } = kit()
      const appId = await createApp()
      const dialect = 'red'
      for (let at = 0; at < 7; at++) await kit().register(keyOf(appId))
      const pieces: number[] = []
      for (let after = ''; ; ) {
        const { count, last } = await store.measures.devices({ appId, dialect }, after, 3)
        pieces.push(count)
        if (last === null || count < 3) break
        after = last
      }
      expect(pieces).toEqual([3, 3, 1])
      expect(await store.measures.devices({ appId, dialect: 'nobody' }, '', 3)).toEqual({
        count: 0,
        last: null,
      })
    })

    test('states of push services are counted', async () => {
      const { store, createApp, clock } = kit()
      const counts = async () => {
        const all = await store.measures.services(clock.now, 10_000)
        return (state: string) => all.find((one) => one.provider === 'wns' && one.state === state)?.count ?? 0
      }
      const before = await counts()
      for (const state of ['ok', 'ok', 'refused', 'resting'] as const) {
        const appId = await createApp()
        const version = unique('version')
        await store.providers.put(
          appId,
          { kind: 'wns', version, sealed: 'sealed', shown: {}, dialect: null },
          clock.now,
        )
        const restingUntil = new Date(state === 'resting' ? clock.now.getTime() + 60_000 : 0)
        const health = { state: state === 'refused' ? state : ('ok' as const), reason: null }
        await store.providers.note(
          { appId, kind: 'wns', version },
          { ...health, failures: 0, restingUntil },
          clock.now,
        )
      }
      const after = await counts()
      const grown = ['ok', 'refused', 'resting'].map((state) => after(state) - before(state))
      expect(grown).toEqual([2, 1, 1])
      expect((await store.measures.services(clock.now, 1)).map(({ count }) => count)).toEqual([1])
    })
  })
}
