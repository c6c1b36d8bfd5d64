import { describe, expect, test } from 'vitest'
import { setMirror } from './kit.ts'
import { json, recorded, summaryOf } from './record-kit.ts'

const pair = recorded('pushwoosh', {})
const code = () => pair().app.dialects.pushwoosh?.applicationCode
const call = (method: string, request: object) =>
  pair().h.request('POST', `/json/1.3/${method}`, { body: { request: { application: code(), ...request } } })
const admin = async (path: string, method = 'GET', body?: unknown) => {
  await pair().h.settled()
  return pair().h.admin(method, `/apps/${pair().app.id}/mirror/${path}`, body)
}

/** Two calls that differ in their types, one that differs in a value, one that does not. */
async function differing() {
  const { vendor, played } = pair()
  await call('registerDevice', { hwid: 'h1', device_type: 3, push_token: 'token-0123456789abcdef0123' })
  vendor.answer = (asked) =>
    asked.target.endsWith('getTags')
      ? Response.json({ status_code: 200, status_message: 'OK', response: { result: { Level: 'seven' } } })
      : Response.json({ status_code: 200, status_message: 'OK', response: 'text' })
  for (const level of [7, 8]) {
    await call('setTags', { hwid: 'h1', tags: { Level: level } })
    await pair().h.settled()
    pair().h.clock.advance(1000)
  }
  await call('getTags', { hwid: 'h1' })
  vendor.answer = played
}

describe('the summary of a mirror', () => {
  test('counts by route, and lists how both sides differ, the most frequent first', async () => {
    await differing()
    const { vendor } = pair()
    const summary = await summaryOf(pair(), 'pushwoosh')
    expect(summary).toMatchObject({
      ...{ dialect: 'pushwoosh', mode: 'record', upstream: vendor.origin, since: '2026-11-25T12:00:00.000Z' },
      ...{ requests: 4, sent: 4, compared: 4, equal: 1, differing: 3, notComparable: 0 },
      ...{ failed: { unreachable: 0, timeout: 0, refused: 0 }, notSent: { never: 0, loop: 0, backlog: 0 } },
      ...{ waiting: 0, diverged: 0, dropped: 0 },
      latency: { ours: { p50: expect.any(Number) }, vendor: { p99: expect.any(Number) } },
    })
    expect(summary.routes).toEqual([
      { route: 'POST /json/1.3/setTags', requests: 2, compared: 2, equal: 0, differing: 2 },
      { route: 'POST /json/1.3/getTags', requests: 1, compared: 1, equal: 0, differing: 1 },
      { route: 'POST /json/1.3/registerDevice', requests: 1, compared: 1, equal: 1, differing: 0 },
    ])
    expect(summary.signatures).toMatchObject([
      {
        ...{ route: 'POST /json/1.3/setTags', severity: 'major', count: 2, accepted: false, note: null },
        ...{ firstAt: '2026-11-25T12:00:00.000Z', lastAt: '2026-11-25T12:00:01.000Z' },
        differences: [{ kind: 'type' }],
      },
      { route: 'POST /json/1.3/getTags', count: 1 },
    ])
  })

  test('is of zeros and empty lists for a dialect without a mirror', async () => {
    const { h, app } = pair()
    await differing()
    await setMirror(h, app, 'pushwoosh', null)
    const { latency, ...summary } = await summaryOf(pair(), 'pushwoosh')
    expect(summary).toMatchObject({ mode: 'local', upstream: null, since: null, requests: 0, differing: 0 })
    expect([summary.routes, summary.signatures]).toEqual([[], []])
    expect(latency).toEqual({ ours: { p50: 0, p99: 0 }, vendor: { p50: 0, p99: 0 } })
    expect(await json(await admin('pushwoosh/diffs'))).toMatchObject({ diffs: expect.any(Array) })
  })

  test('tells a difference that a contract has on purpose as such, and counts it as equal', async () => {
    const { vendor, played } = pair()
    vendor.answer = async (asked) => {
      const { response, ...rest } = (await (await played(asked)).json()) as { response: { features: object } }
      const features = { ...response.features, page_visit: { enabled: true } }
      return Response.json({ ...rest, response: { ...response, features } })
    }
    await call('getConfig', { hwid: 'h1', features: ['page_visit'] })
    const { signatures, differing } = await summaryOf(pair(), 'pushwoosh')
    const places = (signatures as { severity: string; differences: object[] }[]).flatMap(
      ({ differences }) => differences,
    )
    expect(places).toContainEqual({
      ...{ path: 'response.features.page_visit', kind: 'missing' },
      declared: expect.stringContaining('section 5'),
    })
    expect({ differing, places: places.filter((one) => !('declared' in one)) }).toEqual({
      differing: 0,
      places: [],
    })
  })
})

