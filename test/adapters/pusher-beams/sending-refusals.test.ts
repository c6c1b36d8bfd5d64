import { describe, expect, test } from 'vitest'
import { createHarness } from '../../harness/harness.ts'
import { expectError, openBeams } from './kit.ts'
import { INTERESTS, PATHS, publish, publishBody } from './sending-kit.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `n${n}`)
const fcm = { data: {} }
const SCHEMA = [422, 'Unprocessable Entity'] as const

describe.each(PATHS)('POST %s is refused', (path) => {
  test.each<[string, string, number, string, string]>([
    ['row 1: no UUID', 'nonsense', 400, 'Bad Request', '`instance-id` given is not valid.'],
    ['an empty instance', '', 400, 'Incomplete Request', '`instance-id` param is missing from path.'],
    [
      'row 3: an unknown instance',
      crypto.randomUUID(),
      404,
      'Instance not found',
      'Could not find the instance.',
    ],
  ])('%s', async (_, instanceId, status, error, text) => {
    const beams = await openBeams()
    const answer = await publish({ ...beams, instanceId }, path, publishBody(path))
    expectError(answer, status, error, text)
  })

  test('row 1 before row 2, row 2 before row 3', async () => {
    const { call } = await openBeams()
    const bare = (id: string) => call('POST', `/publish_api/v1/instances/${id}/${path}`, { body: 'x' })
    expectError(await bare('nonsense'), 400, 'Bad Request', '`instance-id` given is not valid.')
    const text = 'Authorization header is missing'
    expectError(await bare(crypto.randomUUID()), 400, 'Incomplete Request', text)
  })

  test('row 2: without a header', async () => {
    const { call, instanceId } = await openBeams()
    const at = `/publish_api/v1/instances/${instanceId}/${path}`
    const answer = await call('POST', at, { body: publishBody(path) })
    expectError(answer, 400, 'Incomplete Request', 'Authorization header is missing')
  })

  test.each([
    ['another key', `Bearer ${'A1'.repeat(32)}`],
    ['another scheme', 'Basic YTpi'],
    ['no key', 'Bearer '],
  ])('row 4: with %s, whatever else is wrong', async (_, Authorization) => {
    const beams = await openBeams()
    const answer = await publish(beams, path, '[', { Authorization, 'Content-Type': 'text/plain' })
    expectError(answer, 401, 'Unauthorized', 'Incorrect API Key')
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded'])('row 5: as %s', async (type) => {
    const answer = await publish(await openBeams(), path, 'x', { 'Content-Type': type })
    expectError(answer, 400, 'Invalid content type', 'Only `application/json` is supported.')
  })

  test('row 6: over the limit, and not at it', async () => {
    const [most, text] =
      path === 'publishes/users'
        ? [204_800, 'body too large (max 200KiB)']
        : [10_240, 'body too large (max 10KiB)']
    const beams = await openBeams()
    const json = { 'Content-Type': 'application/json' }
    const text1 = JSON.stringify(publishBody(path))
    expect((await publish(beams, path, text1.padEnd(most), json)).status).toBe(200)
    expectError(await publish(beams, path, text1.padEnd(most + 1), json), 400, 'Bad request', text)
  })

  test.each(['', '[]', 'null', '"x"', '{"a"'])('row 7: with the body %j', async (body) => {
    const answer = await publish(await openBeams(), path, body, { 'Content-Type': 'application/json' })
    expectError(answer, 400, 'Bad request', 'Failed to read body as a JSON object.')
  })

  test.each<[string, object, string]>([
    ['no part', {}, '`(root)`: Must validate at least one schema (anyOf)'],
    ['a part that is null', { fcm: null }, '`(root)`: Must validate at least one schema (anyOf)'],
    ['a part that is a text', { fcm: 'x' }, '`fcm`: Invalid type. Expected: object, given: string'],
    ['a part that is a list', { web: [] }, '`web`: Invalid type. Expected: object, given: array'],
    ['a part that is a number', { apns: 1 }, '`apns`: Invalid type. Expected: object, given: integer'],
    [
      'a notification that is a text',
      { fcm: { notification: 'Hi' } },
      '`fcm.notification`: Invalid type. Expected: object, given: string',
    ],
    [
      'aps that is a list',
      { apns: { aps: ['x'] } },
      '`apns.aps`: Invalid type. Expected: object, given: array',
    ],
    [
      'content-available 2',
      { apns: { aps: { 'content-available': 2 } } },
      '`apns.aps.content-available`: apns.aps.content-available must be one of the following: 1',
    ],
    [
      'content-available true',
      { apns: { aps: { 'content-available': true } } },
      '`apns.aps.content-available`: apns.aps.content-available must be one of the following: 1',
    ],
    [
      'the key pusher in the data of web',
      { web: { data: { pusher: {} } } },
      '`web.data`: Additional property pusher is not allowed',
    ],
    [
      'a web life below 0',
      { web: { time_to_live: -1 } },
      '`web.time_to_live`: Must be greater than or equal to 0',
    ],
    [
      'a web life over 28 days',
      { web: { time_to_live: 2_419_201 } },
      '`web.time_to_live`: Must be less than or equal to 2419200',
    ],
    [
      'a web life that is a text',
      { web: { time_to_live: '60' } },
      '`web.time_to_live`: Invalid type. Expected: integer, given: string',
    ],
    ['a webhook that is no address', { fcm, webhookUrl: 'x' }, "`webhookUrl`: Does not match format 'uri'"],
    ['a webhook over FTP', { fcm, webhookUrl: 'ftp://a.b' }, "`webhookUrl`: Does not match format 'uri'"],
  ])('row 8: with %s', async (_, more, text) => {
    expectError(await publish(await openBeams(), path, publishBody(path, more)), ...SCHEMA, text)
  })
})

