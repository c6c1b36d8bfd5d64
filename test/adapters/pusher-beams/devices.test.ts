import { describe, expect, test } from 'vitest'
import { expectError, expectVoid, newToken, openBeams, PLATFORMS, unknownId } from './kit.ts'

describe.each(PLATFORMS)('a device of %s', (platform) => {
  test('is read with its id, an empty user id and its metadata', async () => {
    const beams = await openBeams()
    const { id, path } = await beams.register(platform, { metadata: { sdkVersion: '1' } })
    const answer = await beams.call('GET', path)
    expect(answer.headers.get('Content-Type')).toBe('application/json')
    expect(answer.json).toEqual({ id, userId: '', metadata: { sdkVersion: '1' } })
  })

  test('is read with an empty object where it sent no metadata', async () => {
    const beams = await openBeams()
    const { path } = await beams.register(platform, { metadata: undefined })
    expect((await beams.call('GET', path)).json).toMatchObject({ metadata: {} })
  })

  test.each([
    ['no content type', {}],
    ['JSON, as iOS calls everything', { 'Content-Type': 'application/json' }],
  ])('is read with %s', async (_, headers) => {
    const beams = await openBeams()
    const { path } = await beams.register(platform)
    expect((await beams.call('GET', path, { headers })).status).toBe(200)
  })

  test.each([
    ['that was never there', () => unknownId(platform)],
    ['in upper case', (id: string) => id.toUpperCase()],
    ['that is none', () => 'nonsense'],
    ['without its platform', (id: string) => id.slice(id.indexOf('-') + 1)],
    ['of another platform', () => unknownId(platform === 'web' ? 'fcm' : 'web')],
    ['with a blank behind', (id: string) => `${id}%20`],
  ])('is unknown by an id %s', async (_, change) => {
    const beams = await openBeams()
    const { id } = await beams.register(platform)
    const path = `${beams.base}/devices/${platform}/${change(id)}`
    const unknown = [404, 'Device not found', 'Could not find the device.'] as const
    expectError(await beams.call('GET', path), ...unknown)
    expectError(await beams.call('PUT', `${path}/metadata`, { body: {} }), ...unknown)
    expectError(await beams.call('GET', `${path}/interests`), ...unknown)
    expectError(await beams.call('PUT', `${path}/interests`, { body: { interests: [] } }), ...unknown)
    expectVoid(await beams.call('DELETE', path))
    expect(await beams.admin()).toHaveLength(1)
  })

  test('is unknown under another platform', async () => {
    const beams = await openBeams()
    const { id } = await beams.register(platform)
    for (const other of PLATFORMS.filter((one) => one !== platform)) {
      const path = `${beams.base}/devices/${other}/${id}`
      expectError(await beams.call('GET', path), 404, 'Device not found')
      expectVoid(await beams.call('DELETE', path))
    }
    expect(await beams.admin()).toHaveLength(1)
  })

  test('is deleted with everything, and deleting it again is a success', async () => {
    const beams = await openBeams()
    const { path } = await beams.register(platform)
    await beams.setInterests(path, ['a'])
    for (let n = 0; n < 2; n++) expectVoid(await beams.call('DELETE', path))
    expectError(await beams.call('GET', path), 404, 'Device not found', 'Could not find the device.')
    expect(await beams.admin()).toEqual([])
    const topics = await beams.h.admin('GET', `/apps/${beams.app.id}/topics`)
    expect(await topics.json()).toEqual({ topics: [] })
  })

  test.each([
    ['no content type', {}],
    ['JSON, as iOS calls everything', { 'Content-Type': 'application/json' }],
    ['any other', { 'Content-Type': 'text/plain' }],
  ])('is deleted with %s', async (_, headers) => {
    const beams = await openBeams()
    const { path } = await beams.register(platform)
    expectVoid(await beams.call('DELETE', path, { headers }))
  })

  test('has its metadata replaced whole', async () => {
    const beams = await openBeams()
    const { path } = await beams.register(platform, { metadata: { sdkVersion: '1', extra: 'x' } })
    const metadata = { sdkVersion: '2', iosVersion: '18' }
    expectVoid(await beams.call('PUT', `${path}/metadata`, { body: metadata }))
    expect((await beams.call('GET', path)).json).toMatchObject({ metadata })
    expect((await beams.call('GET', path)).json).not.toHaveProperty('metadata.extra')
    expect(await beams.admin()).toMatchObject([{ sdkVersion: '2', osVersion: '18' }])
    expectVoid(await beams.call('PUT', `${path}/metadata`, { body: {} }))
    expect((await beams.call('GET', path)).json).toMatchObject({ metadata: {} })
    expect(await beams.admin()).toMatchObject([{ sdkVersion: null, osVersion: null }])
  })

  test('takes its metadata with a charset', async () => {
    const beams = await openBeams()
    const { path } = await beams.register(platform)
    const headers = { 'Content-Type': 'Application/JSON; charset=UTF-8' }
    expectVoid(await beams.call('PUT', `${path}/metadata`, { headers, body: '{"sdkVersion":"3"}' }))
    expect(await beams.admin()).toMatchObject([{ sdkVersion: '3' }])
  })

  test('is made with an id that nobody has had', async () => {
    const beams = await openBeams()
    const token = newToken(platform)
    const seen = new Set<string>()
    for (let n = 0; n < 5; n++) {
      const { id, path } = await beams.register(platform, { token })
      seen.add(id)
      await beams.call('DELETE', path)
    }
    expect(seen.size).toBe(5)
  })
})

