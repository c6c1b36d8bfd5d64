import { expect, test } from 'vitest'
import { expectError, newPerson, newToken, openWorkspace, people } from './kit.ts'

test('a request id is told to the client and kept in the log', async () => {
  const w = await openWorkspace()
  const { json } = await w.call('GET', '/api/v1/nothing')
  const { request_id } = json as { request_id: string }
  expect(request_id).toBe(`req_${w.h.log.at(-1)?.requestId}`)
})

test('a validation error names what is wrong in its message and in each field', async () => {
  const w = await openWorkspace()
  const answer = await w.call('POST', people('jane'), { body: { platform: 'windows' } })
  expect(expectError(answer, 422, 'validation_error', ['token', 'platform'])).toEqual({
    token: 'is required',
    platform: 'must be ios, android or web',
  })
  expect(answer.json).toMatchObject({ error: { message: 'token: is required' } })
})

test.each([
  ['nothing', ''],
  ['half of an object', '{"token":'],
  ['a form', 'token=abc&platform=ios'],
  ['a list', '[]'],
  ['null', 'null'],
  ['a text', '"token"'],
])('%s for a body: 400', async (_, body) => {
  const w = await openWorkspace()
  const headers = { 'Content-Type': 'application/json' }
  expectError(await w.call('POST', people('jane'), { body, headers }), 400, 'bad_request')
})

test.each([
  ['of a mebibyte is read', 1024 * 1024, 201],
  ['of a byte more is refused with 413', 1024 * 1024 + 1, 413],
])('a body %s', async (_, size, status) => {
  const w = await openWorkspace()
  const start = `{"token":${JSON.stringify(newToken())},"platform":"ios","pad":"`
  const body = `${start.padEnd(size - 2, 'x')}"}`
  const answer = await w.call('POST', people('jane'), {
    body,
    headers: { 'Content-Type': 'application/json' },
  })
  if (status === 413) expectError(answer, 413, 'payload_too_large')
  else expect(answer.status, answer.text).toBe(status)
})

test('a limit that the operator sets answers in the form that 429 has', async () => {
  const w = await openWorkspace({ env: { RATE_PER_ADDRESS: '2' } })
  const headers = { 'x-test-address': '203.0.113.250' }
  for (let n = 0; n < 2; n++) await w.call('GET', people('jane'), { headers })
  const answer = await w.call('GET', people('jane'), { headers })
  expect(answer.status).toBe(429)
  expect(answer.json).toEqual({ error: 'Too Many Requests', message: expect.stringMatching(/./) })
  expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0)
  expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*')
})

test('requests without a key or with a wrong one count for nobody, and registrations are never limited', async () => {
  const w = await openWorkspace({ env: { RATE_LIMIT: 'on' } })
  const headers = { 'x-test-address': '203.0.113.251' }
  for (let n = 0; n < 110; n++) await w.call('GET', people('jane'), { key: n % 2 ? 'wrong' : null, headers })
  const person = newPerson()
  for (let n = 0; n < 150; n++) {
    const body = { token: newToken(), platform: 'ios' }
    expect((await w.call('POST', people(person), { body, headers })).status).toBe(201)
  }
  expect((await w.list(person)).total).toBe(150)
})

test('answers carry no rate limit headers, which clients take for unlimited', async () => {
  const w = await openWorkspace()
  const { headers } = await w.call('GET', people('jane'))
  expect([...headers.keys()].filter((name) => /ratelimit/i.test(name))).toEqual([])
})
