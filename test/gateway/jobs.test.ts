import { beforeEach, describe, expect, test } from 'vitest'
import { GatewayError, StoreUnavailable } from '../../src/domain/error.ts'
import type { JobRow } from '../../src/gateway/jobs.ts'
import type { Call, Db } from '../../src/store/sql/port.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { columns, integer, sql, value } from '../../src/store/sql/template.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

const rowsOf = statement(
  sql`SELECT ${columns({ rows: integer(sql`count(i.position) + count(DISTINCT b.id)`) })} FROM jobs b LEFT JOIN job_items i ON i.job_id = b.id
    WHERE b.app_id = ${value('app')}`,
)

const DAY = 86_400_000

async function open(db?: (real: Db) => Db) {
  const h = await createHarness({ adapters: [echoDialect], ...(db && { db }) })
  const created = await h.createApp({ echo: {} })
  const app = await h.gateway.apps.find('echo', String(created.dialects.echo?.code))
  if (!app) throw new Error('no app')
  return { h, app }
}

async function finish(h: Harness): Promise<void> {
  while (await h.gateway.jobs.step());
}

// Ignores what other tests of this file left over the same database.
beforeEach(async () => finish((await open()).h))

const row = (externalId: string, { token = `token of ${externalId}` } = {}): JobRow => ({
  label: externalId,
  registration: {
    externalId,
    platform: 'android',
    pushToken: { provider: 'fcm', token },
    tags: [
      { do: 'increment', name: 'visits', as: [{ type: 'number', value: 1 }] },
      { do: 'append', name: 'list', as: [{ type: 'list', value: ['a'] }] },
    ],
  },
})

const isRow = (plan: readonly Call[]) =>
  plan.some(({ statement }) => statement.text.includes("state = 'done'"))

/** Holds back the first registration of a row until it is released. */
function slow() {
  let held: (() => void) | undefined
  let reached = () => {}
  const atGate = new Promise<void>((resolve) => {
    reached = resolve
  })
  let used = false
  const db = (real: Db): Db => ({
    ...real,
    async commit(plan, options) {
      if (isRow(plan) && !used) {
        used = true
        reached()
        await new Promise<void>((resolve) => {
          held = resolve
        })
      }
      return real.commit(plan, options)
    },
  })
  return { db, atGate, release: () => held?.() }
}

describe('a row of a job', () => {
  test('counts once though the lease ran out under a slow worker (B3)', async () => {
    const gate = slow()
    const { h, app } = await open(gate.db)
    const externalId = crypto.randomUUID()
    const id = await h.gateway.jobs.create({ app, rows: [row(externalId)] })
    const first = h.gateway.jobs.step()
    await gate.atGate
    h.clock.advance(61_000)
    expect(await h.gateway.jobs.step()).toBe(true)
    gate.release()
    await first
    const device = await h.gateway.devices.find({ app, externalId })
    expect(device?.tags).toEqual({ visits: 1, list: ['a'] })
    expect(await h.gateway.jobs.find('echo', id)).toMatchObject({ state: 'completed', done: 1, failed: 0 })
    expect(await h.gateway.jobs.results(id)).toMatchObject([{ state: 'done', reason: null }])
  })

  test('does not undo what its device did since, when a slow worker comes late (B3)', async () => {
    const gate = slow()
    const { h, app } = await open(gate.db)
    const externalId = crypto.randomUUID()
    await h.gateway.jobs.create({ app, rows: [row(externalId, { token: `old ${externalId}` })] })
    const first = h.gateway.jobs.step()
    await gate.atGate
    h.clock.advance(61_000)
    await finish(h)
    const token = `new ${externalId}`
    await h.gateway.devices.register({
      app,
      externalId,
      identity: 'key',
      platform: 'android',
      pushToken: { provider: 'fcm', token },
      cause: 'test',
    })
    gate.release()
    await first
    expect((await h.gateway.devices.find({ app, externalId }))?.pushToken?.token).toBe(token)
  })

  test('is not registered by a worker that comes after the dialect was emptied and set up again', async () => {
    const gate = slow()
    const { h, app } = await open(gate.db)
    const externalId = crypto.randomUUID()
    const setup = { echo: { code: app.identifier } }
    await h.gateway.jobs.create({ app, rows: [row(externalId)] })
    const first = h.gateway.jobs.step()
    await gate.atGate
    for (const dialects of [{ echo: null }, setup]) {
      expect((await h.admin('PATCH', `/apps/${app.app.id}`, { dialects })).status).toBe(200)
    }
    gate.release()
    await first
    expect(await h.gateway.devices.find({ app, externalId })).toBeNull()
  })
})

