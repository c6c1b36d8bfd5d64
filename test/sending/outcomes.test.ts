import { describe, expect, test } from 'vitest'
import { outsideFetch } from '#runtime'
import { fcmError, invalidToken } from '../fixtures/push-services/fcm.ts'
import type { Verdict } from '../fixtures/push-services/verdicts.ts'
import { open } from './kit.ts'

const DEAD = fcmError(404, 'NOT_FOUND', { errorCode: 'UNREGISTERED' })
const BUSY = fcmError(503, 'UNAVAILABLE', { errorCode: 'UNAVAILABLE' })
const DENIED = fcmError(403, 'PERMISSION_DENIED')
const WRONG = fcmError(400, 'INVALID_ARGUMENT', { errorCode: 'INVALID_ARGUMENT', field: 'message.data' })
const SENDER = fcmError(403, 'PERMISSION_DENIED', { errorCode: 'SENDER_ID_MISMATCH' })
const QUOTA = fcmError(429, 'RESOURCE_EXHAUSTED', { errorCode: 'QUOTA_EXCEEDED' })
const MINUTE = 60_000

async function phones(o: Awaited<ReturnType<typeof open>>, count: number, ...verdicts: readonly Verdict[]) {
  const made = await Promise.all(Array.from({ length: count }, () => o.phone()))
  for (const { token } of made) o.says(token, ...verdicts)
  return made
}

describe.each<{ says: string; verdict: Verdict; outcome: string; state: 'live' | 'dead' }>([
  { says: 'a token that is no longer registered', verdict: DEAD, outcome: 'dead', state: 'dead' },
  { says: 'a token of another sender', verdict: SENDER, outcome: 'mismatch', state: 'live' },
  { says: 'a message that is refused', verdict: WRONG, outcome: 'payload', state: 'live' },
  { says: 'a token that is none', verdict: invalidToken, outcome: 'payload', state: 'live' },
])('$says', ({ verdict, outcome, state }) => {
  test(`fails its phone as ${outcome}, once; the token is ${state}`, async () => {
    const o = await open()
    const [bad, good] = [...(await phones(o, 1, verdict)), await o.phone()]
    const id = await o.accept()
    await o.run()
    expect(o.asked().filter((token) => token === bad?.token)).toHaveLength(1)
    expect(o.reached()).toEqual([good?.token])
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 1, [outcome]: 1 } })
    expect((await o.device(bad?.token ?? '')).pushToken?.state).toBe(state)
  })
})

test('what is accepted is the last delivery that a dialect shows, if it shows one', async () => {
  const o = await open()
  const { token } = await o.phone()
  await o.accept()
  await o.run()
  expect((await o.device(token)).pushToken?.deliveredAt).toEqual(o.h.clock.now)
})

test('a registration that comes while the push service answers wins over its verdict (identity R11)', async () => {
  const o = await open()
  const { token } = await o.phone()
  // A registration is recorded at most once an hour.
  o.h.clock.advance(120 * MINUTE)
  await o.accept()
  const engine = o.h.engine({
    async fetch(...call) {
      const answer = await outsideFetch(...call)
      if (!String(call[0]).endsWith(':send')) return answer
      // The phone registers again after the attempt began; the verdict is about the earlier registration.
      o.h.clock.advance(1000)
      await o.phone({ externalId: token, pushToken: { provider: 'fcm', token } })
      return answer
    },
  })
  o.says(token, DEAD)
  await o.run(engine)
  expect((await o.device(token)).pushToken?.state).toBe('live')
})

