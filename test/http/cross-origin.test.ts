import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import type { AppEnv } from '../../src/adapter.ts'
import { createHarness } from '../harness/harness.ts'
import { openShop, text } from './kit.ts'

const Origin = 'https://shop.example'
/** Headers that Sentry, OpenTelemetry and Datadog add to calls of a site's own domain. */
const TRACERS = [
  ...['baggage', 'sentry-trace', 'traceparent', 'tracestate', 'x-datadog-origin', 'x-datadog-trace-id'],
]

/** A registration's path in each dialect, for an unknown app, and the headers that its contract lists. */
const PATHS: readonly [dialect: string, path: string, listed: readonly string[], echoed: boolean][] = [
  ['pusher-beams', '/device_api/v1/instances/x/devices/web', ['content-type', 'authorization'], false],
  ['pusher-beams', '/reporting_api/v2/instances/x/events', ['content-type', 'authorization'], false],
  ['flameup', '/api/v1/people/p/devices', ['content-type', 'authorization'], false],
  ['pushwoosh', '/json/1.3/registerDevice', ['content-type', 'authorization'], true],
  ['pushwoosh', '/api/v2/device-api/setMADID', ['content-type', 'authorization'], true],
  ['backendless', '/x/key/messaging/registrations', ['content-type', 'user-token'], true],
  ['backendless', '/api/messaging/registrations', ['content-type', 'user-token'], true],
  ['mobilefirst', '/imfpush/v1/apps/x/devices', ['authorization', 'clientsecret', 'appsecret'], false],
  ['mobilefirst', '/mfp/api/az/v1/token', ['authorization', 'content-type', 'x-rewrite-domain'], false],
]
const names = (header: string | null) => (header ?? '').toLowerCase().split(/, */)

function expectReadable(headers: Headers, echoed: boolean, what: string): void {
  expect(headers.get('access-control-allow-origin'), what).toBe(echoed ? Origin : '*')
  expect(headers.get('access-control-allow-credentials'), what).toBe(echoed ? 'true' : null)
  if (echoed) expect(names(headers.get('vary')), what).toContain('origin')
}

describe('a preflight names what a page asks for (B10a, B10d)', () => {
  test.each(PATHS)('%s %s', async (_, path, listed, echoed) => {
    const h = await createHarness()
    const answer = await h.request('OPTIONS', path, {
      headers: {
        Origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': ['authorization', 'content-type', ...TRACERS].join(),
      },
    })
    expect([answer.status, await answer.text()]).toEqual([204, ''])
    expectReadable(answer.headers, echoed, path)
    const allowed = names(answer.headers.get('access-control-allow-headers'))
    expect(allowed).toEqual(expect.arrayContaining([...listed, 'authorization', 'content-type', ...TRACERS]))
    expect(new Set(allowed).size).toBe(allowed.length)
    expect(names(answer.headers.get('vary'))).toContain('access-control-request-headers')
  })

  test.each(PATHS)('%s %s: names that are none, and a list without an end, are left out', async (_, path) => {
    const h = await createHarness()
    const many = Array.from({ length: 5000 }, (__, n) => `x-${n}`)
    const answer = await h.request('OPTIONS', path, {
      headers: {
        Origin,
        'Access-Control-Request-Headers': [
          'x-fine',
          'two words',
          'a:b',
          '*/*',
          '',
          'x'.repeat(101),
          ...many,
        ].join(', '),
      },
    })
    const allowed = names(answer.headers.get('access-control-allow-headers'))
    expect(allowed).toContain('x-fine')
    expect(allowed.filter((name) => !/^[a-z0-9-]{1,100}$/.test(name))).toEqual([])
    expect(allowed.length).toBeLessThan(80)
  })

  test('is never limited, and uses up nothing (C1)', async () => {
    const h = await createHarness({ env: { RATE_PER_ADDRESS: '1' } })
    for (const [, path, , echoed] of PATHS) {
      for (let n = 0; n < 5; n++) {
        const answer = await h.request('OPTIONS', `${path}?${'x'.repeat(9000)}`, { headers: { Origin } })
        expect(answer.status).toBe(204)
        expectReadable(answer.headers, echoed, path)
      }
    }
  })

  test('another than a page gets it too', async () => {
    const h = await createHarness()
    for (const [, path] of PATHS) {
      const answer = await h.request('OPTIONS', path)
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
    }
  })
})

describe('a page can read every refusal (C1)', () => {
  const everywhere = async (
    status: readonly number[],
    h: Awaited<ReturnType<typeof createHarness>>,
    query = '',
  ) => {
    for (const [, path, , echoed] of PATHS) {
      const answer = await h.request('POST', `${path}${query}`, { headers: { Origin }, body: {} })
      expect(status, path).toContain(answer.status)
      expectReadable(answer.headers, echoed, path)
      expect((await answer.text()).length, path).toBeGreaterThan(0)
    }
  }

  test('a path that is too long', async () => {
    await everywhere([400], await createHarness(), `?${'x'.repeat(9000)}`)
  })

  test('429 of a limit', async () => {
    const h = await createHarness({ env: { RATE_PER_ADDRESS: '1' } })
    await h.request('POST', '/json/1.3/registerDevice')
    await everywhere([429], h)
  })

  test('a body that is too large', async () => {
    const h = await createHarness({ env: { MAX_BODY_BYTES: '1', MAX_BULK_BYTES: '1' } })
    const shop = await openShop(await createHarness())
    const paths: [string, boolean][] = [
      [`/device_api/v1/instances/${text(shop, 'pusher-beams', 'instanceId')}/devices/fcm`, false],
      ['/json/1.3/registerDevice', true],
      ['/api/v2/audience/bulkRegisterDevice', true],
      ['/mfp/api/az/v1/token', false],
    ]
    for (const [path, echoed] of paths) {
      const answer = await h.request('POST', path, {
        headers: { Origin },
        body: { much: 'x'.repeat(100_000) },
      })
      expect([400, 413], path).toContain(answer.status)
      expectReadable(answer.headers, echoed, path)
    }
  })

  test('a path that no dialect knows under its bases', async () => {
    const h = await createHarness()
    for (const adapter of adapters.filter(({ name }) => name !== 'backendless')) {
      for (const base of adapter.bases) {
        for (const path of [base, `${base}/no/such/thing`]) {
          const answer = await h.request('GET', path, { headers: { Origin } })
          expectReadable(answer.headers, adapter.name === 'pushwoosh', path)
        }
      }
    }
  })

  test('a fault inside, before any dialect is asked', async () => {
    const broken = adapters.map((adapter) => ({
      ...adapter,
      routes: () =>
        new Hono<AppEnv>().all('*', () => {
          throw new Error('inside')
        }),
    }))
    await everywhere([500], await createHarness({ adapters: broken }))
  })

  test('nothing outside the dialects is for pages', async () => {
    const h = await createHarness()
    for (const path of ['/admin/v1/apps', '/healthz', '/nowhere']) {
      const answer = await h.request('GET', path, { headers: { Origin } })
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})
