import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '#runtime'
import { METRICS } from '../../src/domain/metrics.ts'
import { createMeasures } from '../../src/gateway/measures.ts'
import { createMetrics } from '../../src/node/metrics/metrics.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { createTallyMeter } from '../../src/worker/meter.ts'
import { createMetrics as createWorkerMetrics } from '../../src/worker/metrics.ts'
import { ADMIN_TOKEN, freePort, type Server, startServer } from '../harness/server.ts'

const CODE = 'AAAAA-BBBBB'
const AUTHORIZED = { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } }

/** The values of a metric, by its labels as they are written. */
async function samples(url: string, name: string, options: RequestInit = AUTHORIZED) {
  const response = await fetch(url, options)
  expect(response.headers.get('content-type')).toContain('version=0.0.4')
  const lines = (await response.text()).split('\n').filter((line) => new RegExp(`^${name}[ {]`).test(line))
  return Object.fromEntries(
    lines.map((line) => [line.slice(name.length, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  )
}

const register = ({ origin }: Server, hwid: string, application = CODE) =>
  fetch(`${origin}/json/1.3/registerDevice`, {
    method: 'POST',
    body: JSON.stringify({ request: { application, hwid, push_token: `token of ${hwid}`, device_type: 3 } }),
  }).then((answer) => answer.json())

async function started(env: Readonly<Record<string, string>> = {}) {
  const server = await startServer({ env })
  onTestFinished(() => server.kill())
  await server.createApp({ pushwoosh: { applicationCode: CODE } })
  return { server, url: `${server.origin}/metrics` }
}

test('requests are counted by dialect, route, status and the code of a refusal, and timed', async () => {
  const { server, url } = await started()
  for (const hwid of ['a', 'b', 'a']) await register(server, hwid)
  await register(server, 'c', 'ZZZZZ-ZZZZZ')
  await fetch(`${server.origin}/json/1.3/nothing-of-the-kind`, { method: 'POST' })
  const counts = await samples(url, 'pushport_requests_total')
  const of = (status: number, code: string) =>
    `{dialect="pushwoosh",method="POST",route="/json/1.3/registerDevice",status="${status}",code="${code}"}`
  expect(counts[of(200, '')]).toBe(3)
  expect(
    Object.entries(counts).filter(
      ([labels]) => /code="[a-z_]+"/.test(labels) && labels.includes('registerDevice'),
    ),
  ).toHaveLength(1)
  expect(Object.keys(counts).join()).not.toContain('nothing-of-the-kind')
  const timed = await samples(url, 'pushport_request_duration_seconds_count')
  expect(timed['{dialect="pushwoosh",route="/json/1.3/registerDevice"}']).toBe(4)
})

test('registrations, look-ups of apps, the store and devices are counted', async () => {
  const { server, url } = await started()
  for (const hwid of ['a', 'b', 'a']) await register(server, hwid)
  expect(await samples(url, 'pushport_registrations_total')).toEqual({
    '{dialect="pushwoosh",platform="android",kind="new"}': 2,
    '{dialect="pushwoosh",platform="android",kind="known"}': 1,
  })
  const lookUps = await samples(url, 'pushport_app_lookups_total')
  expect(lookUps).toMatchObject({ '{cache="hit"}': expect.any(Number), '{cache="miss"}': expect.any(Number) })
  const store = await samples(url, 'pushport_store_duration_seconds_count')
  expect(store['{kind="commit",result="ok"}']).toBeGreaterThan(2)
  expect(store['{kind="read",result="ok"}']).toBeGreaterThan(2)
  expect((await samples(url, 'pushport_store_group_commits_count'))['']).toBeGreaterThan(2)
  const queues = await samples(url, 'pushport_queue_waiting')
  expect(Object.keys(queues)).toEqual(
    ['webhooks', 'pages', 'copies', 'jobs', 'imports'].map((queue) => `{queue="${queue}"}`),
  )
  expect(Object.keys(await samples(url, 'pushport_queue_oldest_seconds'))).toHaveLength(5)
  // Counted after the first answer.
  await expect.poll(() => samples(url, 'pushport_devices')).toEqual({ '{dialect="pushwoosh"}': 2 })
  expect((await samples(url, 'process_cpu_seconds_total'))['']).toBeGreaterThan(0)
})

test('on the port of the gateway they are for operators alone', async () => {
  const { server, url } = await started()
  expect((await fetch(url)).status).toBe(401)
  expect((await fetch(url, { headers: { Authorization: 'Bearer wrong-0123456789' } })).status).toBe(401)
  const { secret: token } = (await server.admin('POST', '/tokens', { name: 'prometheus', role: 'read' })) as {
    secret: string
  }
  expect((await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(200)
})

test('on a port of their own they need no token, and nothing else is answered there', async () => {
  const port = await freePort()
  const { server } = await started({ METRICS_PORT: String(port) })
  await register(server, 'a')
  const own = `http://127.0.0.1:${port}`
  expect(await samples(`${own}/metrics`, 'pushport_registrations_total', {})).toEqual({
    '{dialect="pushwoosh",platform="android",kind="new"}': 1,
  })
  for (const path of ['/', '/admin/v1/apps', '/healthz']) expect((await fetch(own + path)).status).toBe(404)
  expect(await server.stop()).toBe(0)
})

test('whatever callers send, there are no more series than a bound', async () => {
  const { meter, registry } = createMetrics()
  for (let at = 0; at < 20_000; at++)
    meter.request({
      ...{
        dialect: 'red',
        method: `M${at}`,
        route: `/route/${at}`,
        status: 200,
        code: null,
        milliseconds: 1,
      },
    })
  const lines = (await registry.getSingleMetricAsString('pushport_requests_total')).split('\n')
  expect(lines.length).toBeLessThan(5010)
  expect(lines.at(-1)).toMatch(/route="other".* 15000$/)
  expect(lines.filter((line) => /method="M/.test(line))).toEqual([])
})

test('the same happenings make the same samples on Node and on Workers', async () => {
  const now = () => new Date()
  const measures = createMeasures({ store: sqlStore(await openDb(), now), now })
  const [node, worker] = [
    createMetrics(['apns', 'adm']),
    createTallyMeter({ seconds: 60, add: measures.add, now: Date.now }),
  ]
  node.over(measures)
  for (const meter of [node.meter, worker]) {
    const request = {
      dialect: 'red',
      method: 'POST',
      route: '/a/:b',
      status: 200,
      code: null,
      milliseconds: 1,
    }
    meter.request(request)
    meter.request({ ...request, status: 403, code: 'forbidden' })
    meter.request({ ...request, dialect: null, method: 'BREW' })
    meter.happened('registered', 'red', 'ios', 2)
    meter.happened('refreshed', 'red', 'ios', 1)
    meter.happened('accepted', 'red', 'apns', 3)
    meter.happened('refused', 'red', 'forbidden', 1)
    for (const cached of [true, true, false]) meter.lookedUp(cached)
  }
  await worker.flush()
  const shared = Object.keys(METRICS)
    .filter((name) => name !== 'build_info')
    .map((name) => `pushport_${name}`)
  const samples = (text: string) =>
    text
      .split('\n')
      .filter((line) => shared.some((name) => line.startsWith(name) && /[{ ]/.test(line[name.length] ?? '')))
  const onNode = samples(await node.registry.metrics()).sort()
  const onWorkers = samples(await createWorkerMetrics({ measures, services: ['apns', 'adm'], now })()).sort()
  expect(onNode.length).toBeGreaterThan(15)
  expect(onWorkers).toEqual(onNode)
})

test('what a Worker cannot add to the database is added with the next', async () => {
  const added: unknown[] = []
  let fails = true
  let at = 0
  const meter = createTallyMeter({
    seconds: 60,
    now: () => at,
    add: async (tallies) => {
      if (fails) throw new Error('away')
      added.push(...tallies)
    },
  })
  expect(meter.due()).toBe(false)
  const request = { dialect: 'red', method: 'GET', status: 200, code: null, milliseconds: 1 }
  meter.request({ ...request, dialect: null, route: '/healthz' })
  expect(meter.due()).toBe(false)
  meter.request({ ...request, route: '/' })
  expect(meter.due()).toBe(true)
  await expect(meter.flush()).rejects.toThrow('away')
  meter.request({ ...request, route: '/' })
  expect(meter.due()).toBe(false)
  at = 60_000
  expect(meter.due()).toBe(true)
  fails = false
  await meter.flush()
  const labels = { dialect: 'red', method: 'GET', route: '/', status: '200', code: '' }
  expect(added).toContainEqual({ metric: 'requests_total', labels, amount: 2 })
  // Memory is bounded, however many combinations there are between two writes.
  for (let place = 0; place < 8000; place++) meter.request({ ...request, route: `/${place}` })
  await meter.flush()
  expect(added.length).toBeLessThan(1100)
})
