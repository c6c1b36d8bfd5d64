import { describe, expect, test } from 'vitest'
import { createHarness } from '../../harness/harness.ts'
import { type Beams, expectError, expectVoid, openBeams, stateOf } from './kit.ts'

// The calls of the customer's server with the secret key: both paths do the same.
const BASES = ['/user_api/v1', '/customer_api/v1'] as const

const remove = (beams: Beams, base: string, user: string, key = beams.secretKey) =>
  beams.call('DELETE', `${base}/instances/${beams.instanceId}/users/${user}`, {
    headers: { Authorization: `Bearer ${key}` },
  })

/** A device of the user. */
async function bound(beams: Beams, user: string, platform: 'apns' | 'fcm' | 'web' = 'fcm') {
  const { path } = await beams.register(platform)
  expectVoid(await beams.setUser(path, await beams.userToken(user)))
  return path
}

describe.each(BASES)('deleting a user at %s', (base) => {
  test('removes all devices of that user and no other', async () => {
    const beams = await openBeams()
    const gone = await Promise.all([
      bound(beams, 'alice', 'apns'),
      bound(beams, 'alice', 'fcm'),
      bound(beams, 'alice', 'web'),
    ])
    const kept = [await bound(beams, 'bob'), (await beams.register()).path]
    expectVoid(await remove(beams, base, 'alice'))
    for (const path of gone) expectError(await beams.call('GET', path), 404, 'Device not found')
    for (const path of kept) expect((await beams.call('GET', path)).status).toBe(200)
  })

  test('is a success for a user never seen, and twice', async () => {
    const beams = await openBeams()
    for (let n = 0; n < 2; n++) expectVoid(await remove(beams, base, 'nobody'))
  })

  test.each([
    ['an escaped blank', 'a b', 'a%20b'],
    ['a blank as a plus, as Java, PHP and Ruby write it', 'a b', 'a+b'],
    ['a plus escaped', 'a+b', 'a%2Bb'],
    ['a plus left bare, as Go does', 'a+b', 'a+b'],
    ['a slash escaped', 'a/b', 'a%2Fb'],
    ['a slash left as it is, as Python does', 'a/b', 'a/b'],
    ['two slashes in a row', 'a//b', 'a//b'],
    ['a percent sign', '100%', '100%25'],
    ['letters beyond ASCII', 'é😀', encodeURIComponent('é😀')],
    ['a path like this one', 'x/users/y', 'x/users/y'],
    ['164 characters of four bytes', '😀'.repeat(164), encodeURIComponent('😀'.repeat(164))],
  ])('understands %s', async (_, user, segment) => {
    const beams = await openBeams()
    await bound(beams, user)
    const other = await bound(beams, 'other')
    expectVoid(await remove(beams, base, segment))
    expect(await beams.admin()).toMatchObject([{ externalId: other.split('/').at(-1) }])
  })

  test.each([
    ['a bare plus is a plus where such a user exists', 'a+b', 'a b'],
    ['a plus escaped is never a blank', 'a%2Bb', 'a b'],
    ['the case counts', 'ALICE', 'alice'],
  ])('%s', async (_, segment, kept) => {
    const beams = await openBeams()
    if (segment === 'a+b') await bound(beams, 'a+b')
    await bound(beams, kept)
    expectVoid(await remove(beams, base, segment))
    expect(await beams.admin()).toMatchObject([{ userId: kept }])
  })

  test('refuses a user id of 165 characters', async () => {
    const beams = await openBeams()
    const text = "'User id' is too long, max length is 164"
    expectError(await remove(beams, base, 'x'.repeat(165)), 400, 'Bad request', text)
    expectError(await remove(beams, base, encodeURIComponent('😀'.repeat(165))), 400, 'Bad request', text)
  })

  test.each<[string, Record<string, string>, number, string, string]>([
    ['no header', {}, 400, 'Incomplete Request', '`Authorization` header is missing.'],
    [
      'another key',
      { Authorization: `Bearer ${'A1'.repeat(32)}` },
      401,
      'Unauthorized',
      'Incorrect Secret Key',
    ],
    ['another scheme', { Authorization: 'Basic YTpi' }, 401, 'Unauthorized', 'Incorrect Secret Key'],
    ['no key', { Authorization: 'Bearer ' }, 401, 'Unauthorized', 'Incorrect Secret Key'],
  ])('is refused with %s', async (_, headers, status, error, text) => {
    const beams = await openBeams()
    await bound(beams, 'alice')
    const before = await stateOf(beams)
    const path = `${base}/instances/${beams.instanceId}/users/alice`
    expectError(await beams.call('DELETE', path, { headers }), status, error, text)
    expect(await stateOf(beams)).toEqual(before)
  })

  test('is refused with the key in lower case, a user token, or the key of another instance', async () => {
    const beams = await openBeams({ secretKey: 'A1'.repeat(32) })
    const other = await openBeams({}, {}, beams.h)
    await bound(beams, 'alice')
    for (const key of [beams.secretKey.toLowerCase(), await beams.userToken('alice'), other.secretKey]) {
      expectError(await remove(beams, base, 'alice', key), 401, 'Unauthorized', 'Incorrect Secret Key')
    }
    expect(await beams.admin()).toHaveLength(1)
  })

  test.each([
    ['an unknown instance', crypto.randomUUID(), 404, 'Instance not found'],
    ['an instance that is none', 'nonsense', 400, 'Bad Request'],
    ['an empty instance', '', 400, 'Incomplete Request'],
  ])('answers %s before the key', async (_, id, status, error) => {
    const beams = await openBeams()
    expectError(await beams.call('DELETE', `${base}/instances/${id}/users/alice`), status, error)
  })

  test('knows no user without a name', async () => {
    const beams = await openBeams()
    expectError(await remove(beams, base, ''), 404, 'Not found')
  })

  test('answers an address that keeps presenting wrong keys with 429, and nobody else', async () => {
    const h = await createHarness({ env: { RATE_LIMIT: 'on' } })
    const beams = await openBeams({}, {}, h)
    const path = `${base}/instances/${beams.instanceId}/users/alice`
    const from = (address: string, key: string) =>
      beams.call('DELETE', path, { headers: { Authorization: `Bearer ${key}`, 'X-Test-Address': address } })
    for (let n = 0; n < 100; n++) expect((await from('192.0.2.1', 'wrong')).status).toBe(401)
    const refused = await from('192.0.2.1', 'wrong')
    expectError(refused, 429, 'Too Many Requests')
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
    expectVoid(await from('192.0.2.2', beams.secretKey))
  })
})

test('a device whose user was deleted makes itself again, with its user', async () => {
  const beams = await openBeams()
  const token = 'f'.repeat(32)
  const { path } = await beams.register('fcm', { token })
  expectVoid(await beams.setUser(path, await beams.userToken('alice')))
  expectVoid(await remove(beams, '/user_api/v1', 'alice'))
  // As the mobile SDKs do after a 404: register, interests, user, and the failed call again.
  expectError(await beams.call('POST', `${path}/interests/a`), 404, 'Device not found')
  const again = await beams.register('fcm', { token })
  await beams.setInterests(again.path, ['b'])
  expectVoid(await beams.setUser(again.path, await beams.userToken('alice')))
  expectVoid(await beams.call('POST', `${again.path}/interests/a`))
  expect(await beams.admin()).toMatchObject([{ userId: 'alice', topics: ['a', 'b'], token }])
})
