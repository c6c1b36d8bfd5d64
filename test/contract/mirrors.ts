import { describe, expect, test } from 'vitest'
import type { MirrorDiffDraft } from '../../src/store/store.ts'
import { keyOf, POLICY, type StoreKit, unique } from './kit.ts'

const SINCE = new Date('2026-11-01T00:00:00.000Z')

export function mirrorContract(kit: () => StoreKit): void {
  const mirrors = () => kit().store.mirrors
  const scoped = async () => ({ appId: await kit().createApp(), dialect: 'red' })
  const diff = (more: Partial<MirrorDiffDraft> = {}): MirrorDiffDraft => ({
    ...{ id: unique('diff'), at: new Date(1_000_000), dropAt: new Date(2_000_000), since: SINCE },
    ...{ mode: 'record', route: 'POST /x', severity: 'major', signature: 'abc', subjects: [] },
    ...{ ours: { status: 200, ms: 1 }, vendor: { status: 201, ms: 2 } },
    differences: [{ path: 'status', kind: 'status', ours: 200, vendor: 201 }],
    sample: { request: {}, ours: { a: 1 }, vendor: null },
    ...more,
  })
  const all = { after: null, limit: 100 }

  describe('mirrors', () => {
    test('give a device the id of its vendor, with the one before in its history; never another device’s', async () => {
      const scope = await scoped()
      const [own, other] = [keyOf(scope.appId), keyOf(scope.appId)]
      await kit().register(own)
      await kit().register(other)
      const renamed = unique('theirs')
      await mirrors().adopt(scope, { externalId: own.externalId, renamed }, kit().occasion())
      await mirrors().adopt(scope, { externalId: own.externalId, renamed }, kit().occasion())
      await mirrors().adopt(scope, { externalId: other.externalId, renamed }, kit().occasion())
      const found = await kit().store.devices.findByKey({ ...own, externalId: renamed }, kit().clock.now)
      expect(found).toMatchObject({ externalId: renamed })
      expect(await kit().store.devices.findByKey(own, kit().clock.now)).toBeNull()
      expect(await kit().store.devices.findByKey(other, kit().clock.now)).not.toBeNull()
      const history = await kit().store.directory.history(scope.appId, found?.id ?? '')
      expect(history).toMatchObject([
        { kind: 'renamed', detail: { from: own.externalId } },
        { kind: 'registered' },
      ])
    })

    test('keep the former id of a renamed device as its alias, the last one alone, as long as it is called by', async () => {
      const scope = await scoped()
      const own = keyOf(scope.appId)
      await kit().register(own)
      const { now } = kit().clock
      const [line, first, second] = [unique('line'), unique('theirs'), unique('theirs')]
      const renamedTo = (externalId: string, renamed: string, cause = unique('cause')) =>
        mirrors().adopt(scope, { externalId, renamed, line }, { ...kit().occasion(), cause })
      await renamedTo(own.externalId, first)
      expect(await mirrors().aliased(scope, own.externalId, now)).toBe(first)
      expect(await mirrors().aliased({ ...scope, dialect: 'blue' }, own.externalId, now)).toBeNull()
      await renamedTo(first, second)
      expect(await mirrors().aliased(scope, own.externalId, now)).toBeNull()
      expect(await mirrors().aliased(scope, first, now)).toBe(second)
      const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
      expect(await mirrors().aliased(scope, first, later(2))).toBe(second)
      // Within the hour nothing is written.
      expect(await mirrors().aliased(scope, first, later(2.5))).toBe(second)
      await mirrors().pruneAliases(later(2), 100)
      expect(await mirrors().aliased(scope, first, later(2))).toBe(second)
      expect(await mirrors().pruneAliases(new Date(later(2).getTime() + 1), 100)).toBeGreaterThan(0)
      expect(await mirrors().aliased(scope, first, later(2))).toBeNull()
    })

    test('make no alias of an id that nobody can have, and none answers whose device has gone', async () => {
      const scope = await scoped()
      const [drawn, gone] = [keyOf(scope.appId), keyOf(scope.appId)]
      await kit().register(drawn)
      // From the call that drew it.
      const occasion = kit().occasion()
      await kit().register(gone)
      const { now } = kit().clock
      const ids = (externalId: string) => ({ externalId, renamed: unique('theirs'), line: unique('line') })
      await mirrors().adopt(scope, ids(drawn.externalId), occasion)
      expect(await mirrors().aliased(scope, drawn.externalId, now)).toBeNull()
      const renamed = ids(gone.externalId)
      await mirrors().adopt(scope, renamed, { ...occasion, cause: unique('another') })
      await kit().store.devices.remove({ ...gone, externalId: renamed.renamed }, kit().occasion())
      expect(await mirrors().aliased(scope, gone.externalId, now)).toBeNull()
    })

    test('give subscriptions the ids of their vendor, where no other has them', async () => {
      const scope = await scoped()
      const policy = { ...POLICY, ids: true }
      const topics = { names: ['a', 'b'], when: 'always' as const }
      const [one, two] = [keyOf(scope.appId), keyOf(scope.appId)]
      await kit().register(one, { topics, policy })
      await kit().register(two, { topics, policy })
      const [a, b] = [unique('sub'), unique('sub')]
      const subscriptions = { a, b, c: 'none' }
      await mirrors().adopt(scope, { externalId: one.externalId, subscriptions }, kit().occasion())
      await mirrors().adopt(scope, { externalId: two.externalId, subscriptions }, kit().occasion())
      const idsOf = async (key: typeof one) =>
        Object.fromEntries((await kit().store.devices.findByKey(key, kit().clock.now))?.subscriptionIds ?? [])
      expect(await idsOf(one)).toEqual({ a, b })
      expect(Object.values(await idsOf(two))).not.toContain(a)
    })

    test('mark once', async () => {
      const scope = await scoped()
      const { now } = kit().clock
      const marked = await Promise.all(
        Array.from({ length: 4 }, () => mirrors().mark(scope, 'learnt', 'm', now)),
      )
      expect(marked.filter(Boolean)).toHaveLength(1)
      expect(await mirrors().mark(scope, 'asked', 'm', now)).toBe(true)
      // After a failure the mark is removed, so that a later call tries again; other marks stay.
      await mirrors().unmark(scope.appId, 'learnt', 'm')
      expect(await mirrors().mark(scope, 'learnt', 'm', now)).toBe(true)
      expect(await mirrors().mark(scope, 'asked', 'm', now)).toBe(false)
    })

    test('count by route and name, over the hours, and only since their mirror is what it is', async () => {
      const scope = await scoped()
      const one = { ...scope, since: SINCE, route: 'POST /x', name: 'equal', hour: 1, amount: 2 }
      await mirrors().count([one, { ...one, hour: 2 }, { ...one, name: 'sent', amount: 7 }])
      await mirrors().count([one, { ...one, since: new Date(0) }, { ...one, dialect: 'unknown' }])
      expect(await mirrors().totals(scope, SINCE)).toEqual([
        { route: 'POST /x', name: 'equal', amount: 6 },
        { route: 'POST /x', name: 'sent', amount: 7 },
      ])
    })

    test('keep differences, a hundred a signature, and count all of them', async () => {
      const scope = await scoped()
      for (let n = 0; n < 102; n++) await mirrors().note(scope, diff({ at: new Date(1_000_000 + n) }))
      await mirrors().note(scope, diff({ signature: 'def', severity: 'info', route: 'GET /y' }))
      const [first, second] = await mirrors().signatures(scope, SINCE, 10)
      expect([first?.count, second?.count]).toEqual([102, 1])
      expect(first).toMatchObject({
        ...{ signature: 'abc', firstAt: new Date(1_000_000), lastAt: new Date(1_000_101), accepted: false },
        differences: [{ path: 'status', kind: 'status' }],
      })
      const of = (filter: object) => mirrors().diffs(scope, filter, all)
      expect((await of({ signature: 'abc' })).items).toHaveLength(100)
      expect((await of({ severity: 'info' })).items).toHaveLength(1)
      expect((await of({ route: 'GET /y', signature: 'abc' })).items).toEqual([])
      const { items, next } = await mirrors().diffs(scope, {}, { after: null, limit: 1 })
      expect(items).toMatchObject([
        { at: new Date(1_000_099), ours: { status: 200 }, sample: { ours: { a: 1 } } },
      ])
      expect(next).not.toBeNull()
    })

    test('begin to count anew with their mirror, and remember what was accepted', async () => {
      const scope = await scoped()
      await mirrors().note(scope, diff())
      expect(await mirrors().accept(scope, 'abc', { accepted: true, note: 'odd' })).toMatchObject({
        accepted: true,
        note: 'odd',
      })
      expect(await mirrors().accept(scope, 'nothing', { accepted: true, note: null })).toBeNull()
      await mirrors().note(scope, diff({ since: new Date(5) }))
      expect(await mirrors().signatures(scope, SINCE, 10)).toEqual([])
      expect(await mirrors().signatures(scope, new Date(5), 10)).toMatchObject([{ count: 1, accepted: true }])
    })

    test('drop what is over, and what mentions somebody who is erased', async () => {
      const [scope, { now }] = [await scoped(), kit().clock]
      const [anna, ben] = [
        diff({ subjects: ['anna', 'anna'] }),
        diff({ subjects: ['ben'], dropAt: new Date(1) }),
      ]
      await mirrors().note(scope, anna)
      await mirrors().note(scope, ben)
      expect(await mirrors().prune(new Date(1), 0, 100)).toBe(1)
      await mirrors().forget(scope.appId, ['nobody'])
      expect((await mirrors().diffs(scope, {}, all)).items.map(({ id }) => id)).toEqual([anna.id])
      await mirrors().mark(scope, 'learnt', 'anna', now)
      await mirrors().mark(scope, 'learnt', 'ben', now)
      await mirrors().forget(scope.appId, ['anna', 'another'])
      expect(await mirrors().mark(scope, 'learnt', 'anna', now)).toBe(true)
      expect(await mirrors().mark(scope, 'learnt', 'ben', now)).toBe(false)
      expect(await mirrors().signatures(scope, SINCE, 1)).toMatchObject([{ count: 2, example: null }])
      expect((await mirrors().diffs(scope, {}, all)).items).toEqual([])
    })

    test('of a copy that went with its user while the vendor answered are counted, and not kept', async () => {
      const scope = await scoped()
      await mirrors().note(scope, diff({ subjects: ['anna'], copy: 'gone' }))
      expect(await mirrors().signatures(scope, SINCE, 1)).toMatchObject([{ count: 1 }])
      expect((await mirrors().diffs(scope, {}, all)).items).toEqual([])
    })

    test.each(['red', null])('leave nothing behind with their dialect or app: %s', async (dialect) => {
      const scope = await scoped()
      await mirrors().note(scope, diff({ subjects: ['anna'] }))
      await mirrors().count([{ ...scope, since: SINCE, route: 'r', name: 'n', hour: 1, amount: 1 }])
      await mirrors().drop(scope.appId, 'another')
      expect((await mirrors().diffs(scope, {}, all)).items).toHaveLength(1)
      await mirrors().drop(scope.appId, dialect)
      expect((await mirrors().diffs(scope, {}, all)).items).toEqual([])
      expect(await mirrors().totals(scope, SINCE)).toEqual([])
      expect(await mirrors().signatures(scope, SINCE, 1)).toEqual([])
    })
  })
}
