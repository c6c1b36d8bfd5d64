import { describe, expect, test } from 'vitest'
import type { DeviceKey } from '../../src/domain/device.ts'
import { dialectDraft, keyOf, removePiece, type StoreKit, unique } from './kit.ts'

const ALL = { after: null, limit: 100 }
const TOPICS = Array.from({ length: 500 }, (_, at) => `topic ${at}`)

export function removalContract(kit: () => StoreKit): void {
  const now = () => kit().clock.now
  const find = (key: DeviceKey) => kit().store.devices.findByKey(key, now())
  /** More per device than one batch takes, and more devices than are removed before the answer. */
  async function crowd(appId: string, user: string, count = 7) {
    const keys = Array.from({ length: count }, () => keyOf(appId))
    for (const key of keys) {
      const topics = { names: TOPICS, when: 'always' as const }
      await kit().register(key, { token: unique('t'), topics, patch: { user: { id: user, proved: true } } })
    }
    return keys
  }
  /** Everything that is left to do, by several concurrently. */
  async function finish() {
    for (let more = true, pieces = 0; more; pieces++) {
      if (pieces > 1000) throw new Error('the removals have no end')
      const did = await Promise.all([1, 2, 3].map(() => removePiece(kit())))
      more = did.includes(true)
    }
  }
  const listed = async (appId: string) =>
    (await kit().store.directory.devices(appId, {}, ALL)).items.map(({ externalId }) => externalId)

  describe('a removal', () => {
    test('of a user in a dialect is out of sight at once, and goes in pieces', async () => {
      const appId = await kit().createApp()
      const [keys, [other = keyOf(appId)]] = [await crowd(appId, 'alice'), await crowd(appId, 'bob', 1)]
      const of = { appId, dialect: 'red' }
      const gone = await kit().store.users.removeDevices(of, 'alice', kit().occasion())
      expect(gone).toBeGreaterThan(0)
      expect(gone).toBeLessThan(keys.length)
      expect(await Promise.all(keys.map(find))).toEqual(keys.map(() => null))
      expect(await listed(appId)).toEqual([other.externalId])
      await finish()
      expect(await listed(appId)).toEqual([other.externalId])
      expect(await kit().store.directory.stats(appId, now())).toMatchObject({ total: 1, active: 1 })
      const { items } = await kit().store.directory.topics(appId, { after: null, limit: 1 })
      expect(items).toEqual([{ topic: 'topic 0', subscribers: 1 }])
      expect(await kit().store.users.removeDevices(of, 'alice', kit().occasion())).toBe(0)
    })

    test.each([
      ['the same device registers anew', 'alice'],
      ['somebody else registers on the same phone', 'bob'],
    ])('takes nothing that comes later: %s', async (_, user) => {
      const appId = await kit().createApp()
      const keys = await crowd(appId, 'alice')
      await kit().store.users.erase(appId, 'alice', kit().occasion())
      const again = []
      for (const key of keys) {
        again.push(
          await kit().register(key, { token: unique('t'), patch: { user: { id: user, proved: true } } }),
        )
      }
      expect(again.map(({ created }) => created)).toEqual(keys.map(() => true))
      await finish()
      const after = await Promise.all(keys.map(find))
      expect(after.map((device) => device?.user?.id)).toEqual(keys.map(() => user))
      expect(after.flatMap((device) => device?.topics)).toEqual([])
    })

    test('takes no device that becomes the user’s only while they go', async () => {
      const appId = await kit().createApp()
      await crowd(appId, 'alice')
      const key = keyOf(appId)
      await kit().register(key, { token: unique('t') })
      await kit().store.users.erase(appId, 'alice', kit().occasion())
      const rules = { replace: true, limit: null }
      await kit().store.users.bind(key, { id: 'alice', proved: true }, rules, kit().occasion())
      expect((await find(key))?.user?.id).toBe('alice')
      await finish()
      expect((await find(key))?.user?.id).toBe('alice')
    })

    test.each(['app', 'dialect'])('of a whole %s is out of sight at once', async (what) => {
      const { store, clock, occasion, createApp, register } = kit()
      const named = dialectDraft('red')
      const appId = await createApp({ dialects: [named, dialectDraft('blue')] })
      const [scope, page] = [
        { appId, dialect: 'red' },
        { after: null, limit: 10 },
      ]
      const [first = keyOf(appId), ...others] = await crowd(appId, 'alice')
      const device = await find(first)
      const blue = keyOf(appId, 'blue')
      await register(blue, { token: unique('t') })
      const report = { messageId: 'm', kind: 'opened' as const, at: clock.now, details: {} }
      await store.receipts.record({ ...report, key: first })
      const [client, job, key, code] = [unique('client'), unique('job'), unique('key'), unique('code')]
      const about = { sealed: '', about: {}, externalId: null }
      await store.auth.putClient({ ...scope, ...about, id: client }, { now: clock.now, before: new Date(0) })
      const until = new Date(clock.now.getTime() + 3_600_000)
      const signing = { publicKey: '{}', sealed: '', signsUntil: until, expiresAt: until }
      await store.auth.putSigningKey({ ...scope, ...signing, id: key }, clock.now)
      await store.auth.putGrant(
        { ...scope, id: code, clientId: client, detail: {}, expiresAt: until },
        clock.now,
      )
      const items = Array.from({ length: 3000 }, () => ({ label: 'a', input: '{}', reason: null }))
      await store.jobs.create({ ...scope, id: job, total: items.length, items }, clock.now)
      await store.documents.put(scope, 'k', 'sealed', clock.now)
      await store.catalogue.create(scope, { id: unique('t'), name: 'a', description: '' }, clock.now)
      const hook = { id: unique('hook'), name: 'a', url: 'https://w.example', events: [] }
      await store.webhooks.create(scope, hook, clock.now)

      if (what === 'app') await store.apps.remove(appId, occasion())
      else await store.apps.change(appId, { put: [], drop: ['red'] }, occasion())

      expect(await Promise.all([first, ...others].map(find))).toEqual([first, ...others].map(() => null))
      expect(await listed(appId)).toEqual(what === 'app' ? [] : [blue.externalId])
      const seen = {
        device: await store.directory.device(appId, device?.id ?? ''),
        receipts: (await store.receipts.list(appId, {}, page)).items,
        reported: await store.receipts.record({ ...report, key: first }),
        job: await store.jobs.find('red', job),
        jobRows: await store.jobs.items(job, { after: -1, limit: 10 }),
        client: await store.auth.client(client),
        knownClient: await store.auth.knowsClient(scope, client),
        signingKey: await store.auth.signingKey(scope, clock.now),
        verifyingKey: await store.auth.verifyingKey(key, clock.now),
        verifyingKeys: await store.auth.verifyingKeys(scope, clock.now),
        grant: await store.auth.takeGrant(code, clock.now),
        document: await store.documents.find(scope, 'k'),
        topic: await store.catalogue.find(scope, 'a'),
        webhooks: await store.webhooks.list(scope),
        states: await store.webhooks.states(appId),
        listed: (
          await store.listings.devices.step(scope, {}, { after: null, offset: 0, limit: 9, counted: true })
        ).matches,
      }
      expect(seen).toEqual({
        device: null,
        receipts: [],
        reported: false,
        job: null,
        jobRows: [],
        client: null,
        knownClient: false,
        signingKey: null,
        verifyingKey: null,
        verifyingKeys: [],
        grant: null,
        document: null,
        topic: null,
        webhooks: [],
        states: [],
        listed: 0,
      })
      // Its names are free immediately, and no old data returns under them.
      const next = what === 'app' ? await createApp({ dialects: [named] }) : appId
      await store.apps.change(next, { put: [named], drop: [] }, occasion())
      expect((await store.apps.findByName('red', named.identifier))?.app.id).toBe(next)
      const again = await register({ ...first, appId: next })
      expect(again).toMatchObject({ created: true, device: { topics: [], pushToken: null } })
      await finish()
      expect(await find(again.device)).toEqual(again.device)
      await store.devices.remove(again.device, occasion())
      const left = await store.apps.counts(appId, null)
      expect(left).toMatchObject({ devices: what === 'app' ? 0 : 1, pushTokens: what === 'app' ? 0 : 1 })
    })

    const REMOVALS = {
      'a user in a dialect': (appId: string) =>
        kit().store.users.removeDevices({ appId, dialect: 'red' }, 'alice', kit().occasion()),
      'a user': (appId: string) => kit().store.users.erase(appId, 'alice', kit().occasion()),
      'a dialect': (appId: string) =>
        kit().store.apps.change(appId, { put: [dialectDraft('red')], drop: ['red'] }, kit().occasion()),
    }
    test.each(Object.entries(REMOVALS))(
      'of %s counts at once nothing that is out of sight',
      async (_, remove) => {
        const { store, createApp, register } = kit()
        const appId = await createApp()
        const [gone] = await crowd(appId, 'alice')
        const expiring = keyOf(appId)
        const expiresAt = new Date(now().getTime() + 1)
        await register(expiring, { patch: { user: { id: 'alice', proved: true }, expiresAt } })
        const topics = { names: TOPICS, when: 'always' as const }
        await register(keyOf(appId, 'blue'), { token: unique('t'), topics })
        const counted = async () => ({
          total: (await store.directory.stats(appId, now())).total,
          topics: (await store.directory.topics(appId, { after: null, limit: 1 })).items,
        })
        const of = (total: number) => ({ total, topics: [{ topic: 'topic 0', subscribers: total }] })
        expect(await counted()).toEqual({ ...of(8), total: 9 })
        await remove(appId)
        kit().clock.advance(1)
        expect(await counted()).toEqual(of(1))
        // A device that returns counts again.
        await register(gone ?? expiring, { token: unique('t'), topics })
        expect(await counted()).toEqual(of(2))
        await finish()
        expect(await counted()).toEqual(of(2))
      },
    )

    test.each([
      ['in the same millisecond', 0],
      ['behind a clock that is set back', -3_600_000],
    ])('of a dialect takes nothing that is made after it %s', async (_, passed) => {
      const { store, clock, occasion, createApp } = kit()
      const named = dialectDraft('red')
      const appId = await createApp({ dialects: [named] })
      const scope = { appId, dialect: 'red' }
      await crowd(appId, 'alice')
      await store.apps.change(appId, { put: [], drop: ['red'] }, occasion())
      clock.advance(passed)
      await store.apps.change(appId, { put: [named], drop: [] }, occasion())
      const [client, job, message] = [unique('client'), unique('job'), unique('message')]
      const about = { sealed: '', about: {}, externalId: null }
      await store.auth.putClient({ ...scope, ...about, id: client }, { now: clock.now, before: new Date(0) })
      const items = [{ label: 'a', input: '{}', reason: null }]
      await store.jobs.create({ ...scope, id: job, total: 1, items }, clock.now)
      const draft = {
        id: message,
        externalId: message,
        body: {},
        audience: { to: { all: true } },
        dialects: ['red'],
      } as const
      const parts = [{ by: 'dialect', dialect: 'red' }] as const
      await store.messages.accept(scope, [{ ...draft, parts, priority: 'normal' }], clock.now)
      // From a process whose ids are smaller.
      const { device } = await kit().register(keyOf(appId), { deviceId: `0 ${unique('row')}` })
      const seen = async () => ({
        client: (await store.auth.client(client)) !== null,
        job: (await store.jobs.find('red', job))?.total,
        message: (await store.messages.find(scope, message))?.id,
        device: (await find(device))?.id,
      })
      const all = { client: true, job: 1, message, device: device.id }
      expect(await seen()).toEqual(all)
      clock.advance(-passed)
      await finish()
      clock.advance(passed)
      expect(await seen()).toEqual(all)
      clock.advance(-passed)
    })

    test('takes nothing of who comes back, from the hands of one whose lease is over', async () => {
      const { store, clock, occasion, createApp } = kit()
      const appId = await createApp()
      const keys = await crowd(appId, 'alice')
      await store.users.erase(appId, 'alice', occasion())
      const later = (minutes: number) => new Date(clock.now.getTime() + minutes * 60_000)
      const claim = { lease: unique('lease'), until: later(1), horizon: later(2), limit: 1 }
      const [late] = await store.removals.claim(claim, clock.now)
      if (!late) throw new Error('nothing is left')
      expect(late).toMatchObject({ appId, userId: 'alice' })
      clock.advance(60_000)
      await finish()
      const [key = keyOf(appId)] = keys
      for (const id of ['alice', 'bob']) await kit().register(key, { patch: { user: { id, proved: true } } })
      const { id } = (await find(key)) ?? {}
      const before = await store.directory.history(appId, id ?? '')
      expect(before.map(({ kind }) => kind)).toContain('userChanged')
      await store.removals.proceed(late, { lease: claim.lease, last: true })
      expect(await store.directory.history(appId, id ?? '')).toEqual(before)
    })

    test('that is done leaves nothing to do', async () => {
      await finish()
      expect(await removePiece(kit())).toBe(false)
    })
  })
}
