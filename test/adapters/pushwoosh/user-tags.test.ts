import { beforeEach, describe, expect, test } from 'vitest'
import { openTenant, type Tenant, unique } from './kit.ts'

let t: Tenant
let hwid: string
beforeEach(async () => {
  t = await openTenant()
  hwid = unique('h')
})

const increment = (value: unknown) => ({ operation: 'increment', value })

describe('by userId', () => {
  test('every device of the user changes in one write, the others do not', async () => {
    const email = `${unique('a')}@example.com`
    await t.ok('registerDevice', { hwid, device_type: 3, userId: 'ann', language: 'en', tags: { n: 1 } })
    await t.ok('registerEmail', { email, userId: 'ann' })
    await t.ok('registerDevice', { hwid: '+14155552671', device_type: 18, userId: 'ann' })
    await t.ok('registerDevice', { hwid: 'bobs', device_type: 3, userId: 'bob' })
    expect(
      await t.ok('setTags', { userId: 'ann', tags: { Language: 'es', n: increment(2), list: ['x'] } }),
    ).toBeNull()
    expect(await t.tags({ hwid })).toMatchObject({ Language: 'es', n: 3, list: ['x'] })
    expect(await t.tags({ hwid: email })).toMatchObject({ Language: 'es', n: 2 })
    expect(await t.tags({ hwid: '+14155552671' })).toMatchObject({ Language: 'es', n: 2 })
    expect(await t.tags({ hwid: 'bobs' })).not.toHaveProperty('n')
    expect(await t.device(hwid)).toMatchObject({ language: 'es' })
  })

  test('100 increments at once add 100 on each device', async () => {
    for (const id of [hwid, `${hwid}-2`])
      await t.ok('registerDevice', { hwid: id, device_type: 3, userId: 'ann' })
    await Promise.all(
      Array.from({ length: 100 }, () => t.ok('setTags', { userId: 'ann', tags: { n: increment(1) } })),
    )
    for (const id of [hwid, `${hwid}-2`]) expect(await t.tags({ hwid: id })).toMatchObject({ n: 100 })
  })

  test('a tag that does not fit its type is skipped on every device', async () => {
    await t.ok('registerDevice', { hwid, device_type: 3, userId: 'ann', tags: { n: 'text' } })
    await t.ok('registerDevice', { hwid: 'second', device_type: 3, userId: 'ann' })
    expect(await t.ok('setTags', { userId: 'ann', tags: { n: 1 } })).toEqual({
      skipped: [{ tag: 'n', reason: 'Invalid type' }],
    })
    expect(await t.tags({ hwid })).toMatchObject({ n: 'text' })
    expect(await t.tags({ hwid: 'second' })).not.toHaveProperty('n')
  })

  test('an unknown user is fine, and nothing is made', async () => {
    expect(await t.ok('setTags', { userId: 'nobody', tags: { a: 1 } })).toBeNull()
    expect(await t.tags({ userId: 'nobody' })).toEqual({})
    expect(await t.devices()).toEqual([])
  })

  test('with both ids only the device of the hwid changes, and its tags are read', async () => {
    await t.ok('registerDevice', { hwid, device_type: 3, userId: 'ann' })
    await t.ok('registerDevice', { hwid: 'second', device_type: 3, userId: 'ann', tags: { b: 2 } })
    await t.ok('setTags', { hwid, userId: 'ann', tags: { a: 1 } })
    expect(await t.tags({ hwid: 'second' })).not.toHaveProperty('a')
    expect(await t.tags({ hwid, userId: 'ann' })).not.toHaveProperty('b')
  })

  test('reading gives the union, and of one tag what was written last', async () => {
    await t.ok('registerDevice', { hwid, device_type: 3, userId: 'ann', tags: { a: 1, both: 'first' } })
    t.h.clock.advance(1000)
    await t.ok('registerDevice', {
      hwid: 'second',
      device_type: 3,
      userId: 'ann',
      tags: { b: 2, both: 'second' },
    })
    expect(await t.tags({ userId: 'ann' })).toMatchObject({ a: 1, b: 2, both: 'second' })
    t.h.clock.advance(1000)
    await t.ok('registerDevice', { hwid, device_type: 3, tags: { both: 'first' } })
    expect(await t.tags({ userId: 'ann' })).toMatchObject({ both: 'first' })
  })

  test('the users of another app are other users', async () => {
    const other = await openTenant()
    await t.ok('registerDevice', { hwid, device_type: 3, userId: 'ann', tags: { a: 1 } })
    await other.ok('registerDevice', { hwid, device_type: 3, userId: 'ann', tags: { a: 2 } })
    await other.ok('setTags', { userId: 'ann', tags: { a: increment(5) } })
    expect(await t.tags({ userId: 'ann' })).toMatchObject({ a: 1 })
    expect(await other.tags({ userId: 'ann' })).toMatchObject({ a: 7 })
  })
})
