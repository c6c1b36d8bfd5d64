import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { createSend } from '../../src/deliver.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { GatewayError } from '../../src/domain/error.ts'
import type { PendingCall } from '../../src/domain/webhook.ts'
import type { Send } from '../../src/gateway/outbox.ts'
import { createOutbound } from '../../src/outbound.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

const SECOND = 1000
const HOUR = 3600 * SECOND
const DAY = 24 * HOUR
const ENOUGH = { milliseconds: 10_000, steps: 1000 }

/** An app with a webhook, and what its receiver got. */
interface Hooked {
  readonly h: Harness
  readonly app: DialectApp
  readonly url: string
  /** Registers devices, so that as many calls wait. */
  happen(events: number): Promise<void>
  /** How many calls wait for it, and how its receiver does. */
  state(): Promise<{ id: string; waiting: number; failures: number; restingUntil: string | null }>
}

async function hooked(h: Harness): Promise<Hooked> {
  const document = await h.createApp({ mobilefirst: {} })
  const identifier = String(document.dialects.mobilefirst?.applicationId)
  const app = await h.gateway.apps.find('mobilefirst', identifier)
  if (!app) throw new Error('no app')
  const url = `https://hooks.example/${identifier}`
  await h.gateway.webhooks.create({ app, name: 'hook', url, events: ['deviceRegistered'] })
  return {
    h,
    app,
    url,
    async happen(events) {
      for (let i = 0; i < events; i++) {
        const token = crypto.randomUUID()
        await h.gateway.devices.register({
          app,
          externalId: token,
          identity: 'key',
          platform: 'android',
          pushToken: { provider: 'fcm', token },
          announce: true,
          cause: 'test',
        })
      }
    },
    async state() {
      const answer = await h.admin('GET', `/apps/${document.id}/webhooks`)
      const { webhooks } = await answer.json<{ webhooks: Awaited<ReturnType<Hooked['state']>>[] }>()
      const [state] = webhooks
      if (!state) throw new Error('no webhook')
      return state
    },
  }
}

/** Calls as a process makes them: begun without waiting, and again whenever one ends. */
function process(h: Harness, send: Send) {
  let fault: unknown
  const begin = async (): Promise<void> => {
    while ((await h.gateway.outbox.begin(send, ended)) > 0);
  }
  let pending: Promise<void> = Promise.resolve()
  const ended = (error?: unknown) => {
    fault ??= error
    pending = pending.then(begin)
  }
  return async () => {
    pending = pending.then(begin)
    // Until a round through the store begins nothing more.
    for (let seen: unknown; seen !== pending; await new Promise((resolve) => setTimeout(resolve, 20))) {
      seen = pending
      await pending
    }
    expect(fault).toBeUndefined()
  }
}

const count = (calls: readonly PendingCall[], { url }: Hooked) =>
  calls.filter((one) => one.url === url).length

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
    // However many wait for it.
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

