import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import worker from '../../src/worker.ts'

const context = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext
const bindings: Record<string, unknown> = { ...env, LOG_LEVEL: 'silent' }

function caller(given: Record<string, unknown>, address: string) {
  return (token: string, headers: Record<string, string> = {}) =>
    worker.fetch(
      new Request('http://gateway.test/admin/v1/nothing', {
        headers: { Authorization: `Bearer ${token}`, 'CF-Connecting-IP': address, ...headers },
      }),
      given,
      context,
    )
}

describe('on Workers (A3)', () => {
  test('the bindings of wrangler.toml are there', () => {
    for (const name of ['FAILED_CREDENTIALS', 'ISSUANCE', 'ADMIN_CALLS']) {
      expect(bindings[name]).toHaveProperty('limit')
    }
  })

  test.each([
    ['the platform counts', {}],
    ['the isolate counts, where nothing is bound', { FAILED_CREDENTIALS: undefined, ADMIN_CALLS: undefined }],
  ])('%s: further wrong tokens wait, the right one never', async (what, more) => {
    // Another D1 binding object, which identifies an isolate's entry.
    const DB = new Proxy(bindings.DB as object, {
      get: (real, name) => {
        const value = Reflect.get(real, name)
        return typeof value === 'function' ? value.bind(real) : value
      },
    })
    const call = caller({ ...bindings, ...more, DB }, `203.0.113.${what.length % 250}`)
    const statuses: number[] = []
    for (let n = 0; n < 130; n++) statuses.push((await call(`wrong-${n}`)).status)
    expect([...new Set(statuses)]).toEqual([401, 429])
    // A caller cannot change this with headers.
    expect((await call('wrong', { 'X-Forwarded-For': '198.51.100.1' })).status).toBe(429)
    expect((await call(String(bindings.ADMIN_TOKEN))).status).toBe(404)
  })
})
