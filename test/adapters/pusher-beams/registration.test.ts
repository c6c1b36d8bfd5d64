import { describe, expect, test } from 'vitest'
import type { Db } from '../../../src/store/sql/port.ts'
import { createHarness } from '../../harness/harness.ts'
import {
  type BeamsPlatform,
  expectError,
  expectVoid,
  newToken,
  openBeams,
  PLATFORMS,
  registration,
  UUID,
} from './kit.ts'

describe.each(PLATFORMS)('a registration of %s', (platform) => {
  test('answers a new id and an empty set, as JSON', async () => {
    const beams = await openBeams()
    const path = `${beams.base}/devices/${platform}`
    const answer = await beams.call('POST', path, { body: registration(platform) })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Content-Type')).toBe('application/json')
    expect(answer.json).toEqual({
      id: expect.stringMatching(new RegExp(`^${platform}-${UUID}$`)),
      initialInterestSet: [],
    })
  })

  test.each([
    ['absent', undefined],
    ['empty', ''],
    ['null', null],
    ['a number', 7],
    ['a list', ['t']],
    ['an object', { t: 1 }],
  ])('is refused where the token is %s', async (_, token) => {
    const beams = await openBeams()
    const body = { ...registration(platform), token }
    const name = { apns: 'APNs', fcm: 'FCM', web: 'web' }[platform]
    expectError(
      await beams.call('POST', `${beams.base}/devices/${platform}`, { body }),
      400,
      'Bad request',
      `Missing ${name} token.`,
    )
    expect(await beams.admin()).toEqual([])
  })

  test('of a known token keeps the id, the interests and the user', async () => {
    const beams = await openBeams()
    const token = newToken(platform)
    const first = await beams.register(platform, { token })
    await beams.setInterests(first.path, ['zebra', 'panda'])
    expectVoid(await beams.setUser(first.path, await beams.userToken('alice')))
    const again = await beams.register(platform, { token })
    expect(again).toEqual({ ...first, initialInterestSet: ['panda', 'zebra'] })
    expect((await beams.call('GET', first.path)).json).toMatchObject({ id: first.id, userId: 'alice' })
    expect(await beams.admin()).toHaveLength(1)
  })

  test('of a known token replaces the metadata', async () => {
    const beams = await openBeams()
    const token = newToken(platform)
    const { path } = await beams.register(platform, { token, metadata: { sdkVersion: '1', extra: 'x' } })
    await beams.register(platform, { token, metadata: { sdkVersion: '2' } })
    expect((await beams.call('GET', path)).json).toMatchObject({ metadata: { sdkVersion: '2' } })
    expect((await beams.call('GET', path)).json).not.toHaveProperty('metadata.extra')
    expect(await beams.admin()).toMatchObject([{ sdkVersion: '2', osVersion: null }])
  })

  test.each([
    ['absent', undefined],
    ['null', null],
  ])('of a known token with metadata %s keeps the stored one', async (_, metadata) => {
    const beams = await openBeams()
    const token = newToken(platform)
    const { path } = await beams.register(platform, { token, metadata: { sdkVersion: '1' } })
    await beams.register(platform, { token, metadata })
    expect((await beams.call('GET', path)).json).toMatchObject({ metadata: { sdkVersion: '1' } })
    expect(await beams.admin()).toMatchObject([{ sdkVersion: '1' }])
  })

  test('R22: repairs what of its metadata cannot be stored', async () => {
    const beams = await openBeams()
    const { path } = await beams.register(platform, { metadata: { sdkVersion: '1\u0000', a: ['\ud83d'] } })
    const metadata = { sdkVersion: '1\ufffd', a: ['\ufffd'] }
    expect((await beams.call('GET', path)).json).toMatchObject({ metadata })
  })

  test.each([
    ['unknown keys', { sdkVersion: '1', carrier: 'x', nested: { deep: [1, true, null] } }],
    ['values that are no strings', { sdkVersion: 5, iosVersion: true, androidVersion: null }],
    ['odd text', { sdkVersion: 'é😀"\'\\', ключ: '\u2028' }],
    ['nothing', {}],
  ])('keeps metadata with %s as it was sent', async (_, metadata) => {
    const beams = await openBeams()
    const { path } = await beams.register(platform, { metadata })
    expect((await beams.call('GET', path)).json).toMatchObject({ metadata })
  })

  test.each([
    ['text', 'sdk'],
    ['a list', ['sdk']],
    ['a number', 1],
  ])('is refused where the metadata is %s', async (_, metadata) => {
    const beams = await openBeams()
    const body = { ...registration(platform), metadata }
    expectError(await beams.call('POST', `${beams.base}/devices/${platform}`, { body }), 400, 'Bad request')
    expect(await beams.admin()).toEqual([])
  })

  test('twelve times at once gives one device', async () => {
    const beams = await openBeams()
    const body = registration(platform)
    const all = await Promise.all(Array.from({ length: 12 }, () => beams.register(platform, body)))
    expect(new Set(all.map(({ id }) => id)).size).toBe(1)
    expect(await beams.admin()).toHaveLength(1)
  })

  test('in another instance is another device', async () => {
    const one = await openBeams()
    const two = await openBeams({}, {}, one.h)
    const token = newToken(platform)
    const first = await one.register(platform, { token })
    await one.setInterests(first.path, ['a'])
    const second = await two.register(platform, { token })
    expect(second.id).not.toBe(first.id)
    expect(second.initialInterestSet).toEqual([])
    expect(await one.interests(first.path)).toEqual(['a'])
    expect(await two.admin()).toHaveLength(1)
  })

  test('after the device was deleted gives a new id, empty and without a user', async () => {
    const beams = await openBeams()
    const token = newToken(platform)
    const first = await beams.register(platform, { token })
    await beams.setInterests(first.path, ['a'])
    expectVoid(await beams.setUser(first.path, await beams.userToken('alice')))
    expectVoid(await beams.call('DELETE', first.path))
    const second = await beams.register(platform, { token })
    expect(second.id).not.toBe(first.id)
    expect(second.initialInterestSet).toEqual([])
    expect((await beams.call('GET', second.path)).json).toMatchObject({ userId: '' })
    expect((await beams.call('GET', first.path)).status).toBe(404)
  })

  test('after the user was deleted gives a new id, empty and without a user', async () => {
    const beams = await openBeams()
    const token = newToken(platform)
    const first = await beams.register(platform, { token })
    await beams.setInterests(first.path, ['a'])
    expectVoid(await beams.setUser(first.path, await beams.userToken('alice')))
    const users = `/customer_api/v1/instances/${beams.instanceId}/users`
    const headers = { Authorization: `Bearer ${beams.secretKey}` }
    expectVoid(await beams.call('DELETE', `${users}/alice`, { headers }))
    const second = await beams.register(platform, { token })
    expect(second.id).not.toBe(first.id)
    expect(second.initialInterestSet).toEqual([])
    expect((await beams.call('GET', second.path)).json).toMatchObject({ userId: '' })
  })
})

