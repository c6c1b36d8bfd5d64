import { describe, expect, test } from 'vitest'
import type { Scope } from '../../src/store/contract/listing.ts'
import type { Settlement, TakenCall } from '../../src/store/contract/webhooks.ts'
import { dialectDraft, type StoreKit, unique } from './kit.ts'
import { waitingCalls } from './webhooks.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const CIRCUIT = { threshold: 3, longestWait: 10 * MINUTE }

export function outboxContract(kit: () => StoreKit): void {
  const outbox = () => kit().store.outbox
  const now = () => kit().clock.now
  const later = (milliseconds: number) => new Date(now().getTime() + milliseconds)
  const horizon = () => later(24 * 60 * MINUTE)
  const claim = (each: number, limit = 1000) =>
    outbox().claim({ lease: unique('lease'), until: later(MINUTE), horizon: horizon(), each, limit }, now())
  const drop = (limit: number) => outbox().dropAbandoned(3, limit, now())
  /** Other tests over the same database may have left calls. */
  const mine = (calls: readonly TakenCall[], { appId }: Scope, ids: ReadonlyMap<string, string>) =>
    calls.filter(({ webhookId }) => ids.get(webhookId) === appId)
  const settle = (settlement: Partial<Settlement>) =>
    outbox().settle(
      { appId: '', done: [], arrived: [], again: [], failing: [], ...settlement },
      CIRCUIT,
      now(),
    )
  const again = (calls: readonly TakenCall[], counted = true) =>
    calls.map(({ id }) => ({ id, dueAt: later(SECOND), counted }))

  async function filled(devices: number) {
    const identifier = unique('identifier')
    const appId = await kit().createApp({ dialects: [dialectDraft('red', identifier)] })
    const scope = { appId, dialect: 'red' }
    const hook = await waitingCalls(kit(), scope, ['deviceRegistered'], devices)
    const ids = new Map([[hook.id, appId]])
    const state = async () => (await kit().store.webhooks.states(appId))[0]
    return { scope, hook, identifier, state, of: (calls: readonly TakenCall[]) => mine(calls, scope, ids) }
  }

  describe('the outbox', () => {
    test('gives a call with all that is needed to make it', async () => {
      const { scope, hook, identifier, of } = await filled(1)
      expect(await outbox().due({ horizon: horizon(), each: 5 }, now())).toBe(true)
      expect(of(await claim(5))).toEqual([
        {
          appId: scope.appId,
          id: expect.any(String),
          webhookId: hook.id,
          dialect: 'red',
          identifier,
          url: hook.url,
          attempts: 1,
          at: now(),
          sealed: null,
          wanted: true,
          failures: 0,
          event: {
            kind: 'deviceRegistered',
            at: now().getTime(),
            device: expect.objectContaining({ externalId: hook.keys[0]?.externalId, userId: null }),
          },
        },
      ])
    })

    test('gives each call once, however many claim at once, and no more than so many of one webhook', async () => {
      const { of } = await filled(12)
      const taken = (await Promise.all(Array.from({ length: 6 }, () => claim(5)))).flatMap(of)
      expect([taken.length, new Set(taken.map(({ id }) => id)).size]).toEqual([5, 5])
      expect(of(await claim(5))).toEqual([])
      await settle({ done: taken.slice(0, 2).map(({ id }) => id), arrived: [taken[0]?.webhookId ?? ''] })
      expect(of(await claim(5))).toHaveLength(2)
    })

    test('says whether a claim would find any', async () => {
      const due = () => outbox().due({ horizon: horizon(), each: 5 }, now())
      while ((await claim(5)).length > 0);
      expect(await due()).toBe(false)
      const { of } = await filled(1)
      expect(await due()).toBe(true)
      expect(of(await claim(5))).toHaveLength(1)
      expect(await due()).toBe(false)
      kit().clock.advance(MINUTE)
      expect(await due()).toBe(true)
    })

    test('gives them again after the lease of one who died', async () => {
      const { of, state } = await filled(2)
      const first = of(await claim(5))
      kit().clock.advance(MINUTE - 1)
      expect(of(await claim(5))).toEqual([])
      kit().clock.advance(1)
      const second = of(await claim(5))
      expect(second.map(({ id }) => id).toSorted()).toEqual(first.map(({ id }) => id).toSorted())
      await settle({ done: second.map(({ id }) => id) })
      expect((await state())?.waiting).toBe(0)
    })

    test('gives at once what waits for a time that a clock set back has put out of reach', async () => {
      const { of } = await filled(1)
      await settle({
        again: of(await claim(5)).map(({ id }) => ({
          id,
          dueAt: later(800 * 24 * 60 * MINUTE),
          counted: false,
        })),
      })
      expect(of(await claim(5))).toHaveLength(1)
    })

    test('tries again when it is time, and counts what is counted', async () => {
      const { of } = await filled(1)
      const [first] = [of(await claim(5))]
      await settle({ again: again(first, false) })
      expect(of(await claim(5))).toEqual([])
      kit().clock.advance(SECOND)
      const second = of(await claim(5))
      expect(second).toMatchObject([{ id: first[0]?.id, attempts: 1 }])
      await settle({ again: again(second) })
      kit().clock.advance(SECOND)
      expect(of(await claim(5))).toMatchObject([{ id: first[0]?.id, attempts: 2 }])
    })

    test('tries a webhook that failed one call at a time, and others at once', async () => {
      const [down, up] = [await filled(4), await filled(4)]
      const calls = await claim(5)
      const failing = [{ id: down.hook.id, failures: 1, probes: 0 }]
      await settle({ again: again([...down.of(calls), ...up.of(calls)]), failing })
      kit().clock.advance(SECOND)
      const next = await claim(5)
      expect([down.of(next).length, up.of(next).length]).toEqual([1, 4])
      expect(down.of(next)).toMatchObject([{ failures: 1 }])
      await settle({ done: down.of(next).map(({ id }) => id), arrived: [down.hook.id] })
      expect((await down.state())?.failures).toBe(0)
      expect(down.of(await claim(5))).toHaveLength(3)
    })

    test('lets a webhook rest from a threshold on, for longer at each failure, up to a bound', async () => {
      const { hook, of, state } = await filled(1)
      const fail = async () => {
        await settle({ again: again(of(await claim(5))), failing: [{ id: hook.id, failures: 1, probes: 0 }] })
        return ((await state())?.restingUntil.getTime() ?? 0) - now().getTime()
      }
      const waits: number[] = []
      for (let failures = 1; failures <= 14; failures++) {
        waits.push(await fail())
        kit().clock.advance(Math.max(SECOND, waits.at(-1) ?? 0))
      }
      const resting = waits.slice(CIRCUIT.threshold - 1)
      expect(waits.slice(0, CIRCUIT.threshold - 1).every((wait) => wait <= 0)).toBe(true)
      expect(resting).toEqual(resting.toSorted((one, other) => one - other))
      expect([(resting[0] ?? 0) > 0, resting.at(-1)]).toEqual([true, CIRCUIT.longestWait])
      await settle({ again: again(of(await claim(5))), failing: [{ id: hook.id, failures: 1, probes: 0 }] })
      kit().clock.advance(CIRCUIT.longestWait - 1)
      expect(of(await claim(5))).toEqual([])
      kit().clock.advance(1)
      expect(of(await claim(5))).toHaveLength(1)
    })

    test('holds nothing against a webhook that moves to another address', async () => {
      const { scope, hook, of, state } = await filled(1)
      await settle({ again: again(of(await claim(5))), failing: [{ id: hook.id, failures: 9, probes: 0 }] })
      expect((await state())?.failures).toBe(9)
      await kit().store.webhooks.update(scope, 'hook', { url: 'https://other.example' }, now())
      kit().clock.advance(SECOND)
      expect(of(await claim(5))).toMatchObject([{ url: 'https://other.example', failures: 0 }])
    })

    test('gives no more than were asked for', async () => {
      await filled(5)
      const sizes = [(await claim(1000, 2)).length, (await claim(1000, 1)).length]
      expect(sizes).toEqual([2, 1])
    })

    test('drops, a batch at a time, what waited through too many probes or whose webhook has gone', async () => {
      while ((await drop(1000)) > 0);
      const { hook, of, state } = await filled(5)
      await settle({ again: again(of(await claim(2))), failing: [{ id: hook.id, failures: 1, probes: 3 }] })
      expect(await drop(2)).toBe(0)
      await settle({ failing: [{ id: hook.id, failures: 1, probes: 1 }] })
      const dropped = []
      for (let pieces = 0; pieces < 4; pieces++) dropped.push(await drop(2))
      expect(dropped).toEqual([2, 2, 1, 0])
      expect((await state())?.waiting).toBe(0)
    })
  })
}
