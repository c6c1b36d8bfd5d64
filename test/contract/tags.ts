import { describe, expect, test } from 'vitest'
import type { TagChange, TagValue } from '../../src/domain/tag.ts'
import { keyOf, type StoreKit } from './kit.ts'
import { taggedDevices } from './tagged-devices.ts'

type Doing = 'set' | 'increment' | 'append' | 'subtract'
const tag = (what: Doing, name: string, type: string, value: TagValue): TagChange => ({
  name,
  do: what,
  as: [{ type, value }],
})
const removal = (name: string): TagChange => ({ name, do: 'remove' })

/** Before, changes, after. */
const CASES: readonly (readonly [
  string,
  readonly TagChange[],
  readonly TagChange[],
  Record<string, unknown>,
])[] = [
  ['a text', [], [tag('set', 'a', 'text', 'x')], { a: 'x' }],
  ['an empty text', [], [tag('set', 'a', 'text', '')], { a: '' }],
  ['false', [], [tag('set', 'a', 'boolean', false)], { a: false }],
  ['a fraction', [], [tag('set', 'a', 'number', 0.1 + 0.2)], { a: 0.1 + 0.2 }],
  ['a large number', [], [tag('set', 'a', 'number', 1e21)], { a: 1e21 }],
  [
    'a nested document',
    [],
    [tag('set', 'a', 'document', { b: [1, { c: null }] })],
    { a: { b: [1, { c: null }] } },
  ],
  [
    'a list of every kind of value',
    [],
    [tag('append', 'a', 'list', ['x', 1, 1.5, true, false, [1], { b: 0.1 + 0.2 }])],
    { a: ['x', 1, 1.5, true, false, [1], { b: 0.1 + 0.2 }] },
  ],
  ['another value', [tag('set', 'a', 'text', 'x')], [tag('set', 'a', 'text', 'y')], { a: 'y' }],
  ['a number counted up', [tag('set', 'a', 'number', 2)], [tag('increment', 'a', 'number', 3)], { a: 5 }],
  [
    'a number counted down below zero',
    [tag('set', 'a', 'number', 2)],
    [tag('increment', 'a', 'number', -3.5)],
    { a: -1.5 },
  ],
  ['a new number counted up', [], [tag('increment', 'a', 'number', 3)], { a: 3 }],
  [
    'fractions counted up as JavaScript does',
    [tag('set', 'a', 'number', 0.1)],
    [tag('increment', 'a', 'number', 0.2)],
    { a: 0.1 + 0.2 },
  ],
  [
    'a list with fractions and large numbers',
    [tag('set', 'a', 'list', [0.1, 1e21])],
    [tag('append', 'a', 'list', [0.1 + 0.2, 0.1, -1.7976931348623157e308, 5e-324, 2 ** 64])],
    { a: [0.1, 1e21, 0.1 + 0.2, -1.7976931348623157e308, 5e-324, 2 ** 64] },
  ],
  [
    'a sum beyond all numbers, which is not taken',
    [tag('set', 'a', 'number', 1.7e308)],
    [tag('increment', 'a', 'number', 1.7e308)],
    { a: 1.7e308 },
  ],
  [
    'a longer list, without duplicates, in order',
    [tag('set', 'a', 'list', ['b', 'a', 1, true])],
    [tag('append', 'a', 'list', ['c', 'a', true, '1', 'c'])],
    { a: ['b', 'a', 1, true, 'c', '1'] },
  ],
  [
    'a shorter list',
    [tag('set', 'a', 'list', ['b', 'a', true, 1, '1'])],
    [tag('subtract', 'a', 'list', ['a', true, '1', 'z'])],
    { a: ['b', 1] },
  ],
  ['nothing subtracted from nothing', [], [tag('subtract', 'a', 'list', ['a'])], {}],
  ['nothing', [tag('set', 'a', 'text', 'x')], [removal('a'), removal('b')], {}],
  [
    'the last of several changes of one tag',
    [tag('set', 'a', 'number', 1)],
    [
      tag('set', 'a', 'number', 2),
      tag('increment', 'a', 'number', 3),
      removal('b'),
      tag('set', 'b', 'text', 'x'),
    ],
    { a: 5, b: 'x' },
  ],
  [
    'what is set after it was removed',
    [tag('set', 'a', 'text', 'x')],
    [removal('a'), tag('set', 'a', 'text', 'y')],
    { a: 'y' },
  ],
  [
    'names that look like JavaScript, SQL or JSON',
    [],
    ['__proto__', 'constructor', "'; --", '"', 'a.b', '$', '', 'ключ'].map((name) =>
      tag('set', name, 'text', name),
    ),
    Object.fromEntries(
      ['constructor', "'; --", '"', 'a.b', '$', '', 'ключ', '__proto__'].map((name) => [name, name]),
    ),
  ],
]