describe('a clock that is set', () => {
  test.each([
    ['an hour', HOUR + 2 * SECOND],
    ['three days', 3 * DAY],
    ['800 days', 800 * DAY],
  ])('%s back delays no next try (hostile F20)', async (_, back) => {
    const h = await createHarness()
    const one = await hooked(h)
    await one.happen(1)
    let tries = 0
    const deliver = (up: boolean) =>
      h.gateway.outbox.deliver(async ({ url }) => {
        if (url !== one.url) return true
        tries++
        return up
      })
    for (let hours = 0; hours < 12; hours++) {
      await deliver(false)
      h.clock.advance(HOUR)
    }
    const before = tries
    await deliver(false)
    h.clock.advance(-back)
    await deliver(true)
    if (back > 2 * HOUR) expect(tries).toBe(before + 2)
    h.clock.advance(2 * HOUR)
    await deliver(true)
    expect([tries, (await one.state()).waiting]).toEqual([before + 2, 0])
  })

  test('back closes no circuit for days, and frees what a dead process had taken', async () => {
    const h = await createHarness()
    const [down, dead] = [await hooked(h), await hooked(h)]
    await down.happen(8)
    await dead.happen(1)
    void h.gateway.outbox.begin(
      ({ url }) => (url === dead.url ? new Promise(() => {}) : Promise.resolve(false)),
      () => {},
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    await h.gateway.outbox.deliver(async ({ url }) => url !== down.url)
    expect((await down.state()).failures).toBe(5)
    const again = await createHarness()
    again.clock.now = new Date(h.clock.now.getTime() - 3 * DAY)
    const arrived: string[] = []
    for (let rounds = 0; rounds < 3; rounds++) {
      await again.gateway.outbox.deliver(async ({ url }) => arrived.push(url) > 0)
    }
    expect(arrived.filter((url) => url === dead.url)).toHaveLength(1)
    expect(arrived.filter((url) => url === down.url)).toHaveLength(8)
  })

  test('800 days ahead loses no call and counts no try that was not made', async () => {
    const h = await createHarness()
    const one = await hooked(h)
    await one.happen(3)
    await h.gateway.outbox.deliver(async ({ url }) => url !== one.url)
    h.clock.advance(800 * DAY)
    await h.gateway.maintenance.run(ENOUGH)
    h.clock.advance(-800 * DAY)
    const attempts: number[] = []
    h.clock.advance(2 * SECOND)
    await h.gateway.outbox.deliver(async (call) => {
      if (call.url === one.url) attempts.push(call.attempts)
      return true
    })
    expect(attempts).toEqual([2, 2, 2])
  })
})

describe('a call', () => {
  test('is signed as Standard Webhooks has it, under one id at every try, with a secret of the webhook', async () => {
    const h = await createHarness()
    const one = await hooked(h)
    await one.happen(1)
    const path = `/apps/${one.app.app.id}/webhooks/${(await one.state()).id}`
    const requests: { headers: Record<string, string>; body: string }[] = []
    const outbound = createOutbound({
      allowPrivate: false,
      fetch: async (url, init) => {
        if (url !== one.url) return new Response(null, { status: 204 })
        requests.push({ headers: Object.fromEntries(new Headers(init.headers)), body: String(init.body) })
        return new Response(null, { status: requests.length === 1 ? 500 : 204 })
      },
    })
    const send = createSend({ adapters, outbound })
    // The library that checks it goes by the time of day.
    h.clock.now = new Date()
    await h.gateway.outbox.deliver(send)
    h.clock.advance(3 * SECOND)
    await h.gateway.outbox.deliver(send)
    const { secret } = await (await h.admin('GET', path)).json<{ secret: string }>()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(requests).toHaveLength(2)
    for (const { headers, body } of requests) {
      expect(headers['webhook-id']).toMatch(/^[\w-]+$/)
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'onDeviceRegister' })
    }
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(requests.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(2)
    const other = await hooked(h)
    const shown = await h.admin('GET', `/apps/${other.app.app.id}/webhooks/${(await other.state()).id}`)
    expect((await shown.json<{ secret: string }>()).secret).not.toBe(secret)
    // It is shown by name only, and to its own app's operator only.
    expect(await one.state()).not.toHaveProperty('secret')
    expect((await h.admin('GET', path.replace(one.app.app.id, other.app.app.id))).status).toBe(404)
    expect(JSON.stringify(await (await h.admin('GET', path)).json())).not.toContain('v1.')
  })
})

test('a webhook that is set up after its app has gone is not kept (B7)', async () => {
  const h = await createHarness()
  const one = await hooked(h)
  await h.admin('PATCH', `/apps/${one.app.app.id}`, { dialects: { mobilefirst: null } })
  const draft = { app: one.app, name: 'late', url: one.url, events: ['deviceRegistered'] as const }
  await expect(h.gateway.webhooks.create(draft)).rejects.toThrow(GatewayError)
  expect(await h.gateway.webhooks.list(one.app)).toEqual([])
})
