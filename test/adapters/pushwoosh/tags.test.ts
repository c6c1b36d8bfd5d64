import { beforeEach, describe, expect, test } from 'vitest'
import { openTenant, type Tenant, unique } from './kit.ts'

let t: Tenant
let hwid: string
beforeEach(async () => {
  t = await openTenant()
  hwid = unique('h')
})

const set = (tags: unknown) => t.ok('setTags', { hwid, tags })
const skipped = (tag: string, reason = 'Invalid type') => ({ skipped: [{ tag, reason }] })
const increment = (value: unknown) => ({ operation: 'increment', value })
const append = (value: unknown) => ({ operation: 'append', value })
const remove = (value: unknown) => ({ operation: 'remove', value })

describe('a new tag takes the type of its first value', () => {
  test.each([
    ['a whole number', 42, 42],
    ['zero', 0, 0],
    ['a negative number', -3, -3],
    ['a fraction', 19.95, 19.95],
    ['true', true, true],
    ['false', false, false],
    ['a text', 'string value', 'string value'],
    ['an empty text', '', ''],
    ['the text null', 'null', 'null'],
    ['digits', '42', '42'],
    ['a date with a time', '2024-10-02 22:11', '2024-10-02 22:11'],
    ['a date with seconds', '2024-10-02 22:11:05', '2024-10-02 22:11:05'],
    ['a date', '2024-10-02', '2024-10-02'],
    ['a list', ['string1', 'string2'], ['string1', 'string2']],
    ['a list of anything plain', [1, 2.5, true, 'x'], ['1', '2.5', 'true', 'x']],
    ['an empty list', [], []],
    ['an increment', increment(3), 3],
    ['an increment by a fraction', increment(0.5), 0.5],
    ['an old increment', '#pwinc#5', 5],
    ['an append', append(['a', 'b', 'a']), ['a', 'b']],
    ['an append of one', append('a'), ['a']],
    ['emoji and other scripts', '日本語 🎉', '日本語 🎉'],
  ])('%s', async (_, value, read) => {
    expect(await set({ Tag: value })).toBeNull()
    expect(await t.tags({ hwid })).toMatchObject({ Tag: read })
  })
})

describe('a change of a tag that is there', () => {
  test.each([
    ['a number replaces', 1, 2, 2],
    ['false replaces true', true, false, false],
    ['1 is true for a boolean', false, 1, true],
    ['0 is false for a boolean', true, 0, false],
    ['digits are a number for an integer', 1, '7', 7],
    ['an empty text replaces', 'a', '', ''],
    ['a text that looks like a date stays a text', 'a', '2024-10-02', '2024-10-02'],
    ['digits stay a text', 'a', '7', '7'],
    ['a whole number fits a price', 19.95, 20, 20],
    ['digits fit a price', 19.95, '5.5', 5.5],
    ['seconds as a number fit a date', '2024-10-02', 1727906460, 1727906460],
    ['seconds as digits fit a date', '2024-10-02', '1727906460', '1727906460'],
    ['a list replaces', ['a', 'b'], ['c'], ['c']],
    ['an empty list empties', ['a'], [], []],
    ['a text becomes a list of one', ['a'], 'b', ['b']],
    ['a number becomes a list of one', ['a'], 7, ['7']],
    ['an increment adds', 5, increment(2), 7],
    ['a negative increment takes away', 5, increment(-7), -2],
    ['an increment by a fraction', 5, increment(0.5), 5.5],
    ['an increment as digits', 5, increment('2'), 7],
    ['an increment of a price', 1.5, increment(1), 2.5],
    ['an old increment', 5, '#pwinc#-2', 3],
    ['an append adds at the end, each value once', ['a', 'b'], append(['c', 'a', 'd']), ['a', 'b', 'c', 'd']],
    ['an append of nothing', ['a'], append([]), ['a']],
    ['a removal of one', ['a', 'b', 'c'], remove('b'), ['a', 'c']],
    ['a removal of several', ['a', 'b', 'c'], remove(['c', 'a']), ['b']],
    ['a removal of what is not there', ['a'], remove('x'), ['a']],
    ['a removal of everything', ['a'], remove(['a']), []],
  ])('%s', async (_, first, next, read) => {
    await set({ Tag: first })
    expect(await set({ Tag: next })).toBeNull()
    expect(await t.tags({ hwid })).toMatchObject({ Tag: read })
  })
})

