import { describe, expect, test } from 'vitest'
import { ADMIN_TOKEN, createHarness, type Harness } from '../harness/harness.ts'

const HOUR = 3_600_000

/** An app of one dialect, and the calls of its SDK. */
async function shop() {
  const h = await createHarness({ dialect: undefined })
  const app = await h.createApp({ 'pusher-beams': {} })
  const base = `/device_api/v1/instances/${app.dialects['pusher-beams']?.instanceId}/devices`
  const metadata = { sdkVersion: '1.2', androidVersion: '14' }
  return {
    ...{ h, app },
    register: (token: string, platform = 'fcm') =>
      h.request('POST', `${base}/${platform}`, { body: { token, bundleIdentifier: 'b', metadata } }),
    counts: async (query = '') => {
      const report = await h.admin('GET', `/activity?app=${app.id}${query}`)
      const { counts } = await report.json<{ counts: { kind: string; facet: string; count: number }[] }>()
      return counts.map(({ kind, facet, count }) => `${kind} ${facet} ${count}`)
    },
  }
}

describe('GET /activity', () => {
  test('tells registrations by platform and refusals by code, by the hour', async () => {
    const s = await shop()
    for (const token of ['one', 'two']) await s.register(token)
    await s.register('three', 'apns')
    await s.h.request(
      'PUT',
      `/device_api/v1/instances/${s.app.dialects['pusher-beams']?.instanceId}/devices/fcm/x/interests`,
      { body: '{' },
    )
    expect(await s.counts()).toEqual(
      expect.arrayContaining([
        'registered android 2',
        'registered ios 1',
        expect.stringMatching(/^refused bad_body 1$/),
      ]),
    )
    s.h.clock.advance(30 * HOUR)
    expect(await s.counts()).toEqual([])
    expect(await s.counts('&hours=48')).toHaveLength(3)
  })

  test('costs a registration no statement', async () => {
    const s = await shop()
    let statements = 0
    const counted =
      <Given extends unknown[], Taken>(run: (...given: Given) => Taken) =>
      (...given: Given): Taken => {
        statements++
        return run(...given)
      }
    const h = await createHarness({
      dialect: undefined,
      db: (real) => ({ ...real, read: counted(real.read), commit: counted(real.commit) }),
    })
    await h.gateway.activity.flush()
    statements = 0
    for (let i = 0; i < 1000; i++)
      h.gateway.activity.note({ kind: 'registered', app: s.app.id, dialect: 'x', facet: 'ios' })
    expect(statements).toBe(0)
    await h.gateway.activity.flush()
    expect(statements).toBe(1)
  })

  test('keeps no more sums than it may, whatever comes', async () => {
    const { h } = await shop()
    const app = crypto.randomUUID()
    for (let i = 0; i < 5000; i++)
      h.gateway.activity.note({ kind: 'refused', app, dialect: 'x', facet: `code ${i}` })
    await h.gateway.activity.flush()
    const kept = await h.gateway.activity.since(app, 0)
    expect(kept.length).toBeLessThanOrEqual(2000)
  })
})

describe('GET /live', () => {
  test('streams what comes, filtered, from where the caller left off', async () => {
    const s = await shop()
    const last = s.h.gateway.activity.last()
    await s.register('watched')
    await s.h.request(
      'PUT',
      `/device_api/v1/instances/${s.app.dialects['pusher-beams']?.instanceId}/devices/fcm/x/interests`,
      { body: '{' },
    )
    const seen = await watch(s.h, `?app=${s.app.id}&after=${last}`, 2)
    expect(seen).toMatchObject([
      { kind: 'registered', facet: 'android', device: { externalId: expect.any(String) } },
      { kind: 'refused', facet: 'bad_body', refusal: { reason: expect.any(String) } },
    ])
    expect(await watch(s.h, `?app=${s.app.id}&kind=refused&after=${last}`, 1)).toMatchObject([
      { kind: 'refused' },
    ])
  })
})

/** The first events of the stream. */
async function watch({ app }: Harness, query: string, most: number): Promise<unknown[]> {
  const stop = new AbortController()
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` }
  const answer = await app.request(`http://gateway.test/admin/v1/live${query}`, {
    headers,
    signal: stop.signal,
  })
  expect(answer.headers.get('content-type')).toBe('text/event-stream')
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  const seen: unknown[] = []
  let text = ''
  while (seen.length < most) {
    const { value, done } = (await reader?.read()) ?? { done: true }
    if (done) break
    text += value
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const data = /^data: (.+)$/m.exec(event)?.[1]
      if (data) seen.push(JSON.parse(data))
    }
  }
  await reader?.cancel()
  stop.abort()
  return seen
}
