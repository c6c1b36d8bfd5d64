import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import type { Adapter } from '../../src/adapter.ts'
import { openD1 } from '../../src/store/sqlite/d1.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { type ExampleRequest, exampleApp, send } from '../harness/example.ts'
import { type Fault, faultyD1, OVERLOADED, PASSING } from '../harness/faulty-d1.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

const binding = (env as unknown as { DB: D1Database }).DB
/** As in production, but without waiting, and with time for slow machines. */
const patience = { attempts: 4, milliseconds: 30_000, firstWait: 2 }
/** Milliseconds to wait for what never answers. */
const SHORT = 2000

async function overFaults(use: readonly Adapter[], milliseconds = patience.milliseconds) {
  const line = faultyD1(binding)
  const h = await createHarness({
    adapters: use,
    db: () => openD1(line.d1, { patience: { ...patience, milliseconds } }),
  })
  return { h, line }
}

const repeated = (fault: Fault, times: number): readonly Fault[] => Array.from({ length: times }, () => fault)
const before: Fault = { at: 'before', message: PASSING }
const after: Fault = { at: 'after', message: PASSING }
const fine: Fault = { at: 'late', milliseconds: 0 }

interface Listed {
  readonly id: string
  readonly externalId: string
}
async function devices(h: Harness, appId: string): Promise<readonly Listed[]> {
  return (await (await h.admin('GET', `/apps/${appId}/devices?limit=100`)).json<{ devices: Listed[] }>())
    .devices
}
async function kinds(h: Harness, appId: string, { id }: Listed): Promise<readonly string[]> {
  const path = `/apps/${appId}/devices/${id}/events`
  const { events } = await (await h.admin('GET', path)).json<{ events: { kind: string }[] }>()
  return events.map((event) => event.kind)
}

/** How a dialect says "try again": the answer that its SDKs retry, if it is not a 5xx. */
const TRY_AGAIN: Readonly<Record<string, (response: Response) => unknown>> = {}
const saysTryAgain = async (adapter: Adapter, response: Response) => {
  const own = TRY_AGAIN[adapter.name]
  expect(own ? await own(response.clone()) : response.status >= 500, `status ${response.status}`).toBe(true)
  const text = await response.text()
  expect(text).not.toMatch(/\bD1\b|sqlite|SQLITE|overloaded|connection lost/)
  return text
}

describe.each(adapters)('a registration in $name over a failing D1', (adapter) => {
  const setUp = async (milliseconds?: number) => {
    const { h, line } = await overFaults([adapter], milliseconds)
    const { id, example } = await exampleApp(h, adapter)
    return { h, line, id, example }
  }
  /** Whatever the fault was, the phone is now registered, once, and its history says so once. */
  const registeredOnce = async (h: Harness, id: string) => {
    const [device, ...others] = await devices(h, id)
    expect(others).toEqual([])
    expect(device && (await kinds(h, id, device))).toEqual(['registered'])
  }
  const succeeds = async (h: Harness, example: ExampleRequest) => {
    const response = await send(h, example)
    expect(response.ok, await response.text()).toBe(true)
  }

  test.each<[string, readonly Fault[]]>([
    ['each call fails once before it arrives', [before, before, before]],
    ['every answer is lost once', [after, fine, after, fine, after, fine]],
    ['answers are slow, but come in time', repeated({ at: 'late', milliseconds: 100 }, 3)],
  ])('succeeds where %s', async (_, faults) => {
    const { h, line, id, example } = await setUp()
    line.next(...faults)
    await succeeds(h, example)
    line.next()
    await registeredOnce(h, id)
  })

  test.each<[string, Fault, number | null]>([
    ['D1 stays out of reach', before, null],
    ['every answer is lost', after, null],
    // A retry would add to the load.
    ['D1 is overloaded', { at: 'before', message: OVERLOADED }, 1],
    ['D1 never answers', { at: 'never' }, 1],
  ])('is told to try again where %s, and heals', async (_, fault, calls) => {
    const { h, line, id, example } = await setUp(fault.at === 'never' ? SHORT : undefined)
    line.each(() => fault)
    const asked = line.calls
    await saysTryAgain(adapter, await send(h, example))
    if (calls !== null) expect(line.calls - asked).toBe(calls)
    expect(h.log.at(-1)?.error).toBeInstanceOf(Error)
    line.each(null)
    await succeeds(h, example)
    await succeeds(h, example)
    await registeredOnce(h, id)
  })

  test('that has changed nothing is told to try again where D1 fails, and stays as it is', async () => {
    const { h, line, id, example } = await setUp()
    await succeeds(h, example)
    line.each(() => ({ at: 'before', message: OVERLOADED }))
    await saysTryAgain(adapter, await send(h, example))
    line.each(null)
    await succeeds(h, example)
    await registeredOnce(h, id)
  })
})

