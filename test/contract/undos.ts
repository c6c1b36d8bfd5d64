import { describe, expect, test } from 'vitest'
import type { Undo } from '../../src/domain/undo.ts'
import { keyOf, reveal, type StoreKit, unique } from './kit.ts'

export function undoContract(kit: () => StoreKit): void {
  const undos = () => kit().store.undos
  const historyOf = (appId: string, id: string) => kit().store.directory.history(appId, id)
  const draft = (appId: string, more: Partial<Undo> = {}) => ({
    ...{ id: unique('undo'), appId, about: '', kind: null, from: kit().clock.now, until: kit().clock.now },
    ...{ dryRun: false, forced: false, actor: 'admin', createdAt: kit().clock.now },
    ...more,
  })
  const run = async (undo: Undo, limit: number) => {
    let pieces = 0
    let now: Undo | null = undo
    for (; now && now.finishedAt === null; pieces++)
      now = await undos().proceed(now, limit, kit().clock.now, reveal)
    return { pieces, done: now }
  }
  const begun = async (of: ReturnType<typeof draft>) => {
    const undo = await undos().begin(of)
    if (!undo) throw new Error('nothing was begun')
    return undo
  }

  describe('undos', () => {
    test('take one event back, once, and only in its app', async () => {
      const appId = await kit().createApp()
      const [old, next, token] = [keyOf(appId), keyOf(appId), unique('t')]
      const { device } = await kit().register(old, { token })
      kit().clock.advance(1000)
      await kit().register(next, { token })
      const [event] = await historyOf(appId, device.id)
      const id = Number(event?.id)
      expect(event?.kind).toBe('superseded')
      expect(await undos().judge(await kit().createApp(), id, false, reveal)).toBeNull()
      expect(await undos().judge(appId, id, false, reveal)).toMatchObject({
        verdict: 'undone',
        deviceId: device.id,
      })
      const options = { id: unique('undo'), forced: false }
      const both = await Promise.all(
        [1, 2].map(() => undos().takeBack(appId, id, options, kit().occasion(), reveal)),
      )
      expect(both.some((one) => one?.verdict === 'undone')).toBe(true)
      const found = await kit().store.devices.findByKey(old, kit().clock.now)
      expect(found).toMatchObject({ pushToken: { token }, supersededAt: null })
      expect((await kit().store.devices.findByKey(next, kit().clock.now))?.pushToken).toBeNull()
      expect((await historyOf(appId, device.id)).map(({ kind }) => kind)).toEqual([
        'undone',
        'superseded',
        'registered',
      ])
      expect(await undos().judge(appId, id, false, reveal)).toMatchObject({ verdict: null })
    })

    test.each([1, 4])(
      'go through the history in pieces of a bounded size, %d times as many',
      async (times) => {
        const appId = await kit().createApp()
        kit().clock.advance(60_000)
        const keys = Array.from({ length: 3 * times }, () => keyOf(appId))
        for (const key of keys) await kit().register(key, { token: unique('t') })
        const preview = await begun(draft(appId, { dryRun: true }))
        expect(await undos().open()).not.toBeNull()
        const { pieces, done } = await run(preview, 3)
        // The batch after the window ends it.
        expect(pieces).toBeGreaterThanOrEqual(times)
        expect(pieces).toBeLessThanOrEqual(times + 2)
        expect(done?.counts).toEqual({ not_undoable: 3 * times })
        expect(await undos().find(appId, preview.id)).toEqual(done)
        expect((await undos().list(appId, { after: null, limit: 10 })).items).toEqual([done])
      },
    )

    test('go once they are over and old, no more of them at once than are asked for', async () => {
      const appId = await kit().createApp()
      // Older than the events of any other test over the same database.
      const createdAt = new Date(1000)
      const undone = async (more: Partial<Undo>) => {
        const { done } = await run(await begun(draft(appId, more)), 100)
        return done?.id
      }
      for (let n = 0; n < 4; n++) await undone({ createdAt })
      const newer = await undone({})
      const open = await begun(draft(appId, { createdAt }))
      const pruned = [3, 3, 3].map((most) => () => undos().prune(new Date(2000), most))
      const counts = []
      for (const one of pruned) counts.push(await one())
      expect(counts).toEqual([3, 1, 0])
      const left = (await undos().list(appId, { after: null, limit: 10 })).items.map(({ id }) => id)
      expect(left).toEqual([newer, open.id])
      await run(open, 100)
    })

    test('are not begun twice for one cause, and count a piece once', async () => {
      const appId = await kit().createApp()
      kit().clock.advance(60_000)
      await kit().register(keyOf(appId), { token: unique('t') })
      const first = await begun(draft(appId, { about: 'test' }))
      expect(await undos().begin(draft(appId, { about: 'test' }))).toBeNull()
      expect(await undos().begin(draft(appId, { about: 'test', dryRun: true }))).not.toBeNull()
      await Promise.all([1, 2].map(() => undos().proceed(first, 1, kit().clock.now, reveal)))
      const { done } = await run((await undos().find(appId, first.id)) ?? first, 100)
      expect(done?.counts).toEqual({ not_undoable: 1 })
    })

    /** States of this app that are still text, a number at a time, after those of other tests are sealed. */
    const seal = async () => {
      for (
        let more = await undos().unsealed(100, 1e9);
        more.length > 0;
        more = await undos().unsealed(100, 1e9)
      ) {
        await undos().seal(more.map((state) => ({ ...state, sealed: `sealed ${state.document}` })))
      }
    }
    const removed = async (count: number) => {
      const appId = await kit().createApp()
      const ids = []
      for (let n = 0; n < count; n++) {
        const { device } = await kit().register(keyOf(appId), { token: unique('t') })
        kit().clock.advance(1)
        await kit().store.directory.removeDevice(appId, device.id, kit().occasion())
        ids.push(device.id)
      }
      return { appId, ids }
    }

    test.each([2, 8])(
      'seal what changes kept, oldest first, within a number and a size, of %d',
      async (count) => {
        await seal()
        const { appId, ids } = await removed(count)
        const all = await undos().unsealed(100, 1e9)
        expect(all.map(({ subject }) => subject)).toEqual(ids)
        expect(all[0]).toMatchObject({ appId, sealed: null, document: expect.stringContaining('"token"') })
        expect(await undos().unsealed(1, 1e9)).toHaveLength(1)
        const size = new TextEncoder().encode(String(all[0]?.document)).length
        expect(await undos().unsealed(100, size + 1)).toHaveLength(2)
        expect(await undos().unsealed(100, 1)).toHaveLength(1)
        await undos().seal(all.slice(0, 1).map((state) => ({ ...state, sealed: `sealed ${state.document}` })))
        // A state that has been replaced since it was read stays.
        await undos().seal(all.slice(1, 2).map((state) => ({ ...state, at: new Date(1), sealed: 'other' })))
        expect((await undos().unsealed(100, 1e9)).map(({ subject }) => subject)).toEqual(ids.slice(1))
        await seal()
        const [event] = await historyOf(appId, ids[0] ?? '')
        const options = { id: unique('undo'), forced: false }
        const taken = await undos().takeBack(appId, Number(event?.id), options, kit().occasion(), reveal)
        expect(taken?.verdict).toBe('revived')
        expect(await kit().store.directory.device(appId, ids[0] ?? '')).toMatchObject({
          pushToken: { state: 'live' },
        })
      },
    )

    test('of a removal need what is kept, which goes by age, no more at once than is asked for', async () => {
      await seal()
      const before = kit().clock.now
      while ((await undos().dropKept(before, 1000)) > 0);
      kit().clock.advance(1)
      const { appId, ids } = await removed(4)
      const counts = []
      for (const most of [3, 3, 3]) counts.push(await undos().dropKept(kit().clock.now, most))
      expect(counts).toEqual([3, 1, 0])
      const [event] = await historyOf(appId, ids[0] ?? '')
      expect(await undos().judge(appId, Number(event?.id), false, reveal)).toMatchObject({
        verdict: 'token_erased',
      })
    })

    test.each([
      [2, [2]],
      [8, [2, 2, 2, 2]],
    ])('of %d removals stop a batch at 4 MiB of kept states', async (count, batches) => {
      await seal()
      kit().clock.advance(60_000)
      const from = kit().clock.now
      const { appId } = await removed(count)
      const states = await undos().unsealed(100, 1e9)
      // White space that a document may end with; D1 has no values of more than 2 MB.
      const large = states.map((state) => ({
        ...state,
        sealed: `sealed ${state.document}`.padEnd(1_500_000),
      }))
      await undos().seal(large)
      let now: Undo | null = await begun(draft(appId, { from, until: kit().clock.now, kind: 'unregistered' }))
      const revived = [0]
      while (now && now.finishedAt === null) {
        now = await undos().proceed(now, 100, kit().clock.now, reveal)
        revived.push(now?.counts.revived ?? 0)
      }
      const steps = revived.slice(1).map((sum, at) => sum - (revived[at] ?? 0))
      expect(steps.filter((step) => step > 0)).toEqual(batches)
      expect(now?.counts).toEqual({ revived: count })
    })

    const limited = () => kit().createApp({ limits: { devices: null, devicesPerUser: 1 } })
    const bind = async (key: ReturnType<typeof keyOf>, user: string) => {
      await kit().register(key, {
        patch: { user: { id: user, proved: false } },
        limits: { devices: null, devicesPerUser: 1 },
      })
      kit().clock.advance(1000)
    }
    const userOf = async (key: ReturnType<typeof keyOf>) =>
      (await kit().store.devices.findByKey(key, kit().clock.now))?.user?.id ?? null

    test('of one event give nobody more devices than a user may have', async () => {
      const appId = await limited()
      const [old, next] = [keyOf(appId), keyOf(appId)]
      await bind(old, 'ann')
      const { device } = await kit().register(old)
      await bind(next, 'ann')
      expect([await userOf(old), await userOf(next)]).toEqual([null, 'ann'])
      const [event] = await historyOf(appId, device.id)
      expect(event?.kind).toBe('userChanged')
      const options = { id: unique('undo'), forced: false }
      const taken = await undos().takeBack(appId, Number(event?.id), options, kit().occasion(), reveal)
      expect(taken?.verdict).toBe('undone')
      expect([await userOf(old), await userOf(next)]).toEqual([null, 'ann'])
      expect((await historyOf(appId, device.id)).slice(0, 2)).toMatchObject([
        { kind: 'userChanged', detail: { userId: 'ann' } },
        { kind: 'undone' },
      ])
    })

    test.each([1, 100])(
      'of a time hold that limit for what devices are in the end, %d events a piece',
      async (piece) => {
        const appId = await limited()
        const [moved, other, third] = [keyOf(appId), keyOf(appId), keyOf(appId)]
        await bind(moved, 'ann')
        await bind(third, 'dan')
        const from = kit().clock.now
        for (const user of ['bob', 'cat']) await bind(moved, user)
        await bind(third, 'eve')
        const until = new Date(kit().clock.now.getTime() - 1)
        // Since then another call has changed both.
        await bind(other, 'bob')
        const fourth = keyOf(appId)
        await bind(fourth, 'dan')
        const { done } = await run(await begun(draft(appId, { from, until })), piece)
        expect(done?.counts).toEqual({ undone: 3 })
        expect(await Promise.all([moved, other, third, fourth].map(userOf))).toEqual([
          'ann',
          'bob',
          null,
          'dan',
        ])
      },
    )
  })
}
