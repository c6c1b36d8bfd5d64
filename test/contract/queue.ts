import { describe, expect, test } from 'vitest'
import type { LaneClaim } from '../../src/store/contract/queue.ts'
import type { StoredDraft, UserChange } from '../../src/store/store.ts'
import { dialectDraft, keyOf, type StoreKit, unique } from './kit.ts'
import { waitingCalls } from './webhooks.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE

/** A queue under test, over a database in which other tests may have rows. */
interface Queue {
  /** Whether its rows have one order, without turns for lanes. */
  readonly single?: boolean
  /** Adds rows to new lanes; returns the names of the lanes. */
  fill(kit: StoreKit, lanes: number, rows: number): Promise<readonly string[]>
  /** The claimed rows, each with its lane. */
  claim(kit: StoreKit, claim: LaneClaim): Promise<readonly { readonly lane: string; readonly row: string }[]>
}

/** So many rows that a batch has one device. */
const WIDE: UserChange = {
  do: 'tags',
  changes: Array.from({ length: 9999 }, (_, at) => ({ name: `tag ${at}`, do: 'remove' })),
  profile: {},
}

const QUEUES: Readonly<Record<string, Queue>> = {
  jobs: {
    single: true,
    async fill({ store, createApp, clock }, _, rows) {
      const appId = await createApp()
      for (let at = 0; at < rows; at++) {
        const job = { id: unique('job'), appId, dialect: 'red', total: 1 }
        await store.jobs.create({ ...job, items: [{ label: 'a', input: '{}', reason: null }] }, clock.now)
      }
      return [appId]
    },
    async claim({ store, clock }, claim) {
      const found = []
      while (found.length < claim.limit) {
        const job = await store.jobs.claim({ ...claim, lease: unique('lease'), limit: 1 }, clock.now)
        if (!job) break
        found.push({ lane: job.appId, row: job.id })
      }
      return found
    },
  },
  removals: {
    single: true,
    async fill({ store, createApp, clock, occasion }, _, rows) {
      const apps = []
      for (let at = 0; at < rows; at++) {
        const appId = await createApp()
        // More than is done before the answer.
        const items = Array.from({ length: 3000 }, () => ({ label: 'a', input: '{}', reason: null }))
        const job = { id: unique('job'), appId, dialect: 'red', total: items.length, items }
        await store.jobs.create(job, clock.now)
        await store.apps.remove(appId, occasion())
        apps.push(appId)
      }
      return apps
    },
    claim: async ({ store, clock }, claim) =>
      (await store.removals.claim(claim, clock.now)).map(({ id, appId }) => ({ lane: appId, row: id })),
  },
  'changes of users': {
    single: true,
    async fill({ store, createApp, register, clock }, _, rows) {
      const appId = await createApp()
      for (let at = 0; at < rows; at++) {
        const userId = unique('user')
        // The first of two devices is changed within the request.
        for (const key of [keyOf(appId), keyOf(appId)])
          await register(key, { patch: { user: { id: userId, proved: true } } })
        const of = { appId, dialect: 'red', userId }
        const work = { id: unique('work'), of, change: WIDE, cause: 'test', askedAt: clock.now }
        expect(await store.userWork.begin(work, clock.now)).toMatchObject({ more: true })
      }
      return [appId]
    },
    claim: async ({ store, clock }, claim) =>
      (await store.userWork.claim(claim, clock.now)).map(({ id, of }) => ({ lane: of.appId, row: id })),
  },
  'webhook calls': {
    async fill(kit, lanes, rows) {
      const hooks = []
      for (let at = 0; at < lanes; at++) {
        const appId = await kit.createApp({ dialects: [dialectDraft('red')] })
        hooks.push((await waitingCalls(kit, { appId, dialect: 'red' }, ['deviceRegistered'], rows)).id)
      }
      return hooks
    },
    claim: async ({ store, clock }, claim) =>
      (await store.outbox.claim(claim, clock.now)).map(({ webhookId, id }) => ({ lane: webhookId, row: id })),
  },
  'pages of messages': {
    async fill(kit, lanes, rows) {
      const apps = []
      const at = kit.clock.now
      for (let lane = 0; lane < lanes; lane++) {
        const appId = await kit.createApp()
        const { device } = await kit.register(keyOf(appId), { token: unique('t') })
        const id = unique('send')
        const audience = { to: { all: true } } as const
        const draft: StoredDraft = {
          id,
          externalId: id,
          body: {},
          audience,
          dialects: ['red'],
          parts: [{ by: 'dialect', dialect: 'red' }],
          priority: 'normal',
        }
        await kit.store.messages.accept({ appId, dialect: 'red' }, [draft], at)
        const page = { provider: 'fcm' as const, tokens: [device.pushToken?.id ?? ''], dueAt: at }
        const start = { part: 0, after: '' }
        const step = { id, appId, priority: 'normal' as const, run: 0, from: start, to: start, done: true }
        const pages = Array.from({ length: rows }, () => page)
        await kit.store.messages.advance({ ...step, next: null, audience, pages, settled: [] }, at)
        apps.push(appId)
      }
      return apps
    },
    claim: async ({ store, clock }, claim) =>
      (await store.messages.claim({ ...claim, resting: [] }, clock.now)).map((page) => ({
        lane: page.appId,
        row: `${page.send} ${page.number}`,
      })),
  },
}

