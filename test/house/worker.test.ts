import { expect, onTestFinished, test } from 'vitest'
import { version } from '../../package.json'
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

test('LOG_REQUESTS holds for a Worker', async () => {
  const printed: string[] = []
  const { log } = console
  onTestFinished(() => void Object.assign(console, { log }))
  console.log = (line: string) => void printed.push(line)
  const bindings = { ...whole, DB: {}, LOG_REQUESTS: '0' }
  for (const path of ['/healthz', '/nothing'])
    await worker.fetch(new Request(`http://gateway.test${path}`), bindings, context)
  expect(printed.map((line) => JSON.parse(line))).toMatchObject([
    { msg: 'started' },
    { msg: 'request', status: 404 },
  ])
})

test('the log has the members that it has on Node, begins with the version, and warns of a misspelt variable (newcomer F16, F17)', async () => {
  const printed: string[] = []
  const { log } = console
  onTestFinished(() => void Object.assign(console, { log }))
  console.log = (line: string) => void printed.push(line)
  const bindings = { ...whole, DB: {}, HISTORY_DAY: '30' }
  const health = await worker.fetch(new Request('http://gateway.test/healthz'), bindings, context)
  expect(await health.json()).toEqual({ status: 'ok', version })
  const ready = await worker.fetch(new Request('http://gateway.test/readyz'), bindings, context)
  expect(ready.status).toBeGreaterThanOrEqual(500)
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  expect(printed.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'info', time, version, msg: 'started' },
    { level: 'warn', time, msg: expect.stringContaining('did you mean HISTORY_DAYS?') },
    { level: 'info', time, msg: 'request', route: '/healthz', status: 200 },
    {
      level: 'error',
      time,
      msg: 'request',
      route: '/readyz',
      err: { type: 'TypeError', message: expect.any(String) },
    },
  ])
})
