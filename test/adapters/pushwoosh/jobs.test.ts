import { beforeEach, describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../../src/domain/error.ts'
import { type Bulk, device, openBulk, PATH } from './bulk-kit.ts'

let b: Bulk
beforeEach(async () => {
  b = await openBulk()
  // Ignores what other tests of this file left over the same database.
  await b.finish()
})

describe('the job', () => {
  const rows = (count: number) => Array.from({ length: count }, () => device())

  test('goes on in bounded steps and tells how far it is', async () => {
    const id = await b.accepted(rows(120))
    const seen: number[] = [(await b.status(id)).progress]
    while (await b.t.h.gateway.jobs.step()) seen.push((await b.status(id)).progress)
    expect(seen).toEqual([0, 41, 83, 100])
    expect((await b.status(id)).devices_success).toBe(120)
  })

  test('shows rows that wait', async () => {
    const [row] = rows(1)
    const id = await b.accepted([row])
    expect((await b.status(id, '?detailed=true')).devices).toEqual([{ hwid: row?.hwid, status: 'pending' }])
  })

  test('of 1,000 devices is done', async () => {
    const id = await b.accepted(rows(1000))
    await b.finish()
    expect(await b.status(id)).toMatchObject({ status: 'Completed', devices_success: 1000 })
    const stats = await (await b.t.h.admin('GET', `/apps/${b.t.id}/stats`)).json()
    expect(stats).toMatchObject({ devices: { total: 1000, byDialect: { pushwoosh: 1000 } } })
  })

  test('is worked on by one step at a time, and what a step left behind is taken up after its lease', async () => {
    let broken = true
    const db: NonNullable<Parameters<typeof openBulk>[1]>['db'] = (real) => ({
      read: (plan) => real.read(plan),
      commit: (plan) => {
        const registers = plan.some(({ statement }) => statement.text.includes("state = 'done'"))
        return broken && registers ? Promise.reject(new StoreUnavailable('out of reach')) : real.commit(plan)
      },
    })
    b = await openBulk({}, { db })
    const id = await b.accepted(rows(3))
    await expect(b.t.h.gateway.jobs.step()).rejects.toThrow('out of reach')
    broken = false
    expect(await b.t.h.gateway.jobs.step()).toBe(false)
    expect(await b.status(id)).toMatchObject({ status: 'Pending', devices_success: 0 })
    b.t.h.clock.advance(61_000)
    expect(await b.t.h.gateway.jobs.step()).toBe(true)
    expect(await b.status(id)).toMatchObject({ status: 'Completed', devices_success: 3 })
  })

  test('increments count once though the step that did them never ended', async () => {
    let broken = true
    b = await openBulk(
      {},
      { db: (real) => ({ ...real, commit: (plan) => withoutRelease(plan, real.commit) }) },
    )
    function withoutRelease<P extends readonly { statement: { text: string } }[], R>(
      plan: P,
      commit: (plan: P) => Promise<R>,
    ): Promise<R> {
      const releases = plan.some(({ statement }) => statement.text.includes('finished_at = CASE'))
      return broken && releases ? Promise.reject(new StoreUnavailable('out of reach')) : commit(plan)
    }
    const row = device({ tags: { n: { operation: 'increment', value: 1 } } })
    const id = await b.accepted([row])
    await expect(b.t.h.gateway.jobs.step()).rejects.toThrow('out of reach')
    broken = false
    b.t.h.clock.advance(61_000)
    await b.finish()
    expect(await b.t.tags({ hwid: row.hwid })).toMatchObject({ n: 1 })
    expect(await b.status(id)).toMatchObject({ status: 'Completed', devices_success: 1 })
  })

  test('that two runners see at once is done once', async () => {
    const id = await b.accepted(
      rows(120).map((row) => ({ ...row, tags: { n: { operation: 'increment', value: 1 } } })),
    )
    await Promise.all([b.finish(), b.finish(), b.finish()])
    await b.finish()
    expect(await b.status(id)).toMatchObject({ status: 'Completed', devices_success: 120 })
    expect(new Set((await b.t.devices()).map((one) => one.tags.n))).toEqual(new Set([1]))
  })

  test('is forgotten a week after it was done', async () => {
    const id = await b.accepted(rows(1))
    await b.finish()
    b.t.h.clock.advance(6 * 86_400_000)
    await b.finish()
    expect((await b.status(id)).status).toBe('Completed')
    b.t.h.clock.advance(2 * 86_400_000)
    await b.finish()
    expect((await b.t.h.request('GET', `${PATH}/${id}`)).status).toBe(404)
  })

  test('goes with its app', async () => {
    const id = await b.accepted(rows(60))
    await b.t.h.admin('DELETE', `/apps/${b.t.id}`)
    expect((await b.t.h.request('GET', `${PATH}/${id}`)).status).toBe(404)
    await b.finish()
  })

  test('goes with its dialect', async () => {
    const id = await b.accepted(rows(60))
    await b.t.h.admin('PATCH', `/apps/${b.t.id}`, { dialects: { pushwoosh: null } })
    expect((await b.t.h.request('GET', `${PATH}/${id}`)).status).toBe(404)
  })
})
