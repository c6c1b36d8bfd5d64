import { beforeEach, describe, expect, test } from 'vitest'
import { type Bulk, device, openBulk } from './bulk-kit.ts'
import { openTenant, type Tenant, tenantOf, unique } from './kit.ts'

let t: Tenant
beforeEach(async () => {
  t = await openTenant()
})

const set = (hwid: string, tags: object, of = t) => of.ok('setTags', { hwid, tags })
const skipped = (tag: string) => ({ skipped: [{ tag, reason: 'Invalid type' }] })

describe("a tag's name has one type in the whole app (section 8, seed audit)", () => {
  test('fixed by the first value that any device gives it, however it came', async () => {
    const [one, two] = [unique('h'), unique('h')]
    await set(one, { Set: 'text' })
    await t.ok('registerDevice', { hwid: one, device_type: 3, tags: { Registered: 1 } })
    await t.ok('registerEmail', { email: 'ann@example.com', userId: 'ann', tags: { Mailed: true } })
    await t.ok('setTags', { userId: 'ann', tags: { Users: ['a'] } })
    expect(await set(two, { Set: 1 })).toEqual(skipped('Set'))
    expect(await set(two, { Registered: 'x' })).toEqual(skipped('Registered'))
    expect(await set(two, { Mailed: 'x' })).toEqual(skipped('Mailed'))
    expect(await set(two, { Users: { operation: 'increment', value: 1 } })).toEqual(skipped('Users'))
    expect(await set(two, { Users: 'b', Set: 'y' })).toBeNull()
    expect(await t.tags({ hwid: two })).toMatchObject({ Users: ['b'], Set: 'y' })
  })

  test('not by what gives no value: a removal, null, or a value that is refused', async () => {
    const hwid = unique('h')
    await set(hwid, { a: { operation: 'remove', value: 'x' }, b: null })
    await t.refused('setTags', { hwid, tags: { a: 'x', big: 'x'.repeat(20_000) } })
    expect(await set(hwid, { a: 1, b: 'x', big: 1 })).toBeNull()
    expect(await t.tags({ hwid })).toMatchObject({ a: 1, b: 'x', big: 1 })
  })

  test('of ten first values at once all devices agree on one', async () => {
    const ids = Array.from({ length: 10 }, () => unique('h'))
    await Promise.all(ids.map((hwid, at) => set(hwid, { Race: at % 2 === 0 ? 1 : 'text' })))
    const values = await Promise.all(ids.map(async (hwid) => (await t.tags({ hwid })).Race))
    expect(new Set(values.filter((one) => one !== undefined).map((one) => typeof one)).size).toBe(1)
    expect(values.filter((one) => one !== undefined)).toHaveLength(5)
  })

  test('and another in another app', async () => {
    await set('h', { Level: 1 })
    const other = await tenantOf(t.h)
    expect(await set('h', { Level: 'x' }, other)).toBeNull()
  })

  test('which costs setTags no further round trip', async () => {
    // Checked for every call by test/edge/round-trips; here for new, known and mismatched names.
    const hwid = unique('h')
    for (const tags of [{ a: 1 }, { a: 2 }, { a: 'x' }]) await set(hwid, tags)
    expect(await t.tags({ hwid })).toMatchObject({ a: 2 })
  })
})

describe('tagTypes of the app document', () => {
  const patch = (pushwoosh: object) => t.h.admin('PATCH', `/apps/${t.id}`, { dialects: { pushwoosh } })

  test('declare the type before any value: a price takes 19 and then 19.95', async () => {
    const made = await tenantOf(t.h, { tagTypes: { Price: 'price', Code: 'string', Seen: 'date' } })
    expect(await set('h', { Price: 19, Code: '007', Seen: 1727906460 }, made)).toBeNull()
    expect(await set('h', { Price: 19.95, Seen: '2024-10-02T22:11:00Z' }, made)).toBeNull()
    expect(await made.tags({ hwid: 'h' })).toMatchObject({ Price: 19.95, Code: '007' })
    expect(await set('h', { Price: true }, made)).toEqual(skipped('Price'))
  })

  test('win over the type of a first value, add up, and are shown', async () => {
    await set('h', { Level: 19, Other: 'x' })
    expect(await set('h', { Level: 19.95 })).toEqual(skipped('Level'))
    expect((await patch({ tagTypes: { Level: 'price' } })).status).toBe(200)
    const changed = await patch({ tagTypes: { More: 'list' } })
    expect(await changed.json()).toMatchObject({
      dialects: { pushwoosh: { strict: false, tagTypes: { Level: 'price', More: 'list' } } },
    })
    expect(await set('h', { Level: { operation: 'increment', value: 0.95 }, More: 'x' })).toBeNull()
    expect(await t.tags({ hwid: 'h' })).toMatchObject({ Level: 19.95, More: ['x'], Other: 'x' })
  })

  test.each([
    ['an unknown type', { Level: 'number' }],
    ['no type', { Level: null }],
    ['an empty name', { '': 'string' }],
    ['a name that is too long', { ['n'.repeat(256)]: 'string' }],
    ['another type for a system tag', { Language: 'list' }],
    ['a list', ['Level']],
    ['__proto__', JSON.parse('{"__proto__":"string"}')],
    ['too many', Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`tag ${at}`, 'string']))],
  ])('refuse %s', async (_, tagTypes) => {
    expect((await patch({ tagTypes })).status).toBe(400)
  })
})

describe('list_operator of a bulk row (seed audit P2)', () => {
  let b: Bulk
  beforeEach(async () => {
    b = await openBulk()
    await b.finish()
  })

  test.each([
    ['a number keeps its own type', 5, 5, { operation: 'increment', value: 1 }, 6],
    ['a fraction too', 1.5, 1.5, 2, 2],
    ['a boolean too', true, true, false, false],
    ['a text becomes a list', 'a', ['a'], { operation: 'append', value: 'b' }, ['a', 'b']],
    ['a date as text too', '2024-10-02', ['2024-10-02'], 'x', ['x']],
    ['an array is one', ['a', 'b'], ['a', 'b'], 'x', ['x']],
  ])('of an unknown tag: %s', async (_, value, first, next, after) => {
    const row = device({ list_operator: 'append', tags: { Score: value } })
    expect(await b.done([row])).toEqual(['done'])
    expect(await b.t.tags({ hwid: row.hwid })).toMatchObject({ Score: first })
    expect(await b.t.ok('setTags', { hwid: row.hwid, tags: { Score: next } })).toBeNull()
    expect(await b.t.tags({ hwid: row.hwid })).toMatchObject({ Score: after })
  })

  test('of a tag whose list another device made: a number joins it as text', async () => {
    await b.t.ok('setTags', { hwid: 'other', tags: { Score: ['1'] } })
    const row = device({ list_operator: 'append', tags: { Score: 5 } })
    await b.done([row])
    expect(await b.t.tags({ hwid: row.hwid })).toMatchObject({ Score: ['5'] })
  })

  test('of a thousand tags at once', async () => {
    const tags = Object.fromEntries(
      Array.from({ length: 1000 }, (_, at) => [`tag ${at}`, at % 2 === 0 ? at : 'x']),
    )
    const row = device({ list_operator: 'remove', tags })
    expect(await b.done([row])).toEqual(['done'])
    expect(await b.t.tags({ hwid: row.hwid })).toMatchObject({ 'tag 0': 0, 'tag 1': [] })
  })
})
