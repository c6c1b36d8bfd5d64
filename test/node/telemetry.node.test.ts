import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { describe, expect, onTestFinished, test } from 'vitest'
import { tracedFetch } from '../../src/node/telemetry/traced.ts'
import { createTracer } from '../../src/node/telemetry/tracer.ts'
import { temporaryFolder } from '../harness/process.ts'
import { ADMIN_TOKEN, freePort, type Server, startServer } from '../harness/server.ts'
import { startCollector } from './telemetry-collector.ts'

const CODE = 'AAAAA-BBBBB'
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = 'b7ad6b7169203331'
const KEY = 'collector-key-0123456789'
const FAST = { OTEL_BSP_SCHEDULE_DELAY: '50', OTEL_METRIC_EXPORT_INTERVAL: '200' }

const register = (
  { origin }: Server,
  hwid: string,
  headers: Record<string, string> = {},
  application = CODE,
) =>
  fetch(`${origin}/json/1.3/registerDevice`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      request: { application, hwid, push_token: `secret-token-of-${hwid}`, device_type: 3 },
    }),
  })

async function started(env: Readonly<Record<string, string>>) {
  const server = await startServer({ env: { ...FAST, ...env } })
  onTestFinished(() => server.kill())
  await server.createApp({ pushwoosh: { applicationCode: CODE } })
  return server
}

describe('traces and metrics by OTLP', () => {
  test('a request is a span of the caller’s trace, with what it asked of the store below it', async () => {
    const collector = await startCollector()
    const server = await started({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.endpoint}/`,
      OTEL_EXPORTER_OTLP_HEADERS: `x-key=${encodeURIComponent(KEY)}`,
      OTEL_SERVICE_NAME: 'the-gateway',
    })
    await register(server, 'phone', { traceparent: `00-${TRACE}-${CALLER}-01` })
    await register(server, 'other', {}, 'ZZZZZ-ZZZZZ')
    const spans = () => collector.spans().filter(({ trace }) => trace === TRACE)
    await expect.poll(() => spans().map(({ name }) => name)).toContain('POST /json/1.3/registerDevice')
    const request = spans().find(({ parent }) => parent === CALLER)
    expect(request).toMatchObject({
      name: 'POST /json/1.3/registerDevice',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/json/1.3/registerDevice',
        'http.response.status_code': 200,
        'pushport.dialect': 'pushwoosh',
      },
    })
    const commits = spans().filter(({ name }) => name === 'store commit')
    expect(commits).not.toEqual([])
    for (const { parent, attributes } of commits) {
      expect(parent).toBe(request?.id)
      expect(attributes).toEqual({
        'db.system.name': 'sqlite',
        'db.operation.name': 'commit',
        'db.operation.batch.size': expect.any(Number),
      })
    }
    const refused = () => collector.spans().filter(({ attributes }) => 'pushport.refusal' in attributes)
    await expect.poll(() => refused().length).toBeGreaterThan(0)
    for (const { headers } of collector.taken) expect(headers['x-key']).toBe(KEY)
    expect(Buffer.concat(collector.taken.map(({ body }) => body)).toString('latin1')).toContain('the-gateway')
  })

  test('metrics have the names of /metrics', async () => {
    const collector = await startCollector()
    const server = await started({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint })
    await register(server, 'phone')
    const names = ['pushport_requests_total', 'pushport_request_duration_seconds', 'pushport_queue_waiting']
    await expect.poll(() => collector.metrics()).toEqual(expect.arrayContaining(names))
  })

  test('nothing that is exported holds a token, a device, a user, an app or an address of a call', async () => {
    const collector = await startCollector()
    const server = await started({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint })
    await register(server, 'hardware-id-77')
    const call = (path: string, request: Readonly<Record<string, unknown>>) =>
      fetch(`${server.origin}/json/1.3/${path}?secretQuery=1`, {
        method: 'POST',
        body: JSON.stringify({ request: { application: CODE, hwid: 'hardware-id-77', ...request } }),
      })
    await call('registerUser', { userId: 'alice@example.com' })
    await call('setTags', { tags: { secretTag: 'secret-value' } })
    await call('no-such-path-of-mine', {})
    await server.admin('GET', '/apps')
    await fetch(`${server.origin}/metrics`, { headers: { Authorization: 'Bearer wrong-bearer-0123456789' } })
    await expect.poll(() => collector.spans().length).toBeGreaterThan(8)
    expect(await server.stop()).toBe(0)
    const everything = Buffer.concat(collector.taken.map(({ body }) => body)).toString('latin1')
    const secrets = ['secret-token-of', 'hardware-id-77', 'alice', 'secretTag', 'secret-value', 'secretQuery']
    for (const secret of [...secrets, CODE, ADMIN_TOKEN, 'wrong-bearer', 'no-such-path', 'INSERT', 'SELECT'])
      expect(everything, secret).not.toContain(secret)
  })

  test.each([
    ['always_off', undefined, false],
    ['traceidratio', '0', false],
    ['parentbased_traceidratio', '0', true],
    ['parentbased_always_off', undefined, true],
    ['always_on', undefined, true],
  ])(
    'the sampler %s (%s) takes a call that is part of a sampled trace: %o',
    async (sampler, share, taken) => {
      const collector = await startCollector()
      const server = await started({
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
        OTEL_TRACES_SAMPLER: sampler,
        ...(share && { OTEL_TRACES_SAMPLER_ARG: share }),
      })
      await register(server, 'phone', { traceparent: `00-${TRACE}-${CALLER}-01` })
      expect(await server.stop()).toBe(0)
      expect(collector.spans().some(({ trace }) => trace === TRACE)).toBe(taken)
      expect(collector.metrics()).toContain('pushport_requests_total')
    },
  )

  test('a collector that never answers delays no call, and no stop for long', async () => {
    const collector = await startCollector({ hanging: true })
    const server = await started({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint })
    await register(server, 'warm')
    await expect.poll(() => collector.taken.length).toBeGreaterThan(0)
    // More spans than the queue holds: the excess is dropped.
    const times: number[] = []
    for (let at = 0; at < 1500; at++) {
      const began = performance.now()
      expect((await register(server, `phone ${at % 50}`)).status).toBe(200)
      times.push(performance.now() - began)
    }
    times.sort((one, other) => one - other)
    expect(times[Math.floor(times.length * 0.99)]).toBeLessThan(5000)
    const began = performance.now()
    expect(await server.stop()).toBe(0)
    expect(performance.now() - began).toBeLessThan(8000)
  })

  test('a collector that is away is told once, without its key', async () => {
    const server = await started({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${KEY}`,
    })
    for (let at = 0; at < 20; at++) expect((await register(server, `phone ${at}`)).status).toBe(200)
    await server.program.printed(/traces and metrics could not be exported/)
    expect(await server.stop()).toBe(0)
  })
})

