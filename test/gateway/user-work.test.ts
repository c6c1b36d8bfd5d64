import { beforeEach, describe, expect, test } from 'vitest'
import type { DialectApp } from '../../src/domain/app.ts'
import type { TagChange } from '../../src/domain/tag.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

let h: Harness
let app: DialectApp
beforeEach(async () => {
  h = await createHarness({ adapters: [echoDialect] })
  const created = await h.createApp({ echo: {} })
  const found = await h.gateway.apps.find('echo', String(created.dialects.echo?.code))
  if (!found) throw new Error('no app')
  app = found
  // Ignores what other tests of this file left over the same database.
  await finish()
})

async function finish(): Promise<number> {
  let steps = 0
  while (await h.gateway.jobs.step()) steps++
  return steps
}
const register = (externalId: string, userId: string | null, tags: readonly TagChange[] = []) =>
  h.gateway.devices.register({
    app,
    externalId,
    identity: 'key',
    platform: 'android',
    patch: { user: userId === null ? null : { id: userId, proved: false } },
    tags,
    cause: 'test',
  })
const set = (name: string, value: number, type = 'number'): TagChange => ({
  name,
  do: 'set',
  as: [{ type, value }],
  stamped: true,
})
const count = (name: string, value: number): TagChange => ({
  name,
  do: 'increment',
  as: [{ type: 'number', value }],
})
const ask = (userId: string, ...changes: TagChange[]) =>
  h.gateway.tags.changeOfUser({ app, userId, changes, cause: 'test' })
const tagsOf = async (externalId: string) => (await h.gateway.devices.find({ app, externalId }))?.tags
const userOf = async (externalId: string) =>
  (await h.gateway.devices.find({ app, externalId }))?.user?.id ?? null

/** So many changes that a batch has few devices: each costs 1 + changes + tags. */
const WIDE = Array.from({ length: 900 }, (_, at) => set(`wide ${at}`, 1))
const crowd = async (userId: string, n: number) => {
  const ids = Array.from({ length: n }, (_, at) => `${userId} ${at}`)
  for (const id of ids) await register(id, userId)
  return ids
}