describe('the differences of a mirror', () => {
  test('are listed page by page, newest first, with what was asked and answered, masked', async () => {
    await differing()
    const first = await json(await admin('pushwoosh/diffs?limit=2'))
    expect(first.diffs).toMatchObject([
      { route: 'POST /json/1.3/getTags', mode: 'record', severity: 'major' },
      {
        ...{ route: 'POST /json/1.3/setTags', at: '2026-11-25T12:00:01.000Z' },
        ...{ ours: { status: 200 }, vendor: { status: 200 } },
        sample: { request: { request: { hwid: expect.stringMatching(/^‹user:[0-9a-f]{8}›$/) } } },
      },
    ])
    const second = await json(await admin(`pushwoosh/diffs?limit=2&cursor=${first.nextCursor}`))
    expect(second.diffs).toHaveLength(1)
    expect(second.nextCursor).toBeUndefined()
  })

  test.each([
    ['route=POST /json/1.3/setTags', 2],
    ['route=POST /json/1.3/setTags&severity=info', 0],
    ['severity=major', 3],
    ['signature=unknown', 0],
  ])('are found by %s: %i', async (query, found) => {
    await differing()
    const { diffs } = await json(await admin(`pushwoosh/diffs?${new URLSearchParams(query)}`))
    expect(diffs).toHaveLength(found)
  })

  test.each(['limit=0', 'limit=101', 'severity=bad', 'cursor=x', 'unknown=1', 'route='])(
    'are refused for %s',
    async (query) => {
      expect((await admin(`pushwoosh/diffs?${query}`)).status).toBe(400)
    },
  )

  test('may be said to be no fault, with a reason that the audit keeps', async () => {
    await differing()
    const { signatures } = await summaryOf(pair(), 'pushwoosh')
    const [{ signature = '' } = {}] = signatures as { signature: string }[]
    const verdict = { accepted: true, note: 'the vendor is odd' }
    const answer = await admin(`pushwoosh/signatures/${signature}`, 'POST', verdict)
    expect([answer.status, await answer.json()]).toMatchObject([200, { signature, count: 2, ...verdict }])
    expect((await summaryOf(pair(), 'pushwoosh')).signatures).toMatchObject([{ signature, ...verdict }, {}])
    const { h, app } = pair()
    expect(await json(await h.admin('GET', `/audit?app=${app.id}&limit=1`))).toMatchObject({
      entries: [{ action: 'mirror.judged', target: signature, detail: { dialect: 'pushwoosh', ...verdict } }],
    })
    const withdrawn = await admin(`pushwoosh/signatures/${signature}`, 'POST', { accepted: false })
    expect(await withdrawn.json()).toMatchObject({ accepted: false, note: null })
  })

  test.each([{}, { accepted: 'yes' }, { accepted: true, note: 7 }, { accepted: true, more: 1 }])(
    'cannot be judged by %j',
    async (verdict) => {
      expect((await admin('pushwoosh/signatures/x', 'POST', verdict)).status).toBe(400)
    },
  )
})

describe('of another app, of a dialect that it does not speak, or of nothing', () => {
  const calls = [
    ['GET', 'summary', undefined],
    ['GET', 'diffs', undefined],
    ['POST', 'signatures/SIGNATURE', { accepted: true }],
  ] as const

  test.each(calls)('%s %s shows and changes nothing', async (method, path, body) => {
    await differing()
    const { h, theirs } = pair()
    const { signatures } = await summaryOf(pair(), 'pushwoosh')
    const [{ signature = '' } = {}] = signatures as { signature: string }[]
    const of = (app: string, dialect: string) =>
      h.admin(method, `/apps/${app}/mirror/${dialect}/${path.replace('SIGNATURE', signature)}`, body)
    for (const answer of [
      await of('nobody', 'pushwoosh'),
      await of(pair().app.id, 'flameup'),
      await of(pair().app.id, 'x'),
    ])
      expect(answer.status).toBe(404)
    const others = await of(theirs.id, 'pushwoosh')
    if (method === 'POST') expect(others.status).toBe(404)
    else expect(await others.text()).not.toContain('setTags')
    expect((await summaryOf(pair(), 'pushwoosh')).signatures).toMatchObject([{ accepted: false }, {}])
  })
})
