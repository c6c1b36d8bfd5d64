import { expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { createApp } from '../../src/http/app.ts'
import { DEFAULT_LIMITS } from '../../src/limits/limits.ts'
import { createRateLimits } from '../../src/limits/rate-limit.ts'

const now = () => new Date()

test('every route fits the fast router, which one ambiguous path would switch off for all dialects', async () => {
  const unused = () => {
    throw new Error('not asked for')
  }
  const app = createApp({
    adapters,
    gateway: unused,
    adminToken: unused,
    limits: DEFAULT_LIMITS,
    outbound: { allows: unused, send: unused },
    rates: createRateLimits({ rateLimit: false, ratePerAddress: undefined, ratePerApp: undefined }, now),
    outside: { trust: { kind: 'off' }, publicUrl: undefined },
    now,
    ids: { row: () => 'id', app: unused, secret: unused },
    address: () => 'unknown',
    log: () => {},
  })
  expect((await app.request('/healthz')).status).toBe(200)
  expect(app.router.name).toBe('SmartRouter + RegExpRouter')
})
