import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { METRICS } from '../../src/domain/metrics.ts'
import worker from '../../src/worker.ts'
import { createHarness } from '../harness/harness.ts'
import { ownBinding } from '../harness/own-d1.ts'

const shared = env as unknown as Record<string, unknown> & { readonly DB: D1Database }
const TOKEN = `Bearer ${shared.ADMIN_TOKEN}`

/** Treated as a separate isolate, over the database that all share. */
function isolate(more: Readonly<Record<string, unknown>> = {}) {
  const bindings = { ...shared, LOG_LEVEL: 'silent', ...more, DB: ownBinding(shared.DB) }
  const call = async (path: string, init?: RequestInit) => {
    const context = createExecutionContext()
    const answer = await worker.fetch(new Request(`https://gw.example${path}`, init), bindings, context)
    await waitOnExecutionContext(context)
    return answer
  }
  return {
    call,
    register: (application: string, hwid: string) =>
      call('/json/1.3/registerDevice', {
        method: 'POST',
        body: JSON.stringify({ request: { application, hwid, push_token: `t${hwid}`, device_type: 3 } }),
      }),
    async samples(name: string) {
      const answer = await call('/metrics', { headers: { Authorization: TOKEN } })
      expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
      const lines = (await answer.text()).split('\n').filter((line) => new RegExp(`^${name}[ {]`).test(line))
      return Object.fromEntries(
        lines.map((line) => [line.slice(name.length, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
      )
    },
  }
}

async function pushwooshApp() {
  const h = await createHarness()
  const { dialects } = await h.createApp({ pushwoosh: {} })
  return String(dialects.pushwoosh?.applicationCode)
}

const OK = '{dialect="pushwoosh",method="POST",route="/json/1.3/registerDevice",status="200",code=""}'

test('requests, registrations and look-ups of all isolates are added up, whichever answers', async () => {
  const code = await pushwooshApp()
  const [one, other] = [isolate(), isolate()]
  const before = (await one.samples('pushport_requests_total'))[OK] ?? 0
  const registered = '{dialect="pushwoosh",platform="android",kind="new"}'
  const registrations = (await one.samples('pushport_registrations_total'))[registered] ?? 0
  // The first counts of an isolate are stored after its answer; later ones after a minute, or when metrics
  // are requested.
  await other.register(code, 'a')
  expect((await one.samples('pushport_requests_total'))[OK]).toBe(before + 1)
  await other.register(code, 'b')
  await one.register(code, 'c')
  expect((await one.samples('pushport_requests_total'))[OK]).toBe(before + 2)
  expect((await other.samples('pushport_requests_total'))[OK]).toBe(before + 3)
  expect((await one.samples('pushport_registrations_total'))[registered]).toBe(registrations + 3)
  const lookUps = await one.samples('pushport_app_lookups_total')
  expect(lookUps).toMatchObject({ '{cache="hit"}': expect.any(Number), '{cache="miss"}': expect.any(Number) })
})

test('refusals are counted by their code, and nothing that a caller chose is a label', async () => {
  const here = isolate()
  await here.register('ZZZZZ-ZZZZZ', 'x')
  await here.call('/json/1.3/nothing-of-the-kind', { method: 'POST' })
  const counts = Object.keys(await here.samples('pushport_requests_total'))
  expect(counts.filter((labels) => /registerDevice.*code="[a-z_]+"/.test(labels))).not.toEqual([])
  expect(counts.join()).not.toContain('nothing-of-the-kind')
})

test('queues, devices and push services are told from what is stored', async () => {
  const here = isolate()
  await here.register(await pushwooshApp(), 'counted')
  const queues = await here.samples('pushport_queue_waiting')
  expect(Object.keys(queues)).toEqual(
    ['webhooks', 'pages', 'copies', 'jobs', 'imports'].map((queue) => `{queue="${queue}"}`),
  )
  expect(Object.keys(await here.samples('pushport_queue_oldest_seconds'))).toHaveLength(5)
  expect((await here.samples('pushport_devices'))['{dialect="pushwoosh"}']).toBeGreaterThan(0)
  expect((await here.samples('pushport_sends_total'))['{provider="apns",outcome="failed"}']).toBeTypeOf(
    'number',
  )
  expect(Object.values(await here.samples('pushport_build_info'))).toEqual([1])
  expect((await here.samples('pushport_database_bytes'))['']).toBeGreaterThan(4096)
})

test('they are for operators alone', async () => {
  const here = isolate()
  expect((await here.call('/metrics')).status).toBe(401)
  expect(
    (await here.call('/metrics', { headers: { Authorization: 'Bearer wrong-0123456789' } })).status,
  ).toBe(401)
})

test('with METRICS_SECONDS=0 nothing is counted, and what is stored is told all the same', async () => {
  const counting = isolate()
  const silent = isolate({ METRICS_SECONDS: '0' })
  const sum = async () =>
    Object.values(await counting.samples('pushport_registrations_total')).reduce((a, b) => a + b, 0)
  const before = await sum()
  await silent.register(await pushwooshApp(), 'uncounted')
  expect(await sum()).toBe(before)
  expect(Object.keys(await silent.samples('pushport_queue_waiting'))).toHaveLength(5)
})

test('every metric says of itself what it is, once', async () => {
  const here = isolate()
  await here.register(await pushwooshApp(), 'told')
  const answer = await here.call('/metrics', { headers: { Authorization: TOKEN } })
  const told = [...(await answer.text()).matchAll(/^# TYPE pushport_(\w+) (counter|gauge)$/gm)].map(
    ([, name]) => name,
  )
  const optional = ['push_services', 'webhooks']
  expect(told.filter((name) => !optional.includes(String(name)))).toEqual(
    Object.keys(METRICS).filter((name) => !optional.includes(name)),
  )
})