describe('a value that does not fit is skipped with a reason, and the others are applied', () => {
  test.each([
    ['a text for an integer', 1, 'x'],
    ['a fraction for an integer', 1, 1.5],
    ['a boolean for an integer', 1, true],
    ['a number for a text', 'a', 1],
    ['a list for a text', 'a', ['b']],
    ['a text for a boolean', true, 'true'],
    ['2 for a boolean', true, 2],
    ['a text for a price', 1.5, 'x'],
    ['a text for a date', '2024-10-02', 'tomorrow'],
    ['an increment of a text', 'a', increment(1)],
    ['an increment of a list', ['a'], increment(1)],
    ['an append to an integer', 1, append('a')],
    ['a removal from a text', 'a', remove('a')],
    ['an object', 1, { a: 1 }],
    ['a list with an object in it', ['a'], [{}]],
    ['a list with null in it', ['a'], [null]],
    ['an increment by a text', 1, increment('x')],
    ['an increment by nothing', 1, { operation: 'increment' }],
    ['an increment beyond any number', 1, increment(1e300)],
    ['an append of an object', ['a'], append({})],
  ])('%s', async (_, first, next) => {
    await set({ Tag: first, Other: 1 })
    expect(await set({ Tag: next, Other: increment(1), New: 'n' })).toEqual(skipped('Tag'))
    expect(await t.tags({ hwid })).toMatchObject({ Tag: first, Other: 2, New: 'n' })
  })

  test('an operation that is none', async () => {
    expect(await set({ Tag: { operation: 'multiply', value: 2 } })).toEqual(
      skipped('Tag', 'Invalid operation'),
    )
  })

  test('a number that JSON cannot hold', async () => {
    const body = `{"request":{"application":"${t.code}","hwid":"${hwid}","tags":{"Tag":1e999,"Other":1}}}`
    const answer = await t.h.request('POST', '/json/1.3/setTags', { body })
    expect(await answer.json()).toMatchObject({ status_code: 200, response: skipped('Tag') })
    expect(await t.tags({ hwid })).toMatchObject({ Other: 1 })
  })

  test('a name that is empty', async () => {
    expect(await set({ '': 1, ok: 1 })).toEqual({ skipped: [{ tag: '', reason: 'Invalid name' }] })
    expect(await t.tags({ hwid })).toMatchObject({ ok: 1 })
  })
})

describe('null', () => {
  test('takes the tag away', async () => {
    await set({ a: 1, b: 2 })
    expect(await set({ a: null })).toBeNull()
    expect(await t.tags({ hwid })).not.toHaveProperty('a')
    expect(await t.tags({ hwid })).toMatchObject({ b: 2 })
  })

  test('is no skip for a tag that is not there', async () => {
    expect(await set({ never: null })).toBeNull()
  })

  test('leaves the name its type, which belongs to the whole app', async () => {
    await set({ a: 1 })
    await set({ a: null })
    expect(await set({ a: 'text' })).toEqual(skipped('a'))
  })
})

test.each(['In-App Product', '日本', '__proto__', 'constructor', 'toString', 'a.b', '$[0]', '"quoted"', ' '])(
  'a tag may be called %s',
  async (name) => {
    const body = `{"request":{"application":"${t.code}","hwid":"${hwid}","tags":{${JSON.stringify(name)}:["a"]}}}`
    await t.h.request('POST', '/json/1.3/setTags', { body })
    const more = body.replace('["a"]', '{"operation":"append","value":"b"}')
    expect(await (await t.h.request('POST', '/json/1.3/setTags', { body: more })).json()).toMatchObject({
      response: null,
    })
    const { body: read } = await t.send('getTags', { hwid })
    const { result } = read.response as { result: object }
    expect(Object.entries(result)).toContainEqual([name, ['a', 'b']])
  },
)

test('tag names have a case', async () => {
  await set({ tag: 1, Tag: 'x' })
  expect(await t.tags({ hwid })).toMatchObject({ tag: 1, Tag: 'x' })
})

