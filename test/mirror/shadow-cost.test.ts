import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ROOM } from '../../src/gateway/put-off.ts'
import type { Db } from '../../src/store/sql/port.ts'
import type { AppDocument, Harness } from '../harness/harness.ts'
import { mirrorHarness, openVendor, setMirror, type VendorServer } from './kit.ts'
import { countsOf } from './record-kit.ts'

/** The work of a process over a file for a call of `shadow` before it answers. */
describe('a shadowed call', () => {
  const seen = { reads: 0, commits: [] as string[][] }
  let broken = false
  let h: Harness
  let vendor: VendorServer
  let app: AppDocument

  /** Counts plans, and makes those that only write copies fail on request. */
  const watched = (real: Db): Db => ({
    ...real,
    read(plan) {
      seen.reads += 1
      return real.read(plan)
    },
    async commit(plan, options) {
      const texts = plan.map(({ statement }) => statement.text)
      seen.commits.push(texts)
      if (broken && texts.every((text) => text.includes('mirror_cop'))) throw new Error('the disk is full')
      return real.commit(plan, options)
    },
  })
  const writes = (texts: readonly string[]) =>
    texts.filter((text) => /INTO "?mirror_copies/.test(text)).length

  beforeEach(async () => {
    broken = false
    h = await mirrorHarness({ dialect: 'pushwoosh', gathers: true, db: watched })
    vendor = await openVendor(() => new Promise<Response>(() => {}))
    app = await h.createApp({ pushwoosh: {} })
  })
  afterEach(async () => {
    broken = false
    await h.gateway.copies.write()
    vendor.close()
    await h.admin('DELETE', `/apps/${app.id}`)
  })

  const call = async (method: string, request: object) => {
    const application = app.dialects.pushwoosh?.applicationCode
    const answer = await h.request('POST', `/json/1.3/${method}`, {
      body: { request: { application, ...request } },
    })
    expect(await answer.json()).toMatchObject({ status_code: 200 })
  }
  const register = (hwid: string, token = `token of ${hwid}`) =>
    call('registerDevice', { hwid, device_type: 3, push_token: token })
  const shadowed = async () =>
    void (await setMirror(h, app, 'pushwoosh', { mode: 'shadow', upstream: vendor.origin }))
  /** Reads and plans of a call, as far as its answer waits for them. */
  async function cost(made: () => Promise<unknown>) {
    const before = { reads: seen.reads, commits: seen.commits.length }
    await made()
    return { reads: seen.reads - before.reads, commits: seen.commits.slice(before.commits) }
  }
  const waiting = () => h.gateway.mirrors.reports.summary({ appId: app.id, dialect: 'pushwoosh' }, MIRROR)
  const MIRROR = { since: new Date(0).toISOString() } as Parameters<
    Harness['gateway']['mirrors']['reports']['summary']
  >[1]
  const inStore = async () => (await waiting()).waiting

  test.each([
    { kind: 'steady registration', before: true, made: () => register('h1'), copies: 0 },
    { kind: 'read', before: true, made: () => call('getTags', { hwid: 'h1' }), copies: 0 },
    { kind: 'fresh registration', before: false, made: () => register('h1'), copies: 1 },
  ])(
    'that is a $kind waits for no read and no plan more than without a vendor',
    async ({ before, made, copies }) => {
      const costs = []
      for (const mode of ['local', 'shadow']) {
        if (mode === 'shadow') {
          await h.admin('DELETE', `/apps/${app.id}`)
          app = await h.createApp({ pushwoosh: {} })
          await shadowed()
        }
        if (before) await register('h1')
        await made()
        if (!before) {
          await h.admin('DELETE', `/apps/${app.id}`)
          app = await h.createApp({ pushwoosh: {} })
          if (mode === 'shadow') await shadowed()
          await register('another')
        }
        costs.push(await cost(made))
      }
      const [local, shadow] = costs
      expect(shadow?.reads).toBe(local?.reads)
      expect(shadow?.commits).toHaveLength(local?.commits.length ?? -1)
      expect(shadow?.commits.map(writes).filter(Boolean)).toEqual(copies ? [copies] : [])
    },
  )

  test.each([25, 100])('that changed nothing is written with %s others in a few plans', async (calls) => {
    await shadowed()
    await register('h1')
    const { commits } = await cost(async () => {
      for (let n = 0; n < calls; n++) await call('getTags', { hwid: `h${n}` })
    })
    expect(commits.flatMap(writes).filter(Boolean)).toEqual([])
    const written = await cost(() => h.gateway.copies.write())
    expect(written.commits).toHaveLength(Math.ceil(calls / 50))
    expect(written.commits.map(writes).reduce((sum, one) => sum + one, 0)).toBe(calls)
    expect(await inStore()).toBe(calls + 1)
  })

  test('that changed nothing goes with the next change of its device, and before it', async () => {
    await shadowed()
    await register('h1')
    await register('h1')
    await register('h2')
    await register('h2')
    expect(await inStore()).toBe(2)
    const { commits } = await cost(() => register('h1', 'another token'))
    expect(commits.map(writes).filter(Boolean)).toEqual([2])
    expect(await inStore()).toBe(4)
    vendor.answer = () => Response.json({ status_code: 200, status_message: 'OK', response: null })
    await h.settled()
    await h.copy()
    const tokens = vendor.asked
      .filter(({ body }) => body.includes('"h1"'))
      .map(({ body }) => body.includes('another'))
    expect(tokens.slice(0, -1)).not.toContain(true)
    expect(tokens.at(-1)).toBe(true)
    await h.gateway.copies.write()
    await h.copy()
    expect(vendor.asked.at(-1)?.body).toContain('"h2"')
  })

  test('that must not arrive twice is written at once, after what its device did before', async () => {
    await shadowed()
    await register('h1')
    await register('h1')
    await call('postEvent', { hwid: 'h1', event: 'bought', attributes: {} })
    await h.settled()
    expect(await inStore()).toBe(3)
  })

  test('of a user who is erased is found where it waits in memory', async () => {
    await shadowed()
    await register('h1')
    await call('registerUser', { hwid: 'h1', userId: 'anna' })
    await call('registerUser', { hwid: 'h1', userId: 'anna' })
    expect(await h.admin('DELETE', `/apps/${app.id}/users/anna`)).toMatchObject({ ok: true })
    await h.gateway.copies.write()
    expect(await inStore()).toBe(0)
  })

  test('waits on where it cannot be written, within bounds: what has no room is dropped, and counted', async () => {
    await shadowed()
    await register('h1')
    broken = true
    const one = {
      app: { app: { id: app.id }, dialect: 'pushwoosh' },
      route: 'GET /x',
      once: false,
      users: [],
      handles: [],
    }
    const request = { method: 'GET', target: '/x', headers: [], body: null, subject: 'h1' }
    const copy = { ...one, request } as unknown as Parameters<Harness['gateway']['copies']['putOff']>[0]
    let taken = 0
    for (let n = 0; n < 4 * ROOM.copies; n++) if (h.gateway.copies.putOff(copy, null)) taken++
    expect(taken).toBe(ROOM.copies)
    await expect(h.gateway.copies.write()).rejects.toThrow()
    await call('getTags', { hwid: 'h1' })
    expect(await countsOf({ h, app })).toMatchObject({ dropped: 1, 'notSent.backlog': 1 })
    broken = false
    await h.gateway.copies.write()
    expect(await inStore()).toBeGreaterThan(1)
  })
})
