import { describe, expect, test } from 'vitest'
import { createHarness } from '../../harness/harness.ts'
import { expectError, expectVoid, MALFORMED, openBeams, PLATFORMS, userOf, withDevice } from './kit.ts'

describe.each(PLATFORMS)('a user of %s', (platform) => {
  test('is bound, proved, and bound again without a change', async () => {
    const { beams, path } = await withDevice(platform)
    for (let n = 0; n < 2; n++) expectVoid(await beams.setUser(path, await beams.userToken('alice')))
    expect(await userOf(beams, path)).toBe('alice')
    expect(await beams.admin()).toMatchObject([{ userId: 'alice', userProved: true }])
  })

  test('shows by its token which secret key is in use', async () => {
    const { beams, path } = await withDevice(platform)
    const used = async () => {
      const answer = await beams.h.admin('GET', `/apps/${beams.app.id}/credentials`)
      const { credentials } = await answer.json<{ credentials: { lastUsedAt: string | null }[] }>()
      return credentials.map(({ lastUsedAt }) => lastUsedAt)
    }
    await beams.setUser(path, await beams.userToken('alice', { key: 'another key of 32 characters ...' }))
    expect(await used()).toEqual([null])
    expectVoid(await beams.setUser(path, await beams.userToken('alice')))
    expect(await used()).toEqual([beams.h.clock.now.toISOString()])
  })

  test('is not replaced by another', async () => {
    const { beams, path } = await withDevice(platform)
    expectVoid(await beams.setUser(path, await beams.userToken('alice')))
    expectError(
      await beams.setUser(path, await beams.userToken('bob')),
      400,
      'Bad Request',
      'A User Id is already associated with this device.',
    )
    expect(await userOf(beams, path)).toBe('alice')
  })

  test('B30a: makes room for another once the device was deleted and registered again', async () => {
    const beams = await openBeams()
    const token = `token ${crypto.randomUUID()}`
    const first = await beams.register(platform, { token })
    expectVoid(await beams.setUser(first.path, await beams.userToken('user-1')))
    expect((await beams.setUser(first.path, await beams.userToken('user-2'))).status).toBe(400)
    expectVoid(await beams.call('DELETE', first.path))
    const second = await beams.register(platform, { token })
    expect(second.path).not.toBe(first.path)
    expectVoid(await beams.setUser(second.path, await beams.userToken('user-2')))
    expect(await userOf(beams, second.path)).toBe('user-2')
  })

  test('may have 100 devices and no more, but goes on using those', async () => {
    const beams = await openBeams()
    const token = await beams.userToken('alice')
    const paths: string[] = []
    for (let n = 0; n < 101; n++) paths.push((await beams.register(platform)).path)
    for (const path of paths.slice(0, 100)) expectVoid(await beams.setUser(path, token))
    const [last = '', first = ''] = [paths[100], paths[0]]
    const text = 'User already has reached the maximum of 100 devices.'
    expectError(await beams.setUser(last, token), 422, 'Unprocessable Entity', text)
    expect(await userOf(beams, last)).toBe('')
    expectVoid(await beams.setUser(first, token))
    expectVoid(await beams.call('DELETE', first))
    expectVoid(await beams.setUser(last, token))
  })
})

test('the 100 devices of a user are counted per platform, iPhones and Macs together', async () => {
  const beams = await openBeams()
  const token = await beams.userToken('alice')
  const bind = async (metadata: object) => {
    const { path } = await beams.register('apns', { metadata })
    return (await beams.setUser(path, token)).status
  }
  for (let n = 0; n < 50; n++) {
    expect([await bind({ iosVersion: '17' }), await bind({ macosVersion: '14' })]).toEqual([200, 200])
  }
  expect([await bind({ iosVersion: '17' }), await bind({ macosVersion: '14' })]).toEqual([422, 422])
  for (const platform of ['fcm', 'web'] as const) {
    expectVoid(await beams.setUser((await beams.register(platform)).path, token))
  }
})

