import { describe, expect, test, vi } from 'vitest'
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

    test('devices are added up by dialect, of some apps at a time', async () => {
      const { store, createApp } = kit()
      const all = async (limit: number) => {
        let [sum, pages] = [0, 0]
        for (let after = ''; ; pages++) {
          const { counts, last } = await store.measures.devices(after, limit)
          sum += counts.get('red') ?? 0
          if (last === null) return { sum, pages }
          after = last
        }
      }
      // Other tests over the same D1 register devices, too: again, until none has meanwhile.
      await vi.waitFor(
        async () => {
          const before = await all(1000)
          const apps = [await createApp(), await createApp()]
          for (const appId of [apps[0], apps[0], apps[0], apps[1]]) await kit().register(keyOf(appId ?? ''))
          expect((await all(1000)).sum).toBe(before.sum + 4)
          const single = await all(1)
          expect(single.sum).toBe(before.sum + 4)
          expect(single.pages).toBeGreaterThanOrEqual(2)
        },
        { timeout: 60_000 },
      )
    })

    test('receivers of webhooks are counted by their state', async () => {
      const { store, createApp, clock } = kit()
      const counts = async () => {
        const all = await store.measures.receivers(clock.now, 10_000)
        return (state: string) => all.find((one) => one.kind === 'dialect' && one.state === state)?.count ?? 0
      }
      const earlier = await counts()
      const scope = { appId: await createApp(), dialect: 'red' }
      for (const name of ['one', 'two'])
        await store.webhooks.create(
          scope,
          { id: unique('hook'), name, url: 'https://hooks.example', events: ['deviceRegistered'] },
          clock.now,
        )
      const hook = await store.webhooks.find(scope, 'one')
      await store.outbox.settle(
        {
          appId: scope.appId,
          done: [],
          arrived: [],
          again: [],
          failing: [{ id: hook?.id ?? '', failures: 5, probes: 0 }],
        },
        { threshold: 5, longestWait: 60_000 },
        clock.now,
      )
      const later = await counts()
      expect(['ok', 'resting'].map((state) => later(state) - earlier(state))).toEqual([1, 1])
      const few = await store.measures.receivers(clock.now, 1)
      expect(few.filter(({ kind }) => kind === 'dialect').map(({ count }) => count)).toEqual([1])
    })

    test('sums of metrics are added to by their labels', async () => {
      const { measures } = kit().store
      const metric = unique('metric')
      const of = (amount: number, name: string) => ({ metric, labels: { name }, amount })
      const own = async () => (await measures.tallies()).filter((one) => one.metric === metric)
      await measures.add([of(2, 'b"\\'), of(1, 'a')])
      await measures.add([of(3, 'b"\\')])
      expect(await own()).toEqual([of(1, 'a'), of(5, 'b"\\')])
    })

    test('sums of metrics are no more than a bound, and known ones are added to beyond it', async () => {
      const { measures } = kit().store
      const metric = unique('many')
      const of = (at: number, amount = 1) => ({ metric, labels: { at: String(at) }, amount })
      const batches = Array.from({ length: 23 }, (_, batch) => batch * 900)
      await measures.add([of(0)])
      // Concurrently, as isolates do it, and together four times the bound.
      await Promise.all(
        batches.map((from) => measures.add(Array.from({ length: 900 }, (_, at) => of(1 + from + at)))),
      )
      await measures.add([of(0, 6), of(99_999)])
      const all = await measures.tallies()
      expect(all).toHaveLength(5000)
      const amount = (at: string) => all.find((one) => one.metric === metric && one.labels.at === at)?.amount
      expect([amount('0'), amount('99999')]).toEqual([7, undefined])
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
