import { describe, expect, test } from 'vitest'
import { createHarness } from '../harness/harness.ts'

const UNKNOWN_CODE = { request: { application: 'AAAAA-BBBBB-CCCCC', hwid: 'h', device_type: 3 } }

describe.each([
  ['all', { success: {}, refusal: true }],
  ['0', { success: undefined, refusal: true }],
  ['off', { success: undefined, refusal: false }],
] as const)('LOG_REQUESTS=%s', (value, { success, refusal }) => {
  const opened = () => createHarness({ env: { LOG_REQUESTS: value } })

  test(`a success has ${success ? 'a' : 'no'} line`, async () => {
    const h = await opened()
    await h.request('GET', '/healthz')
    expect(h.log.map(({ route, sampleRate }) => ({ route, sampleRate }))).toEqual(
      success ? [{ route: '/healthz', sampleRate: undefined }] : [],
    )
  })

  test.each([
    ['404', 'GET', '/nothing', undefined],
    ['200 of a dialect', 'POST', '/json/1.3/registerDevice', UNKNOWN_CODE],
  ])(`a refusal with a %s has ${refusal ? 'a' : 'no'} line`, async (_, method, path, body) => {
    const h = await opened()
    await h.request(method, path, { body })
    expect(h.log.map(({ code, sampleRate }) => ({ code, sampleRate }))).toEqual(
      refusal ? [{ code: expect.any(String), sampleRate: undefined }] : [],
    )
  })

  test('an error of the gateway has a line with its cause', async () => {
    const h = await createHarness({
      env: { LOG_REQUESTS: value },
      store: (store) => ({ ...store, ping: () => Promise.reject(new Error('the disk is gone')) }),
    })
    const { status } = await h.request('GET', '/readyz')
    expect(status).toBeGreaterThanOrEqual(500)
    expect(h.log).toMatchObject([{ status, error: { message: 'the disk is gone' } }])
  })

  test('the list of refusals has what the log leaves out', async () => {
    const h = await opened()
    const answer = await h.request('POST', '/json/1.3/registerDevice', { body: UNKNOWN_CODE })
    const { refusals } = await (await h.admin('GET', '/refusals')).json<{ refusals: unknown[] }>()
    expect(refusals).toMatchObject([{ requestId: answer.headers.get('x-request-id') }])
  })
})

test('of many successes, about the given share has a line, which says the share', async () => {
  const h = await createHarness({ env: { LOG_REQUESTS: '0.5' } })
  for (let i = 0; i < 200; i++) await h.request('GET', '/healthz')
  // Deviates further from the mean than this once in 10^15 runs.
  expect(h.log.length).toBeGreaterThan(43)
  expect(h.log.length).toBeLessThan(157)
  expect(new Set(h.log.map(({ sampleRate }) => sampleRate))).toEqual(new Set([0.5]))
})
