import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import worker from '../../src/worker.ts'
import { createHarness } from '../harness/harness.ts'
import { ownBinding } from '../harness/own-d1.ts'

const shared = env as unknown as Record<string, unknown> & {
  readonly DB: D1Database
  readonly DATASET: AnalyticsEngineDataset
}

/** A Worker with a dataset, the points written to it, and an app in it. */
async function counted(dataset?: object) {
  const h = await createHarness()
  const { dialects } = await h.createApp({ pushwoosh: {} })
  const points: AnalyticsEngineDataPoint[] = []
  const recorder = {
    writeDataPoint(point: AnalyticsEngineDataPoint) {
      // Refuses points that it could not store, as in production.
      shared.DATASET.writeDataPoint(point)
      points.push(point)
    },
  }
  const ANALYTICS = dataset ?? recorder
  const bindings = { ...shared, LOG_LEVEL: 'silent', ANALYTICS, DB: ownBinding(shared.DB) }
  async function register(application: string, token = 'token-of-a-phone') {
    const context = createExecutionContext()
    const request = { application, hwid: 'hwid-of-a-phone', push_token: token, device_type: 3 }
    const url = 'https://gw.example/json/1.3/registerDevice'
    const answer = await worker.fetch(
      new Request(url, { method: 'POST', body: JSON.stringify({ request }) }),
      bindings,
      context,
    )
    await waitOnExecutionContext(context)
    return answer
  }
  return { code: String(dialects.pushwoosh?.applicationCode), points, register }
}

const ROUTE = '/json/1.3/registerDevice'

test('each request and each registration is a point in its dialect’s index', async () => {
  const { code, points, register } = await counted()
  expect((await register(code)).status).toBe(200)
  await register(code)
  const request = {
    indexes: ['pushwoosh'],
    blobs: ['request', 'pushwoosh', 'POST', ROUTE, '2xx', ''],
    doubles: [1, expect.any(Number), 200],
  }
  const registration = (kind: string) => ({
    indexes: ['pushwoosh'],
    blobs: [kind, 'pushwoosh', 'android'],
    doubles: [1],
  })
  expect(points).toEqual([registration('registered'), request, registration('refreshed'), request])
})

test('a refused request is one point, with its code; no point holds what a caller sent', async () => {
  const { code, points, register } = await counted()
  await register('ZZZZZ-ZZZZZ')
  expect(points).toMatchObject([
    { blobs: ['request', 'pushwoosh', 'POST', ROUTE, '2xx', expect.stringMatching(/^[a-z_]+$/)] },
  ])
  await register(code)
  const written = JSON.stringify(points)
  for (const secret of ['ZZZZZ', 'hwid-of', 'token-of', code]) expect(written).not.toContain(secret)
})

test('a dataset that takes nothing fails no answer', async () => {
  const { code, register } = await counted({
    writeDataPoint() {
      throw new Error('too many points')
    },
  })
  expect(await (await register(code)).json()).toMatchObject({ status_code: 200 })
})
