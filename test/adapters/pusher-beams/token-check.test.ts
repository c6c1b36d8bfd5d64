import { describe, expect, test } from 'vitest'
import { expectError, expectVoid, newToken, openBeams, stateOf } from './kit.ts'

const APNS = '0123456789abcdef'.repeat(4)
const apns = (token: string) => ({ token, bundleIdentifier: 'com.example.shop' })

describe('the 401 rows of registration (seed audit E1)', () => {
  test.each([
    ['apns', apns('no token at all')],
    ['apns', apns('abc123')],
    ['fcm', { token: 'no token at all' }],
    ['fcm', { token: 'tøken' }],
    ['web', { token: 'no token at all' }],
  ])('do not exist unless the app asks for them: %s, %j', async (platform, body) => {
    const beams = await openBeams()
    const headers = { Authorization: 'Bearer wrong' }
    const answer = await beams.call('POST', `${beams.base}/devices/${platform}`, { body, headers })
    expect(answer.status).toBe(200)
  })

  test.each([
    ['apns', 'words', apns('no token at all'), 'Incorrect APNs token supplied.'],
    ['apns', 'too few digits', apns(APNS.slice(2)), 'Incorrect APNs token supplied.'],
    ['apns', 'half a byte', apns(`${APNS}a`), 'Incorrect APNs token supplied.'],
    ['apns', 'a letter too far', apns(APNS.replace('f', 'g')), 'Incorrect APNs token supplied.'],
    [
      'apns',
      'what iOS 13 describes',
      apns('{length = 32, bytes = 0x740f 61bb }'),
      'Incorrect APNs token supplied.',
    ],
    ['fcm', 'words', { token: 'no token at all' }, 'Incorrect FCM token supplied.'],
    ['fcm', 'another alphabet', { token: 'tøken' }, 'Incorrect FCM token supplied.'],
    ['fcm', 'a JSON text', { token: '{"token":"x"}' }, 'Incorrect FCM token supplied.'],
  ])('%s: %s are refused where it does, and nothing is stored', async (platform, _, body, description) => {
    const beams = await openBeams({ checkTokens: true })
    const before = await stateOf(beams)
    const answer = await beams.call('POST', `${beams.base}/devices/${platform}`, { body })
    expectError(answer, 401, 'Unauthorized', description)
    expect(await stateOf(beams)).toEqual(before)
  })

  test.each([
    ['apns', apns(APNS)],
    ['apns', apns(APNS.toUpperCase())],
    ['apns', apns(`<${APNS.replace(/(.{8})/g, '$1 ').trim()}>`)],
    ['apns', apns(APNS.repeat(2))],
    ['fcm', { token: 'fMhT8K9xQ:APA91b-abc_DEF' }],
    ['fcm', { token: 'fid:cXy12' }],
    ['web', { token: 'anything' }],
  ])('a token of the right form is registered all the same: %s %j', async (platform, body) => {
    const beams = await openBeams({ checkTokens: true })
    for (const headers of [{}, { Authorization: `Bearer ${beams.secretKey}` }]) {
      const answer = await beams.call('POST', `${beams.base}/devices/${platform}`, { body, headers })
      expect(answer.status, answer.text).toBe(200)
    }
  })

  test.each(['Bearer wrong', 'Basic d3Jvbmc6', 'wrong', 'Bearer '])(
    'credentials that the call brings must be the instance’s: %s',
    async (Authorization) => {
      const beams = await openBeams({ checkTokens: true })
      const before = await stateOf(beams)
      for (const [platform, body] of [
        ['apns', apns(APNS)],
        ['fcm', { token: newToken('fcm') }],
      ] as const) {
        const headers = { Authorization }
        const answer = await beams.call('POST', `${beams.base}/devices/${platform}`, { body, headers })
        expectError(answer, 401, 'Unauthorized', 'Incorrect instance credentials.')
      }
      expect(await stateOf(beams)).toEqual(before)
    },
  )

  test('the option is the app document’s, shown where it is on, and changed without the rest', async () => {
    const beams = await openBeams({ checkTokens: true })
    const dialect = async () => {
      const app = await (await beams.h.admin('GET', `/apps/${beams.app.id}`)).json<typeof beams.app>()
      return app.dialects['pusher-beams']
    }
    expect(await dialect()).toEqual({ instanceId: beams.instanceId, checkTokens: true })
    const change = async (setup: unknown) => {
      const dialects = { 'pusher-beams': setup }
      return (await beams.h.admin('PATCH', `/apps/${beams.app.id}`, { dialects })).status
    }
    expect(await change({ secretKey: 'F'.repeat(64) })).toBe(200)
    expect(await dialect()).toMatchObject({ checkTokens: true })
    expect(await change({ checkTokens: false })).toBe(200)
    expect(await dialect()).toEqual({ instanceId: beams.instanceId })
    await beams.register('fcm', { token: 'no token at all' })
    expect(await change({ checkTokens: 'yes' })).toBe(400)
  })
})

test.each([
  ['POST', { bundleIdentifier: 'com.example.shop' }, 'apns'],
  ['POST', {}, 'fcm'],
  ['POST', {}, 'web'],
])('metadata that is an empty array is an empty map (B13c): %s %j to %s', async (_, more, platform) => {
  const beams = await openBeams()
  const body = { token: newToken(platform as 'fcm'), metadata: [], ...more }
  const answer = await beams.call('POST', `${beams.base}/devices/${platform}`, { body })
  expect(answer.status, answer.text).toBe(200)
  const { id } = answer.json as { id: string }
  const path = `${beams.base}/devices/${platform}/${id}`
  expect((await beams.call('GET', path)).json).toEqual({ id, userId: '', metadata: {} })
  expectVoid(await beams.call('PUT', `${path}/metadata`, { body: { sdkVersion: '1' } }))
  const full = { ...body, metadata: ['sdkVersion'] }
  const refused = await beams.call('POST', `${beams.base}/devices/${platform}`, { body: full })
  expectError(refused, 400, 'Bad request', '`metadata` must be a JSON object.')
  expectError(
    await beams.call('PUT', `${path}/metadata`, {
      body: '[]',
      headers: { 'Content-Type': 'application/json' },
    }),
    400,
    'Bad request',
    'Failed to read body as a JSON object.',
  )
})