describe('a new FCM token', () => {
  const put = (token: unknown) => ({ body: { token } })

  test('leaves the id, the interests and the user', async () => {
    const beams = await openBeams()
    const { id, path } = await beams.register()
    await beams.setInterests(path, ['a'])
    expectVoid(await beams.setUser(path, await beams.userToken('alice')))
    const token = newToken('fcm')
    expectVoid(await beams.call('PUT', `${path}/token`, put(token)))
    expect(await beams.admin()).toMatchObject([{ externalId: id, token, topics: ['a'], userId: 'alice' }])
    expect(await beams.register('fcm', { token })).toMatchObject({ id, initialInterestSet: ['a'] })
  })

  test('frees the old one', async () => {
    const beams = await openBeams()
    const old = newToken('fcm')
    const { id, path } = await beams.register('fcm', { token: old })
    await beams.setInterests(path, ['a'])
    expectVoid(await beams.call('PUT', `${path}/token`, put(newToken('fcm'))))
    const next = await beams.register('fcm', { token: old })
    expect(next.id).not.toBe(id)
    expect(next.initialInterestSet).toEqual([])
  })

  test('may be the one that the device has', async () => {
    const beams = await openBeams()
    const token = newToken('fcm')
    const { id, path } = await beams.register('fcm', { token })
    for (let n = 0; n < 2; n++) expectVoid(await beams.call('PUT', `${path}/token`, put(token)))
    expect(await beams.admin()).toMatchObject([{ externalId: id, token }])
  })

  test('that another device holds takes that device off the wire, until it registers again', async () => {
    const beams = await openBeams()
    const [ours, theirs] = [newToken('fcm'), newToken('fcm')]
    const device = await beams.register('fcm', { token: ours })
    const loser = await beams.register('fcm', { token: theirs })
    await beams.setInterests(loser.path, ['b'])
    expectVoid(await beams.call('PUT', `${device.path}/token`, put(theirs)))
    const unknown = [404, 'Device not found', 'Could not find the device.'] as const
    expectError(await beams.call('GET', loser.path), ...unknown)
    expectError(await beams.call('GET', `${loser.path}/interests`), ...unknown)
    expectError(
      await beams.call('PUT', `${loser.path}/interests`, { body: { interests: ['c'] } }),
      ...unknown,
    )
    expectError(await beams.call('POST', `${loser.path}/interests/c`), ...unknown)
    expectError(await beams.call('DELETE', `${loser.path}/interests/b`), ...unknown)
    expectError(await beams.call('PUT', `${loser.path}/metadata`, { body: {} }), ...unknown)
    expectError(await beams.call('PUT', `${loser.path}/token`, put(newToken('fcm'))), ...unknown)
    expectError(await beams.setUser(loser.path, await beams.userToken('alice')), ...unknown)
    expect(await beams.register('fcm', { token: theirs })).toMatchObject({ id: device.id })
    const again = await beams.register('fcm', { token: newToken('fcm') })
    expect([device.id, loser.id]).not.toContain(again.id)
    expectVoid(await beams.call('DELETE', loser.path))
    expect((await beams.call('GET', device.path)).status).toBe(200)
  })

  test('swapped between two devices at once leaves each token with one device', async () => {
    const beams = await openBeams()
    const [one, two] = [newToken('fcm'), newToken('fcm')]
    const first = await beams.register('fcm', { token: one })
    const second = await beams.register('fcm', { token: two })
    await Promise.all([
      beams.call('PUT', `${first.path}/token`, put(two)),
      beams.call('PUT', `${second.path}/token`, put(one)),
    ])
    const held = (await beams.admin()).flatMap(({ token }) => (token === null ? [] : [token]))
    expect(new Set(held).size).toBe(held.length)
  })

  test.each([
    ['absent', undefined],
    ['empty', ''],
    ['null', null],
    ['a number', 1],
  ])('is refused where it is %s', async (_, token) => {
    const beams = await openBeams()
    const { path } = await beams.register()
    const before = await beams.admin()
    const text = 'Missing token field with the FCM Registration Id.'
    expectError(await beams.call('PUT', `${path}/token`, put(token)), 400, 'Bad request', text)
    expect(await beams.admin()).toEqual(before)
  })

  test.each(['apns', 'web'] as const)(
    'cannot be given to a device of %s: there is no such path',
    async (platform) => {
      const beams = await openBeams()
      const { path } = await beams.register(platform)
      expectError(await beams.call('PUT', `${path}/token`, put('x')), 404, 'Not found')
    },
  )
})

test('the VAPID key is the app’s: an uncompressed P-256 point, and never another', async () => {
  const beams = await openBeams()
  const answer = await beams.call('GET', `${beams.base}/web-vapid-public-key`)
  expect(answer.headers.get('Content-Type')).toBe('application/json')
  expect(answer.json).toEqual({ vapidPublicKey: beams.app.vapid.publicKey })
  expect(beams.app.vapid.publicKey).toMatch(/^B[A-Za-z0-9_-]{86}$/)
  await beams.register('web')
  expect((await beams.call('GET', `${beams.base}/web-vapid-public-key`)).json).toEqual(answer.json)
})
