import { describe, expect, test } from 'vitest'
import type { TimePlace } from '../../src/domain/page.ts'
import type { PageDraft, Part, PartSearch, Settlement, StoredDraft } from '../../src/store/store.ts'
import { everyPage, hashOf, keyOf, type StoreKit, unique } from './kit.ts'

const MINUTE = 60_000

export function messageContract(kit: () => StoreKit): void {
  const messages = () => kit().store.messages
  const now = () => kit().clock.now
  const later = (milliseconds: number) => new Date(now().getTime() + milliseconds)

  const draft = (more: Partial<StoredDraft> = {}): StoredDraft => ({
    id: unique('send'),
    externalId: unique('message'),
    body: { text: 'hello' },
    audience: { to: { all: true } },
    priority: 'normal',
    dialects: ['red'],
    parts: [{ by: 'dialect', dialect: 'red' }],
    ...more,
  })
  const scopeOf = (appId: string, dialect: string | null = 'red') => ({ appId, dialect })
  async function accepted(more: Partial<StoredDraft> = {}, appId?: string) {
    const app = appId ?? (await kit().createApp())
    const sent = draft(more)
    expect(await messages().accept(scopeOf(app), [sent], now())).toHaveLength(1)
    return { app, ...sent }
  }
  /** Other tests over the same database may have left messages, which are skipped. */
  async function planning(id: string) {
    for (;;) {
      const found = await messages().planning(now())
      if (!found || found.message.id === id) return found
      const { message, run, cursor } = found
      const step = { ...whole(message.appId, message.id), run, from: cursor, next: null }
      await messages().advance(step, now())
    }
  }
  const start = { part: 0, after: '' }
  const whole = (appId: string, id: string) => ({
    id,
    appId,
    priority: 'normal' as const,
    run: 0,
    from: start,
    to: start,
    done: true,
    next: null as Date | null,
    audience: { to: { all: true } },
    pages: [] as readonly PageDraft[],
    settled: [],
  })
  const page = (tokens: readonly string[]): PageDraft => ({ provider: 'fcm', tokens, dueAt: now() })

  const search = (appId: string, part: Part, more: Partial<PartSearch> = {}): PartSearch => ({
    appId,
    dialects: ['red'],
    part,
    all: [],
    at: now(),
    now: now(),
    after: '',
    limit: 100,
    tags: [],
    topics: [],
    ...more,
  })
  const found = async (of: PartSearch) =>
    (await messages().candidates(of)).candidates.map(({ deviceId }) => deviceId)
  const phone = async (appId: string, more: object = {}, dialect = 'red', token = unique('t')) =>
    (await kit().register(keyOf(appId, dialect), { token, ...more })).device

  describe('a message', () => {
    test('is kept as it was accepted, and found by its name in its dialect', async () => {
      const sent = await accepted({ ttl: 60, priority: 'high', ignored: ['a.b'] })
      expect(await messages().find(scopeOf(sent.app), sent.externalId)).toMatchObject({
        id: sent.id,
        dialect: 'red',
        body: { text: 'hello' },
        audience: { to: { all: true } },
        ttl: 60,
        priority: 'high',
        ignored: ['a.b'],
        state: 'planning',
        createdAt: now(),
        startedAt: now(),
        finishedAt: null,
        counts: {},
      })
      expect(await messages().get(sent.app, sent.id)).toMatchObject({ id: sent.id, state: 'planning' })
      expect(await messages().get(await kit().createApp(), sent.id)).toBeNull()
      expect(await messages().find(scopeOf(sent.app, 'blue'), sent.externalId)).toBeNull()
      expect(await messages().find(scopeOf(await kit().createApp()), sent.externalId)).toBeNull()
      expect(await messages().known('red', sent.externalId)).toBe(true)
      expect(await messages().known('blue', sent.externalId)).toBe(false)
      expect(await messages().known('red', unique('message'))).toBe(false)
    })

    test('of an app that no longer speaks the dialect is none; one of an operator needs no dialect', async () => {
      const app = await kit().createApp()
      expect(await messages().accept(scopeOf(app, 'green'), [draft()], now())).toBeNull()
      expect(await messages().accept(scopeOf(app, null), [draft()], now())).toHaveLength(1)
      expect(await messages().accept(scopeOf(unique('app'), null), [draft()], now())).toBeNull()
    })

    test('with a known idempotency key is the earlier one, for as many days as that said', async () => {
      const idempotency = { key: 'k', days: 1, hash: 'h' }
      const first = await accepted({ idempotency })
      const again = (more: Partial<StoredDraft>) =>
        messages().accept(scopeOf(first.app), [draft({ idempotency, ...more })], now())
      const stands = { id: first.id, externalId: first.externalId, repeated: true }
      expect(await again({})).toEqual([{ ...stands, same: true }])
      expect(await again({ idempotency: { ...idempotency, hash: 'other' } })).toEqual([
        { ...stands, same: false },
      ])
      kit().clock.advance(24 * 60 * MINUTE)
      expect(await again({})).toMatchObject([{ repeated: false }])
    })

    test('is listed newest first, by state where asked', async () => {
      const first = await accepted()
      kit().clock.advance(1)
      const second = await accepted({}, first.app)
      await messages().cancel(first.app, first.id, now())
      const listed = (states: readonly ('cancelled' | 'planning')[] | null) =>
        everyPage((after: TimePlace | null) => messages().list(first.app, states, { after, limit: 1 }))
      expect((await listed(null)).map(({ id }) => id)).toEqual([second.id, first.id])
      expect((await listed(['cancelled'])).map(({ id }) => id)).toEqual([first.id])
    })

    test('is cancelled once, and only while it is not over', async () => {
      const sent = await accepted()
      expect(await messages().cancel(await kit().createApp(), sent.id, now())).toBeNull()
      expect(await messages().cancel(sent.app, sent.id, now())).toBe(true)
      expect(await messages().cancel(sent.app, sent.id, now())).toBe(false)
      expect(await planning(sent.id)).toBeNull()
    })

    test('leaves an entry of who accepted and who cancelled it, once each', async () => {
      const app = await kit().createApp()
      const entry = (action: string) => ({
        ...{ id: unique('entry'), at: now(), actor: 'admin', action, appId: app },
        ...{ target: null, detail: {}, cause: 'call' },
      })
      const sent = draft({ idempotency: { key: 'k', days: 1 } })
      for (const id of [sent.id, unique('send')])
        await messages().accept(scopeOf(app, null), [{ ...sent, id }], now(), entry('sent'))
      for (const _ of [1, 2]) await messages().cancel(app, sent.id, now(), entry('cancelled'))
      const { items } = await kit().store.audit.list(app, { after: null, limit: 10 })
      expect(items.map(({ action }) => action).sort()).toEqual(['cancelled', 'sent'])
    })

    test('that is forgotten is found nowhere, and its name is free', async () => {
      const sent = await accepted()
      expect(await messages().forget(scopeOf(sent.app), sent.externalId)).toBe(true)
      expect(await messages().forget(scopeOf(sent.app), sent.externalId)).toBe(false)
      expect(await messages().find(scopeOf(sent.app), sent.externalId)).toBeNull()
      expect(await messages().report(sent.app, sent.id)).toBeNull()
      expect((await messages().list(sent.app, null, { after: null, limit: 10 })).items).toEqual([])
      await accepted({ externalId: sent.externalId }, sent.app)
    })
  })

  describe('the audience', () => {
    test('of devices whose platform has a name or a number shows that, from the member that the dialect names', async () => {
      const app = await kit().createApp()
      const patches = [{ details: { platformName: 'A' } }, { details: { number: 11 } }, {}]
      for (const patch of patches) await phone(app, { patch })
      const shown = async (platformMember?: string) => {
        const of = search(app, { by: 'dialect', dialect: 'red' }, { platformMember })
        const { candidates } = await messages().candidates(of)
        return candidates.map(({ platformName }) => platformName)
      }
      expect(await shown()).toEqual(['A', null, null])
      expect(await shown('number')).toEqual([null, '11', null])
      expect(await shown('a "member" of none')).toEqual([null, null, null])
    })

    test('of a dialect are its current, enabled, live devices, step by step', async () => {
      const app = await kit().createApp()
      const devices = [await phone(app), await phone(app), await phone(app)]
      await phone(app, {}, 'blue')
      await phone(app, { patch: { enabled: false } })
      await phone(app, { patch: { expiresAt: later(-1) } })
      await kit().register(keyOf(app))
      await phone(await kit().createApp())
      const part = { by: 'dialect', dialect: 'red' } as const
      expect(await found(search(app, part))).toEqual(devices.map(({ id }) => id))
      const step = await messages().candidates(search(app, part, { limit: 2 }))
      expect(step.candidates).toHaveLength(2)
      const rest = await found(search(app, part, { limit: 100, after: step.after ?? '' }))
      expect(rest).toEqual([devices[2]?.id])
    })

    test('leaves out who registered or subscribed after it was fixed', async () => {
      const app = await kit().createApp()
      const at = now()
      const early = await phone(app, { topics: { names: ['news'], when: 'created' } })
      kit().clock.advance(1000)
      await phone(app, { topics: { names: ['news'], when: 'created' } })
      const parts: Part[] = [
        { by: 'dialect', dialect: 'red' },
        { by: 'topic', topic: 'news', earlier: [] },
      ]
      for (const part of parts) expect(await found(search(app, part, { at }))).toEqual([early.id])
    })

    test('of a topic leaves out who subscribes to an earlier one', async () => {
      const app = await kit().createApp()
      const topics = (names: readonly string[]) => ({ topics: { names, when: 'created' } })
      const both = await phone(app, topics(['a', 'b']))
      const one = await phone(app, topics(['b']))
      const of = (topic: string, earlier: readonly string[]) =>
        found(search(app, { by: 'topic', topic, earlier }))
      expect(await of('a', [])).toEqual([both.id])
      expect(await of('b', ['a'])).toEqual([one.id])
    })

    test('of a user, of ids and of tokens are those devices', async () => {
      const app = await kit().createApp()
      const token = unique('t')
      const mine = await phone(app, { patch: { user: { id: 'u', proved: false } } }, 'red', token)
      await phone(app)
      const hash = hashOf(token)
      const by: [Part, readonly string[]][] = [
        [{ by: 'user', dialect: 'red', user: 'u', proved: false }, [mine.id]],
        [{ by: 'user', dialect: 'red', user: 'u', proved: true }, []],
        [{ by: 'ids', dialect: 'red', ids: [mine.externalId, 'unknown'] }, [mine.id]],
        [{ by: 'hashes', hashes: [{ provider: 'fcm', hash }], except: [] }, [mine.id]],
        [{ by: 'hashes', hashes: [{ provider: 'apns', hash }], except: [] }, []],
        [{ by: 'hashes', hashes: [{ provider: 'fcm', hash }], except: [mine.externalId] }, []],
      ]
      for (const [part, expected] of by) expect(await found(search(app, part))).toEqual(expected)
    })

    test('of several dialects has each phone once', async () => {
      const app = await kit().createApp()
      const token = unique('t')
      const red = await phone(app, {}, 'red', token)
      await phone(app, {}, 'blue', token)
      const alone = await phone(app, {}, 'blue')
      const of = (dialect: string) =>
        found(search(app, { by: 'dialect', dialect }, { dialects: ['red', 'blue'] }))
      expect([...(await of('red')), ...(await of('blue'))]).toEqual([red.id, alone.id])
    })

    test('shows the tags and topics that a filter reads, and no others', async () => {
      const app = await kit().createApp()
      const device = await phone(app, { topics: { names: ['a', 'b'], when: 'created' } })
      const set = (name: string) => ({
        name,
        do: 'set' as const,
        as: [{ type: 'text', value: `of ${name}` }],
      })
      await kit().store.tags.change(
        keyOf(app, 'red', device.externalId),
        [set('x'), set('y')],
        kit().occasion(),
      )
      const part = { by: 'dialect', dialect: 'red' } as const
      const { candidates } = await messages().candidates(
        search(app, part, { tags: ['x', 'z'], topics: ['b', 'c'] }),
      )
      expect(candidates).toMatchObject([{ deviceId: device.id, tags: { x: 'of x' }, topics: ['b'] }])
    })
  })

  describe('planning', () => {
    test('takes a message up when it is due, and of two planners one moves on', async () => {
      const sent = await accepted({ schedule: { at: later(MINUTE) } })
      expect(await planning(sent.id)).toBeNull()
      kit().clock.advance(MINUTE)
      expect(await planning(sent.id)).toMatchObject({ run: 0, at: now(), cursor: start, parts: sent.parts })
      const step = { ...whole(sent.app, sent.id), to: { part: 0, after: 'x' }, done: false }
      expect(await messages().advance(step, now())).toBe(true)
      expect(await messages().advance(step, now())).toBe(false)
      expect(await planning(sent.id)).toMatchObject({ cursor: { part: 0, after: 'x' } })
    })

    test('of nobody is done at once; what is settled without an attempt is counted', async () => {
      const sent = await accepted()
      const counts = {
        provider: 'fcm',
        platform: 'android',
        outcome: 'unconfigured',
        hour: 1,
        count: 2,
      } as const
      await messages().advance({ ...whole(sent.app, sent.id), settled: [counts] }, now())
      const report = await messages().report(sent.app, sent.id)
      expect(report).toMatchObject({
        message: { state: 'done', finishedAt: now(), counts: { unconfigured: 2 } },
        counts: [counts],
      })
    })

    test('schedules the next run where there is one', async () => {
      const sent = await accepted()
      await messages().advance({ ...whole(sent.app, sent.id), next: later(MINUTE) }, now())
      expect(await messages().report(sent.app, sent.id)).toMatchObject({ message: { state: 'scheduled' } })
      kit().clock.advance(MINUTE)
      expect(await planning(sent.id)).toMatchObject({ run: 1, cursor: start, pages: 0 })
    })
  })

  describe('a page', () => {
    async function sending(tokens: number) {
      const app = await kit().createApp()
      const devices = []
      for (let at = 0; at < tokens; at++) devices.push(await phone(app))
      const sent = await accepted({}, app)
      const ids = devices.map((device) => device.pushToken?.id ?? '')
      await messages().advance({ ...whole(app, sent.id), pages: [page(ids)] }, now())
      return { ...sent, devices, tokens: ids }
    }
    const name = () => unique('lease')
    const lease = async (of: string, resting: readonly string[] = []) => {
      const request = {
        lease: of,
        until: later(MINUTE),
        horizon: later(60 * MINUTE),
        resting,
        each: 50,
        limit: 50,
      }
      return messages().claim(request, now())
    }
    const mine = async (of: string, send: string, resting?: readonly string[]) =>
      (await lease(of, resting)).find((one) => one.send === send)
    const settlement = (
      of: { app: string; id: string },
      leased: string,
      more: Partial<Settlement>,
    ): Settlement => ({
      page: { send: of.id, appId: of.app, run: 0, number: 0, provider: 'fcm' },
      lease: leased,
      result: 'w',
      attempts: {},
      counts: [],
      failures: [],
      dead: [],
      accepted: [],
      environments: [],
      until: later(MINUTE),
      ...more,
    })

    test('is leased with its message by one sender, and by another once the lease is over', async () => {
      const sent = await sending(2)
      const leased = name()
      expect(await mine(leased, sent.id)).toMatchObject({
        appId: sent.app,
        run: 0,
        number: 0,
        provider: 'fcm',
        tokens: sent.tokens,
        result: 'ww',
        attempts: {},
        message: { id: sent.id, state: 'sending' },
      })
      expect(await mine(name(), sent.id)).toBeUndefined()
      kit().clock.advance(MINUTE)
      expect(await mine(name(), sent.id)).toBeDefined()
      expect(await messages().settle(settlement(sent, leased, { result: 'aa' }), kit().occasion())).toBe(
        false,
      )
    })

    test('that a process had when it ended is free for the only one that is left, and is nobody else’s', async () => {
      const sent = await sending(2)
      const dead = name()
      expect(await mine(dead, sent.id)).toBeDefined()
      await messages().endLeases(now())
      expect(await mine(name(), sent.id)).toMatchObject({ tokens: sent.tokens })
      expect(await messages().settle(settlement(sent, dead, { result: 'aa' }), kit().occasion())).toBe(false)
    })

    test('of a resting lane waits', async () => {
      const sent = await sending(1)
      expect(await mine(name(), sent.id, [`${sent.app}/fcm`])).toBeUndefined()
      expect(await mine(name(), sent.id, [`${sent.app}/apns`])).toBeDefined()
    })

    test('whose lease was taken before the clock was set back is free', async () => {
      const sent = await sending(1)
      kit().clock.advance(10 * 60 * MINUTE)
      expect(await mine(name(), sent.id)).toBeDefined()
      kit().clock.advance(-10 * 60 * MINUTE)
      expect(await mine(name(), sent.id)).toBeDefined()
    })

    test('shows its phones as they are now', async () => {
      const sent = await sending(2)
      const [first, second] = sent.devices
      const removed = keyOf(sent.app, 'red', second?.externalId)
      await kit().register(removed, { token: unique('t') })
      const phones = await messages().phones({ appId: sent.app, dialects: ['red'] }, sent.tokens, [], now())
      expect(phones).toMatchObject([{ deviceId: first?.id, provider: 'fcm', dialect: 'red', tags: {} }])
    })

    test('is settled in parts: results, counts, failures and dead tokens in one write', async () => {
      const sent = await sending(2)
      const [good = '', bad = ''] = sent.tokens
      const leased = name()
      await mine(leased, sent.id)
      kit().clock.advance(1)
      const outcome = (of: 'accepted' | 'dead') =>
        ({ provider: 'fcm', platform: 'android', outcome: of, hour: 7, count: 1 }) as const
      const first = settlement(sent, leased, {
        result: 'aw',
        attempts: { 1: 1 },
        counts: [outcome('accepted')],
        accepted: [good],
        ends: later(MINUTE),
      })
      expect(await messages().settle(first, kit().occasion())).toBe(true)
      expect(await mine(name(), sent.id)).toBeUndefined()
      kit().clock.advance(MINUTE)
      const again = name()
      expect(await mine(again, sent.id)).toMatchObject({ result: 'aw', attempts: { 1: 1 } })
      const failure = {
        tokenId: bad,
        deviceId: sent.devices[1]?.id ?? null,
        outcome: 'dead' as const,
        reason: 'UNREGISTERED',
        attempts: 2,
      }
      const second = settlement(sent, again, {
        result: 'ad',
        counts: [outcome('dead')],
        failures: [failure],
        dead: [{ tokenId: bad, at: now(), reason: 'UNREGISTERED' }],
        ends: null,
      })
      expect(await messages().settle(second, kit().occasion())).toBe(true)
      expect(await messages().report(sent.app, sent.id)).toMatchObject({
        message: { state: 'done', finishedAt: now(), counts: { accepted: 1, dead: 1 } },
      })
      const { items } = await messages().failures(sent.app, sent.id, { after: null, limit: 10 })
      expect(items).toEqual([{ ...failure, provider: 'fcm', at: now() }])
      const states = await Promise.all(
        sent.devices.map(({ externalId }) =>
          kit().store.devices.findByKey(keyOf(sent.app, 'red', externalId), now()),
        ),
      )
      expect(states.map((device) => device?.pushToken?.state)).toEqual(['live', 'dead'])
      expect(states[0]?.pushToken?.deliveredAt).not.toBeNull()
    })

    test('shows its phones that came out so, step by step, with the devices as they are now', async () => {
      const sent = await sending(5)
      const [first, second, third, fourth] = sent.devices
      const leased = name()
      await mine(leased, sent.id)
      const settled = settlement(sent, leased, { result: 'aadwa', ends: later(MINUTE) })
      expect(await messages().settle(settled, kit().occasion())).toBe(true)
      for (const kind of ['opened', 'delivered'] as const) {
        const key = keyOf(sent.app, 'red', second?.externalId)
        const report = { key, messageId: sent.externalId, kind, at: now(), details: {} }
        expect(await kit().store.receipts.record(report)).toBe(true)
      }
      await kit().store.devices.remove(keyOf(sent.app, 'red', sent.devices[4]?.externalId), kit().occasion())
      const of = { message: sent.id, externalId: sent.externalId, outcomes: ['accepted', 'dead'] as const }
      const step = (window: object, more: object = {}, scope = scopeOf(sent.app)) =>
        kit().store.listings.targets.step(
          { ...scope, dialect: scope.dialect ?? '' },
          { ...of, ...more },
          { after: null, offset: 0, limit: 10, counted: true, ...window },
        )
      const shown = (device: typeof first, reported: string | null = null) =>
        device && { externalId: device.externalId, user: null, platformName: null, reported }
      const all = [
        { place: [0, 0, 0], outcome: 'accepted', device: shown(first) },
        { place: [0, 0, 1], outcome: 'accepted', device: shown(second, 'opened') },
        { place: [0, 0, 2], outcome: 'dead', device: shown(third) },
        { place: [0, 0, 4], outcome: 'accepted', device: null },
      ]
      expect(await step({})).toEqual({ items: all, matches: 4, end: null })
      const { placeOf } = kit().store.listings.targets
      expect((await step({})).items.map(placeOf)).toEqual(all.map(({ place }) => place))
      expect(await step({ offset: 1, limit: 2 })).toMatchObject({ items: all.slice(1, 3), matches: 4 })
      expect(await step({ limit: 0 })).toEqual({ items: [], matches: 4, end: null })
      expect(await step({ after: [0, 0, 1], limit: 1, counted: false })).toEqual({
        items: all.slice(2, 3),
        matches: 0,
        end: [0, 0, 2],
      })
      expect(await step({ offset: 1_000_000 })).toEqual({ items: [], matches: 4, end: null })
      expect(await step({}, { outcomes: ['waiting'] })).toMatchObject({
        items: [{ outcome: 'waiting', device: shown(fourth) }],
      })
      expect(await step({}, {}, scopeOf(await kit().createApp()))).toMatchObject({ items: [], matches: 0 })
      const others = await step({}, {}, scopeOf(sent.app, 'blue'))
      expect(others.items.map(({ device }) => device)).toEqual([null, null, null, null])
    })

    test('is passed by whole where more phones are skipped than it has', async () => {
      const app = await kit().createApp()
      const sent = await accepted({}, app)
      const ids = Array.from({ length: 500 }, (_, at) => `${sent.id}-${at}`)
      const pages = Array.from({ length: 60 }, () => page(ids))
      await messages().advance({ ...whole(app, sent.id), pages }, now())
      const of = { message: sent.id, externalId: sent.externalId, outcomes: ['waiting'] as const }
      const { targets } = kit().store.listings
      const step = (window: object) =>
        targets.step({ appId: app, dialect: 'red' }, of, {
          after: null,
          offset: 0,
          limit: 1,
          counted: true,
          ...window,
        })
      // Without their tokens, fifty pages at most; the page on which the skipping ends is read by the next
      // step.
      expect(await step({ offset: 10_200 })).toEqual({ items: [], matches: 10_000, end: [0, 19, 499] })
      expect(await step({ offset: 200, after: [0, 19, 499] })).toMatchObject({
        items: [{ place: [0, 20, 200] }],
      })
      expect(await step({ limit: 0 })).toEqual({ items: [], matches: 25_000, end: [0, 49, 499] })
      expect(await step({ limit: 0, after: [0, 49, 499] })).toEqual({ items: [], matches: 5000, end: null })
    })

    test('keeps the environment that a token turned out to have', async () => {
      const sent = await sending(1)
      const leased = name()
      await mine(leased, sent.id)
      const environments = [{ tokenId: sent.tokens[0] ?? '', environment: 'sandbox' as const }]
      await messages().settle(settlement(sent, leased, { environments, ends: null }), kit().occasion())
      const [phoned] = await messages().phones({ appId: sent.app, dialects: ['red'] }, sent.tokens, [], now())
      expect(phoned?.environment).toBe('sandbox')
    })

    test('is pruned with its message, in batches', async () => {
      const sent = await sending(1)
      const leased = name()
      await mine(leased, sent.id)
      await messages().settle(settlement(sent, leased, { result: 'a', ends: null }), kit().occasion())
      const before = later(1)
      kit().clock.advance(1)
      for (let more = true; more; ) more = await messages().prune(before, 100)
      expect(await messages().report(sent.app, sent.id)).toBeNull()
    })
  })
}