export function tagContract(kit: () => StoreKit): void {
  const { device, change, read, find } = taggedDevices(kit)

  describe('tags', () => {
    test.each(CASES)('hold %s', async (_, before, changes, after) => {
      const key = await device()
      if (before.length > 0) await change(key, before)
      expect(await change(key, changes)).toEqual([])
      const expected = Object.entries(after).sort(([left], [right]) => (left < right ? -1 : 1))
      expect((await read(key))?.map(({ name, value }) => [name, value])).toEqual(expected)
      expect(Object.entries((await find(key))?.tags ?? {}).sort()).toEqual(expected.sort())
    })

    test('named __proto__ are data', async () => {
      const key = await device()
      await change(key, [tag('set', '__proto__', 'document', { polluted: true })])
      const tags = (await find(key))?.tags ?? {}
      expect(Object.getOwnPropertyNames(tags)).toEqual(['__proto__'])
      expect(Reflect.get(tags, 'polluted')).toBeUndefined()
    })

    test('have one type by name in the whole app, that of the first value (pushwoosh.md 8)', async () => {
      const first = await device()
      const second = keyOf(first.appId)
      await kit().register(second)
      await change(first, [tag('set', 'a', 'number', 1)])
      expect(await change(second, [tag('set', 'a', 'text', 'x'), tag('set', 'b', 'text', 'y')])).toEqual([
        'a',
      ])
      await change(first, [removal('a')])
      expect(await change(first, [tag('set', 'a', 'text', 'x')])).toEqual(['a'])
      const elsewhere = await device()
      expect(await change(elsewhere, [tag('set', 'a', 'text', 'x')])).toEqual([])
      expect([await read(first), await read(second)]).toMatchObject([[], [{ name: 'b', value: 'y' }]])
    })

    test('of a type that several first values at once would fix get one of them', async () => {
      const first = await device()
      const keys = [first, ...Array.from({ length: 9 }, () => keyOf(first.appId))]
      for (const key of keys) await kit().register(key)
      const types = ['number', 'text']
      await Promise.all(keys.map((key, at) => change(key, [tag('set', 'a', types[at % 2] ?? '', at)])))
      const found = (await Promise.all(keys.map(read))).flatMap((tags) => tags ?? []).map(({ type }) => type)
      expect([found.length, new Set(found).size]).toEqual([5, 1])
    })

    test('that the dialect itself defines keep the type it says', async () => {
      const key = await device()
      await change(key, [tag('set', 'a', 'text', 'x')])
      const fixed: TagChange = { name: 'a', do: 'set', as: [{ type: 'version', value: '1.2' }], fixed: true }
      expect(await change(key, [fixed])).toEqual([])
      expect(await read(key)).toEqual([{ name: 'a', type: 'version', value: '1.2' }])
    })

    test('keep the type of their first value, and take the change in that type', async () => {
      const key = await device()
      const either: TagChange = {
        name: 'a',
        do: 'set',
        as: [
          { type: 'number', value: 7 },
          { type: 'text', value: '7' },
        ],
      }
      await change(key, [tag('set', 'a', 'text', 'x'), { ...either, name: 'b' }])
      expect(await change(key, [either])).toEqual([])
      expect(await read(key)).toEqual([
        { name: 'a', type: 'text', value: '7' },
        { name: 'b', type: 'number', value: 7 },
      ])
    })

    test('of another type are skipped by name, while the other changes count', async () => {
      const key = await device()
      await change(key, [tag('set', 'a', 'text', 'x'), tag('set', 'b', 'list', ['x'])])
      const changes = [
        tag('increment', 'a', 'number', 1),
        tag('subtract', 'b', 'other', ['x']),
        tag('set', 'c', 'text', 'y'),
      ]
      expect(new Set(await change(key, changes))).toEqual(new Set(['a', 'b']))
      expect((await find(key))?.tags).toEqual({ a: 'x', b: ['x'], c: 'y' })
    })

    test('count every one of 100 increments at once', async () => {
      const key = await device()
      await Promise.all(Array.from({ length: 100 }, () => change(key, [tag('increment', 'n', 'number', 1)])))
      expect((await find(key))?.tags).toEqual({ n: 100 })
    })

    test('keep every one of 50 appends at once, and lose every one of 50 subtractions', async () => {
      const key = await device()
      const values = Array.from({ length: 50 }, (_, at) => at)
      await Promise.all(values.map((value) => change(key, [tag('append', 'l', 'list', [value])])))
      const [list] = (await read(key)) ?? []
      expect(new Set(list?.value as number[])).toEqual(new Set(values))
      await Promise.all(values.map((value) => change(key, [tag('subtract', 'l', 'list', [value])])))
      expect((await find(key))?.tags).toEqual({ l: [] })
    })

    test('are 5,000 in one change', async () => {
      const key = await device()
      const names = Array.from({ length: 5000 }, (_, at) => `tag ${at}`)
      await change(
        key,
        names.map((name) => tag('set', name, 'text', name)),
      )
      expect((await find(key))?.tags).toEqual(Object.fromEntries(names.map((name) => [name, name])))
    })

    test('set to what they are change nothing, not even the time of the last change', async () => {
      const key = await device()
      const changes = [
        tag('set', 'a', 'text', 'x'),
        tag('append', 'b', 'list', [1]),
        tag('increment', 'c', 'number', 0),
      ]
      await change(key, changes)
      const before = await find(key)
      kit().clock.advance(1000)
      await change(key, [...changes, tag('subtract', 'b', 'list', [2]), removal('d')])
      expect(await find(key)).toEqual(before)
      await change(key, [tag('set', 'a', 'text', 'y')])
      expect((await find(key))?.updatedAt).toEqual(kit().clock.now)
    })

    test('of an unknown device are neither changed nor read', async () => {
      const key = keyOf(await kit().createApp())
      expect(await change(key, [tag('set', 'a', 'text', 'x')])).toBeNull()
      expect(await read(key)).toBeNull()
    })

    test('go with their device', async () => {
      const key = await device()
      await change(key, [tag('set', 'a', 'text', 'x')])
      await kit().store.devices.remove(key, kit().occasion())
      await kit().register(key)
      expect(await read(key)).toEqual([])
    })
  })
}