describe('the rows of a job', () => {
  const commits = () => {
    const sizes: number[] = []
    let failAt = Number.POSITIVE_INFINITY
    const db = (real: Db): Db => ({
      ...real,
      async commit(plan, options) {
        const kept = plan.filter(({ statement }) => statement.text.includes('INSERT INTO job_items'))
        if (kept.length > 0) {
          sizes.push(...kept.map(({ values }) => String(values.items).length))
          if (sizes.length === failAt) throw new StoreUnavailable('out of reach')
        }
        return real.commit(plan, options)
      },
    })
    return { db, sizes, failAt: (n: number) => (failAt = n) }
  }
  const rows = (count: number) =>
    Array.from({ length: count }, (_, i) => row(`device-${i}`, { token: `${'t'.repeat(400)}-${i}` }))

  test('are kept in commits of one size, however many they are (A5)', async () => {
    const seen = commits()
    const { h, app } = await open(seen.db)
    const most = []
    for (const count of [2500, 10_000]) {
      seen.sizes.length = 0
      const id = await h.gateway.jobs.create({ app, rows: rows(count) })
      expect(await h.gateway.jobs.find('echo', id)).toMatchObject({ state: 'pending', total: count, done: 0 })
      expect((await h.gateway.jobs.results(id)).map(({ position }) => position)).toEqual(
        Array.from({ length: count }, (_, i) => i),
      )
      expect(seen.sizes.length).toBeGreaterThan(1)
      most.push(Math.max(...seen.sizes))
    }
    expect(Math.max(...most)).toBeLessThan(310_000)
    // None of it is done here: removing an app removes its pending work.
    await h.admin('DELETE', `/apps/${app.app.id}`)
  })

  test('are worked on and shown only once all of them are kept', async () => {
    const seen = commits()
    const { h, app } = await open(seen.db)
    seen.failAt(3)
    await expect(h.gateway.jobs.create({ app, rows: rows(2500) })).rejects.toThrow('out of reach')
    expect(await h.gateway.jobs.step()).toBe(false)
    expect((await h.admin('GET', `/apps/${app.app.id}/devices`)).status).toBe(200)
    expect(await h.gateway.devices.find({ app, externalId: 'device-0' })).toBeNull()
    const left = async () => Number((await h.db.read([call(rowsOf, { app: app.app.id })]))[0][0]?.rows)
    const before = await left()
    expect(before).toBeGreaterThan(500)
    // Half-stored data is removed in batches.
    h.clock.advance(8 * DAY)
    expect(await h.gateway.jobs.step()).toBe(true)
    expect(await left()).toBeGreaterThanOrEqual(before - 501)
    await finish(h)
    expect(await left()).toBe(0)
  })

  test('of an app that has gone are refused (B7)', async () => {
    const { h, app } = await open()
    await h.admin('PATCH', `/apps/${app.app.id}`, { dialects: { echo: null } })
    await expect(h.gateway.jobs.create({ app, rows: rows(1) })).rejects.toThrow(GatewayError)
  })
})

test('a job whose lease was taken before the clock was set back three days goes on (hostile F20)', async () => {
  const gate = slow()
  const { h, app } = await open(gate.db)
  const externalId = crypto.randomUUID()
  await h.gateway.jobs.create({ app, rows: [row(externalId)] })
  void h.gateway.jobs.step()
  await gate.atGate
  h.clock.advance(-3 * DAY)
  expect(await h.gateway.jobs.step()).toBe(true)
  expect((await h.gateway.devices.find({ app, externalId }))?.tags).toMatchObject({ visits: 1 })
})

test('a job whose rows take longer than a lease is not taken by anybody else meanwhile', async () => {
  const others: boolean[] = []
  let looking = false
  const { h, app } = await open((real) => ({
    ...real,
    async commit(plan, options) {
      const results = await real.commit(plan, options)
      if (isRow(plan) && !looking) {
        looking = true
        h.clock.advance(40_000)
        others.push(await h.gateway.jobs.step())
        looking = false
      }
      return results
    },
  }))
  const externalId = crypto.randomUUID()
  const id = await h.gateway.jobs.create({ app, rows: [row(externalId), row(externalId), row(externalId)] })
  expect(await h.gateway.jobs.step()).toBe(true)
  expect(others).toEqual([false, false, false])
  expect(await h.gateway.jobs.find('echo', id)).toMatchObject({ state: 'completed', done: 3 })
})