const listFaults = (name: string): [string, unknown, string][] => {
  const most = name === 'users' ? 1000 : 100
  return [
    ['absent', undefined, `\`${name}\`: ${name} is required`],
    ['null', null, `\`${name}\`: ${name} is required`],
    ['a text', 'news', `\`${name}\`: Invalid type. Expected: array, given: string`],
    ['empty', [], `\`${name}\`: Array must have at least 1 items`],
    ['too many', numbered(most + 1), `\`${name}\`: Array must have at most ${most} items`],
    ['twice the same', ['a', 'b', 'a'], `\`${name}\`: array items must be unique`],
    ['of numbers', ['a', 7], `\`${name}.1\`: Invalid type. Expected: string, given: integer`],
    [
      'of a name that is too long',
      ['x'.repeat(165)],
      `\`${name}.0\`: String length must be less than or equal to 164`,
    ],
  ]
}
const pattern = "Does not match pattern '^[a-zA-Z0-9_\\-=@,.;]+$'"

describe.each(INTERESTS)('row 8: POST %s refuses interests', (path) => {
  test.each<[string, unknown, string]>([
    ...listFaults('interests'),
    ['with an empty name', [''], `\`interests.0\`: ${pattern}`],
    ['with a blank', ['ok', 'a b'], `\`interests.1\`: ${pattern}`],
    ['with a colon, which Go and Ruby let through', ['a:b'], `\`interests.0\`: ${pattern}`],
    ['with a line end after the name', ['a\n'], `\`interests.0\`: ${pattern}`],
  ])('%s', async (_, interests, text) => {
    expectError(await publish(await openBeams(), path, { interests, fcm }), ...SCHEMA, text)
  })
})

describe('row 8: POST publishes/users refuses users', () => {
  test.each<[string, unknown, string]>([
    ...listFaults('users'),
    ['with an empty id', [''], '`users.0`: String length must be greater than or equal to 1'],
  ])('%s', async (_, users, text) => {
    expectError(await publish(await openBeams(), 'publishes/users', { users, fcm }), ...SCHEMA, text)
  })
})

test.each(PATHS)('a refused POST %s keeps nothing', async (path) => {
  const beams = await openBeams()
  expect((await publish(beams, path, publishBody(path))).status).toBe(200)
  beams.fault.fault = new Error('no statement is expected')
  expectError(await publish(beams, path, publishBody(path, {})), ...SCHEMA)
})

test('row 10: an address that keeps presenting wrong keys is answered with 429', async () => {
  const beams = await openBeams({}, {}, await createHarness({ env: { RATE_LIMIT: 'on' } }))
  const wrong = () =>
    publish(beams, 'publishes', publishBody('publishes'), {
      Authorization: 'Bearer wrong',
      'X-Test-Address': '192.0.2.77',
    })
  for (let n = 0; n < 100; n++) expect((await wrong()).status).toBe(401)
  const refused = await wrong()
  expectError(refused, 429, 'Too Many Requests')
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
})

test.each(PATHS)(
  'row 11: a fault while POST %s keeps the message is answered in the same form',
  async (path) => {
    const beams = await openBeams()
    beams.fault.fault = new Error('broken')
    expectError(
      await publish(beams, path, publishBody(path)),
      500,
      'Something went wrong',
      'Internal server error.',
    )
  },
)

test.each(PATHS)('GET %s and a path below it are unknown', async (path) => {
  const { call, instanceId } = await openBeams()
  const at = `/publish_api/v1/instances/${instanceId}/${path}`
  expectError(await call('GET', at), 404, 'Not found')
  expectError(await call('POST', `${at}/x`, { body: {} }), 404, 'Not found')
})
