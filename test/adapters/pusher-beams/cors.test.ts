import { describe, expect, test } from 'vitest'
import { type Beams, openBeams, unknownId } from './kit.ts'

const ORIGIN = { Origin: 'https://shop.example' }
const list = (header: string | null) => (header ?? '').split(',').map((one) => one.trim())

const paths: readonly [string, (beams: Beams) => string][] = [
  ['registration', ({ base }) => `${base}/devices/web`],
  ['the VAPID key', ({ base }) => `${base}/web-vapid-public-key`],
  ['a device', ({ base }) => `${base}/devices/web/${unknownId('web')}`],
  ['metadata', ({ base }) => `${base}/devices/web/${unknownId('web')}/metadata`],
  ['a token', ({ base }) => `${base}/devices/fcm/${unknownId('fcm')}/token`],
  ['a user', ({ base }) => `${base}/devices/web/${unknownId('web')}/user`],
  ['interests', ({ base }) => `${base}/devices/web/${unknownId('web')}/interests`],
  ['an interest', ({ base }) => `${base}/devices/web/${unknownId('web')}/interests/a`],
  ['an empty interest', ({ base }) => `${base}/devices/web/${unknownId('web')}/interests/`],
  ['reports', ({ instanceId }) => `/reporting_api/v2/instances/${instanceId}/events`],
  ['a user at the user API', ({ instanceId }) => `/user_api/v1/instances/${instanceId}/users/a`],
  ['a user at the customer API', ({ instanceId }) => `/customer_api/v1/instances/${instanceId}/users/a`],
  ['publishes', ({ instanceId }) => `/publish_api/v1/instances/${instanceId}/publishes/interests`],
  ['an unknown instance', () => `/device_api/v1/instances/${crypto.randomUUID()}/devices/web`],
  ['an instance that is none', () => '/device_api/v1/instances/nonsense/devices/web'],
  ['a path that nobody knows', () => '/device_api/v9/no/such/thing'],
]

describe('a browser may ask for', () => {
  test.each(paths)('%s', async (_, path) => {
    const beams = await openBeams()
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const headers = {
        ...ORIGIN,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': 'authorization,content-type',
      }
      const answer = await beams.call('OPTIONS', path(beams), { headers })
      expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' })
      expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*')
      expect(list(answer.headers.get('Access-Control-Allow-Methods'))).toEqual(
        expect.arrayContaining(['GET', 'POST', 'PUT', 'DELETE']),
      )
      expect(list(answer.headers.get('Access-Control-Allow-Headers'))).toEqual(
        expect.arrayContaining(['Content-Type', 'Authorization']),
      )
      expect(Number(answer.headers.get('Access-Control-Max-Age'))).toBeGreaterThan(0)
    }
  })

  test('nothing that needs the database', async () => {
    const beams = await openBeams()
    beams.fault.fault = new Error('out of reach')
    const answer = await beams.call('OPTIONS', `${beams.base}/devices/web`, { headers: ORIGIN })
    expect(answer.status).toBe(204)
  })
})

describe('a page may read the answer', () => {
  const answers: readonly [
    string,
    number,
    (beams: Beams) => Promise<{ headers: Headers; status: number }>,
  ][] = [
    ['of a registration', 200, (b) => b.call('POST', `${b.base}/devices/web`, { body: { token: 't' } })],
    ['without content', 200, (b) => b.call('DELETE', `${b.base}/devices/web/${unknownId('web')}`)],
    ['400', 400, (b) => b.call('POST', `${b.base}/devices/web`, { body: {} })],
    ['401', 401, (b) => b.call('PUT', `${b.base}/devices/web/${unknownId('web')}/user`)],
    ['404', 404, (b) => b.call('GET', `${b.base}/devices/web/${unknownId('web')}`)],
    ['404 of a path', 404, (b) => b.call('GET', '/device_api/v1')],
    ['404 of a base', 404, (b) => b.call('GET', '/device_api')],
    ['to an address that is too long', 400, (b) => b.call('GET', `${b.base}?${'x'.repeat(9000)}`)],
    [
      '500',
      500,
      (b) => {
        b.fault.fault = new Error('inside')
        return b.call('GET', `${b.base}/devices/web/${unknownId('web')}`)
      },
    ],
  ]
  test.each(answers)('%s', async (_, status, ask) => {
    const beams = await openBeams()
    const answer = await ask(beams)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(answer.headers.get('Access-Control-Allow-Credentials')).toBeNull()
  })
})