/** What all queues have in common, in whichever table. */
export function queueContract(kit: () => StoreKit): void {
  describe.each(Object.entries(QUEUES))('the queue of %s', (_, queue) => {
    const later = (milliseconds: number) => new Date(kit().clock.now.getTime() + milliseconds)
    const claim = (more: Partial<LaneClaim> = {}) =>
      queue.claim(kit(), {
        lease: unique('lease'),
        until: later(MINUTE),
        horizon: later(100 * DAY),
        each: 100,
        limit: 100,
        ...more,
      })
    /** Only its own rows: those of other tests stay leased for a long time. */
    async function filled(lanes: number, rows: number) {
      while ((await claim({ until: later(50 * DAY) })).length > 0);
      const names = await queue.fill(kit(), lanes, rows)
      const mine = async (more?: Partial<LaneClaim>) =>
        (await claim(more)).filter(({ lane }) => names.includes(lane))
      return { names, mine }
    }
    const rowsOf = (found: readonly { readonly row: string }[]) => found.map(({ row }) => row).toSorted()

    test('gives each row to one of several who claim at once', async () => {
      const { mine } = await filled(2, 4)
      const found = (await Promise.all(Array.from({ length: 6 }, () => mine({ limit: 3 })))).flat()
      found.push(...(await mine()))
      expect(new Set(rowsOf(found)).size).toBe(found.length)
      expect(found).toHaveLength(queue.single ? 4 : 8)
      expect(await mine()).toEqual([])
    })

    test('gives a row again once its lease is over, and no sooner', async () => {
      const { mine } = await filled(1, 2)
      const first = await mine()
      expect(first).toHaveLength(2)
      kit().clock.advance(MINUTE - 1)
      expect(await mine()).toEqual([])
      kit().clock.advance(1)
      expect(rowsOf(await mine())).toEqual(rowsOf(first))
    })

    test('gives a row at once whose lease was taken before the clock was set back', async () => {
      const { mine } = await filled(1, 2)
      const first = await mine()
      kit().clock.advance(-10 * DAY)
      expect(rowsOf(await mine({ horizon: later(DAY) }))).toEqual(expect.arrayContaining(rowsOf(first)))
      kit().clock.advance(10 * DAY)
    })

    // All rows of such a queue have one order.
    if (queue.single) return
    test('lets lanes take turns, however much waits in one of them', async () => {
      const { names, mine } = await filled(1, 12)
      const few = await queue.fill(kit(), 3, 2)
      const all = [...names, ...few]
      const claimed = async (more: Partial<LaneClaim>) => {
        const found = (await claim(more)).map(({ lane }) => all.indexOf(lane))
        return all.map((_, at) => found.filter((one) => one === at).length)
      }
      expect(await claimed({ limit: 4 })).toEqual([1, 1, 1, 1])
      expect(await claimed({ limit: 4 })).toEqual([1, 1, 1, 1])
      expect(await claimed({ limit: 4 })).toEqual([4, 0, 0, 0])
      expect(await mine({ each: 100 })).toHaveLength(6)
    })

    test('gives no more of a lane than it may', async () => {
      const { mine } = await filled(2, 5)
      const found = await mine({ each: 2 })
      expect(found).toHaveLength(4)
      expect(new Set(found.map(({ lane }) => lane)).size).toBe(2)
    })
  })
}
