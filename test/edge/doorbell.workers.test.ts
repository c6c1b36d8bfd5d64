import {
  createExecutionContext,
  createMessageBatch,
  createScheduledController,
  getQueueResult,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, expect, test, vi } from 'vitest'
import worker from '../../src/worker.ts'
import { laneDeps } from '../contract/provider-kit.ts'
import { openFcm } from '../delivery/fcm/kit.ts'
import { createHarness } from '../harness/harness.ts'
import { outsideFetch } from '../harness/serve.workers.ts'

const bindings = env as unknown as Record<string, unknown> & { readonly BELL: Queue; readonly DB: D1Database }

afterEach(() => vi.restoreAllMocks())

/** A Worker treated as a separate isolate; with or without a queue as its doorbell. */
async function open(phones: number, { bell, ...vars }: { readonly bell: boolean } & Record<string, unknown>) {
  vi.spyOn(globalThis, 'fetch').mockImplementation((url, init) => outsideFetch(String(url), init ?? {}))
  vi.spyOn(console, 'log').mockImplementation(() => {})
  let rung = 0
  const DOORBELL = {
    send(body: unknown) {
      rung++
      return bindings.BELL.send(body)
    },
  }
  // The Worker identifies its isolate by this binding.
  const DB = new Proxy(bindings.DB, {
    get: (of, name) => {
      const member: unknown = Reflect.get(of, name)
      return typeof member === 'function' ? member.bind(of) : member
    },
  })
  const own = { ...bindings, DB, ALLOW_PRIVATE_TARGETS: 'on', ...(bell && { DOORBELL }), ...vars }

  const h = await createHarness()
  const app = await h.createApp({ 'pusher-beams': {} })
  const fcm = await openFcm({ deps: laneDeps({ now: () => new Date() }) })
  const call = async (method: string, path: string, body?: unknown) => {
    const context = createExecutionContext()
    const init = {
      method,
      headers: { Authorization: `Bearer ${bindings.ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }
    const answer = await worker.fetch(new Request(`https://gw.example${path}`, init), own, context)
    await waitOnExecutionContext(context)
    expect(answer.status).toBeLessThan(300)
    return answer
  }
  await call('PUT', `/admin/v1/apps/${app.id}/providers/fcm`, fcm.document)
  const { instanceId } = app.dialects['pusher-beams'] ?? {}
  for (let n = 0; n < phones; n++)
    await call('POST', `/device_api/v1/instances/${instanceId}/devices/fcm`, {
      token: `${app.id}-${n}`,
      metadata: {},
    })
  rung = 0
  const batch = () =>
    createMessageBatch('doorbell', [{ id: 'a', timestamp: new Date(), attempts: 1, body: 0 }])
  return {
    own,
    rung: () => rung,
    reached: () => fcm.fake.messages.length,
    say: () => call('POST', `/admin/v1/apps/${app.id}/messages`, { body: 'Hello', audience: { all: true } }),
    async answer() {
      const [context, bells] = [createExecutionContext(), batch()]
      await worker.queue(bells, own)
      return getQueueResult(bells, context)
    },
  }
}

/** Two pages: the answer to the call leaves the second one. */
const FREE = { MAX_SUBREQUESTS: '10' }

test('a message rings the bell, and whoever answers it sends what is due at once, until nothing is left', async () => {
  const o = await open(20, { bell: true, ...FREE })
  await o.say()
  expect(o.rung()).toBe(1)
  const [before] = [o.reached()]
  expect(before).toBe(8)
  expect(await o.answer()).toMatchObject({ outcome: 'ok', retryMessages: [] })
  expect(o.reached()).toBe(16)
  await o.answer()
  expect(o.reached()).toBe(20)
  const rung = o.rung()
  // A bell without any work.
  await o.answer()
  expect([o.reached(), o.rung()]).toEqual([20, rung])
})

test('without a queue, the cron trigger alone does what the call has left', async () => {
  const o = await open(12, { bell: false, ...FREE })
  await o.say()
  expect([o.reached(), o.rung()]).toEqual([8, 0])
  const context = createExecutionContext()
  await worker.scheduled(createScheduledController({ cron: '*/1 * * * *' }), o.own)
  await waitOnExecutionContext(context)
  expect([o.reached(), o.rung()]).toEqual([12, 0])
})

test('a bell that the database fails is rung again by the queue', async () => {
  const o = await open(0, { bell: true })
  const broken = { ...o.own, DB: bindings.EMPTY }
  const bells = createMessageBatch('doorbell', [{ id: 'a', timestamp: new Date(), attempts: 1, body: 0 }])
  await expect(worker.queue(bells, broken)).rejects.toThrow('migration')
})