test('one token on every platform is one device on each', async () => {
  const beams = await openBeams()
  const token = newToken('apns')
  const ids = await Promise.all(
    PLATFORMS.map(async (platform) => (await beams.register(platform, { token })).id),
  )
  expect(new Set(ids).size).toBe(3)
})

test.each<[string, BeamsPlatform, Record<string, unknown>, number]>([
  ['apns needs a bundle identifier', 'apns', { bundleIdentifier: undefined }, 400],
  ['apns refuses an empty bundle identifier', 'apns', { bundleIdentifier: '' }, 400],
  ['apns refuses a bundle identifier that is no text', 'apns', { bundleIdentifier: 3 }, 400],
  ['fcm needs none, as Android sends none', 'fcm', { bundleIdentifier: undefined }, 200],
  ['fcm may send one', 'fcm', { bundleIdentifier: 'com.example.shop' }, 200],
  ['web ignores one', 'web', { bundleIdentifier: 'com.example.shop' }, 200],
  ['Android sends its former client ids', 'fcm', { knownPreviousClientIds: ['fcm-old'] }, 200],
  ['iOS 1 sends the instance id too', 'apns', { instanceId: 'anything' }, 200],
  ['a member that nobody knows is ignored', 'fcm', { unheardOf: { a: [1] } }, 200],
])('%s', async (_, platform, more, status) => {
  const beams = await openBeams()
  const body = { ...registration(platform), ...more }
  const answer = await beams.call('POST', `${beams.base}/devices/${platform}`, { body })
  if (status === 200) expect(answer.status, answer.text).toBe(200)
  else expectError(answer, 400, 'Bad request', 'Missing App Bundle Identifier.')
})

