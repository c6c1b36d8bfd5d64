import { beforeAll, describe, expect, test } from 'vitest'
import type { Place } from '../../src/domain/page.ts'
import type {
  CatalogueCriteria,
  DeviceCriteria,
  Listing,
  Scope,
  SubscriptionCriteria,
} from '../../src/store/contract/listing.ts'
import { catalogued } from './catalogue.ts'
import { hashOf, keyOf, type StoreKit, unique } from './kit.ts'

interface Walked<Item> {
  readonly items: readonly Item[]
  readonly matches: number
  readonly steps: number
}

/** A whole list, step by step: `limit` items per step, or all that a step finds. */
async function walk<Criteria, Item, At extends Place>(
  list: Listing<Criteria, Item, At>,
  scope: Scope,
  criteria: Criteria,
  { limit, counted }: { limit: number; counted: boolean },
): Promise<Walked<Item>> {
  const items: Item[] = []
  let [matches, steps] = [0, 0]
  let after: At | null = null
  do {
    const step: Awaited<ReturnType<typeof list.step>> = await list.step(scope, criteria, {
      after,
      offset: 0,
      limit,
      counted,
    })
    items.push(...step.items)
    matches += step.matches
    // A counted window may read further than the items it shows: the next one begins after the last shown
    // item.
    const last = step.items.at(-1)
    after = last && step.items.length === limit ? list.placeOf(last) : step.end
    if (++steps > 1000) throw new Error('the list has no end')
  } while (after !== null)
  return { items, matches, steps }
}

const DEVICES: readonly (readonly [string, DeviceCriteria, readonly string[]])[] = [
  ['nothing', {}, ['one', 'two', 'three', 'fo%ur']],
  ['an id', { externalId: 'two' }, ['two']],
  ['ids', { externalIds: ['three', 'one', 'nobody'] }, ['one', 'three']],
  ['no ids', { externalIds: [] }, []],
  ['no users', { users: [] }, []],
  ['no tokens', { tokens: [] }, []],
  ['no parts of the id, which say nothing', { externalIdContains: [] }, ['one', 'two', 'three', 'fo%ur']],
  ['none of no parts', { externalIdContains: [[]] }, []],
  ['a part of the id', { externalIdContains: [['o']] }, ['one', 'two', 'fo%ur']],
  ['one of some parts, and another', { externalIdContains: [['on', 'tw'], ['e']] }, ['one']],
  ['what would be a pattern', { externalIdContains: [['o%u']] }, ['fo%ur']],
  ['a user', { user: 'alice' }, ['one', 'two']],
  ['nobody', { user: null }, ['fo%ur']],
  ['users, and nobody', { users: ['bob', null] }, ['three', 'fo%ur']],
  ['a part of the user', { userContains: { lists: [['li']], none: 'none' } }, ['one', 'two']],
  ['a part of the text for nobody', { userContains: { lists: [['no']], none: 'none' } }, ['fo%ur']],
  ['a platform’s name', { platformName: 'G' }, ['one', 'three']],
  ['platforms’ names', { platformNames: ['A', 'X'] }, ['two']],
  ['a token', { tokens: [{ provider: 'fcm', hash: hashOf('T1'), token: 'T1' }] }, ['one']],
  ['a token of another spelling', { tokens: [{ provider: 'fcm', hash: hashOf('T1'), token: 't1' }] }, []],
  ['a part of the token', { tokenContains: [['T']] }, ['one', 'two']],
  [
    'all of it',
    { user: 'alice', externalIdContains: [['o']], platformName: 'G', tokenContains: [['1']] },
    ['one'],
  ],
  ['what is SQL', { user: "' OR 1=1 --" }, []],
]
const SUBSCRIPTIONS: readonly (readonly [string, SubscriptionCriteria, readonly string[]])[] = [
  ['nothing', {}, ['one a', 'one b', 'two a', 'three c']],
  ['a topic', { topic: 'a' }, ['one a', 'two a']],
  ['topics', { topics: ['b', 'c', 'z'] }, ['one b', 'three c']],
  ['no topics', { topics: [] }, []],
  ['a part of the topic', { topicContains: [['a', 'c']] }, ['one a', 'two a', 'three c']],
  ['a user', { user: 'alice' }, ['one a', 'one b', 'two a']],
  ['a user and a topic', { user: 'alice', topic: 'b' }, ['one b']],
  ['a device', { externalId: 'one' }, ['one a', 'one b']],
]
const CATALOGUE: readonly (readonly [string, CatalogueCriteria, readonly string[]])[] = [
  ['nothing', {}, ['a', 'b', 'c']],
  ['names', { names: ['c', 'a'] }, ['a', 'c']],
  ['no names', { names: [] }, []],
  ['a part of the name', { nameContains: [['b']] }, ['b']],
  ['descriptions', { descriptions: ['about a'] }, ['a']],
  ['a part of the description', { descriptionContains: [['about'], ['c']] }, ['c']],
]
/** The options of a list: large and small steps, with and without a count. */
const WAYS = [
  { limit: 1, counted: true },
  { limit: 2, counted: false },
  { limit: 100, counted: true },
  { limit: 100, counted: false },
]

