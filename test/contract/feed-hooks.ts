import { describe, expect, test } from 'vitest'
import type { DeviceKey } from '../../src/domain/device.ts'
import { FEED_START } from '../../src/domain/feed.ts'
import type { FeedHook, Letter } from '../../src/domain/feed-hook.ts'
import { MOST_FEED_HOOKS, MOST_LETTERS } from '../../src/domain/feed-hook.ts'
import type { FeedHookDraft, FeedSettlement, TakenHook } from '../../src/store/store.ts'
import { keyOf, removePiece, type StoreKit, unique } from './kit.ts'

const SECOND = 1000

export function feedHookContract(kit: () => StoreKit): void {
  const hooks = () => kit().store.feedHooks
  const later = (ms: number) => new Date(kit().clock.now.getTime() + ms)
  const draft = (appId: string, more: Partial<FeedHookDraft> = {}): FeedHookDraft => ({
    ...{ id: unique('hook'), appId, name: unique('name'), url: 'https://hooks.example/x', kinds: null },
    ...{ sealed: 'sealed', place: FEED_START, ...more },
  })
  async function created(more: Partial<FeedHookDraft> = {}) {
    const appId = more.appId ?? (await kit().createApp())
    const place = more.place ?? (await kit().store.feed.end(appId))
    const made = await hooks().create(draft(appId, { place, ...more }), kit().clock.now)
    if (typeof made === 'string') throw new Error(made)
    return made
  }
  const happen = (appId: string) => kit().register(keyOf(appId), { token: unique('t') })
  /** This many events of the app, by their ids. */
  async function happened({ appId, place }: Pick<FeedHook, 'appId' | 'place'>, count: number) {
    for (let n = 0; n < count; n++) await happen(appId)
    const ids: number[] = []
    for (let [at, more] = [place, true]; more; ) {
      const page = await kit().store.feed.page(appId, at, 1000, kit().clock.now)
      ids.push(...page.items.map((item) => item.place[1]))
      ;[at, more] = [page.next, page.more]
    }
    return ids
  }
  /** Claims what is due, and gives back the rows of other tests. */
  async function claim(...ids: readonly string[]) {
    const lease = unique('lease')
    const terms = { lease, until: later(60 * SECOND), horizon: later(120 * SECOND), limit: 1000 }
    const all = await hooks().claim(terms, kit().clock.now)
    for (const hook of all) if (!ids.includes(hook.id)) await settle(hook, lease, { dueAt: later(SECOND) })
    return { lease, taken: all.filter(({ id }) => ids.includes(id)) }
  }
  const settle = (hook: TakenHook, lease: string, more: Partial<FeedSettlement> = {}) => {
    const { place, failures, failingSince, tries } = hook
    const at = kit().clock.now
    const nothing = { stopped: null, delivered: 0, last: null, parked: [], arrived: [] }
    return hooks().settle({
      ...{ lease, hook, place, failures, failingSince, tries, at, dueAt: at },
      ...{ ...nothing, ...more },
    })
  }
  async function taken(id: string) {
    const { lease, taken } = await claim(id)
    const [hook] = taken
    if (!hook) throw new Error('not due')
    return { lease, hook }
  }
  const parked = (event: number, device: string, more: Partial<Letter> = {}): Letter => ({
    ...{ event, part: '', device, kind: 'registered', dead: false, tries: 1, status: 500, error: 'e' },
    ...{ at: kit().clock.now, triedAt: kit().clock.now, dueAt: later(5 * SECOND), ...more },
  })
  const listed = async (hook: string, dead = false) =>
    (await hooks().deliveries(hook, dead, { after: null, limit: 100 })).items
  const shown = async (appId: string, id: string) => (await hooks().list(appId)).find((one) => one.id === id)

  describe('receivers of the feed', () => {
    test('are as they were made and changed, by app, and no more than there may be', async () => {
      const appId = await kit().createApp()
      const first = await created({ appId, kinds: ['registered'] })
      expect(first).toMatchObject({ kinds: ['registered'], stopped: null, waiting: 0, dead: 0, last: null })
      expect(await hooks().secret(appId, first.id)).toBe('sealed')
      const other = await kit().createApp()
      expect(await hooks().secret(other, first.id)).toBeNull()
      expect(await hooks().change(other, first.id, { stopped: true }, kit().clock.now)).toBeNull()
      expect(await hooks().remove(other, first.id)).toBe(false)
      const change = { url: 'https://hooks.example/y', kinds: null, stopped: true }
      expect(await hooks().change(appId, first.id, change, kit().clock.now)).toMatchObject({
        ...{ url: 'https://hooks.example/y', kinds: null, stopped: 'operator' },
      })
      const { now } = kit().clock
      expect(await hooks().create(draft(appId, { name: first.name }), now)).toBe('taken')
      expect(await hooks().create(draft('nobody'), now)).toBe('gone')
      for (let made = 1; made < MOST_FEED_HOOKS; made++) await created({ appId })
      expect(await hooks().create(draft(appId), now)).toBe('full')
      expect(await hooks().remove(appId, first.id)).toBe(true)
      expect(await hooks().list(appId)).toHaveLength(MOST_FEED_HOOKS - 1)
    })

    test('are claimed by one, once something happened behind their place, until they are settled', async () => {
      const { appId, id } = await created()
      expect((await claim(id)).taken).toEqual([])
      await happen(appId)
      expect(await hooks().due({ horizon: later(120 * SECOND) }, kit().clock.now)).toBe(true)
      const { hook, lease } = await taken(id)
      expect((await claim(id)).taken).toEqual([])
      const place = await kit().store.feed.end(appId)
      const last = { at: kit().clock.now, status: 204, error: null }
      await settle(hook, lease, { place, delivered: 1, last })
      expect((await claim(id)).taken).toEqual([])
      expect(await shown(appId, id)).toMatchObject({ place, delivered: 1, last })
    })

    test('of one who died are claimed again, and what that one settles then counts no more', async () => {
      const { appId, id } = await created()
      await happen(appId)
      const { hook, lease } = await taken(id)
      kit().clock.advance(61 * SECOND)
      const again = await taken(id)
      await settle(hook, lease, { place: await kit().store.feed.end(appId), delivered: 7 })
      expect(await shown(appId, id)).toMatchObject({ place: hook.place, delivered: 0 })
      await settle(again.hook, again.lease)
    })

    test('go on behind a replay, whatever who reads meanwhile settles', async () => {
      const { appId, id, place: start } = await created()
      const [event = 0] = await happened({ appId, place: start }, 1)
      const { hook, lease } = await taken(id)
      const place = await kit().store.feed.end(appId)
      await settle(hook, lease, { place, parked: [parked(event, 'd', { dead: true, dueAt: null })] })
      expect(await shown(appId, id)).toMatchObject({ place, dead: 1 })
      await hooks().replay(appId, id, start, kit().clock.now)
      expect(await shown(appId, id)).toMatchObject({ place: start, dead: 0 })
      const again = await taken(id)
      await hooks().replay(appId, id, start, kit().clock.now)
      await settle(again.hook, again.lease, { place, parked: [parked(event, 'd')] })
      expect(await shown(appId, id)).toMatchObject({ place: start, waiting: 0 })
      expect((await claim(id)).taken).toHaveLength(1)
    })

    test('are told nothing while they are stopped', async () => {
      const { appId, id } = await created()
      await happen(appId)
      await hooks().change(appId, id, { stopped: true }, kit().clock.now)
      expect((await claim(id)).taken).toEqual([])
      await hooks().change(appId, id, { stopped: false }, kit().clock.now)
      expect((await claim(id)).taken).toHaveLength(1)
    })
  })

  describe('events that were not taken', () => {
    test('are due again in their order for each device, and known by it', async () => {
      const made = await created()
      const { appId, id } = made
      const [one = 0, two = 0, three = 0, four = 0] = await happened(made, 4)
      const { hook, lease } = await taken(id)
      const waits = { tries: 0, dueAt: null, triedAt: null, status: null, error: null }
      const place = await kit().store.feed.end(appId)
      await settle(hook, lease, {
        place,
        parked: [parked(one, 'a'), parked(two, 'a', waits), parked(three, 'b'), parked(four, 'a', waits)],
      })
      expect(await hooks().held(id, ['a', 'b', 'c'])).toEqual(new Set(['a', 'b']))
      const due = async () => {
        const { now } = kit().clock
        return (await hooks().letters(id, later(120 * SECOND), 10, now)).map(({ event }) => event)
      }
      expect([await due(), (await claim(id)).taken]).toEqual([[], []])
      kit().clock.advance(6 * SECOND)
      expect(await due()).toEqual([one, three])
      const again = await taken(id)
      expect(again.hook.waiting).toBe(4)
      // A letter that is parked again neither waits for itself nor starts its attempts anew.
      const arrived = [{ event: one, part: '', device: 'a' }]
      const tried = parked(three, 'b', { dead: true, tries: 11, dueAt: null })
      await settle(again.hook, again.lease, { arrived, parked: [parked(two, 'a', waits), tried] })
      expect(await due()).toEqual([two])
      expect((await listed(id)).map(({ event }) => event)).toEqual([two, four])
      expect(await listed(id, true)).toMatchObject([{ event: three, tries: 11, status: 500, error: 'e' }])
      const page = await hooks().deliveries(id, false, { after: null, limit: 1 })
      expect(page.next).toEqual([two, ''])
      expect((await hooks().deliveries(id, false, { after: page.next, limit: 1 })).items).toMatchObject([
        { event: four },
      ])
    })

    test('that are dead are tried once more where somebody says so, but none that is about no device', async () => {
      const made = await created()
      const { appId, id } = made
      const [one = 0, two = 0, three = 0] = await happened(made, 3)
      const { hook, lease } = await taken(id)
      const place = await kit().store.feed.end(appId)
      const over = { dead: true, dueAt: null }
      await settle(hook, lease, { place, parked: [parked(one, 'a', over), parked(two, '', over)] })
      const { now } = kit().clock
      expect(await hooks().retry(id, { event: two, part: '' }, now)).toBe(false)
      expect(await hooks().retry(id, { event: three, part: '' }, now)).toBe(false)
      expect(await hooks().retry(id, { event: one, part: '' }, now)).toBe(true)
      expect(await hooks().letters(id, later(SECOND), 10, now)).toMatchObject([{ event: one, tries: 0 }])
      const again = await taken(id)
      await settle(again.hook, again.lease, { stopped: 'operator' })
    })

    test('are no more than are kept, and go with their hook and with their event', async () => {
      const made = await created()
      const { appId, id } = made
      const events = await happened(made, MOST_LETTERS + 3)
      const { hook, lease } = await taken(id)
      const dead = events.map((event) => parked(event, 'a', { dead: true, dueAt: null }))
      await settle(hook, lease, { place: await kit().store.feed.end(appId), parked: dead })
      expect(await shown(appId, id)).toMatchObject({ dead: MOST_LETTERS })
      await hooks().remove(appId, id)
      while ((await hooks().dropStrays(500)) > 0);
      expect(await listed(id, true)).toEqual([])
    })
  })

  describe('events of who is erased', () => {
    const bind = (key: DeviceKey, user: string) =>
      kit().register(key, { token: unique('t'), patch: { user: { id: user, proved: false } } })
    const erase = async (appId: string, user: string) => {
      await kit().store.users.erase(appId, user, kit().occasion())
      while (await removePiece(kit()));
    }

    test.each([1, 4])('are neither tried again nor listed as given up, %d times as many', async (times) => {
      const made = await created()
      const { appId, id } = made
      const [hers, former, bobs] = [keyOf(appId), keyOf(appId), keyOf(appId)]
      const ids: string[] = []
      for (const key of [hers, former, bobs]) {
        ids.push((await bind(key, key === bobs ? 'bob' : 'ann')).device.id)
        for (let n = 1; n < 150 * times && key === hers; n++) await bind(key, 'ann')
      }
      const [own = '', gone = '', other = ''] = ids
      await kit().store.devices.remove(former, kit().occasion())
      const events = (await kit().store.directory.history(appId, own)).map((event) => Number(event.id))
      const [ended = 0] = (await kit().store.directory.history(appId, gone)).map((event) => Number(event.id))
      const [kept = 0] = (await kit().store.directory.history(appId, other)).map((event) => Number(event.id))
      const { hook, lease } = await taken(id)
      const over = { dead: true, dueAt: null }
      const place = await kit().store.feed.end(appId)
      const hersToo = events.flatMap((event, at) => [parked(event, own, at % 2 === 0 ? over : {})])
      await settle(hook, lease, {
        place,
        parked: [
          ...hersToo,
          parked(ended, gone),
          parked(kept, other),
          parked(kept, other, { part: other, ...over }),
        ],
      })
      await erase(appId, 'ann')
      expect((await listed(id)).map(({ event }) => event)).toEqual([kept])
      expect((await listed(id, true)).map(({ event }) => event)).toEqual([kept])
      expect(await shown(appId, id)).toMatchObject({ waiting: 1, dead: 1 })
    })

    test('are not written by who tells them at that moment', async () => {
      const made = await created()
      const { appId, id } = made
      const { device } = await bind(keyOf(appId), 'ann')
      const { device: other } = await bind(keyOf(appId), 'bob')
      const [event, kept] = await happened(made, 0)
      const { hook, lease } = await taken(id)
      await erase(appId, 'ann')
      const place = await kit().store.feed.end(appId)
      await settle(hook, lease, {
        place,
        parked: [
          parked(event ?? 0, device.id),
          parked(kept ?? 0, device.id, { part: device.id }),
          parked(kept ?? 0, other.id, { part: other.id }),
        ],
      })
      expect(await listed(id)).toMatchObject([{ event: kept, part: other.id }])
      expect(await listed(id, true)).toEqual([])
    })

    test('go with their app and their dialect', async () => {
      for (const remove of [
        (appId: string) => kit().store.apps.remove(appId, kit().occasion()),
        (appId: string) => kit().store.apps.change(appId, { put: [], drop: ['red'] }, kit().occasion()),
      ]) {
        const made = await created()
        const { device } = await bind(keyOf(made.appId), 'ann')
        const [event = 0] = await happened(made, 0)
        const { hook, lease } = await taken(made.id)
        await settle(hook, lease, {
          place: await kit().store.feed.end(made.appId),
          parked: [parked(event, device.id)],
        })
        expect(await listed(made.id)).toHaveLength(1)
        await remove(made.appId)
        while (await removePiece(kit()));
        expect(await listed(made.id)).toEqual([])
      }
    })
  })

  test('an event is read with its device as it is by now, and of its own app alone', async () => {
    const { appId, place } = await created()
    const { device } = await happen(appId)
    const [item] = (await kit().store.feed.page(appId, place, 10, kit().clock.now)).items
    const of = { event: item?.place[1] ?? 0, part: '', device: device.id }
    expect(await hooks().item(appId, of, kit().clock.now)).toEqual(item)
    await kit().store.devices.remove(keyOf(appId, 'red', device.externalId), kit().occasion())
    expect(await hooks().item(appId, of, kit().clock.now)).toMatchObject({ device: null })
    expect(await hooks().item(await kit().createApp(), of, kit().clock.now)).toBeNull()
  })

  test('the place of a time is before what happened then', async () => {
    const appId = await kit().createApp()
    kit().clock.advance(3600 * SECOND)
    await happen(appId)
    kit().clock.advance(60 * SECOND)
    const between = kit().clock.now
    kit().clock.advance(60 * SECOND)
    const { device } = await happen(appId)
    const place = await hooks().since(between)
    const page = await kit().store.feed.page(appId, place, 10, kit().clock.now)
    expect(page.items.map((item) => item.device?.id)).toEqual([device.id])
  })
}
