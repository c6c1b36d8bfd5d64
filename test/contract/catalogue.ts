import { describe, expect, test } from 'vitest'
import type { Scope } from '../../src/store/contract/listing.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

/** Creates topics of these names in the scope. */
export async function catalogued({ store, clock }: StoreKit, scope: Scope, names: readonly string[]) {
  const create = (name: string) =>
    store.catalogue.create(scope, { id: unique('topic'), name, description: `about ${name}` }, clock.now)
  // Their ids have the order of their creation.
  return Promise.all(names.map(create))
}

export function catalogueContract(kit: () => StoreKit): void {
  const catalogue = () => kit().store.catalogue
  const now = () => kit().clock.now
  const scopeOf = async () => ({ appId: await kit().createApp(), dialect: 'red' })

  describe('a catalogue', () => {
    test('has each name once, and changes nothing where it is taken', async () => {
      const scope = await scopeOf()
      const topic = { id: unique('topic'), name: 'Nachrichten 👋🏽', description: 'first' }
      const made = { ...topic, createdAt: now(), updatedAt: now() }
      expect(await catalogue().create(scope, topic, now())).toEqual(made)
      const again = { id: unique('topic'), name: topic.name, description: 'second' }
      expect(await catalogue().create(scope, again, now())).toBeNull()
      expect(await catalogue().find(scope, topic.name)).toEqual(made)
      expect(await catalogue().create({ ...scope, dialect: 'blue' }, again, now())).toMatchObject(again)
      expect(await catalogue().find(await scopeOf(), topic.name)).toBeNull()
    })

    test('has one topic of a name that several make at once', async () => {
      const scope = await scopeOf()
      const made = await catalogued(
        kit(),
        scope,
        Array.from({ length: 8 }, () => 'a'),
      )
      expect(made.filter((one) => one !== null)).toEqual([await catalogue().find(scope, 'a')])
    })

    test('makes nothing of an app that has gone (B7)', async () => {
      const scope = { appId: unique('gone'), dialect: 'red' }
      expect(await catalogued(kit(), scope, ['a'])).toEqual(['gone'])
      expect(await catalogue().find(scope, 'a')).toBeNull()
    })

    test('changes a description, and keeps one that is absent', async () => {
      const scope = await scopeOf()
      const [made] = await catalogued(kit(), scope, ['a'])
      kit().clock.advance(1000)
      const change = (description?: string) => catalogue().update(scope, 'a', { description }, now())
      const after = { ...Object(made), description: 'new', updatedAt: now() }
      expect(await change('new')).toEqual(after)
      expect(await change()).toEqual(after)
      expect(await change('')).toMatchObject({ description: '' })
      expect(await catalogue().update(scope, 'unknown', { description: 'x' }, now())).toBeNull()
      expect(await catalogue().find(scope, 'unknown')).toBeNull()
    })

    test('loses a topic with its subscriptions in the dialect, and no others', async () => {
      const scope = await scopeOf()
      await catalogued(kit(), scope, ['a', 'b'])
      const [red, blue] = [keyOf(scope.appId), keyOf(scope.appId, 'blue')]
      const topics = { names: ['a', 'b'], when: 'created' as const }
      for (const key of [red, blue]) await kit().register(key, { topics })
      expect(await catalogue().remove(scope, 'a', kit().occasion())).toBe(true)
      expect(await catalogue().remove(scope, 'a', kit().occasion())).toBe(false)
      expect(await catalogue().remove({ ...scope, dialect: 'blue' }, 'b', kit().occasion())).toBe(false)
      const topicsOf = async (key: typeof red) => (await kit().store.devices.findByKey(key, now()))?.topics
      expect([await topicsOf(red), await topicsOf(blue)]).toEqual([['b'], ['a', 'b']])
      const { items } = await kit().store.directory.topics(scope.appId, { after: null, limit: 10 })
      expect(items).toEqual([
        { topic: 'a', subscribers: 1 },
        { topic: 'b', subscribers: 2 },
      ])
    })
  })
}