/** Writes the address of each loaded module to a file, from the thread in which hooks run. */
const HOOK = `
import { appendFileSync } from 'node:fs'
export async function load(url, context, next) {
  appendFileSync(process.env.LOADED, url + '\\n')
  return next(url, context)
}`

/** The OpenTelemetry packages whose files a start has loaded, according to the bundle's source maps. */
async function loadedBy(env: Readonly<Record<string, string>>): Promise<ReadonlySet<string>> {
  const folder = temporaryFolder()
  const [LOADED, hooks] = [join(folder, 'loaded.txt'), join(folder, 'register.mjs')]
  const hook = `data:text/javascript,${encodeURIComponent(HOOK)}`
  writeFileSync(hooks, `import { register } from 'node:module'\nregister(${JSON.stringify(hook)})`)
  const NODE_OPTIONS = `--import=${pathToFileURL(hooks)}`
  const server = await startServer({ runtime: 'node', env: { ...FAST, ...env, LOADED, NODE_OPTIONS } })
  onTestFinished(() => server.kill())
  await server.createApp({ pushwoosh: { applicationCode: CODE } })
  await register(server, 'phone')
  expect(await server.stop()).toBe(0)
  const files = readFileSync(LOADED, 'utf8')
    .split('\n')
    .filter((url) => /\/dist\/.*\.js$/.test(url))
  expect(files.some((url) => url.endsWith('/dist/node.js'))).toBe(true)
  const sources = files.flatMap(
    (url) => (JSON.parse(readFileSync(new URL(`${url}.map`), 'utf8')) as { sources: string[] }).sources,
  )
  return new Set(sources.flatMap((source) => source.match(/@opentelemetry\/([\w-]+)/)?.[1] ?? []))
}

test('without a collector nothing of OpenTelemetry is loaded but the interfaces that prom-client reads', async () => {
  const SDK = ['sdk-trace', 'sdk-metrics', 'exporter-trace-otlp-proto', 'exporter-metrics-otlp-proto']
  expect(await loadedBy({})).toEqual(new Set(['api']))
  const { endpoint } = await startCollector()
  const loaded = await loadedBy({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })
  for (const name of SDK) expect(loaded).toContain(name)
})

test('receivers of webhooks are told the trace; vendors and push services are not', async () => {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  const tracer = createTracer(provider.getTracer('test'), 'sqlite')
  const heard: (string | undefined)[] = []
  const server = createServer((request, response) => {
    heard.push(request.headers.traceparent as string | undefined)
    response.writeHead(request.url === '/refused/secret-path' ? 403 : 204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const init = { method: 'POST', headers: { 'X-Own': '1' } }
  await tracedFetch(tracer, fetch, 'webhook')(`${url}/taken`, init)
  await tracedFetch(tracer, fetch, 'vendor')(`${url}/refused/secret-path`, init)
  await expect(
    tracedFetch(tracer, () => Promise.reject(new TypeError('secret-path')), 'push service')(url, init),
  ).rejects.toThrow('secret-path')
  const spans = exporter.getFinishedSpans()
  expect(
    spans.map(({ name, attributes }) => [
      name,
      attributes['http.response.status_code'],
      attributes['error.type'],
    ]),
  ).toEqual([
    ['POST webhook', 204, undefined],
    ['POST vendor', 403, undefined],
    ['POST push service', undefined, 'TypeError'],
  ])
  const [sent] = spans
  expect(heard).toEqual([`00-${sent?.spanContext().traceId}-${sent?.spanContext().spanId}-01`, undefined])
  expect(
    JSON.stringify(spans.map(({ attributes, events, status }) => [attributes, events, status])),
  ).not.toContain('secret-path')
  // Without a tracer, outgoing calls use the same function as before.
  expect(tracedFetch(undefined, fetch, 'vendor')).toBe(fetch)
})
