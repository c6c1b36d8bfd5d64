import { describe, expect, test } from 'vitest'
import type { JobItemDraft, LeasedJob } from '../../src/store/store.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

const MINUTE = 60_000

export function jobContract(kit: () => StoreKit): void {
  const jobs = () => kit().store.jobs
  const now = () => kit().clock.now
  const later = (milliseconds: number) => new Date(now().getTime() + milliseconds)
  const rows = (count: number): JobItemDraft[] =>
    Array.from({ length: count }, (_, at) => ({
      label: `row ${at}`,
      input: `{"externalId":"d${at}"}`,
      reason: null,
    }))
  const made = async (items: readonly JobItemDraft[], appId?: string) => {
    const job = { id: unique('job'), appId: appId ?? (await kit().createApp()), dialect: 'red' }
    expect(await jobs().create({ ...job, total: items.length, items }, now())).toBe(true)
    return job
  }
  const lease = (limit = 100) => {
    const name = unique('lease')
    return jobs()
      .claim({ lease: name, until: later(MINUTE), horizon: later(60 * MINUTE), limit }, now())
      .then((job) => job && { ...job, lease: name })
  }
  /** Other tests over the same database may have left jobs. */
  async function leased(ids: readonly string[], limit?: number) {
    const found: (LeasedJob & { lease: string })[] = []
    for (let job = await lease(limit); job; job = await lease(limit))
      if (ids.includes(job.id)) found.push(job)
    return found
  }
  const progress = (id: string) => jobs().find('red', id)
  const row = (job: string, position: number) => ({ job, position })

  describe('a job', () => {
    test('keeps its rows in their order, those without an input as failed', async () => {
      const rejected = { label: 'row 2', input: null, reason: 'is no address' }
      const { id } = await made([...rows(2), rejected, ...rows(1)])
      expect(await progress(id)).toEqual({ id, state: 'pending', total: 4, done: 0, failed: 1 })
      const first = await jobs().items(id, { after: -1, limit: 3 })
      expect(first).toEqual([
        { position: 0, label: 'row 0', state: 'pending', reason: null },
        { position: 1, label: 'row 1', state: 'pending', reason: null },
        { position: 2, label: 'row 2', state: 'failed', reason: 'is no address' },
      ])
      expect(await jobs().items(id, { after: 2, limit: 3 })).toMatchObject([{ position: 3, label: 'row 0' }])
      expect(await jobs().find('blue', id)).toBeNull()
      expect(await progress(unique('job'))).toBeNull()
    })

    test('of an app that no longer speaks the dialect is none', async () => {
      const job = { id: unique('job'), appId: await kit().createApp(), dialect: 'green' }
      expect(await jobs().create({ ...job, total: 1, items: rows(1) }, now())).toBe(false)
      expect(await jobs().find('green', job.id)).toBeNull()
      expect(await jobs().items(job.id, { after: -1, limit: 10 })).toEqual([])
    })

    test('of 3,000 rows of a thousand characters is kept whole, and nobody sees it before', async () => {
      const id = unique('job')
      const seen: unknown[] = []
      const input = JSON.stringify({ externalId: 'x'.repeat(1000) })
      function* items() {
        for (let at = 0; at < 3000; at++) {
          if (at % 1000 === 999) seen.push(progress(id), jobs().items(id, { after: -1, limit: 1 }))
          yield { label: `row ${at}`, input, reason: null }
        }
      }
      const job = { id, appId: await kit().createApp(), dialect: 'red', total: 3000, items: items() }
      await jobs().create(job, now())
      const [first, items1, second, items2, last] = await Promise.all(seen)
      expect([first, items1, second, items2]).toEqual([null, [], null, []])
      // Called before the last rows were written; if reads have their own connections, it may be answered
      // after.
      expect([null, await progress(id)]).toContainEqual(last)
      const positions: number[] = []
      for (;;) {
        const page = await jobs().items(id, { after: positions.at(-1) ?? -1, limit: 1000 })
        positions.push(...page.map(({ position, label }) => (label === `row ${position}` ? position : -1)))
        if (page.length < 1000) break
      }
      expect(positions).toEqual(Array.from({ length: 3000 }, (_, at) => at))
      const [found] = await leased([id], 2)
      expect(found?.items).toEqual([0, 1].map((position) => ({ position, input: JSON.parse(input) })))
    })

    test('is leased to one of several at once, the oldest first', async () => {
      const first = await made(rows(1))
      kit().clock.advance(1)
      const second = await made(rows(1))
      await leased([])
      await jobs().endLeases()
      const all = (await Promise.all(Array.from({ length: 8 }, () => lease()))).concat(
        await leased([first.id, second.id]),
      )
      const ids = all.flatMap((job) => (job && [first.id, second.id].includes(job.id) ? [job.id] : []))
      expect(ids.toSorted()).toEqual([first.id, second.id].toSorted())
      await jobs().endLeases()
      expect((await leased([first.id, second.id])).map(({ id }) => id)).toEqual([first.id, second.id])
    })

    test('is free again when its lease is over, also by a clock that was set back', async () => {
      const { id } = await made(rows(2))
      expect(await leased([id])).toHaveLength(1)
      expect(await leased([id])).toHaveLength(0)
      kit().clock.advance(MINUTE)
      expect(await leased([id])).toHaveLength(1)
      kit().clock.advance(-2 * 60 * MINUTE)
      expect(await leased([id])).toHaveLength(1)
      kit().clock.advance(2 * 60 * MINUTE)
    })

    test('is leased for longer where the lease is renewed', async () => {
      const { id } = await made(rows(2))
      const [one] = await leased([id])
      kit().clock.advance(MINUTE - 1)
      await jobs().renew(one?.lease ?? '', later(MINUTE))
      kit().clock.advance(MINUTE - 1)
      expect(await leased([id])).toHaveLength(0)
      kit().clock.advance(1)
      expect(await leased([id])).toHaveLength(1)
    })

    test('is completed by a release once no row waits', async () => {
      const { id, appId } = await made(rows(2))
      const [one] = await leased([id], 1)
      expect(one).toMatchObject({
        appId,
        dialect: 'red',
        items: [{ position: 0, input: { externalId: 'd0' } }],
      })
      await jobs().fail(appId, row(id, 0), 'is too old')
      await jobs().release(one?.appId ?? '', one?.lease ?? '', now())
      expect(await progress(id)).toMatchObject({ state: 'pending', failed: 1 })
      const [two] = await leased([id])
      expect(two?.items.map(({ position }) => position)).toEqual([1])
      await kit().register(keyOf(appId), { job: row(id, 1) })
      await jobs().release(two?.appId ?? '', two?.lease ?? '', now())
      expect(await progress(id)).toEqual({ id, state: 'completed', total: 2, done: 1, failed: 1 })
      expect(await jobs().items(id, { after: -1, limit: 10 })).toMatchObject([
        { state: 'failed', reason: 'is too old' },
        { state: 'done', reason: null },
      ])
      expect(await leased([id])).toEqual([])
    })

    test('does a row once, whoever does it and however late', async () => {
      const { id, appId } = await made(rows(1))
      const keys = Array.from({ length: 5 }, () => keyOf(appId))
      const tries = keys.map((key) =>
        kit()
          .register(key, { job: row(id, 0) })
          .then(
            () => 'done',
            () => 'refused',
          ),
      )
      expect((await Promise.all(tries)).filter((one) => one === 'done')).toHaveLength(1)
      await jobs().fail(appId, row(id, 0), 'too late')
      expect(await progress(id)).toMatchObject({ done: 1, failed: 0 })
      const found = await Promise.all(keys.map((key) => kit().store.devices.findByKey(key, now())))
      expect(found.filter((one) => one !== null)).toHaveLength(1)
    })

    test('without any row is completed by the first who takes it', async () => {
      const { id } = await made([])
      const [one] = await leased([id])
      expect(one?.items).toEqual([])
      await jobs().release(one?.appId ?? '', one?.lease ?? '', now())
      expect(await progress(id)).toEqual({ id, state: 'completed', total: 0, done: 0, failed: 0 })
    })

    test('goes with its dialect', async () => {
      const { id, appId } = await made(rows(1))
      await kit().store.apps.change(appId, { put: [], drop: ['red'] }, kit().occasion())
      expect(await progress(id)).toBeNull()
      expect(await leased([id])).toEqual([])
    })

    test('is forgotten in batches, some time after it was finished or left half kept', async () => {
      const appId = await kit().createApp()
      const failed = { label: 'x', input: null, reason: 'no' }
      const finished = await made([failed, failed, failed], appId)
      const waiting = await made(rows(1), appId)
      const [leases] = [await leased([finished.id])]
      for (const { lease: name } of leases) await jobs().release(appId, name, now())
      const half = { id: unique('job'), appId, dialect: 'red' }
      function* broken() {
        yield* Array.from({ length: 700 }, (_, at) => ({
          label: `${at}`,
          input: `"${'x'.repeat(1000)}"`,
          reason: null,
        }))
        throw new Error('the request broke off')
      }
      await expect(jobs().create({ ...half, total: 1000, items: broken() }, now())).rejects.toThrow(
        'broke off',
      )
      const drain = async (before: Date, limit: number) => {
        let pieces = 1
        while (await jobs().prune(before, limit)) pieces++
        return pieces
      }
      await drain(new Date(now().getTime() - 1), 1000)
      expect(await progress(finished.id)).toMatchObject({ state: 'completed' })
      kit().clock.advance(MINUTE)
      expect(await drain(now(), 100)).toBeGreaterThan(3)
      expect([await progress(finished.id), await progress(half.id)]).toEqual([null, null])
      expect(await jobs().items(half.id, { after: -1, limit: 10 })).toEqual([])
      expect(await jobs().items(finished.id, { after: -1, limit: 10 })).toEqual([])
      expect(await progress(waiting.id)).toMatchObject({ state: 'pending', total: 1 })
    })
  })
}
