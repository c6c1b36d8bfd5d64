import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../../src/domain/error.ts'
import type { Db } from '../../../src/store/sql/port.ts'
import { call, statement } from '../../../src/store/sql/statement.ts'
import { sql, value } from '../../../src/store/sql/template.ts'
import { putMany, rowsOf } from '../../removals/many.ts'
import { createTenant, type Tenant } from './kit.ts'

/** Every device that `putMany` creates has this topic. */
const TAG = 'topic-1'
/** More than two batches, on either runtime. */
const MANY = 2400

const having = statement(sql`
  INSERT INTO counters (app_id, kind, name, amount) VALUES (${value('app')}, 'topic', ${value('topic')}, ${value('total')})`)

/** A tenant, and a view of every plan that is written. */
async function tenant(around: (commit: () => Promise<void>) => Promise<void>, dialects = {}) {
  const db = (real: Db): Db => ({
    ...real,
    async commit(plan, options) {
      let results: unknown
      await around(async () => {
        results = await real.commit(plan, options)
      })
      return results as Awaited<ReturnType<typeof real.commit<typeof plan>>>
    },
  })
  return createTenant({ db, dialects })
}

async function fill(t: Tenant, total: number, dialect = 'mobilefirst'): Promise<void> {
  const app = await t.h.gateway.apps.findById(dialect, t.id)
  if (!app) throw new Error('no app')
  await putMany(t.h, app, total, 'guest')
  await t.h.db.commit([call(having, { app: t.id, topic: TAG, total })])
}

const remove = async (t: Tenant) => (await t.send('DELETE', `/tags/${TAG}`)).status
const counted = async (t: Tenant): Promise<number> =>
  (await t.h.gateway.directory.topics(t.id, { after: null, limit: 10 })).items.find(
    ({ topic }) => topic === TAG,
  )?.subscribers ?? 0

/** A tenant whose store failed in the middle of the removal of a tag, and works again. */
async function brokenOff() {
  let alive = Number.POSITIVE_INFINITY
  const t = await tenant(async (commit) => {
    if (alive-- <= 0) throw new StoreUnavailable('broken')
    await commit()
  })
  await t.tags(TAG)
  await fill(t, MANY)
  await t.send('GET', '/tags')
  alive = 2
  const status = await remove(t)
  alive = Number.POSITIVE_INFINITY
  return { t, status }
}

describe('issue 8: the removal of a tag that very many devices have', () => {
  test('changes no more rows in one plan for four times the devices', async () => {
    const most = async (total: number) => {
      let watched = ''
      let largest = 0
      const t = await tenant(async (commit) => {
        const before = watched && (await rowsOf(t.h, watched))
        await commit()
        if (watched) largest = Math.max(largest, Number(before) - (await rowsOf(t.h, watched)))
      })
      await t.tags(TAG)
      await fill(t, total)
      watched = t.id
      expect(await remove(t)).toBe(204)
      expect(await counted(t)).toBe(0)
      return largest
    }
    const [few, many] = [await most(2400), await most(9600)]
    expect(few).toBeGreaterThanOrEqual(100)
    expect(many).toBe(few)
  })

  test('that broke off has it out of sight, and is finished by the same call again', async () => {
    const { t, status } = await brokenOff()
    expect(status).toBeGreaterThanOrEqual(500)
    expect((await t.send('GET', `/tags/${TAG}`)).status).toBe(404)
    const { deviceId } = await t.device()
    const late = await t.send('POST', '/subscriptions', { body: { deviceId, tagName: TAG } })
    expect(late.status).toBe(404)
    expect(await counted(t)).toBeGreaterThan(0)
    expect(await remove(t)).toBe(204)
    expect([await counted(t), await remove(t)]).toEqual([0, 404])
  })

  test('that broke off is finished by itself a minute later, by one of several processes', async () => {
    const { t } = await brokenOff()
    const run = () => t.h.gateway.maintenance.run({ milliseconds: 60_000, steps: 1000 })
    t.h.clock.advance(59_999)
    await run()
    expect(await counted(t)).toBeGreaterThan(0)
    t.h.clock.advance(1)
    const runs = await Promise.all([run(), run()])
    expect(runs.flatMap(({ faults }) => faults)).toEqual([])
    expect([await counted(t), await remove(t)]).toEqual([0, 404])
    expect((await run()).done.removals).toBeUndefined()
  })

  test('leaves nothing to the tag that is made anew, which keeps whoever subscribes to it', async () => {
    const { t } = await brokenOff()
    await t.tags(TAG)
    expect(await counted(t)).toBe(0)
    const { deviceId } = await t.device()
    await t.ok('POST', '/subscriptions', { body: { deviceId, tagName: TAG } })
    expect([await counted(t), (await t.send('GET', `/tags/${TAG}`)).status]).toEqual([1, 200])
  })

  test('made at once with others of it, and with its creation, loses nobody', async () => {
    const t = await createTenant()
    await t.tags(TAG)
    await fill(t, MANY)
    const { deviceId } = await t.device()
    const again = async () => {
      for (;;) {
        const body = { name: TAG, description: '' }
        if ((await t.send('POST', '/tags', { body })).status === 201) break
      }
      await t.ok('POST', '/subscriptions', { body: { deviceId, tagName: TAG } })
    }
    const removing = [remove(t), remove(t)]
    await Promise.all([...removing, again()])
    expect(await counted(t)).toBe(1)
  })

  test("leaves other dialects' devices their topic of that name", async () => {
    let alive = Number.POSITIVE_INFINITY
    const t = await tenant(
      async (commit) => {
        if (alive-- <= 0) throw new StoreUnavailable('broken')
        await commit()
      },
      { pushwoosh: {} },
    )
    await t.tags(TAG)
    await fill(t, MANY, 'pushwoosh')
    const { deviceId } = await t.device()
    await t.ok('POST', '/subscriptions', { body: { deviceId, tagName: TAG } })
    expect(await counted(t)).toBe(MANY + 1)
    alive = 1
    expect(await remove(t)).toBeGreaterThanOrEqual(500)
    alive = Number.POSITIVE_INFINITY
    expect(await remove(t)).toBe(204)
    expect(await counted(t)).toBe(MANY)
  })
})
