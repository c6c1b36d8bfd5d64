import { expect, test } from 'vitest'
import { ConfigError, parseConfig } from '../../src/config.ts'

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

test('everything has a default that works on a laptop', () => {
  expect(parseConfig({})).toEqual({
    host: '127.0.0.1',
    port: 8787,
    databaseFile: './data/pushport.db',
    adminToken: undefined,
    masterKey: undefined,
    rateLimit: true,
    ratePerAddress: undefined,
    ratePerApp: undefined,
    allowPrivateTargets: false,
    mfpContext: '/mfp',
    logLevel: 'info',
    appCacheSeconds: 30,
    maxDatabaseBytes: 10_000_000_000,
    maintenanceSeconds: 60,
    retention: { historyDays: 400, receiptDays: 400, tombstoneDays: 400 },
    limits: { bodyBytes: 1_048_576, bulkBytes: 10_485_760, jsonDepth: 32, pathLength: 8192 },
  })
})

test('an empty variable counts as absent, and bindings that are no text are not looked at', () => {
  expect(parseConfig({ PORT: '', ADMIN_TOKEN: '', DB: {}, HOST: 7 })).toEqual(parseConfig({}))
})

test.each([
  ['PORT', '9000', { port: 9000 }],
  ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
  ['DATABASE_URL', 'file:/tmp/x.db', { databaseFile: '/tmp/x.db' }],
  ['DATABASE_URL', ':memory:', { databaseFile: ':memory:' }],
  ['MASTER_KEY', KEY, { masterKey: KEY }],
  ['MASTER_KEY', '0f'.repeat(32), { masterKey: '0f'.repeat(32) }],
  ['RATE_LIMIT', 'off', { rateLimit: false }],
  ['RATE_PER_APP', '600', { ratePerApp: 600 }],
  ['ALLOW_PRIVATE_TARGETS', 'on', { allowPrivateTargets: true }],
  ['MFP_CONTEXT', '/bank', { mfpContext: '/bank' }],
  ['LOG_LEVEL', 'silent', { logLevel: 'silent' }],
  ['MAX_DATABASE_BYTES', '500000000', { maxDatabaseBytes: 500_000_000 }],
  ['RECEIPT_DAYS', '30', { retention: { historyDays: 400, receiptDays: 30, tombstoneDays: 400 } }],
])('%s=%s is read', (name, value, expected) => {
  expect(parseConfig({ [name]: value })).toMatchObject(expected)
})

test.each([
  ['PORT', 'abc'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['DATABASE_URL', 'postgres://x'],
  ['ADMIN_TOKEN', 'two words'],
  ['MASTER_KEY', 'c2hvcnQ='],
  ['RATE_LIMIT', 'yes'],
  ['RATE_PER_ADDRESS', '0'],
  ['MFP_CONTEXT', 'mfp/'],
  ['LOG_LEVEL', 'loud'],
  ['APP_CACHE_SECONDS', '61'],
  ['MAX_BODY_BYTES', '0'],
  ['HISTORY_DAYS', '0'],
])('%s=%s is refused in one line that names it', (name, value) => {
  const read = () => parseConfig({ [name]: value })
  expect(read).toThrow(ConfigError)
  expect(read).toThrow(new RegExp(`^Configuration: ${name}: [^\n]+$`))
})
