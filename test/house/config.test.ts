import { expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { misspelt } from '../../src/config/misspelt.ts'
import { ConfigError, parseConfig as parse, variablesOf } from '../../src/config.ts'

const VARIABLES = variablesOf(adapters)
const parseConfig = (environment: Record<string, unknown>) => parse(environment, adapters)

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

test('everything has a default that works on a laptop', () => {
  expect(parseConfig({})).toEqual({
    host: '127.0.0.1',
    port: 8787,
    metricsSeconds: 60,
    maxHeaderBytes: 65_536,
    maxConnections: 10_000,
    databaseFile: './data/pushport.db',
    readOnly: false,
    forwardTo: undefined,
    adminToken: undefined,
    masterKey: undefined,
    rateLimit: true,
    ratePerAddress: undefined,
    ratePerApp: undefined,
    allowPrivateTargets: false,
    apnsRelay: undefined,
    relays: undefined,
    dialects: { mobilefirst: { MFP_CONTEXT: '/mfp' } },
    logLevel: 'info',
    logRequests: 1,
    recording: undefined,
    appCacheSeconds: 30,
    maxDatabaseBytes: 10_000_000_000,
    maxSubrequests: 10_000,
    maintenanceSeconds: 60,
    retention: {
      historyDays: 400,
      receiptDays: 400,
      messageDays: 90,
      tombstoneDays: 400,
      supersededDays: 90,
      undoDays: 7,
    },
    readyShare: 0.99,
    imports: { bytes: 4_294_967_296, rows: 5_000_000, keepDays: 7 },
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
  [
    'DATABASE_URL',
    'postgres://me:secret@a,b:5433/push?sslmode=require',
    {
      databaseFile: 'postgres://me@a,b:5433/push',
      postgres: {
        url: 'postgres://me:secret@a,b:5433/push?sslmode=require',
        connections: 10,
        statementSeconds: 30,
      },
    },
  ],
  ['READ_ONLY', 'on', { readOnly: true }],
  ['FORWARD_TO', 'https://gw.example/push/', { forwardTo: 'https://gw.example/push' }],
  ['MASTER_KEY', KEY, { masterKey: KEY }],
  ['MASTER_KEY', '0f'.repeat(32), { masterKey: '0f'.repeat(32) }],
  ['MASTER_KEY_PREVIOUS', KEY, { previousMasterKey: KEY }],
  ['RATE_LIMIT', 'off', { rateLimit: false }],
  ['RATE_PER_APP', '600', { ratePerApp: 600 }],
  ['ALLOW_PRIVATE_TARGETS', 'on', { allowPrivateTargets: true }],
  ['TRUST_PROXY', '10.0.0.0/8', { trustProxy: '10.0.0.0/8' }],
  ['PUBLIC_URL', 'https://gw.example/push/', { publicUrl: 'https://gw.example/push' }],
  ['MFP_CONTEXT', '/bank', { dialects: { mobilefirst: { MFP_CONTEXT: '/bank' } } }],
  ['LOG_LEVEL', 'silent', { logLevel: 'silent' }],
  ['LOG_REQUESTS', 'all', { logRequests: 1 }],
  ['LOG_REQUESTS', 'off', { logRequests: 'off' }],
  ['LOG_REQUESTS', '0.01', { logRequests: 0.01 }],
  ['LOG_REQUESTS', '.5', { logRequests: 0.5 }],
  ['LOG_REQUESTS', '0', { logRequests: 0 }],
  ['LOG_REQUESTS', '1', { logRequests: 1 }],
  ['MAX_DATABASE_BYTES', '500000000', { maxDatabaseBytes: 500_000_000 }],
  ['MAX_SUBREQUESTS', '50', { maxSubrequests: 50 }],
  ['MESSAGE_DAYS', '30', { retention: { receiptDays: 400, messageDays: 30, tombstoneDays: 400 } }],
  ['RECEIPT_DAYS', '30', { retention: { historyDays: 400, receiptDays: 30, tombstoneDays: 400 } }],
  ['READY_SHARE', '.9', { readyShare: 0.9 }],
  ['SUPERSEDED_DAYS', '7', { retention: { supersededDays: 7, tombstoneDays: 400 } }],
])('%s=%s is read', (name, value, expected) => {
  expect(parseConfig({ [name]: value })).toMatchObject(expected)
})

test.each([
  ['PORT', 'abc'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['DATABASE_URL', 'mysql://x'],
  ['FORWARD_TO', 'gw.example'],
  ['READ_ONLY', 'perhaps'],
  ['ADMIN_TOKEN', 'two words'],
  ['MASTER_KEY', 'c2hvcnQ='],
  ['RATE_LIMIT', 'maybe'],
  ['ALLOW_PRIVATE_TARGETS', '2'],
  ['RATE_PER_APP', 'ten'],
  ['ADMIN_TOKEN', 'a'],
  ['ADMIN_TOKEN', 'fifteen-letters'],
  ['ADMIN_TOKEN', '<your-admin-token>'],
  ['ADMIN_TOKEN', 'x'.repeat(32)],
  ['RATE_PER_ADDRESS', '0'],
  ['MFP_CONTEXT', 'mfp/'],
  ['TRUST_PROXY', 'yes'],
  ['PUBLIC_URL', 'gw.example'],
  ['LOG_LEVEL', 'loud'],
  ['LOG_REQUESTS', '1.5'],
  ['LOG_REQUESTS', '-0.1'],
  ['LOG_REQUESTS', '1 %'],
  ['LOG_REQUESTS', 'some'],
  ['LOG_REQUESTS', 'constructor'],
  ['APP_CACHE_SECONDS', '61'],
  ['MAX_BODY_BYTES', '0'],
  ['HISTORY_DAYS', '0'],
])('%s=%s is refused in one line of words that names it (newcomer 1.2, hostile F24)', (name, value) => {
  const read = () => parseConfig({ [name]: value })
  expect(read).toThrow(ConfigError)
  expect(read).toThrow(new RegExp(`^Configuration: ${name}: (must|is) [^\n]+$`))
  expect(read).not.toThrow(/Invalid|expected|received|NaN/)
})

const RELAY = { APNS_RELAY: 'https://relay.example/push/', APNS_RELAY_KEY: 'k'.repeat(32) }

test('an instance has a relay, or is one: by whether it has an address besides the key', () => {
  const { APNS_RELAY_KEY } = RELAY
  expect(parseConfig(RELAY)).toMatchObject({
    apnsRelay: { address: 'https://relay.example/push', key: APNS_RELAY_KEY },
    relays: undefined,
  })
  expect(parseConfig({ APNS_RELAY_KEY })).toMatchObject({
    apnsRelay: undefined,
    relays: { key: APNS_RELAY_KEY, services: [] },
  })
  const APNS_RELAY_TARGETS = 'https://apns.example/, http://10.0.0.1:2197'
  expect(parseConfig({ APNS_RELAY_KEY, APNS_RELAY_TARGETS })).toMatchObject({
    relays: { services: ['https://apns.example', 'http://10.0.0.1:2197'] },
  })
})

test.each([
  ['no key', { APNS_RELAY_KEY: '' }, 'APNS_RELAY: has no effect without APNS_RELAY_KEY'],
  [
    'no TLS',
    { APNS_RELAY: 'http://relay.example' },
    'APNS_RELAY: must begin with https: unless ALLOW_PRIVATE_TARGETS is on',
  ],
  [
    'a short key',
    { APNS_RELAY_KEY: 'k' },
    /^Configuration: APNS_RELAY_KEY: must have at least 32 characters/,
  ],
  ['an address that is none', { APNS_RELAY_TARGETS: 'here' }, /^Configuration: APNS_RELAY_TARGETS: must be/],
])('a relay with %s is refused', (_, change, message) => {
  expect(() => parseConfig({ ...RELAY, ...change })).toThrow(message)
})

test('where private addresses are allowed, a relay may be without TLS', () => {
  const relay = parseConfig({ ...RELAY, APNS_RELAY: 'http://relay:8787', ALLOW_PRIVATE_TARGETS: 'on' })
  expect(relay.apnsRelay?.address).toBe('http://relay:8787')
})

test.each(VARIABLES)('whatever %s is refused for, it is refused in words', (name) => {
  for (const value of ['\u0000', '-', '{}', 'NaN', '1e3', ' x y ', '9'.repeat(40)]) {
    try {
      parseConfig({ [name]: value })
    } catch (error) {
      expect(String(error)).toMatch(new RegExp(`^ConfigError: Configuration: ${name}: (must|is) `))
      expect(String(error)).not.toMatch(/Invalid|expected|received|undefined/)
    }
  }
})

test.each([
  ['on', true],
  ['true', true],
  ['1', true],
  ['Yes', true],
  ['off', false],
  ['FALSE', false],
  ['0', false],
  ['no', false],
])('a switch takes the word %s', (value, expected) => {
  expect(parseConfig({ RATE_LIMIT: value, ALLOW_PRIVATE_TARGETS: value })).toMatchObject({
    rateLimit: expected,
    allowPrivateTargets: expected,
  })
})

test('the address of another kind of database is refused with what to do', () => {
  for (const url of ['mysql://u:p@h/d', 'mongodb+srv://h/d', 'libsql://h']) {
    expect(() => parseConfig({ DATABASE_URL: url })).toThrow(
      /^.*unsupported database.*PUSHPORT_DATABASE_URL$/,
    )
  }
})

test('a variable with the prefix wins over the bare one, which is then not even looked at', () => {
  expect(parseConfig({ HOST: 'x86_64-conda-linux-gnu', PUSHPORT_HOST: '::1' })).toMatchObject({ host: '::1' })
  const shell = {
    DATABASE_URL: 'postgres://x',
    PUSHPORT_DATABASE_URL: 'file:a.db',
    PORT: 'abc',
    PUSHPORT_PORT: '1',
  }
  expect(parseConfig(shell)).toMatchObject({ databaseFile: 'a.db', port: 1 })
  expect(parseConfig({ PUSHPORT_PORT: '', PORT: '2' })).toMatchObject({ port: 2 })
  expect(() => parseConfig({ PUSHPORT_PORT: 'x' })).toThrow(/^Configuration: PUSHPORT_PORT: must/)
})

test.each(VARIABLES)('%s may have the prefix', (name) => {
  // A value that no variable accepts, so that the fault shows which name was read; or one that all others
  // accept.
  const read = (environment: Record<string, string>) => {
    try {
      return JSON.stringify(parseConfig(environment))
    } catch (error) {
      return String(error).replace('PUSHPORT_', '')
    }
  }
  for (const value of ['5', '?']) {
    expect(read({ [`PUSHPORT_${name}`]: value })).toBe(read({ [name]: value }))
  }
})

test('blanks and the line feed around a value are nobody’s intention', () => {
  expect(parseConfig({ MASTER_KEY: `${KEY}\n`, PORT: ' 80 ' })).toMatchObject({ masterKey: KEY, port: 80 })
})

test.each([
  ['ADMIN_TOKN', 'ADMIN_TOKEN'],
  ['ADMIN_TOEKN', 'ADMIN_TOKEN'],
  ['admin_token', 'ADMIN_TOKEN'],
  ['MASTERKEY', 'MASTER_KEY'],
  ['RATE_LIMITS', 'RATE_LIMIT'],
  ['HISTORY_DAY', 'HISTORY_DAYS'],
  ['PUSHPORT_PROT', 'PUSHPORT_PORT'],
  ['PUSHPORT_DATABSE_URL', 'PUSHPORT_DATABASE_URL'],
])('%s is warned of, with the name that it is near to (newcomer 1.2)', (given, meant) => {
  expect(misspelt({ [given]: 'x' }, VARIABLES)).toEqual([
    `${given} is not a setting and has no effect; did you mean ${meant}?`,
  ])
})

test('variables of other programs and our own are not warned of; a prefix without a setting is', () => {
  const others = [
    'PATH',
    'HOME',
    'HOSTNAME',
    'PORTS',
    'POST',
    'LOGNAME',
    'NODE_ENV',
    'TOKEN',
    'DATABASE',
    'DB',
  ]
  const environment = Object.fromEntries([...others, ...VARIABLES].map((name) => [name, 'x']))
  expect(misspelt({ ...environment, PUSHPORT_LOG_LEVEL: 'info' }, VARIABLES)).toEqual([])
  expect(misspelt({ PUSHPORT_SECRET: 'x' }, VARIABLES)).toEqual([
    'PUSHPORT_SECRET is not a setting and has no effect.',
  ])
})