describe('a service that has trouble', () => {
  test('is asked again after its own wait, five times at most', async () => {
    const o = await open()
    const { token } = await o.phone()
    o.says(token, ...Array.from({ length: 9 }, () => BUSY))
    const id = await o.accept({ body: { text: 'x', ttl: 86_400 } })
    const engine = o.h.engine()
    const tries: number[] = []
    for (let wait = 10_000; tries.length < 6; wait *= 2) {
      await o.run(engine)
      tries.push(o.asked().length)
      o.h.clock.advance(wait - 1)
      await o.run(engine)
      expect(o.asked()).toHaveLength(tries.at(-1) ?? 0)
      o.h.clock.advance(wait / 2 + 1)
    }
    expect(tries).toEqual([1, 2, 3, 4, 5, 5])
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { failed: 1 } })
  })

  test('carries on a retry what is left of the time to live, and the same id', async () => {
    const o = await open()
    const { token } = await o.phone()
    o.says(token, BUSY)
    await o.accept({ body: { text: 'x', ttl: 60 } })
    const engine = o.h.engine()
    await o.run(engine)
    o.h.clock.advance(20_000)
    await o.run(engine)
    expect(o.fcm.fake.messages).toMatchObject([{ android: { ttl: '40s' } }])
  })

  test('for an hour costs no message: the lane rests, is probed by one request, and goes on', async () => {
    const o = await open()
    const all = await phones(o, 40, ...Array.from({ length: 200 }, () => BUSY))
    const id = await o.accept({ body: { text: 'x', ttl: 86_400 } })
    const engine = o.h.engine()
    await o.run(engine)
    const first = o.asked().length
    expect(first).toBeLessThan(40)
    for (let minutes = 0; minutes < 60; minutes += 10) {
      const before = o.asked().length
      o.h.clock.advance(10 * MINUTE)
      await o.run(engine)
      expect(o.asked().length - before).toBe(1)
    }
    expect(o.told()).toHaveLength(1)
    for (const { token } of all) o.says(token)
    o.h.clock.advance(10 * MINUTE)
    await o.run(engine)
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 40 } })
  })
})

describe('a credential that is refused', () => {
  test('costs no attempt and no token: the operator is told once, one request probes it, and the rest goes out', async () => {
    const o = await open()
    const all = await phones(o, 30, ...Array.from({ length: 9 }, () => DENIED))
    const id = await o.accept({ body: { text: 'x', ttl: 86_400 } })
    const engine = o.h.engine()
    await o.run(engine)
    expect(o.asked().length).toBeLessThan(30)
    expect(await o.provider()).toMatchObject({ state: 'refused' })
    for (const minutes of [1, 5, 15]) {
      const before = o.asked().length
      o.h.clock.advance(minutes * MINUTE - 1000)
      await o.run(engine)
      expect(o.asked()).toHaveLength(before)
      o.h.clock.advance(1000)
      await o.run(engine)
      expect(o.asked()).toHaveLength(before + 1)
    }
    expect(o.told()).toHaveLength(1)
    for (const { token } of all) o.says(token)
    o.h.clock.advance(30 * MINUTE)
    await o.run(engine)
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 30 } })
    expect(await o.provider()).toMatchObject({ state: 'ok', reason: null })
  })

  test('rests for every process; another credential is used within seconds', async () => {
    const o = await open()
    const [phone] = await phones(o, 1, DENIED)
    const id = await o.accept()
    const engine = o.h.engine()
    await o.run(engine)
    o.h.clock.advance(5000)
    await o.run()
    expect(o.asked()).toEqual([phone?.token])
    await o.put()
    await o.run(engine)
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 1 } })
  })
})

describe('a service that asks for a pause', () => {
  test('gets one, from the whole lane and every process', async () => {
    const o = await open()
    const all = await phones(o, 40, { ...QUOTA, headers: { 'Retry-After': '30' } })
    const id = await o.accept()
    const engine = o.h.engine()
    await o.run(engine)
    const first = o.asked().length
    expect(first).toBeLessThanOrEqual(20)
    o.h.clock.advance(29_000)
    await o.run(engine)
    await o.run()
    expect(o.asked()).toHaveLength(first)
    for (const { token } of all) o.says(token)
    o.h.clock.advance(60_000)
    await o.run(engine)
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 40 } })
  })
})

describe('a page of which too much fails', () => {
  test('for one and the same fault of the message fails whole, most of it unsent', async () => {
    const o = await open()
    await phones(o, 200, WRONG)
    const id = await o.accept()
    await o.run()
    expect(o.asked().length).toBeLessThan(60)
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { payload: 200 } })
  })

  test('for tokens that are none goes on: those are faults of single phones', async () => {
    const o = await open()
    await phones(o, 10, invalidToken)
    await phones(o, 10)
    const id = await o.accept()
    await o.run()
    expect(await o.report(id)).toMatchObject({ counts: { payload: 10, accepted: 10 } })
  })

  test('for tokens of another sender opens the circuit, and kills none', async () => {
    const o = await open()
    const all = await phones(o, 60, SENDER)
    const id = await o.accept()
    await o.run()
    expect(o.asked().length).toBeLessThan(60)
    expect(await o.provider()).toMatchObject({ state: 'refused' })
    expect(await o.report(id)).toMatchObject({ state: 'sending' })
    expect((await o.device(all[0]?.token ?? '')).pushToken?.state).toBe('live')
  })
})
