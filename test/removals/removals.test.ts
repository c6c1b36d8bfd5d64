import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import type { DialectApp } from '../../src/domain/app.ts'
import { StoreUnavailable } from '../../src/domain/error.ts'
import type { Db } from '../../src/store/sql/port.ts'
import type { Harness } from '../harness/harness.ts'
import { ENOUGH, externalIds, find, open, register } from './kit.ts'
import { putMany, rowsOf } from './many.ts'

const GUEST = 'guest'

/** Things that may have any number of devices, and the call that removes them. */
const REMOVALS: Record<string, (h: Harness, app: DialectApp) => Promise<unknown>> = {
  'erasing a user': async (h, app) =>
    expect((await h.admin('DELETE', `/apps/${app.app.id}/users/${GUEST}`)).status).toBe(204),
  "removing a user's devices in one dialect": (h, app) =>
    h.gateway.users.removeDevices({ app, userId: GUEST, cause: 'test' }),
  'dropping a dialect': async (h, app) =>
    expect((await h.admin('PATCH', `/apps/${app.app.id}`, { dialects: { echo: null } })).status).toBe(200),
  'clearing a dialect': (h, app) => h.gateway.apps.clear(app, { cleared: true }),
  'deleting an app': async (h, app) =>
    expect((await h.admin('DELETE', `/apps/${app.app.id}`)).status).toBe(204),
}
const cases = Object.entries(REMOVALS)
const users = cases.slice(0, 2)
const MANY = 800
/** How long an interrupted removal stays leased. */
const LEASE = 60_000

/** A tenant with many devices, whose store accepts so many more commits (`alive`) and then none. */
async function openMortal() {
  const store = { alive: Number.POSITIVE_INFINITY }
  const tenant = await open(async (commit) => {
    if (store.alive-- <= 0) throw new StoreUnavailable('broken')
    await commit()
  })
  await putMany(tenant.h, tenant.app, MANY, GUEST)
  return Object.assign(store, tenant)
}

describe('review A5, hostile F7: a removal', () => {
  test.each(cases)('changes no more rows in one plan for four times the devices: %s', async (_, remove) => {
    const most = async (count: number) => {
      let watched: string | undefined
      let largest = 0
      let statements = 0
      const tenant = await open(async (commit, size) => {
        if (watched === undefined) return void (await commit())
        const before = await rowsOf(tenant.h, watched)
        await commit()
        largest = Math.max(largest, Math.abs(before - (await rowsOf(tenant.h, watched))))
        statements = Math.max(statements, size)
      })
      await putMany(tenant.h, tenant.app, count, GUEST)
      watched = tenant.id
      await remove(tenant.h, tenant.app)
      await tenant.h.gateway.maintenance.run(ENOUGH)
      return { largest, statements }
    }
    const few = await most(500)
    const many = await most(2000)
    expect(few.largest).toBeGreaterThan(100)
    expect(many.largest).toBeLessThanOrEqual(few.largest)
    expect(many.largest).toBeLessThan(2500)
    expect(Math.max(few.statements, many.statements)).toBeLessThan(50)
  })

  test.each(cases)(
    'is out of sight before the rest of it goes, in pieces, to the last row: %s',
    async (_, remove) => {
      const t = await open()
      await putMany(t.h, t.app, MANY, GUEST)
      await remove(t.h, t.app)
      expect(await rowsOf(t.h, t.id)).toBeGreaterThan(0)
      const ref = { app: t.app, externalId: 'device-000799' }
      expect(await t.h.gateway.devices.find(ref)).toBeNull()
      expect(await t.h.gateway.receipts.record({ ...ref, messageId: 'late', kind: 'opened' })).toBe(false)
      const status = (await t.h.admin('GET', `/apps/${t.id}`)).status
      if (status === 200) {
        expect(await externalIds(t.h, t.id)).toEqual([])
        expect((await t.h.admin('GET', `/apps/${t.id}/users/${GUEST}`)).status).toBe(404)
        const receipts = await (await t.h.admin('GET', `/apps/${t.id}/receipts`)).json<{ receipts: [] }>()
        expect(receipts.receipts).toEqual([])
      }
      const { done, faults } = await t.h.gateway.maintenance.run(ENOUGH)
      expect([done.removals, faults]).toEqual([expect.any(Number), []])
      // A user's devices that were not erased leave their history and the hashes of their tokens.
      const left = await rowsOf(t.h, t.id)
      expect(left === 0 || left === 3 * MANY).toBe(true)
      expect((await t.h.gateway.maintenance.run(ENOUGH)).done.removals).toBeUndefined()
    },
  )

  test.each(cases)('goes on after it broke between any two of its pieces: %s', async (_, remove) => {
    const t = await openMortal()
    const all = await rowsOf(t.h, t.id)
    t.alive = 2
    await remove(t.h, t.app).catch(() => undefined)
    expect(t.alive).toBeLessThan(0)
    for (let run = 0; run < 3; run++) {
      t.alive = 2
      t.h.clock.advance(LEASE)
      await t.h.gateway.maintenance.run(ENOUGH)
    }
    t.alive = Number.POSITIVE_INFINITY
    t.h.clock.advance(LEASE)
    await t.h.gateway.maintenance.run(ENOUGH)
    // If it is interrupted while it marks the data of someone with very many devices, an erasure has not
    // begun, and the caller got an error.
    if ((await rowsOf(t.h, t.id)) === all) await remove(t.h, t.app)
    await t.h.gateway.maintenance.run(ENOUGH)
    expect([0, 3 * MANY]).toContain(await rowsOf(t.h, t.id))
  })

  test('that broke off before its answer is nobody’s until its lease is over', async () => {
    const t = await openMortal()
    t.alive = 2
    await t.h.gateway.apps.clear(t.app, { cleared: true }).catch(() => undefined)
    t.alive = Number.POSITIVE_INFINITY
    t.h.clock.advance(LEASE - 1)
    expect((await t.h.gateway.maintenance.run(ENOUGH)).done.removals).toBeUndefined()
    t.h.clock.advance(1)
    expect((await t.h.gateway.maintenance.run(ENOUGH)).done.removals).toBeGreaterThan(0)
    expect(await rowsOf(t.h, t.id)).toBe(0)
  })

  test('takes no more than two round trips for a batch, and none that writes where there is nothing to do', async () => {
    const trips = { reads: 0, writes: 0 }
    const db = (real: Db): Db => ({
      ...real,
      read(plan) {
        trips.reads++
        return real.read(plan)
      },
      commit(plan, options) {
        trips.writes++
        return real.commit(plan, options)
      },
    })
    const t = await open(undefined, db)
    const batches = async () => {
      const work = t.h.gateway.maintenance.work.find(({ name }) => name === 'removals')
      let steps = 0
      Object.assign(trips, { reads: 0, writes: 0 })
      while (await work?.step()) steps++
      return { steps, ...trips }
    }
    await putMany(t.h, t.app, MANY, GUEST)
    await t.h.gateway.users.removeDevices({ app: t.app, userId: GUEST, cause: 'test' })
    const { steps, reads, writes } = await batches()
    expect(steps).toBeGreaterThan(1)
    // Two batches per step.
    expect(reads + writes).toBeLessThanOrEqual(4 * steps + 1)
    const idle = await batches()
    expect(idle).toEqual(
      // On D1 no plan blocks others, so there is no read before.
      runtimeName === 'D1 in workerd' ? { steps: 0, reads: 0, writes: 1 } : { steps: 0, reads: 1, writes: 0 },
    )
  })

  test.each(cases)('is done at once where it is small: %s', async (_, remove) => {
    const t = await open()
    await putMany(t.h, t.app, 20, GUEST)
    await remove(t.h, t.app)
    expect((await t.h.gateway.maintenance.run(ENOUGH)).done.removals).toBeUndefined()
    expect([0, 60]).toContain(await rowsOf(t.h, t.id))
  })
})