describe('what is not safe to send twice', () => {
  async function echoPhone() {
    const { h, line } = await overFaults([echoDialect])
    const { code } = (await h.createApp({ echo: {} })).dialects.echo ?? {}
    await h.request('PUT', `/echo/${code}/phone`, { body: { token: 'T' } })
    const app = await h.gateway.apps.find('echo', String(code))
    if (!app) throw new Error('no app')
    return { h, line, ref: { app, externalId: 'phone' } }
  }
  const count = { name: 'n', do: 'increment', as: [{ type: 'number', value: 1 }] } as const

  test('is sent once where its answer is lost, and is reported as failed', async () => {
    const { h, line, ref } = await echoPhone()
    const asked = line.calls
    const lost = async (call: () => Promise<unknown>) => {
      line.next(after)
      await expect(call()).rejects.toThrow('Network connection lost')
    }
    await lost(() => h.gateway.tags.change({ ...ref, changes: [count] }))
    await lost(() => h.gateway.receipts.record({ ...ref, messageId: 'm', kind: 'opened' }))
    expect(line.calls - asked).toBe(2)
    expect(await h.gateway.tags.read(ref)).toMatchObject([{ name: 'n', value: 1 }])
    await lost(() => h.gateway.devices.unregister({ ...ref, cause: 'test' }))
    expect(await h.gateway.devices.find(ref)).toBeNull()
  })

  test('changes nothing where it did not arrive', async () => {
    const { h, line, ref } = await echoPhone()
    line.next(before)
    await expect(h.gateway.tags.change({ ...ref, changes: [count] })).rejects.toThrow()
    line.next(before)
    await expect(h.gateway.devices.unregister({ ...ref, cause: 'test' })).rejects.toThrow()
    expect(await h.gateway.devices.find(ref)).toMatchObject({ tags: {} })
  })
})

/** A small generator with reproducible numbers (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

test.each([1, 2, 3])(
  'in a storm of faults nothing acknowledged is lost and nothing happens twice (%i)',
  async (seed) => {
    const { h, line } = await overFaults([echoDialect])
    const app = await h.createApp({ echo: {} })
    const register = (phone: number, round: number) =>
      h.request('PUT', `/echo/${app.dialects.echo?.code}/phone-${phone}`, {
        body: { token: `T${phone}-${round}` },
      })
    const random = randomOf(seed)
    const weather: readonly (Fault | undefined)[] = [
      before,
      before,
      after,
      after,
      undefined,
      { at: 'before', message: OVERLOADED },
    ]
    const phones = Array.from({ length: 20 }, (_, phone) => phone)

    line.each(() => weather[Math.floor(random() * weather.length)])
    const acknowledged = new Map<number, string>()
    for (const round of [1, 2]) {
      const answers = await Promise.all(phones.map((phone) => register(phone, round)))
      for (const [phone, { status }] of answers.entries()) {
        expect([200, 201, 400]).toContain(status)
        // A later round that was refused may have been executed, so nothing is known about this phone.
        if (status !== 400) acknowledged.set(phone, `T${phone}-${round}`)
        else acknowledged.delete(phone)
      }
    }
    line.each(null)

    expect(acknowledged.size).toBeGreaterThan(0)
    const found = (await devices(h, app.id)) as readonly (Listed & { token: string })[]
    for (const [phone, token] of acknowledged) {
      expect(found.filter((one) => one.externalId === `phone-${phone}`)).toMatchObject([{ token }])
    }
    for (const phone of phones) await register(phone, 3)
    const healed = await devices(h, app.id)
    expect(healed).toHaveLength(phones.length)
    for (const device of healed) {
      const history = await kinds(h, app.id, device)
      expect(history.filter((kind) => kind === 'registered')).toHaveLength(1)
      expect(history.filter((kind) => kind === 'rotated').length).toBeLessThanOrEqual(2)
    }
  },
)