test('the 100 devices of a user hold when they are bound at once', async () => {
  const beams = await openBeams()
  const token = await beams.userToken('alice')
  for (let n = 0; n < 97; n++) {
    expectVoid(await beams.setUser((await beams.register()).path, token))
  }
  const more = await Promise.all(Array.from({ length: 8 }, () => beams.register()))
  const answers = await Promise.all(more.map(({ path }) => beams.setUser(path, token)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 422, 422, 422, 422, 422])
})

test('two users at once: one is bound, the other refused', async () => {
  const { beams, path } = await withDevice()
  const tokens = await Promise.all(['alice', 'bob'].map((user) => beams.userToken(user)))
  const answers = await Promise.all(tokens.map((token) => beams.setUser(path, token)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
})

test('one user of two instances is two users', async () => {
  const one = await openBeams()
  const two = await openBeams({}, {}, one.h)
  const { path } = await one.register()
  expectVoid(await one.setUser(path, await one.userToken('alice')))
  const users = `/customer_api/v1/instances/${two.instanceId}/users/alice`
  expectVoid(await two.call('DELETE', users, { headers: { Authorization: `Bearer ${two.secretKey}` } }))
  expect(await userOf(one, path)).toBe('alice')
})

describe('several live secret keys', () => {
  const KEY = 'C3'.repeat(32)

  async function rotated() {
    const { beams, path } = await withDevice()
    const credentials = `/apps/${beams.app.id}/credentials`
    const added = await beams.h.admin('POST', credentials, {
      dialect: 'pusher-beams',
      kind: 'secretKey',
      secret: KEY,
    })
    expect(added.status).toBe(201)
    const listed = await (await beams.h.admin('GET', credentials)).json<{ credentials: { id: string }[] }>()
    const { id } = await added.json<{ id: string }>()
    const old = listed.credentials.find((one) => one.id !== id)?.id
    const revoke = (which: string | undefined) =>
      beams.h.admin('DELETE', `${credentials}/${which}?force=true`)
    return { beams, path, added: id, old, revoke }
  }

  test('each sign user tokens', async () => {
    const { beams, path } = await rotated()
    expectVoid(await beams.setUser(path, await beams.userToken('alice', { key: KEY })))
    expectVoid(await beams.setUser(path, await beams.userToken('alice')))
  })

  test('each open the server calls', async () => {
    const { beams } = await rotated()
    for (const key of [KEY, beams.secretKey]) {
      const users = `/user_api/v1/instances/${beams.instanceId}/users/nobody`
      expectVoid(await beams.call('DELETE', users, { headers: { Authorization: `Bearer ${key}` } }))
    }
  })

  test('a revoked one opens nothing, at once', async () => {
    const { beams, path, old, revoke } = await rotated()
    expectVoid(await beams.setUser(path, await beams.userToken('alice')))
    expect((await revoke(old)).status).toBe(204)
    expectError(await beams.setUser(path, await beams.userToken('alice')), ...MALFORMED)
    expectVoid(await beams.setUser(path, await beams.userToken('alice', { key: KEY })))
    const users = `/user_api/v1/instances/${beams.instanceId}/users/nobody`
    const headers = { Authorization: `Bearer ${beams.secretKey}` }
    expectError(await beams.call('DELETE', users, { headers }), 401, 'Unauthorized', 'Incorrect Secret Key')
  })

  test('none left: nothing is accepted', async () => {
    const { beams, path, old, added, revoke } = await rotated()
    await revoke(old)
    await revoke(added)
    expectError(await beams.setUser(path, await beams.userToken('alice', { key: KEY })), ...MALFORMED)
  })
})

test('a hundred failures in a row do not lock the phone out: a 429 would block its queue for good', async () => {
  const beams = await openBeams({}, {}, await createHarness({ env: { RATE_LIMIT: 'on' } }))
  const { path } = await beams.register()
  for (let n = 0; n < 101; n++) expectError(await beams.setUser(path, 'nonsense'), ...MALFORMED)
  expectVoid(await beams.setUser(path, await beams.userToken('alice')))
})