test('a list of 1600 values is kept whole and in order', async () => {
  const values = Array.from({ length: 1600 }, (_, n) => `value ${n}`)
  await set({ List: values.slice(0, 800) })
  await set({ List: append(values) })
  expect(await t.tags({ hwid })).toMatchObject({ List: values })
})

describe('operations at once', () => {
  test('100 increments add 100', async () => {
    await set({ Level: 0 })
    await Promise.all(Array.from({ length: 100 }, () => set({ Level: increment(1) })))
    expect(await t.tags({ hwid })).toMatchObject({ Level: 100 })
  })

  test('100 increments of a device and a tag that nobody has yet add 100', async () => {
    await Promise.all(Array.from({ length: 100 }, () => set({ Level: increment(1) })))
    expect(await t.tags({ hwid })).toMatchObject({ Level: 100 })
    expect(await t.devices()).toHaveLength(1)
  })

  test('appends and removals all count', async () => {
    const kept = Array.from({ length: 20 }, (_, n) => `kept ${n}`)
    const gone = Array.from({ length: 20 }, (_, n) => `gone ${n}`)
    await set({ List: gone })
    await Promise.all([
      ...kept.map((one) => set({ List: append(one) })),
      ...gone.map((one) => set({ List: remove(one) })),
    ])
    expect([...((await t.tags({ hwid })).List as string[])].sort()).toEqual([...kept].sort())
  })

  test('registration, user and tags side by side lose nothing', async () => {
    const base = { hwid, device_type: 3 }
    await Promise.all([
      t.ok('registerUser', { ...base, userId: 'ann' }),
      t.ok('setTags', { ...base, tags: { a: 1 } }),
      t.ok('applicationOpen', { ...base, language: 'fr' }),
      t.ok('registerDevice', { ...base, push_token: unique('t') }),
      t.ok('setTags', { ...base, tags: { b: 2 } }),
      t.ok('getTags', base),
    ])
    expect(await t.devices()).toMatchObject([{ userId: 'ann', active: true, platform: 'android' }])
    expect(await t.tags({ hwid })).toMatchObject({ a: 1, b: 2, Language: 'fr' })
  })
})

describe('arguments', () => {
  test.each([
    ['setTags without an id', 'setTags', { tags: { a: 1 } }, 'hwid or userId is required'],
    ['setTags without tags', 'setTags', { hwid: 'h' }, 'tags is required'],
    ['setTags of null', 'setTags', { hwid: 'h', tags: null }, 'tags is required'],
    ['setTags of a list', 'setTags', { hwid: 'h', tags: ['a'] }, 'tags must be an object'],
    ['setTags of a text', 'setTags', { hwid: 'h', tags: 'a' }, 'tags must be an object'],
    ['setTags of a user without tags', 'setTags', { userId: 'u' }, 'tags is required'],
    ['setTags with a hwid that is a number', 'setTags', { hwid: 1, tags: {} }, 'hwid must be a string'],
    ['getTags without an id', 'getTags', {}, 'hwid or userId is required'],
    ['getTags with empty ids', 'getTags', { hwid: '', userId: '' }, 'hwid or userId is required'],
  ])('%s', async (_, method, request, text) => {
    expect(await t.refused(method, request)).toBe(text)
    expect(await t.devices()).toEqual([])
  })

  test('setTags makes the device; its platform is told by device_type or guessed by its id', async () => {
    await t.ok('setTags', { hwid, device_type: 9, tags: {} })
    const ids = [
      [crypto.randomUUID().toUpperCase(), 'ios'],
      [`${t.code}_${crypto.randomUUID()}`, 'web'],
      [crypto.randomUUID(), 'android'],
      ['+14155552671', 'sms'],
      ['whatsapp:+14155552671', 'whatsapp'],
      ['ann@example.com', 'email'],
    ] as const
    for (const [id] of ids) await t.ok('setTags', { hwid: id, tags: { a: 1 } })
    expect((await t.device(hwid)).platform).toBe('amazon')
    for (const [id, platform] of ids) expect((await t.device(id)).platform).toBe(platform)
    await t.ok('registerDevice', { hwid: ids[2][0], device_type: 17 })
    await t.ok('setTags', { hwid: ids[2][0], device_type: 3, tags: { a: 2 } })
    expect((await t.device(ids[2][0])).platform).toBe('huawei')
  })
})
