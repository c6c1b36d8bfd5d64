import { describe, expect, test } from 'vitest'
import type { DeviceKey } from '../../src/domain/device.ts'
import type { Page, TextPlace } from '../../src/domain/page.ts'
import type { TopicPolicy } from '../../src/domain/topic.ts'
import type { TopicChange } from '../../src/store/store.ts'
import { keyOf, POLICY, type StoreKit, unique } from './kit.ts'

const numbered = (count: number, prefix = 't') =>
  Array.from({ length: count }, (_, at) => `${prefix}${at.toString().padStart(5, '0')}`)

const change = (
  key: DeviceKey,
  names: readonly string[],
  policy: Partial<TopicPolicy> = {},
): TopicChange => ({
  key,
  names,
  policy: { ...POLICY, ...policy },
  superseded: true,
})

/** Identity R17: set operations, each one atomic write. */
export function topicContract(kit: () => StoreKit): void {
  const device = async () => {
    const key = keyOf(await kit().createApp())
    await kit().register(key)
    return key
  }
  const topicsOf = async (key: DeviceKey) =>
    (await kit().store.devices.findByKey(key, kit().clock.now))?.topics
  const topics = () => kit().store.topics
  const now = () => kit().clock.now

  describe('topics', () => {
    test.each([500, 5000])('are set, paged and cleared: %i of them', async (count) => {
      const key = await device()
      const names = numbered(count)
      expect(await topics().replace(change(key, names), kit().occasion())).toBe('done')
      expect(await topicsOf(key)).toEqual(names)
      const paged: string[] = []
      for (let after: TextPlace | null = null; ; ) {
        const at = { now: now(), superseded: false }
        const page: Page<string, TextPlace> | null = await topics().page(key, { after, limit: 1000 }, at)
        paged.push(...(page?.items ?? []))
        after = page?.next ?? null
        if (!after) break
      }
      expect(paged).toEqual(names)
      expect(await topics().replace(change(key, []), kit().occasion())).toBe('done')
      expect(await topicsOf(key)).toEqual([])
    })

    test('are added 5,000 at once to 4,000 others', async () => {
      const key = await device()
      await topics().replace(change(key, numbered(4000, 'a')), kit().occasion())
      const added = change(key, numbered(5000, 'b'), { limit: 10_000 })
      expect(await topics().add(added, kit().occasion())).toBe('done')
      expect(await topicsOf(key)).toHaveLength(9000)
    })

    test.each([
      ['add', ['c'], ['a', 'b', 'c'], 'done'],
      ['add', ['a', 'b'], ['a', 'b'], 'done'],
      ['add', ['c', 'd'], ['a', 'b'], 'limit'],
      ['replace', ['c', 'd', 'e'], ['c', 'd', 'e'], 'done'],
      ['replace', ['c', 'd', 'e', 'f'], ['a', 'b'], 'limit'],
      ['replace', ['b', 'c'], ['b', 'c'], 'done'],
      ['remove', ['a', 'never there'], ['b'], 'done'],
      ['remove', [], ['a', 'b'], 'done'],
    ] as const)('within a limit of three, a and b after %s of %j are %j: %s', async (...row) => {
      const [method, names, after, outcome] = row
      const key = await device()
      await topics().replace(change(key, ['a', 'b']), kit().occasion())
      expect(await topics()[method](change(key, names, { limit: 3 }), kit().occasion())).toBe(outcome)
      expect(await topicsOf(key)).toEqual(after)
    })

    test.each(['add', 'replace', 'remove'] as const)(
      'of an unknown device are not changed by %s',
      async (method) => {
        const key = keyOf(await kit().createApp())
        expect(await topics()[method](change(key, ['a']), kit().occasion())).toBe('unknown')
      },
    )

    test('of a superseded device change only where its dialect lets it go on', async () => {
      const key = await device()
      const token = unique('t')
      await kit().register(key, { token })
      await kit().register(keyOf(key.appId), { token })
      expect(await topics().add({ ...change(key, ['a']), superseded: false }, kit().occasion())).toBe(
        'unknown',
      )
      expect(await topics().add(change(key, ['b']), kit().occasion())).toBe('done')
      expect(await topicsOf(key)).toEqual(['b'])
    })

    test('added and removed at once all count', async () => {
      const key = await device()
      const names = numbered(60)
      await topics().replace(change(key, names.slice(0, 30)), kit().occasion())
      await Promise.all(
        names.map((name, at) => topics()[at < 30 ? 'remove' : 'add'](change(key, [name]), kit().occasion())),
      )
      expect(await topicsOf(key)).toEqual(names.slice(30))
    })

    test('replaced at once are one of the sets, never a mixture', async () => {
      const key = await device()
      const sets = ['a', 'b', 'c', 'd'].map((prefix) => numbered(50, prefix))
      await Promise.all(sets.map((names) => topics().replace(change(key, names), kit().occasion())))
      expect(sets).toContainEqual(await topicsOf(key))
    })

    test('pass the limit never, however many are added at once', async () => {
      const key = await device()
      const outcomes = await Promise.all(
        numbered(20).map((name) => topics().add(change(key, [name], { limit: 5 }), kit().occasion())),
      )
      expect(outcomes.filter((one) => one === 'done')).toHaveLength(5)
      expect(await topicsOf(key)).toHaveLength(5)
    })

    test('move the time of the last change only when they change', async () => {
      const key = await device()
      const updatedAt = async () => (await kit().store.devices.findByKey(key, now()))?.updatedAt.getTime()
      await topics().replace(change(key, ['a']), kit().occasion())
      const before = await updatedAt()
      kit().clock.advance(1000)
      await topics().replace(change(key, ['a']), kit().occasion())
      await topics().add(change(key, ['a']), kit().occasion())
      await topics().remove(change(key, ['b']), kit().occasion())
      expect(await updatedAt()).toBe(before)
      await topics().replace(change(key, ['b']), kit().occasion())
      expect(await updatedAt()).toBe(now().getTime())
    })

    test('compare and sort byte for byte', async () => {
      const key = await device()
      await topics().replace(change(key, ['é', 'a', 'A', 'Z', 'ä', '👋', '10', '9']), kit().occasion())
      expect(await topicsOf(key)).toEqual(['10', '9', 'A', 'Z', 'a', 'ä', 'é', '👋'])
    })

    test('are no page of an unknown device, nor of a superseded one unless its dialect lets it go on', async () => {
      const key = await device()
      const token = unique('t')
      await kit().register(key, { token, topics: { names: ['a'], when: 'created' } })
      await topics().replace(change(key, ['a']), kit().occasion())
      await kit().register(keyOf(key.appId), { token })
      const page = (superseded: boolean, of = key) =>
        topics().page(of, { after: null, limit: 10 }, { now: now(), superseded })
      expect(await page(true)).toEqual({ items: ['a'], next: null })
      expect(await page(false)).toBeNull()
      expect(await page(true, keyOf(key.appId))).toBeNull()
    })

    test('take their device with them when the last one is left', async () => {
      const key = await device()
      await topics().replace(change(key, ['a', 'b', 'c']), kit().occasion())
      const leave = (...names: string[]) => topics().leave(key, names, kit().occasion())
      expect([await leave('a', 'nowhere'), await topicsOf(key)]).toEqual([2, ['b', 'c']])
      expect(await leave('b', 'c')).toBe(0)
      expect(await kit().store.devices.findByKey(key, now())).toBeNull()
      expect(await leave('a')).toBeNull()
    })

    test('are left by several at once, and the device goes once', async () => {
      const key = await device()
      const names = numbered(10)
      await topics().replace(change(key, names), kit().occasion())
      const left = await Promise.all(names.map((name) => topics().leave(key, [name], kit().occasion())))
      expect(left.filter((one) => one === 0)).toHaveLength(1)
      expect(await kit().store.directory.stats(key.appId, now())).toMatchObject({ total: 0 })
    })

    test('are left by the id of a subscription, once', async () => {
      const key = await device()
      const wanted = ['a', 'b'].map((name) => ({ name, id: unique('subscription') }))
      const added = { key, topics: wanted, automatic: ['a', 'b'] }
      await kit().store.subscriptions.add(added, kit().occasion())
      const [a = '', b = ''] = wanted.map(({ id }) => id)
      const leave = (id: string, dialect = 'red') =>
        topics().leaveById({ appId: key.appId, dialect }, id, kit().occasion())
      expect([await leave(a, 'blue'), await leave(unique('none'))]).toEqual([false, false])
      const gone = await Promise.all([leave(a), leave(a), leave(a)])
      expect(gone.filter((one) => one)).toHaveLength(1)
      expect(await topicsOf(key)).toEqual(['b'])
      expect(await leave(b)).toBe(true)
      expect(await kit().store.devices.findByKey(key, now())).toBeNull()
    })
  })
}
