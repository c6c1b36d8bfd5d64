import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../../src/store/postgres/address.ts'

const PLAIN = {
  hosts: [{ host: 'db', port: 5432 }],
  user: undefined,
  password: undefined,
  database: undefined,
  tls: undefined,
  applicationName: 'pushport',
}
const tls = (verify: string, more = {}) => ({
  tls: { verify, root: undefined, certificate: undefined, key: undefined, ...more },
})
const SECRET = 'p:a@s/s%'

describe('the address of a PostgreSQL', () => {
  test.each([
    ['postgres://db', {}],
    ['postgresql://db/', {}],
    ['postgres://me@db/push', { user: 'me', database: 'push' }],
    [
      `postgres://me:${encodeURIComponent(SECRET)}@db/push`,
      { user: 'me', password: SECRET, database: 'push' },
    ],
    ['postgres:///push', { hosts: [{ host: 'localhost', port: 5432 }], database: 'push' }],
    [
      'postgres://a,b:5433,[::1]:5434/push',
      {
        hosts: [
          { host: 'a', port: 5432 },
          { host: 'b', port: 5433 },
          { host: '::1', port: 5434 },
        ],
        database: 'push',
      },
    ],
    ['postgres://db?target_session_attrs=read-write', {}],
    ['postgres://db?application_name=gateway%202', { applicationName: 'gateway 2' }],
    ['postgres:///push?host=db&port=5439', { hosts: [{ host: 'db', port: 5439 }], database: 'push' }],
    ['postgres://db?sslmode=disable', {}],
    ['postgres://db?sslmode=require', tls('none')],
    ['postgres://db?sslmode=require&sslrootcert=ca.pem', tls('chain', { root: 'ca.pem' })],
    ['postgres://db?sslmode=verify-ca&sslrootcert=ca.pem', tls('chain', { root: 'ca.pem' })],
    ['postgres://db?sslmode=verify-full', tls('name')],
    ['postgres://db?sslrootcert=ca.pem', tls('name', { root: 'ca.pem' })],
    [
      'postgres://db?sslmode=verify-full&sslcert=c.pem&sslkey=k.pem',
      tls('name', { certificate: 'c.pem', key: 'k.pem' }),
    ],
  ])('%s is read as libpq reads it', (url, expected) => {
    expect(parseAddress(url)).toEqual({ ...PLAIN, ...expected })
  })

  test.each([
    ['postgres://db?sslmode=prefer', /^must have sslmode=disable, require, verify-ca, verify-full/],
    ['postgres://db?ssl=true', /^has the unknown option ssl; the known ones are sslmode, /],
    ['postgres://db?target_session_attrs=standby', /^must have target_session_attrs=read-write/],
    ['postgres://a,,b/push', /^must name its hosts as HOST or HOST:PORT/],
    ['postgres://a:99999/push', /^must name its hosts as HOST or HOST:PORT/],
    ['postgres://me:100%@db/push', /^contains a % that does not start an encoded character/],
    ['postgres://me:pass/word@db/push', /^must name its hosts/],
    ['file:x', /^must be postgres:/],
  ])('%s is refused with what it must be', (url, fault) => {
    expect(parseAddress(url)).toMatch(fault)
  })
})
