import { expect, test } from 'vitest'
import worker from '../../src/worker.ts'

const context = {} as ExecutionContext
const whole = { DB: {}, MASTER_KEY: 'A'.repeat(43), ADMIN_TOKEN: 'a-token-of-the-operator' }

test.each([
  ['no D1 binding', { ...whole, DB: undefined }, /D1 binding DB/],
  ['no master key', { ...whole, MASTER_KEY: undefined }, /wrangler secret put MASTER_KEY/],
  ['no admin token', { ...whole, ADMIN_TOKEN: '' }, /wrangler secret put ADMIN_TOKEN/],
  ['a malformed variable', { ...whole, LOG_LEVEL: 'loud' }, /LOG_LEVEL/],
])('a Worker with %s says so at the first request, and what to run', async (_, bindings, expected) => {
  const response = await worker.fetch(new Request('http://gateway.test/readyz'), bindings, context)
  expect([response.status, response.headers.get('content-type')]).toEqual([500, 'application/problem+json'])
  expect(await response.text()).toMatch(expected)
})

test('a Worker with everything is alive', async () => {
  const silent = { ...whole, LOG_LEVEL: 'silent' }
  expect((await worker.fetch(new Request('http://gateway.test/healthz'), silent, context)).status).toBe(200)
})