describe('a change of all devices of a user (A5)', () => {
  test('is done when the caller is answered, where the devices are few', async () => {
    const ids = await crowd('ann', 3)
    expect(await ask('ann', set('a', 1))).toEqual({ skipped: [], more: false })
    expect(await Promise.all(ids.map(tagsOf))).toEqual(ids.map(() => ({ a: 1 })))
    expect(await finish()).toBe(0)
  })

  test('is done on the newest devices at once, and on the others piece by piece', async () => {
    const ids = await crowd('ann', 30)
    expect((await ask('ann', ...WIDE)).more).toBe(true)
    const done = async () => (await Promise.all(ids.map(tagsOf))).filter((tags) => tags?.['wide 899'] === 1)
    expect((await done()).length).toBeGreaterThan(0)
    expect((await done()).length).toBeLessThan(15)
    expect(await tagsOf('ann 29')).toMatchObject({ 'wide 0': 1 })
    const steps = await finish()
    expect(steps).toBeGreaterThan(1)
    expect((await done()).length).toBe(30)
  })

  test('counts once on each device, whoever works on it and however often', async () => {
    const ids = await crowd('ann', 30)
    await ask('ann', ...WIDE, count('n', 1))
    const other = await createHarness({ adapters: [echoDialect] })
    for (let more = true; more; ) {
      const did = await Promise.all([h, h, other].map(({ gateway }) => gateway.jobs.step()))
      more = did.includes(true)
    }
    expect(await Promise.all(ids.map(async (id) => (await tagsOf(id))?.n))).toEqual(ids.map(() => 1))
  })

  test('never overwrites what was changed on a device since it was asked', async () => {
    await crowd('ann', 30)
    await ask('ann', ...WIDE, set('level', 1))
    h.clock.advance(1000)
    await h.gateway.tags.change({ app, externalId: 'ann 0', changes: [set('level', 2)] })
    await register('ann 1', 'bob')
    await register('stranger', 'ann')
    h.clock.advance(1000)
    await register('ann 2', 'bob')
    await register('ann 2', 'ann')
    await finish()
    expect(await tagsOf('ann 0')).toMatchObject({ level: 2, 'wide 0': 1 })
    expect(await tagsOf('ann 1')).toEqual({})
    expect(await tagsOf('ann 2')).toEqual({})
    expect(await tagsOf('ann 3')).toMatchObject({ level: 1 })
    expect(await tagsOf('stranger')).toEqual({})
  })

  test('keeps the order of what was asked for one user, and holds nobody else back', async () => {
    const ids = await crowd('ann', 30)
    await register('bobs', 'bob')
    const list = (what: 'append' | 'subtract'): TagChange => ({
      name: 'l',
      do: what,
      as: [{ type: 'list', value: ['x'] }],
    })
    await ask('ann', ...WIDE, list('append'))
    h.clock.advance(1)
    expect((await ask('ann', list('subtract'))).more).toBe(true)
    expect((await ask('bob', set('b', 1))).more).toBe(false)
    await finish()
    expect(await Promise.all(ids.map(async (id) => (await tagsOf(id))?.l))).toEqual(ids.map(() => []))
  })

  test('passes a full device over, and goes on', async () => {
    await register('ann 0', 'ann')
    for (let at = 0; at < 5; at++) {
      const changes = Array.from({ length: 1000 }, (_, i) => set(`full ${at} ${i}`, 1))
      await h.gateway.tags.change({ app, externalId: 'ann 0', changes })
    }
    await register('ann 00', 'ann')
    for (let at = 1; at < 20; at++) await register(`ann ${at}`, 'ann')
    await ask('ann', ...WIDE)
    await finish()
    expect(Object.keys((await tagsOf('ann 0')) ?? {})).toHaveLength(5000)
    expect(Object.keys((await tagsOf('ann 00')) ?? {})).toHaveLength(900)
  })

  test('passes over no other device than the full one, where several processes come to it at once', async () => {
    const others = await crowd('ann', 5)
    await register('full', 'ann')
    for (let at = 0; at < 5; at++) {
      const changes = Array.from({ length: 1000 }, (_, i) => set(`full ${at} ${i}`, 1))
      await h.gateway.tags.change({ app, externalId: 'full', changes })
    }
    for (let at = 0; at < 12; at++) await register(`newer ${at}`, 'ann')
    await ask('ann', ...WIDE)
    const processes = [
      h,
      ...(await Promise.all([1, 2].map(() => createHarness({ adapters: [echoDialect] })))),
    ]
    for (let more = true; more; ) {
      const did = await Promise.all(processes.map(({ gateway }) => gateway.jobs.step()))
      more = did.includes(true)
    }
    const done = await Promise.all(others.map(async (id) => (await tagsOf(id))?.['wide 0']))
    expect(done).toEqual(others.map(() => 1))
  })

  test.each([
    ['its app', ''],
    ['its user, who is erased', '/users/ann'],
  ])('ends with %s', async (_, path) => {
    await crowd('ann', 30)
    await ask('ann', ...WIDE)
    expect((await h.admin('DELETE', `/apps/${app.app.id}${path}`)).status).toBe(204)
    expect(await finish()).toBe(0)
  })
})

describe('a merge of two users (A5)', () => {
  const move = (from: string, to: string) => h.gateway.users.move({ app, from, to, cause: 'test' })

  test('moves the newest devices at once and the others by and by, once', async () => {
    const ids = await crowd('ann', 520)
    expect((await move('ann', 'bob')).more).toBe(true)
    expect([await userOf('ann 519'), await userOf('ann 0')]).toEqual(['bob', 'ann'])
    h.clock.advance(1000)
    await register('ann 1', 'bob')
    await register('ann 1', 'ann')
    await register('late', 'ann')
    await finish()
    const users = await Promise.all(ids.map(userOf))
    expect(users.filter((one) => one === 'bob')).toHaveLength(519)
    expect([await userOf('ann 0'), await userOf('ann 1'), await userOf('late')]).toEqual([
      'bob',
      'ann',
      'ann',
    ])
  })

  test('comes before what is asked for the new user later', async () => {
    const ids = await crowd('ann', 520)
    await move('ann', 'bob')
    h.clock.advance(1)
    expect((await ask('bob', set('b', 1))).more).toBe(true)
    await finish()
    expect((await Promise.all(ids.map(tagsOf))).filter((tags) => tags?.b === 1)).toHaveLength(520)
  })
})
