import { describe, expect, test } from 'vitest'
import type { CopyDraft } from '../../src/store/store.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

export function copyContract(kit: () => StoreKit): void {
  const copies = () => kit().store.copies
  const scoped = async () => ({ appId: await kit().createApp(), dialect: 'red' })
  type Scope = Awaited<ReturnType<typeof scoped>>
  const copy = (scope: Scope, more: Partial<CopyDraft> = {}): CopyDraft => ({
    ...{ id: unique('copy'), scope, device: unique('device'), route: 'POST /x', same: unique('same') },
    ...{ externalId: null, subjects: [], once: false, sealed: 'sealed', at: kit().clock.now, ...more },
  })
  const claim = async ({ appId, dialect }: Scope, limit = 100) => {
    const { now } = kit().clock
    const later = (ms: number) => new Date(now.getTime() + ms)
    const terms = { lease: unique('lease'), until: later(60_000), horizon: later(120_000), limit, each: 100 }
    const all = await copies().claim({ ...terms, resting: [] }, now)
    return all.filter(({ scope }) => scope.appId === appId && scope.dialect === dialect)
  }
  const added = async (scope: Scope, more: Partial<CopyDraft> = {}) => {
    const one = copy(scope, more)
    await copies().add(one)
    return one
  }
  const NOTHING = { ids: [], gone: false }

  describe('copies for a vendor', () => {
    test('are taken one after the other for each device, in their order', async () => {
      const scope = await scoped()
      const first = await added(scope)
      const second = await added(scope, { device: first.device })
      const other = await added(scope)
      expect((await claim(scope)).map(({ id }) => id).sort()).toEqual([first.id, other.id].sort())
      expect(await claim(scope)).toEqual([])
      await copies().end(first, NOTHING, kit().clock.now)
      expect(await claim(scope)).toMatchObject([{ id: second.id, tries: 1, sealed: 'sealed', ids: [] }])
      expect(await copies().waiting(scope)).toBe(2)
    })

    test('are taken in the order of their calls, even if a later one was written first', async () => {
      const scope = await scoped()
      const device = unique('device')
      const [first, second, third] = [1, 2, 3].map(() => copy(scope, { device }))
      if (!first || !second || !third) throw new Error('three were drafted')
      const taken: string[] = []
      /** Takes the device's next one; undefined if another one is under way. */
      const next = async () => {
        const [one] = await claim(scope)
        if (one) taken.push(one.id)
        return one
      }
      await copies().add(third)
      await copies().add(second)
      const begun = await next()
      // One that is under way is not overtaken.
      await copies().add(first)
      expect(await next()).toBeUndefined()
      for (let one = begun; one; one = await next()) await copies().end(one, NOTHING, kit().clock.now)
      expect(taken).toEqual([second.id, first.id, third.id])
    })

    test('are found by what they name, and of several devices wait for one another where they name the same handle', async () => {
      const scope = await scoped()
      const [user, handle] = [unique('user'), `h:${unique('handle')}`]
      const owner = keyOf(scope.appId)
      await kit().register(owner)
      const { externalId } = owner
      const first = await added(scope, { subjects: [handle, user], externalId })
      const second = await added(scope, { subjects: [handle], externalId })
      const third = await added(scope, { subjects: [user], externalId })
      expect(await copies().naming(scope, [handle])).toBe(true)
      expect(await copies().naming(scope, ['h:nothing'])).toBe(false)
      expect(await copies().naming({ ...scope, dialect: 'blue' }, [handle])).toBe(false)
      const behind = Object.fromEntries((await claim(scope)).map((one) => [one.id, one.behind]))
      expect(behind).toEqual({ [first.id]: false, [second.id]: true, [third.id]: false })
      for (const one of [first, second]) await copies().end(one, NOTHING, kit().clock.now)
      expect(await copies().naming(scope, [handle])).toBe(false)
    })

    test('wait while their line rests, and are due again when they are told to', async () => {
      const scope = await scoped()
      const { id } = await added(scope)
      const { now } = kit().clock
      const terms = { lease: unique('lease'), until: now, horizon: now, limit: 9, each: 9 }
      const rested = await copies().claim({ ...terms, resting: [`${scope.appId}/red`] }, now)
      expect(rested.filter((one) => one.id === id)).toEqual([])
      await claim(scope)
      await copies().postpone({ id, scope }, new Date(now.getTime() + 5000), 1)
      expect(await claim(scope)).toEqual([])
      kit().clock.advance(5000)
      expect(await claim(scope)).toMatchObject([{ id, tries: 2 }])
    })

    test('of one who died are taken again, and it is known that they were begun', async () => {
      const scope = await scoped()
      const { id } = await added(scope)
      await claim(scope)
      kit().clock.advance(61_000)
      expect(await claim(scope)).toMatchObject([{ id, tries: 2 }])
    })

    test('that are equal are one, the last, but never across one that must not arrive twice', async () => {
      const scope = await scoped()
      const { device } = await added(scope)
      const equal = { device, same: 'equal' }
      await added(scope, equal)
      const between = await added(scope, { device })
      const last = await added(scope, equal)
      expect(await copies().waiting(scope)).toBe(3)
      const once = await added(scope, { device, once: true })
      const after = await added(scope, equal)
      expect(await copies().waiting(scope)).toBe(5)
      const order: string[] = []
      for (let [next] = await claim(scope); next; [next] = await claim(scope)) {
        order.push(next.id)
        await copies().end(next, NOTHING, kit().clock.now)
      }
      expect(order.slice(1)).toEqual([between.id, last.id, once.id, after.id])
    })

    test('ride on the next plan of their cause, and on no other', async () => {
      const scope = await scoped()
      const one = copy(scope)
      const taken = copies().carry(async () => [one], 'the-cause')
      await kit().register(keyOf(scope.appId))
      expect(await copies().waiting(scope)).toBe(0)
      const { store, clock } = kit()
      const key = keyOf(scope.appId)
      await kit().register(key)
      await store.devices.remove(key, { at: clock.now, cause: 'the-cause' })
      expect(await copies().waiting(scope)).toBe(1)
      expect(taken()).toBe(true)
      const never = copies().carry(async () => [copy(scope)], 'another-cause')
      expect(never()).toBe(false)
      await store.devices.remove(key, { at: clock.now, cause: 'another-cause' })
      expect(await copies().waiting(scope)).toBe(1)
    })

    test('know which ids the vendor has for ours, until the device has gone', async () => {
      const scope = await scoped()
      const first = await added(scope)
      const ids = [{ ours: unique('ours'), vendor: unique('theirs') }]
      await claim(scope)
      await copies().end(first, { ids, gone: false }, kit().clock.now)
      const second = await added(scope, { device: first.device })
      expect(await claim(scope)).toMatchObject([{ ids }])
      await copies().end(second, { ids: [], gone: true }, kit().clock.now)
      await added(scope, { device: first.device })
      expect(await claim(scope)).toMatchObject([{ ids: [] }])
    })

    test('of the devices that wait longest are dropped where too many wait', async () => {
      const scope = await scoped()
      const old = await added(scope, { route: 'POST /old' })
      await added(scope, { device: old.device, route: 'POST /old' })
      const kept = await added(scope)
      expect(await copies().scopes()).toContainEqual(scope)
      expect(await copies().trim(scope, 3, kit().clock.now)).toEqual([])
      expect(await copies().trim(scope, 2, kit().clock.now)).toEqual(['POST /old', 'POST /old'])
      expect(await claim(scope)).toMatchObject([{ id: kept.id }])
    })

    describe('go with a user who is erased', () => {
      const marks = { imports: [], mirrors: 'anna' }
      const erase = (appId: string) =>
        kit().store.users.erase(appId, 'anna', kit().occasion(), undefined, marks)
      const owned = async (appId: string, user: string) => {
        const key = keyOf(appId)
        await kit().register(key, { patch: { user: { id: user, proved: false } } })
        return key
      }

      test('if they are of a device of theirs, named or not, however many there are', async () => {
        const scope = await scoped()
        const { externalId } = await owned(scope.appId, 'anna')
        const bens = await owned(scope.appId, 'ben')
        const kept = await added(scope, { externalId: bens.externalId, subjects: ['ben'] })
        const device = unique('device')
        for (let n = 0; n < 700; n++) {
          await copies().add(copy(scope, { externalId, device, subjects: n % 2 ? ['anna', 'other'] : [] }))
        }
        expect(
          await kit().store.held.counts({ appId: scope.appId, userId: 'anna', subject: 'anna' }),
        ).toMatchObject({
          copies: 700,
        })
        await erase(scope.appId)
        expect(await claim(scope)).toMatchObject([{ id: kept.id }])
        expect(await copies().waiting(scope)).toBe(1)
        const gone = { appId: scope.appId, userId: 'other', subject: 'other' }
        expect(await kit().store.held.any(gone)).toBe(false)
      })

      test('if they name them, whosever device it is by now, and the next of it follows', async () => {
        const scope = await scoped()
        const { externalId } = await owned(scope.appId, 'ben')
        const device = unique('device')
        await added(scope, { device, externalId, subjects: ['anna'] })
        const next = await added(scope, { device, externalId, subjects: ['ben'] })
        expect(await kit().store.held.any({ appId: scope.appId, userId: 'anna', subject: 'anna' })).toBe(true)
        await erase(scope.appId)
        expect(await kit().store.held.any({ appId: scope.appId, userId: 'anna', subject: 'anna' })).toBe(
          false,
        )
        await copies().trim(scope, 100, kit().clock.now)
        expect(await claim(scope)).toMatchObject([{ id: next.id }])
      })

      test('if they are of a device of theirs that has gone', async () => {
        const scope = await scoped()
        const key = await owned(scope.appId, 'anna')
        await added(scope, { externalId: key.externalId })
        await kit().store.devices.remove(key, kit().occasion())
        expect(await copies().waiting(scope)).toBe(1)
        await erase(scope.appId)
        expect(await copies().waiting(scope)).toBe(0)
      })

      test('with the vendor’s ids, and one that is under way leaves none', async () => {
        const scope = await scoped()
        const { externalId } = await owned(scope.appId, 'anna')
        const first = await added(scope, { externalId })
        const ids = [{ ours: externalId, vendor: unique('theirs') }]
        await claim(scope)
        await copies().end(first, { ids, gone: false }, kit().clock.now)
        const second = await added(scope, { externalId, device: first.device })
        expect(await claim(scope)).toMatchObject([{ ids }])
        await erase(scope.appId)
        await copies().end(second, { ids, gone: false }, kit().clock.now)
        await added(scope, { device: first.device })
        expect(await claim(scope)).toMatchObject([{ ids: [] }])
      })
    })

    test('go with their app', async () => {
      const scope = await scoped()
      await added(scope)
      await kit().store.mirrors.drop(scope.appId, 'red')
      expect(await copies().waiting(scope)).toBe(0)
      await copies().add(copy({ appId: 'gone', dialect: 'red' }))
      expect(await copies().waiting({ appId: 'gone', dialect: 'red' })).toBe(0)
    })
  })
}
