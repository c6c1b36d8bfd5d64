import { describe, expect, test } from 'vitest'
import { newPhone, openTenant } from '../adapters/backendless/tenant.ts'
import { newPerson, openWorkspace, people } from '../adapters/flameup/kit.ts'
import { openBeams } from '../adapters/pusher-beams/kit.ts'

const WORDS = ['BLACKLISTED', 'null', '(null)', 'undefined', 'Nil', 'none', 'NaN', '[object Object]']

describe('words for no token join no strangers', () => {
  test.each(WORDS)('Beams: two phones with %s share no device, and no user (B03a)', async (token) => {
    const beams = await openBeams()
    const body = { token }
    const answers = [1, 2].map(() => beams.call('POST', `${beams.base}/devices/fcm`, { body }))
    for (const { status, json } of await Promise.all(answers)) {
      expect([status, json]).toEqual([400, { error: 'Bad request', description: 'Missing FCM token.' }])
    }
    const { path } = await beams.register('fcm')
    await beams.setUser(path, await beams.userToken('user-1'))
    const renamed = await beams.call('PUT', `${path}/token`, { body })
    expect(renamed.status).toBe(400)
    expect(await beams.admin()).toMatchObject([
      { userId: 'user-1', token: expect.not.stringContaining(token) },
    ])
  })

  test.each(WORDS)('Flameup: %s is refused for one person and the next (B03c)', async (token) => {
    const w = await openWorkspace()
    for (const person of [newPerson(), newPerson()]) {
      const answer = await w.call('POST', people(person), { body: { token, platform: 'android' } })
      expect(answer.status).toBe(422)
      expect(answer.json).toMatchObject({ error: { details: { fields: { token: expect.any(String) } } } })
      expect((await w.list(person)).total).toBe(0)
      expect((await w.remove(person, token)).status).toBe(404)
    }
  })
})

test.each([
  'unknown',
  'UNKNOWN',
  '00000000-0000-0000-0000-000000000000',
  '0123456789ABCDEF',
  '9774d56d682e549c',
  'ffffffff',
])(
  'Backendless: two phones that share the id %s are both reachable, and answers repeat it (B04a)',
  async (deviceId) => {
    const t = await openTenant()
    const tokens = [newPhone().deviceToken, newPhone().deviceToken]
    const ids: string[] = []
    for (const deviceToken of tokens) ids.push(await t.register({ deviceId, deviceToken }, 'android'))
    expect((await t.devices()).map(({ token }) => token).sort()).toEqual([...tokens].sort())
    // Such an id alone identifies no device; the ids returned at registration do, and the id sent is kept.
    expect(await t.read(deviceId)).toBe(5000)
    for (const [i, deviceToken] of tokens.entries()) {
      expect(await t.read(ids[i] ?? '')).toMatchObject({ deviceId, deviceToken })
    }
    expect((await t.call('DELETE', `/messaging/registrations/${deviceId}`)).status).toBe(400)
    expect(await t.devices()).toHaveLength(2)
  },
)

test('Beams: half an emoji in a user id is said so, and binds nobody (B11a)', async () => {
  const beams = await openBeams()
  const { path } = await beams.register('fcm')
  for (let n = 0; n < 2; n++) {
    const answer = await beams.setUser(path, await beams.userToken('user \ud83d'))
    expect(answer.status).toBe(400)
    expect(answer.json).not.toMatchObject({ description: expect.stringContaining('already associated') })
  }
  expect(await beams.admin()).toMatchObject([{ userId: null }])
})

test.each(['device_name', 'device_model', 'os_version', 'app_version'])(
  'Flameup: half an emoji in %s costs no registration (B11c)',
  async (member) => {
    const w = await openWorkspace()
    const body = { token: crypto.randomUUID(), platform: 'ios', [member]: 'phone \ud83d' }
    const answer = await w.call('POST', people(newPerson()), { body })
    expect([answer.status, answer.json]).toMatchObject([201, { [member]: 'phone \ufffd' }])
  },
)

test('Backendless: a doubled slash inside a path is one (B15d)', async () => {
  const t = await openTenant()
  const body = { ...newPhone(), os: 'ANDROID', osVersion: '14' }
  expect((await t.call('POST', '//messaging/registrations', { body })).status).toBe(200)
  expect((await t.call('GET', `//messaging//registrations/${body.deviceId}`)).status).toBe(200)
})

test('Beams: a device has one user until it is deleted, then it is another device (B30a)', async () => {
  const beams = await openBeams()
  const body = { token: crypto.randomUUID() }
  const first = await beams.register('fcm', body)
  const bind = async (path: string, user: string) =>
    (await beams.setUser(path, await beams.userToken(user))).status
  expect([await bind(first.path, 'user-1'), await bind(first.path, 'user-2')]).toEqual([200, 400])
  expect((await beams.call('DELETE', first.path)).status).toBe(200)
  const second = await beams.register('fcm', body)
  expect(second.id).not.toBe(first.id)
  expect(await bind(second.path, 'user-2')).toBe(200)
})
