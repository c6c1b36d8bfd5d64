import { describe, expect, test } from 'vitest'
import { everyPage, fullDevice, heldOf, keyOf, reveal, type StoreKit, unique } from './kit.ts'
import { waitingCalls } from './webhooks.ts'

const ALL = { after: null, limit: 100 }

export function heldContract(kit: () => StoreKit): void {
  const held = () => kit().store.held
  const now = () => kit().clock.now

  /** All data that a user can leave, on a device and elsewhere. */
  async function lived(user: string) {
    const { store, createApp, register, occasion } = kit()
    const appId = await createApp()
    const scope = { appId, dialect: 'red' }
    const key = keyOf(appId)
    const device = await fullDevice(kit(), key)
    await store.users.bind(key, { id: user, proved: true }, { replace: true, limit: null }, occasion())
    await store.webhooks.create(
      scope,
      { id: unique('hook'), name: 'hook', url: 'https://w.example', events: ['deviceUpdated'] },
      now(),
    )
    await store.devices.update(key, { name: 'phone' }, occasion(), true)
    const client = { ...scope, id: unique('client'), sealed: '', about: { a: 1 }, externalId: key.externalId }
    await store.auth.putClient(client, { now: now(), before: new Date(0) })
    const job = unique('job')
    const input = JSON.stringify({ externalId: 'later', patch: { user: { id: user } } })
    const items = [
      { label: key.externalId, input: null, reason: 'no' },
      { label: 'later', input, reason: null },
    ]
    await store.jobs.create({ ...scope, id: job, total: 2, items }, now())
    // Another user's device, which this user had once and from which they sent a report.
    const other = keyOf(appId)
    await register(other, { patch: { user: { id: user, proved: false } } })
    await register(other, { patch: { user: { id: 'bob', proved: false } } })
    const report = {
      key: other,
      messageId: 'n',
      kind: 'opened' as const,
      at: now(),
      details: { userId: user },
    }
    await store.receipts.record(report)
    return { appId, key, device, client, job }
  }

  describe('what is held about a user', () => {
    test('is on their devices and wherever else they are named', async () => {
      const user = unique('alice')
      const { appId, device, client, job } = await lived(user)
      const about = await held().about(heldOf(appId, user), ALL, reveal)
      expect(about.devices.items.map(({ id }) => id)).toEqual([device.id])
      expect(about.events.map(({ kind }) => kind).toSorted()).toEqual([
        'profileChanged',
        'registered',
        'tagsChanged',
        'userChanged',
        'userChanged',
      ])
      expect(about.receipts.map(({ messageId }) => messageId).toSorted()).toEqual(['m', 'n'])
      expect(about.jobRows.toSorted((one, two) => one.position - two.position)).toEqual([
        { job, position: 0, label: expect.any(String), state: 'failed', reason: 'no' },
        { job, position: 1, label: 'later', state: 'pending', reason: null },
      ])
      expect(about.clients).toEqual([{ id: client.id, dialect: 'red', about: { a: 1 } }])
      const counts = { devices: 1, events: 5, receipts: 2, calls: 1, jobRows: 2, clients: 1, keptStates: 0 }
      expect(about.counts).toMatchObject(counts)
      expect(await held().counts(heldOf(appId, user))).toEqual(about.counts)
      expect(await held().any(heldOf(appId, user))).toBe(true)
    })

    test('is nothing of another app, of another user or of one who is unknown', async () => {
      const user = unique('alice')
      const { appId } = await lived(user)
      for (const [app, id] of [
        [await kit().createApp(), user],
        [appId, unique('nobody')],
      ] as const) {
        const about = await held().about(heldOf(app, id), ALL, reveal)
        expect(
          [
            about.devices.items,
            about.events,
            about.receipts,
            about.jobRows,
            about.clients,
            about.keptStates,
          ].flat(),
        ).toEqual([])
        expect(new Set(Object.values(about.counts))).toEqual(new Set([0]))
        expect(await held().any(heldOf(app, id))).toBe(false)
      }
    })

    test('is gone as it was counted once they are erased', async () => {
      const user = unique('alice')
      const { appId } = await lived(user)
      await kit().store.users.erase(appId, user, kit().occasion())
      expect(await held().any(heldOf(appId, user))).toBe(false)
      expect(new Set(Object.values(await held().counts(heldOf(appId, user))))).toEqual(new Set([0]))
    })

    test.each([1, 2, 5])(
      'is shown with %i devices a page, newest first, all counted on each',
      async (limit) => {
        const appId = await kit().createApp()
        const names: string[] = []
        for (let at = 0; at < 5; at++) {
          if (at % 2 === 0) kit().clock.advance(1)
          const key = keyOf(appId, at % 2 === 0 ? 'red' : 'blue')
          await kit().register(key, { patch: { user: { id: 'alice', proved: true } } })
          names.unshift(key.externalId)
        }
        const items = await everyPage(async (after: (typeof ALL)['after']) => {
          const { devices, counts } = await held().about(heldOf(appId, 'alice'), { after, limit }, reveal)
          expect(counts).toMatchObject({ devices: 5 })
          expect(devices.items.length).toBeLessThanOrEqual(limit)
          return devices as { items: typeof devices.items; next: null }
        })
        expect(items.map(({ externalId }) => externalId)).toEqual(names)
      },
    )

    test('is bounded: of 2,500 rows of jobs no more are shown than a page has, and 2,000 are counted', async () => {
      const appId = await kit().createApp()
      const key = keyOf(appId)
      await kit().register(key, { patch: { user: { id: 'alice', proved: true } } })
      const items = Array.from({ length: 2500 }, () => ({ label: key.externalId, input: null, reason: 'no' }))
      await kit().store.jobs.create({ appId, dialect: 'red', id: unique('job'), total: 2500, items }, now())
      const about = await held().about(heldOf(appId, 'alice'), ALL, reveal)
      expect([about.jobRows.length, about.counts.jobRows]).toEqual([100, 2000])
    })
  })

  describe('what is kept for an undo of a user’s changes', () => {
    const patch = (id: string) => ({ patch: { user: { id, proved: false }, model: 'one' } })
    const DAY = 86_400_000

    /** A replaced token, one that was replaced before the device was another user's, a removed device, and one of another user. */
    async function changed() {
      const { store, createApp, register, occasion } = kit()
      const appId = await createApp()
      const [alice, bob] = [unique('alice'), unique('bob')]
      const tokens = { rotated: unique('rotated-token'), former: unique('former-token') }
      const [phone, passed, again] = [keyOf(appId), keyOf(appId), keyOf(appId, 'blue')]
      const { device: rotated } = await register(phone, { token: tokens.rotated, ...patch(alice) })
      await register(phone, { token: unique('t') })
      const { device: former } = await register(passed, { token: tokens.former, ...patch(alice) })
      await register(passed, { token: unique('t') })
      await register(passed, patch(bob))
      const full = await fullDevice(kit(), keyOf(appId))
      await store.users.bind(full, { id: alice, proved: true }, { replace: true, limit: null }, occasion())
      const removed = await store.directory.device(appId, full.id)
      await store.directory.removeDevice(appId, full.id, occasion())
      // Bob's device had the id that a device of Alice has now.
      const { device: others } = await register(again, { token: unique('t'), ...patch(bob) })
      await store.devices.remove(again, occasion())
      await register(again, patch(alice))
      return { appId, alice, bob, tokens, rotated, former, removed, others }
    }
    const sealAll = async () => {
      const { undos } = kit().store
      for (let rest = await undos.unsealed(100, 1e9); rest.length > 0; rest = await undos.unsealed(100, 1e9))
        await undos.seal(rest.map((state) => ({ ...state, sealed: `sealed ${state.document}` })))
    }
    const byDevice = (one: { readonly deviceId: string }, other: { readonly deviceId: string }) =>
      one.deviceId < other.deviceId ? -1 : 1

    test.each(['sealed', 'not sealed yet'])('is listed as it was, and counted (%s)', async (how) => {
      const { appId, alice, tokens, rotated, former, removed, others } = await changed()
      if (how === 'sealed') await sealAll()
      const { keptStates, counts } = await held().about(heldOf(appId, alice), ALL, reveal)
      const kept = { dialect: 'red', at: now(), until: new Date(now().getTime() + 7 * DAY), device: null }
      const { externalId, platform, user, topics, tags, createdAt, lastSeenAt } = removed ?? others
      expect(keptStates.toSorted(byDevice)).toEqual(
        [
          { ...kept, kind: 'token', deviceId: rotated.id, token: { provider: 'fcm', token: tokens.rotated } },
          { ...kept, kind: 'token', deviceId: former.id, token: { provider: 'fcm', token: tokens.former } },
          {
            ...kept,
            ...{ kind: 'device', deviceId: removed?.id ?? '' },
            token: { provider: 'fcm', token: removed?.pushToken?.token },
            device: expect.objectContaining({
              ...{ externalId, platform, user, topics, tags, createdAt, lastSeenAt },
              ...{ model: null, importedAt: null, liveAt: createdAt },
            }),
          },
          // An erasure deletes it, too, but it is not hers to see.
          { ...kept, kind: 'device', dialect: 'blue', deviceId: others.id, token: null },
        ].toSorted(byDevice),
      )
      expect(topics).toEqual(['a'])
      expect(counts).toMatchObject({ keptStates: 4 })
      expect(await held().counts(heldOf(appId, alice))).toEqual(counts)
    })

    test('is nothing of another app, and of the other user what was theirs', async () => {
      const { appId, alice, bob, former, others } = await changed()
      expect(await held().counts(heldOf(await kit().createApp(), alice))).toMatchObject({ keptStates: 0 })
      const { keptStates } = await held().about(heldOf(appId, bob), ALL, reveal)
      expect(keptStates.toSorted(byDevice)).toMatchObject(
        [
          { deviceId: former.id, token: null },
          { deviceId: others.id, device: { user: { id: bob } } },
        ].toSorted(byDevice),
      )
    })

    test('is listed without its content where nobody can open it', async () => {
      const { appId, alice } = await changed()
      const { keptStates } = await held().about(heldOf(appId, alice), ALL, async () => null)
      expect(keptStates.map(({ token, device }) => [token, device])).toEqual(Array(4).fill([null, null]))
    })

    test('goes with an erasure, as it was counted, and what was another user’s stays', async () => {
      const { appId, alice, bob } = await changed()
      const { device: stays } = await kit().register(keyOf(appId), { token: unique('t'), ...patch(bob) })
      await kit().store.directory.removeDevice(appId, stays.id, kit().occasion())
      await kit().store.users.erase(appId, alice, kit().occasion())
      expect(await held().any(heldOf(appId, alice))).toBe(false)
      expect(await held().counts(heldOf(appId, alice))).toMatchObject({ keptStates: 0 })
      const { keptStates } = await held().about(heldOf(appId, bob), ALL, reveal)
      expect(keptStates.map(({ deviceId }) => deviceId)).toEqual([stays.id])
    })

    test('is counted where the user has no device any more', async () => {
      const appId = await kit().createApp()
      const [key, alice] = [keyOf(appId), unique('alice')]
      await kit().register(key, { token: unique('t'), ...patch(alice) })
      await kit().register(key, { token: unique('t') })
      await kit().register(key, patch('bob'))
      const counts = await held().counts(heldOf(appId, alice))
      expect(counts).toMatchObject({ devices: 0, keptStates: 1 })
    })
  })

  describe('what is held about a user whom only a webhook is about to be told of', () => {
    /** Waiting calls about messages that were sent to named users. */
    async function attempted(appId: string, lists: readonly (readonly string[])[]) {
      const { messages, webhooks } = kit().store
      const scope = { appId, dialect: 'red' }
      const hook = { id: unique('hook'), name: unique('hook'), url: 'https://w.example' }
      await webhooks.create(scope, { ...hook, events: ['usersAttempted'] }, now())
      for (const users of lists) {
        const id = unique('send')
        const audience = { to: { users } }
        const place = { part: 0, after: '' }
        await messages.accept(
          scope,
          [
            {
              ...{ id, externalId: unique('message'), body: {}, audience, priority: 'normal' },
              ...{ dialects: ['red'], parts: [{ by: 'dialect', dialect: 'red' }] },
            },
          ],
          now(),
        )
        const step = { id, appId, priority: 'normal', run: 0, from: place, to: place, done: true } as const
        await messages.advance(
          { ...step, next: null, audience: { to: {} }, pages: [], settled: [], users },
          now(),
        )
      }
    }

    test('is counted, shown to be something, and gone once they are erased; the others stay', async () => {
      const appId = await kit().createApp()
      const [alice, bob] = [unique('alice'), unique('bob')]
      await attempted(appId, [[bob], [bob, alice], [alice]])
      expect(await held().counts(heldOf(appId, alice))).toMatchObject({ devices: 0, calls: 2 })
      expect((await held().about(heldOf(appId, alice), ALL, reveal)).counts).toMatchObject({ calls: 2 })
      expect(await held().any(heldOf(appId, alice))).toBe(true)
      expect(await held().any(heldOf(await kit().createApp(), alice))).toBe(false)
      await kit().store.users.erase(appId, alice, kit().occasion())
      expect(await held().any(heldOf(appId, alice))).toBe(false)
      expect(await held().counts(heldOf(appId, alice))).toMatchObject({ calls: 0 })
      expect(await held().counts(heldOf(appId, bob))).toMatchObject({ calls: 2 })
    })

    test('is looked for in a bounded number of calls at a time, however many wait', async () => {
      const appId = await kit().createApp()
      const alice = unique('alice')
      const many = Array.from({ length: 150 }, () => ['bob'])
      await attempted(appId, [...many, [alice]])
      const wait = { steps: 0 }
      const between = async () => void wait.steps++
      expect(await held().any(heldOf(appId, alice), between)).toBe(true)
      expect(await held().any(heldOf(appId, unique('nobody')), between)).toBe(false)
      // A step reads a hundred.
      expect(wait.steps).toBe(2)
      await kit().store.users.erase(appId, alice, kit().occasion())
      expect(await held().any(heldOf(appId, alice))).toBe(false)
    })
  })

  describe('what is held of a device', () => {
    test('is counted, and is nothing of an unknown one', async () => {
      const { appId, key, device } = await lived(unique('alice'))
      expect(await held().device(appId, device.id)).toMatchObject({
        devices: 1,
        topics: 1,
        tags: 1,
        receipts: 1,
      })
      expect(await held().device(await kit().createApp(), device.id)).toBeNull()
      await kit().store.devices.remove(key, kit().occasion())
      expect(await held().device(appId, device.id)).toBeNull()
    })

    test('that nobody uses has its calls, too', async () => {
      const appId = await kit().createApp()
      await waitingCalls(kit(), { appId, dialect: 'red' }, ['deviceRegistered'], 1)
      expect(await held().counts(heldOf(appId, 'alice'))).toMatchObject({ calls: 0 })
    })
  })
}