export function listingContract(kit: () => StoreKit): void {
  describe('a listing', () => {
    let scope: Scope
    const listings = () => kit().store.listings

    beforeAll(async () => {
      scope = { appId: await kit().createApp(), dialect: 'red' }
      for (const name of ['a', 'b', 'c']) await catalogued(kit(), scope, [name])
      const users = { one: 'alice', two: 'alice', three: 'bob', 'fo%ur': null }
      const platformNames = { one: 'G', two: 'A', three: 'G', 'fo%ur': null }
      const tokens: Record<string, string> = { one: 'T1', two: 'T2' }
      const topics: Record<string, readonly string[]> = { one: ['a', 'b'], two: ['a'], three: ['c'] }
      for (const name of ['one', 'two', 'three', 'fo%ur'] as const) {
        const [user, platformName, token] = [users[name], platformNames[name], tokens[name]]
        const key = keyOf(scope.appId, 'red', name)
        const patch = {
          user: user === null ? null : { id: user, proved: false },
          details: platformName === null ? {} : { platformName },
        }
        await kit().register(key, token === undefined ? { patch } : { patch, token })
        const wanted = (topics[name] ?? []).map((topic) => ({ name: topic, id: unique('subscription') }))
        const change = { key, topics: wanted, automatic: [] }
        if (wanted.length > 0) await kit().store.subscriptions.add(change, kit().occasion())
      }
      // Of another dialect and another app, which are never listed.
      for (const key of [keyOf(scope.appId, 'blue', 'one'), keyOf(await kit().createApp(), 'red', 'one')]) {
        await kit().register(key, { topics: { names: ['a'], when: 'always' } })
      }
    })

    /** The same items are found with any steps, and counted once each. */
    async function everyWay<Criteria, Item, At extends Place>(
      list: Listing<Criteria, Item, At>,
      criteria: Criteria,
      name: (item: Item) => string,
      names: readonly string[],
    ) {
      for (const way of WAYS) {
        const { items } = await walk(list, scope, criteria, way)
        expect(items.map(name), JSON.stringify(way)).toEqual(names)
      }
      const { items, matches } = await walk(list, scope, criteria, { limit: 0, counted: true })
      expect([items, matches]).toEqual([[], names.length])
    }

    test.each(DEVICES)('finds devices, oldest first, by %s', async (_, criteria, names) => {
      await everyWay(listings().devices, criteria, ({ externalId }) => externalId, names)
    })
    test.each(SUBSCRIPTIONS)('finds subscriptions by %s', async (_, criteria, names) => {
      const name = (one: { device: { externalId: string }; topic: string }) =>
        `${one.device.externalId} ${one.topic}`
      await everyWay(listings().subscriptions, criteria, name, names)
    })
    test.each(CATALOGUE)('finds topics of the catalogue by %s', async (_, criteria, names) => {
      await everyWay(listings().catalogue, criteria, ({ name }) => name, names)
    })

    test('passes over as many as are to be skipped', async () => {
      const window = { after: null, offset: 1, limit: 2 }
      for (const counted of [false, true]) {
        const { items, matches } = await listings().devices.step(scope, {}, { ...window, counted })
        expect(items.map(({ externalId }) => externalId)).toEqual(['two', 'three'])
        expect(matches).toBe(counted ? 4 : 0)
      }
      const beyond = { after: null, offset: 100_000, limit: 2, counted: true }
      expect(await listings().devices.step(scope, {}, beyond)).toEqual({ items: [], matches: 4, end: null })
    })

    test.each([[[]], [['no such place']], [['', 0, '']], [[{}, 'x', 7]]])(
      'never leaves its scope, wherever it is told to begin: %j',
      async (after) => {
        const from = { after: after as never, offset: 0, limit: 100, counted: true }
        const [devices, subscriptions, topics] = await Promise.all([
          listings().devices.step(scope, {}, from),
          listings().subscriptions.step(scope, {}, from),
          listings().catalogue.step(scope, {}, from),
        ])
        const of = [...devices.items, ...subscriptions.items.map(({ device }) => device)]
        expect(of.every((one) => one.appId === scope.appId && one.dialect === 'red')).toBe(true)
        expect(topics.items.every(({ name }) => ['a', 'b', 'c'].includes(name))).toBe(true)
      },
    )

    test('counts the beginnings of the subscriptions of several topics', async () => {
      const counts = await listings().subscriptions.countStarts(scope, ['a', 'nowhere', 'b'])
      expect(counts.map(({ matches, end, items }) => [matches, end, items])).toEqual([
        [2, null, []],
        [0, null, []],
        [1, null, []],
      ])
      expect(await listings().subscriptions.countStarts(scope, [])).toEqual([])
    })

    test('that searches for many texts goes through 250 rows in steps, finding all and nothing twice', async () => {
      const many = { appId: await kit().createApp(), dialect: 'red' }
      const names = Array.from({ length: 250 }, (_, at) => `topic ${String(at).padStart(3, '0')}`)
      await catalogued(kit(), many, names)
      const key = keyOf(many.appId)
      await kit().register(key)
      const topics = names.map((name) => ({ name, id: unique('subscription') }))
      await kit().store.subscriptions.add({ key, topics, automatic: [] }, kit().occasion())
      const texts = [...Array.from({ length: 100 }, (_, at) => `no ${at}`), ' 249', ' 007']
      const way = { limit: 10, counted: true }
      const catalogue = await walk(listings().catalogue, many, { nameContains: [texts] }, way)
      const subscriptions = await walk(listings().subscriptions, many, { topicContains: [texts] }, way)
      expect(catalogue.items.map(({ name }) => name).toSorted()).toEqual(['topic 007', 'topic 249'])
      expect(subscriptions.items.map(({ topic }) => topic).toSorted()).toEqual(['topic 007', 'topic 249'])
      expect(Math.min(catalogue.steps, subscriptions.steps)).toBeGreaterThan(1)
    })
  })
}