describe('while a removal is under way', () => {
  test.each(users)('whoever registers anew, or becomes the user again, stays: %s', async (_, remove) => {
    const t = await open()
    await register(t.h, t.app, 'of-bob', 'bob')
    await register(t.h, t.app, 'of-carol', 'carol')
    await register(t.h, t.app, 'of-dan', 'dan')
    await putMany(t.h, t.app, MANY, GUEST)
    await remove(t.h, t.app)
    const again = await register(t.h, t.app, 'device-000700', GUEST)
    expect([again.created, again.device.topics, again.device.tags]).toEqual([true, [], {}])
    await register(t.h, t.app, 'new', GUEST)
    await register(t.h, t.app, 'of-carol', GUEST)
    const rules = { replace: true, limit: null }
    const user = { id: GUEST, proved: false }
    await t.h.gateway.users.bind({ app: t.app, externalId: 'of-bob', user, rules, cause: 'test' })
    await t.h.gateway.users.move({ app: t.app, from: 'dan', to: GUEST, cause: 'test' })
    await t.h.gateway.users.move({ app: t.app, from: GUEST, to: 'eve', cause: 'test' })
    await t.h.gateway.maintenance.run(ENOUGH)
    expect(await externalIds(t.h, t.id)).toEqual(['device-000700', 'new', 'of-bob', 'of-carol', 'of-dan'])
    expect(await externalIds(t.h, t.id, '&user=eve')).toHaveLength(5)
  })

  test('a dialect that comes back is empty, and keeps what registers in it', async () => {
    const t = await open()
    await putMany(t.h, t.app, MANY, GUEST)
    await t.h.admin('PATCH', `/apps/${t.id}`, { dialects: { echo: null } })
    await t.h.admin('PATCH', `/apps/${t.id}`, { dialects: { echo: { code: t.code } } })
    const app = await find(t.h, t.code)
    expect(await t.h.gateway.devices.find({ app, externalId: 'device-000799' })).toBeNull()
    const again = await register(t.h, app, 'device-000799')
    expect([again.created, again.device.topics, again.device.user]).toEqual([true, [], null])
    await t.h.gateway.maintenance.run(ENOUGH)
    expect(await externalIds(t.h, t.id)).toEqual(['device-000799'])
  })

  test('an app that is made anew under the same identifier is another one', async () => {
    const t = await open()
    await putMany(t.h, t.app, MANY, GUEST)
    await t.h.admin('DELETE', `/apps/${t.id}`)
    const next = await t.h.createApp({ echo: { code: t.code } })
    await register(t.h, await find(t.h, t.code), 'device-000799')
    await t.h.gateway.maintenance.run(ENOUGH)
    expect(await externalIds(t.h, next.id)).toEqual(['device-000799'])
    expect(await rowsOf(t.h, t.id)).toBe(0)
  })

  test('a device is its token again where the dialect knows it by that', async () => {
    const t = await open()
    await putMany(t.h, t.app, MANY, GUEST)
    await t.h.admin('DELETE', `/apps/${t.id}/users/${GUEST}`)
    const pushToken = { provider: 'fcm', token: 'of a token device' } as const
    const one = { identity: 'token', pushToken }
    const first = await register(t.h, t.app, 'by-token', GUEST, one)
    const second = await register(t.h, t.app, 'other-id', GUEST, one)
    expect([first.created, second.created, second.device.externalId]).toEqual([true, false, 'by-token'])
    await t.h.gateway.maintenance.run(ENOUGH)
    expect(await externalIds(t.h, t.id)).toEqual(['by-token'])
  })
})
