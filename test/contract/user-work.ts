import { beforeAll, describe, expect, test } from 'vitest'
import type { DeviceKey } from '../../src/domain/device.ts'
import type { TagChange } from '../../src/domain/tag.ts'
import type { UserChange, UserWork } from '../../src/store/store.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

const set = (name: string, value: string): TagChange => ({ name, do: 'set', as: [{ type: 'text', value }] })
const tags = (...changes: readonly TagChange[]): UserChange => ({ do: 'tags', changes, profile: {} })
const PIECE = { most: 500 }
const MINUTE = 60_000
type Claimed = UserWork & { readonly lease: string }
/** As many tags as a device can have: a batch takes one or two such devices. */
const FULL = Array.from({ length: 5000 }, (_, at) => set(`tag ${at}`, 'x'))

export function userWorkContract(kit: () => StoreKit): void {
  const work = () => kit().store.userWork
  const now = () => kit().clock.now
  const find = (key: DeviceKey) => kit().store.devices.findByKey(key, now())
  const later = (milliseconds: number) => new Date(now().getTime() + milliseconds)
  /** Claims the next work for a minute. */
  async function claim(): Promise<Claimed | null> {
    const lease = unique('lease')
    const terms = { lease, until: later(MINUTE), horizon: later(2 * MINUTE), limit: 1 }
    const [one] = await work().claim(terms, now())
    return one ? { ...one, lease } : null
  }
  const proceed = ({ lease, ...one }: Claimed, skip = false) =>
    work().proceed(one, { ...PIECE, lease, skip }, now())
  /** One step of a worker that takes whatever is next. */
  async function turn(): Promise<Claimed | null> {
    const next = await claim()
    if (next) await proceed(next)
    return next
  }
  const asked = (appId: string, userId: string, change: UserChange): UserWork => {
    kit().clock.advance(1)
    return {
      id: unique('work'),
      of: { appId, dialect: 'red', userId },
      change,
      cause: unique('request'),
      askedAt: now(),
    }
  }
  /** All pending work, in order; including what other tests over the same database left. */
  async function finish() {
    const done: UserWork[] = []
    for (let next = await turn(); next; next = await turn()) {
      done.push(next)
      if (done.length > 1000) throw new Error('the work has no end')
    }
    return done
  }
  const crowd = async (appId: string, user: string, count: number, more: readonly TagChange[] = []) => {
    const keys: DeviceKey[] = []
    for (let at = 0; at < count; at++) {
      const key = keyOf(appId)
      await kit().register(key, { tags: more, patch: { user: { id: user, proved: true } } })
      keys.push(key)
    }
    return keys
  }

  describe('a change of all devices of a user', () => {
    test('that are few is done at once, on them and no others', async () => {
      const appId = await kit().createApp()
      const [mine, others] = [await crowd(appId, 'ann', 3), await crowd(appId, 'bob', 1)]
      const blue = keyOf(appId, 'blue')
      await kit().register(blue, { patch: { user: { id: 'ann', proved: true } } })
      const change = { ...tags(set('a', 'x')), profile: { language: 'de', model: null } } as UserChange
      const one = asked(appId, 'ann', change)
      expect(await work().begin(one, now())).toEqual({ skipped: [], more: false })
      for (const key of mine) expect(await find(key)).toMatchObject({ tags: { a: 'x' }, language: 'de' })
      for (const key of [...others, blue]) expect(await find(key)).toMatchObject({ tags: {}, language: null })
      expect((await finish()).map(({ id }) => id)).not.toContain(one.id)
    })

    test('says which changes do not fit their tag’s type', async () => {
      const appId = await kit().createApp()
      const [key = keyOf(appId)] = await crowd(appId, 'ann', 1, [
        { name: 'n', do: 'set', as: [{ type: 'number', value: 1 }] },
      ])
      const answer = await work().begin(asked(appId, 'ann', tags(set('n', 'x'), set('b', 'y'))), now())
      expect(answer).toEqual({ skipped: ['n'], more: false })
      expect((await find(key))?.tags).toEqual({ n: 1, b: 'y' })
    })

    test('is nothing for a user without devices, and of an app that has gone', async () => {
      const appId = await kit().createApp()
      for (const app of [appId, unique('gone')]) {
        const answer = await work().begin(asked(app, 'ann', tags(set('a', 'x'))), now())
        expect(answer).toEqual({ skipped: [], more: false })
      }
    })

    test('gives all to another user, as a claim, with their history', async () => {
      const appId = await kit().createApp()
      const keys = await crowd(appId, 'ann', 3)
      expect(await work().begin(asked(appId, 'ann', { do: 'move', to: 'bob' }), now())).toMatchObject({
        more: false,
      })
      for (const key of keys) {
        const device = await find(key)
        expect(device?.user).toEqual({ id: 'bob', proved: false })
        const [last] = await kit().store.directory.history(appId, device?.id ?? '')
        expect(last).toMatchObject({ kind: 'userChanged', detail: { userId: 'ann' } })
      }
    })
  })

  describe('a move of devices to a user, in an app with a limit on each user’s devices', () => {
    test.each([1, 4])('leaves the user those that were seen last, %d times as many', async (times) => {
      const appId = await kit().createApp({ limits: { devices: null, devicesPerUser: 2 } })
      const keys: DeviceKey[] = []
      for (const user of ['bob', ...Array.from({ length: 3 * times }, () => 'ann'), 'bob']) {
        keys.push(...(await crowd(appId, user, 1)))
        kit().clock.advance(1000)
      }
      const move = asked(appId, 'ann', { do: 'move', to: 'bob' })
      expect(await work().begin(move, now())).toMatchObject({ more: false })
      const devices = await Promise.all(keys.map(find))
      const users = devices.map((device) => device?.user?.id ?? null)
      expect(users).toEqual([...Array.from({ length: 3 * times }, () => null), 'bob', 'bob'])
      const [last, before] = await kit().store.directory.history(appId, devices[1]?.id ?? '')
      expect([last, before]).toMatchObject([
        { kind: 'userChanged', detail: { userId: 'bob' }, cause: move.cause },
        { kind: 'userChanged', detail: { userId: 'ann' }, cause: move.cause },
      ])
    })

    test('holds it in each piece, and leaves other users and dialects alone', async () => {
      const appId = await kit().createApp({ limits: { devices: null, devicesPerUser: 2 } })
      const blue = keyOf(appId, 'blue')
      await kit().register(blue, { patch: { user: { id: 'bob', proved: true } } })
      const others = await crowd(appId, 'cat', 3)
      const keys = await crowd(appId, 'ann', 5)
      // Devices full of tags are changed one per batch, and later work for the same user waits.
      const full = await crowd(appId, 'ann', 2, FULL)
      const [one, two] = [
        asked(appId, 'ann', tags(set('tag 0', 'y'))),
        asked(appId, 'ann', { do: 'move', to: 'bob' }),
      ]
      expect(await work().begin(one, now())).toMatchObject({ more: true })
      expect(await work().begin(two, now())).toMatchObject({ more: true })
      let pieces = 0
      for (let next = await claim(); next; next = await claim()) {
        await work().proceed(next, { most: 2, lease: next.lease, skip: false }, now())
        if (next.id === two.id) pieces++
        const users = (await Promise.all([...keys, ...full].map(find))).map((device) => device?.user?.id)
        expect(users.filter((user) => user === 'bob').length).toBeLessThanOrEqual(2)
      }
      expect(pieces).toBeGreaterThan(2)
      const users = (await Promise.all([...keys, ...full].map(find))).map(
        (device) => device?.user?.id ?? null,
      )
      expect(users.filter((user) => user === 'bob')).toHaveLength(2)
      expect(users).not.toContain('ann')
      expect((await find(blue))?.user?.id).toBe('bob')
      for (const key of others) expect((await find(key))?.user?.id).toBe('cat')
    })
  })

  describe('a change of more devices than a piece takes', () => {
    let appId: string
    let keys: readonly DeviceKey[]
    const values = async (name: string) =>
      Promise.all(keys.map(async (key) => (await kit().store.devices.findByKey(key, now()))?.tags[name]))
    beforeAll(async () => {
      appId = await kit().createApp()
      keys = await crowd(appId, 'ann', 4, FULL)
      await finish()
    })

    test('is done on the newest at once, and on the others in pieces, once, whoever does them', async () => {
      const one = asked(appId, 'ann', tags(set('tag 0', 'one')))
      expect(await work().begin(one, now())).toEqual({ skipped: [], more: true })
      const first = await values('tag 0')
      expect([first.at(0), first.at(-1)]).toEqual(['x', 'one'])
      const next = await claim()
      expect(next).toEqual({ ...one, lease: next?.lease })
      kit().clock.advance(1)
      const [, second = keyOf(appId)] = keys
      await kit().store.tags.change(second, [set('tag 0', 'later')], kit().occasion())
      if (next) await proceed(next)
      for (let more = true; more; ) {
        const did = await Promise.all([1, 2, 3].map(turn))
        more = did.some((piece) => piece !== null)
      }
      expect(await values('tag 0')).toEqual(['one', 'later', 'one', 'one'])
      expect(await claim()).toBeNull()
    })

    test('comes before what is asked for the same user later, and holds nobody else back', async () => {
      const [bobs = keyOf(appId)] = await crowd(appId, 'bob', 1)
      const [one, two] = [
        asked(appId, 'ann', tags(set('tag 2', 'one'))),
        asked(appId, 'ann', tags(set('tag 2', 'two'))),
      ]
      await work().begin(one, now())
      expect(await work().begin(two, now())).toMatchObject({ more: true })
      expect((await values('tag 2')).includes('two')).toBe(false)
      expect(await work().begin(asked(appId, 'bob', tags(set('tag 2', 'b'))), now())).toMatchObject({
        more: false,
      })
      expect((await find(bobs))?.tags).toEqual({ 'tag 2': 'b' })
      const order = (await finish()).map(({ id }) => id)
      expect(order.lastIndexOf(one.id)).toBeLessThan(order.indexOf(two.id))
      expect(await values('tag 2')).toEqual(keys.map(() => 'two'))
    })

    test('is done on no more devices in a piece than are asked for', async () => {
      const newest = await crowd(appId, 'ann', 3)
      const [one, two] = [
        asked(appId, 'ann', tags(set('tag 6', 'one'))),
        asked(appId, 'ann', tags(set('tag 6', 'two'))),
      ]
      await work().begin(one, now())
      await work().begin(two, now())
      let next = await claim()
      for (; next?.id === one.id; next = await claim()) await proceed(next)
      expect(next?.id).toBe(two.id)
      const piece = { most: 2, lease: next?.lease ?? '' }
      expect(await work().proceed(two, piece, now())).toMatchObject({ more: true })
      const done = await Promise.all(newest.map(async (key) => (await find(key))?.tags['tag 6']))
      expect(done).toEqual(['one', 'two', 'two'])
      await finish()
      for (const key of newest) await kit().store.devices.remove(key, kit().occasion())
    })

    test('passes over who came to the user later, and who went to another', async () => {
      const one = asked(appId, 'ann', tags(set('tag 3', 'one')))
      await work().begin(one, now())
      kit().clock.advance(1)
      const [gone = keyOf(appId)] = keys
      const late = keyOf(appId)
      await kit().register(gone, { patch: { user: { id: 'bob', proved: true } } })
      await kit().register(late, { patch: { user: { id: 'ann', proved: true } } })
      await finish()
      expect(await values('tag 3')).toEqual(['x', 'one', 'one', 'one'])
      expect((await find(late))?.tags).toEqual({})
      await kit().register(gone, { patch: { user: { id: 'ann', proved: true } } })
      await kit().store.devices.remove(late, kit().occasion())
    })

    test('rejects where a device cannot take it, passes it over when told to, and goes on', async () => {
      const [roomy = keyOf(appId)] = keys
      await kit().store.tags.change(roomy, [{ name: 'tag 9', do: 'remove' }], kit().occasion())
      const alone = asked(appId, 'ann', tags(set('more', 'x')))
      await expect(work().begin(alone, now())).rejects.toMatchObject({ code: 'limit' })
      expect(await claim()).toBeNull()
      // Requested while other work is pending, it is stored, and applied to the full devices later.
      await work().begin(asked(appId, 'ann', tags(set('tag 4', 'four'))), now())
      const one = asked(appId, 'ann', tags(set('more', 'x')))
      await work().begin(one, now())
      for (let next = await claim(); next; next = await claim()) {
        if (next.id !== one.id) await proceed(next)
        else {
          const tried = await proceed(next).then(
            () => 'done',
            (error: { code: string }) => error.code,
          )
          if (tried === 'limit') await proceed(next, true)
        }
      }
      expect(await values('more')).toEqual(['x', undefined, undefined, undefined])
      expect(await values('tag 4')).toEqual(keys.map(() => 'four'))
    })

    test('is done by nobody whose lease is over and somebody else’s', async () => {
      const count: TagChange = { name: 'n', do: 'increment', as: [{ type: 'number', value: 1 }] }
      const some = await crowd(appId, 'cat', 3, FULL.slice(0, 4999))
      await work().begin(asked(appId, 'cat', tags(count)), now())
      const late = await claim()
      kit().clock.advance(MINUTE)
      const next = await claim()
      expect([late?.id, next?.lease === late?.lease]).toEqual([next?.id, false])
      const counted = async () => {
        const devices = await Promise.all(some.map((key) => find(key)))
        return devices.map((device) => device?.tags.n ?? 0)
      }
      if (late) expect(await proceed(late)).toMatchObject({ more: true })
      expect(await counted()).toEqual([0, 0, 1])
      if (next) await proceed(next)
      if (late) await proceed(late, true)
      expect((await counted()).filter((n) => n === 1).length).toBeGreaterThan(1)
      await finish()
      expect(await counted()).toEqual([1, 1, 1])
    })

    test('is refused where too much waits already, and ends with its user, who is erased', async () => {
      await work().begin(asked(appId, 'ann', tags(set('tag 5', 'five'))), now())
      const works = Array.from({ length: 1010 }, () => asked(appId, 'ann', { do: 'move', to: 'zoe' }))
      const outcomes = await Promise.allSettled(works.map((one) => work().begin(one, now())))
      const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
      expect([refused.length, new Set(refused)]).toEqual([11, new Set(['limit'])])
      await kit().store.users.erase(appId, 'ann', kit().occasion())
      expect(await claim()).toBeNull()
    })
  })
}
