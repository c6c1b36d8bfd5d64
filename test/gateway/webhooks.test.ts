import { describe, expect, test } from 'vitest'
import type { PendingCall } from '../../src/domain/webhook.ts'
import { createHarness } from '../harness/harness.ts'
import { count, ENOUGH, HOUR, hooked, process, SECOND } from './webhook-kit.ts'

describe('a receiver that hangs', () => {
  test.each([20, 80])('with %d events holds up nobody else (B4, hostile F4)', async (events) => {
    const h = await createHarness()
    const [hanging, fine] = [await hooked(h), await hooked(h)]
    await hanging.happen(events)
    await fine.happen(2)
    const calls: PendingCall[] = []
    const wake = process(h, (call) => {
      calls.push(call)
      return call.url === hanging.url ? new Promise(() => {}) : Promise.resolve(true)
    })
    await wake()
    expect(count(calls, fine)).toBe(2)
    expect((await fine.state()).waiting, 'settled as they ended').toBe(0)
    // However many are waiting for it.
    expect(count(calls, hanging)).toBe(4)
    await fine.happen(10)
    await wake()
    expect(count(calls, fine)).toBe(12)
    expect(count(calls, hanging)).toBe(4)
  })

  test('holds up nobody else in an invocation that ends with its calls, either', async () => {
    const h = await createHarness()
    const [hanging, fine] = [await hooked(h), await hooked(h)]
    await hanging.happen(80)
    await fine.happen(12)
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const calls: PendingCall[] = []
    const delivered = h.gateway.outbox.deliver(async (call) => {
      calls.push(call)
      if (call.url !== hanging.url) return true
      await released
      return false
    })
    while (count(calls, fine) < 12) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(count(calls, hanging)).toBe(4)
    release()
    expect(await delivered).toBe(count(calls, fine) + count(calls, hanging))
    expect(await fine.state()).toMatchObject({ waiting: 0, failures: 0 })
  })

  test('in one of its calls holds up no more than that call', async () => {
    const h = await createHarness()
    const one = await hooked(h)
    await one.happen(12)
    let made = 0
    const wake = process(h, () => (made++ === 0 ? new Promise(() => {}) : Promise.resolve(true)))
    await wake()
    expect([made, (await one.state()).waiting]).toEqual([12, 1])
  })
})

describe('a receiver that is down', () => {
  test.each([50, 200])('with %d events costs a handful of calls, then one at each look', async (events) => {
    const h = await createHarness()
    const down = await hooked(h)
    await down.happen(events)
    const calls: PendingCall[] = []
    let up = false
    const deliver = () =>
      h.gateway.outbox.deliver(async (call) => {
        if (call.url !== down.url) return true
        calls.push(call)
        return up
      })
    await deliver()
    expect(calls).toHaveLength(5)
    await deliver()
    expect(calls).toHaveLength(5)
    expect(await down.state()).toMatchObject({ failures: 5, waiting: events })
    for (const seconds of [32, 64, 128]) {
      h.clock.advance((seconds - 1) * SECOND)
      await deliver()
      const before = calls.length
      h.clock.advance(SECOND)
      await deliver()
      expect(calls).toHaveLength(before + 1)
    }
    up = true
    h.clock.advance(HOUR)
    await deliver()
    expect(await down.state()).toMatchObject({ failures: 0, restingUntil: null, waiting: 0 })
    expect(new Set(calls.map(({ id }) => id)).size).toBe(events)
  })

  test('is tried again at once under another address', async () => {
    const h = await createHarness()
    const down = await hooked(h)
    await down.happen(12)
    await h.gateway.outbox.deliver(async ({ url }) => url !== down.url)
    const url = `${down.url}/new`
    await h.gateway.webhooks.update({ app: down.app, name: 'hook', url })
    let arrived = 0
    await h.gateway.outbox.deliver(async (call) => call.url === url && arrived++ >= 0)
    expect(arrived).toBe(7)
  })

  test('loses what waited for about a day, and nothing sooner', async () => {
    const h = await createHarness()
    const down = await hooked(h)
    await down.happen(60)
    const look = async () => {
      await h.gateway.outbox.deliver(async ({ url }) => url !== down.url)
      await h.gateway.maintenance.run(ENOUGH)
    }
    for (let hours = 0; hours < 20; hours++) {
      await look()
      h.clock.advance(HOUR)
    }
    expect((await down.state()).waiting).toBe(60)
    await down.happen(1)
    for (let hours = 0; hours < 20; hours++) {
      await look()
      h.clock.advance(HOUR)
    }
    expect((await down.state()).waiting, 'what came later has its own day').toBe(1)
  })

  test('for one event is not down for the others', async () => {
    const h = await createHarness()
    const one = await hooked(h)
    await one.happen(1)
    let poison: string | undefined
    let arrived = 0
    const deliver = () =>
      h.gateway.outbox.deliver(async (call) => {
        if (call.url !== one.url) return true
        poison ??= call.id
        if (call.id === poison) return false
        arrived++
        return true
      })
    for (let hours = 0; hours < 12; hours++) {
      await deliver()
      h.clock.advance(HOUR)
    }
    await one.happen(3)
    await deliver()
    expect(arrived).toBe(3)
  })

  test('stops no call of another one where there is room for few', async () => {
    const h = await createHarness()
    const many = []
    for (let i = 0; i < 60; i++) many.push(await hooked(h))
    for (const one of many) await one.happen(5)
    const fine = await hooked(h)
    await fine.happen(20)
    const down = new Set(many.map(({ url }) => url))
    const calls: PendingCall[] = []
    await h.gateway.outbox.deliver(async (call) => {
      calls.push(call)
      return !down.has(call.url)
    })
    expect((await fine.state()).waiting).toBe(0)
    expect(calls.filter(({ url }) => down.has(url)).length).toBe(60 * 5)
  })
})