test('a Mac that registers again without metadata is still a Mac', async () => {
  const beams = await openBeams()
  const body = registration('apns')
  await beams.register('apns', { ...body, metadata: { sdkVersion: '4.0.0', macosVersion: '14.1' } })
  // Another value is new, so that the registration is written.
  await beams.register('apns', {
    token: body.token,
    bundleIdentifier: 'com.example.other',
    metadata: undefined,
  })
  expect(await beams.admin()).toMatchObject([{ platform: 'macos', osVersion: '14.1' }])
})

describe('the admin API shows', () => {
  const nothing = {
    name: null,
    model: null,
    appVersion: null,
    language: null,
    timezone: null,
    tags: {},
    badge: null,
    supersededAt: null,
  }
  test.each<[string, BeamsPlatform, Record<string, unknown>, Record<string, unknown>]>([
    [
      'an iPhone',
      'apns',
      { sdkVersion: '4.0.0', iosVersion: '17.2' },
      { platform: 'ios', provider: 'apns', sdkVersion: '4.0.0', osVersion: '17.2' },
    ],
    [
      'a Mac',
      'apns',
      { sdkVersion: '4.0.0', macosVersion: '14.1' },
      { platform: 'macos', provider: 'apns', sdkVersion: '4.0.0', osVersion: '14.1' },
    ],
    [
      'an Android phone',
      'fcm',
      { sdkVersion: '1.9.2', androidVersion: '14' },
      { platform: 'android', provider: 'fcm', sdkVersion: '1.9.2', osVersion: '14' },
    ],
    [
      'a browser',
      'web',
      { sdkVersion: '2.1.0' },
      { platform: 'web', provider: 'webpush', sdkVersion: '2.1.0', osVersion: null },
    ],
  ])('%s', async (_, platform, metadata, shown) => {
    const beams = await openBeams()
    const body: Record<string, unknown> = { ...registration(platform), metadata }
    const { id } = await beams.register(platform, body)
    const times = { createdAt: '2026-11-25T12:00:00.000Z', updatedAt: '2026-11-25T12:00:00.000Z' }
    expect(await beams.admin()).toEqual([
      {
        ...nothing,
        ...shown,
        ...times,
        id: expect.stringMatching(/./),
        installationId: expect.stringMatching(/./),
        dialect: 'pusher-beams',
        externalId: id,
        environment: 'unknown',
        token: body.token,
        userId: null,
        userProved: false,
        topics: [],
        active: true,
        lastSeenAt: times.createdAt,
        importedAt: null,
        liveAt: times.createdAt,
      },
    ])
  })
})

test('a registration of 5,000 interests reports all of them', async () => {
  const beams = await openBeams()
  const token = newToken('fcm')
  const { path } = await beams.register('fcm', { token })
  const names = Array.from({ length: 5000 }, (_, n) => `i${String(n).padStart(4, '0')}`)
  await beams.setInterests(path, names)
  expect((await beams.register('fcm', { token })).initialInterestSet).toEqual(names)
})

test.each(PLATFORMS)('an app start that changes nothing costs one read, on %s', async (platform) => {
  const count = { reads: 0, commits: 0 }
  const db = (real: Db): Db => ({
    read: (plan) => {
      count.reads++
      return real.read(plan)
    },
    commit: (plan) => {
      count.commits++
      return real.commit(plan)
    },
  })
  const beams = await openBeams({}, {}, await createHarness({ db }))
  const body = registration(platform)
  const { path } = await beams.register(platform, body)
  await beams.setInterests(path, ['a'])
  Object.assign(count, { reads: 0, commits: 0 })
  for (let n = 0; n < 3; n++) await beams.register(platform, body)
  expect(count).toEqual({ reads: 3, commits: 0 })
})
