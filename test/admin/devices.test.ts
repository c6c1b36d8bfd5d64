import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

/** An app with two dialects and the calls that fill it. */
async function shop() {
  const h = await createHarness({ adapters: [...adapters, echoDialect] })
  const app = await h.createApp({ 'pusher-beams': {}, echo: {} })
  const beams = `/device_api/v1/instances/${app.dialects['pusher-beams']?.instanceId}/devices`
  return {
    h,
    app,
    async beams(platform: string, token: string, interests: readonly string[] = []): Promise<string> {
      const body = { token, bundleIdentifier: 'b', metadata: { sdkVersion: '1.2', androidVersion: '14' } }
      const { id } = await (await h.request('POST', `${beams}/${platform}`, { body })).json<{ id: string }>()
      await h.request('PUT', `${beams}/${platform}/${id}/interests`, { body: { interests } })
      return id
    },
    echo: (device: string, token: string) =>
      h.request('PUT', `/echo/${app.dialects.echo?.code}/${device}`, { body: { token } }),
    list: async (query = ''): Promise<{ devices: Shown[]; nextCursor?: string }> =>
      (await h.admin('GET', `/apps/${app.id}/devices${query}`)).json(),
    installations: async (query = '') =>
      (await h.admin('GET', `/apps/${app.id}/installations${query}`)).json() as Promise<{
        installations: { id: string; devices: Shown[]; topics: string[] }[]
        nextCursor?: string
      }>,
  }
}
interface Shown {
  readonly id: string
  readonly externalId: string
  readonly installationId: string
}

interface Problem {
  readonly errors: readonly { readonly path: string }[]
}

async function bindUser(h: Harness, appId: string, id: string, user: string): Promise<void> {
  const app = await h.gateway.directory.app(appId)
  const setup = app.dialects.find((one) => one.dialect === 'pusher-beams')
  if (!setup) throw new Error('no dialect')
  const found = await h.gateway.apps.find('pusher-beams', setup.identifier.toLowerCase())
  if (!found) throw new Error('no app')
  const ref = { app: found, externalId: id, user: { id: user, proved: true }, cause: 'test' }
  expect(await h.gateway.users.bind({ ...ref, rules: { replace: false, limit: null } })).toBe('bound')
}

describe('GET /apps/{app}/devices', () => {
  test('shows every member of a device, always', async () => {
    const s = await shop()
    const id = await s.beams('fcm', 'tok', ['news'])
    await bindUser(s.h, s.app.id, id, 'alice')
    const { devices } = await s.list()
    expect(devices).toEqual([
      {
        id: expect.any(String),
        dialect: 'pusher-beams',
        externalId: id,
        installationId: expect.any(String),
        platform: 'android',
        provider: 'fcm',
        environment: 'unknown',
        token: 'tok',
        userId: 'alice',
        userProved: true,
        topics: ['news'],
        tags: {},
        active: true,
        name: null,
        model: null,
        osVersion: '14',
        appVersion: null,
        sdkVersion: '1.2',
        language: null,
        timezone: null,
        badge: null,
        createdAt: '2026-11-25T12:00:00.000Z',
        updatedAt: '2026-11-25T12:00:00.000Z',
        lastSeenAt: '2026-11-25T12:00:00.000Z',
        importedAt: null,
        liveAt: '2026-11-25T12:00:00.000Z',
        supersededAt: null,
      },
    ])
    const one = await (await s.h.admin('GET', `/apps/${s.app.id}/devices/${devices[0]?.id}`)).json()
    expect(one).toEqual(devices[0])
  })

  test.each([
    ['dialect=echo', ['e1', 'e2']],
    ['platform=ios', ['apns']],
    ['provider=apns', ['apns']],
    ['provider=fcm', ['e1', 'fcm']],
    ['topic=news', ['fcm']],
    ['user=alice', ['fcm']],
    ['token=AABB', ['apns']],
    ['token=aabb', ['apns']],
    ['token=%3CAA%20BB%3E', ['apns']],
    ['active=true', ['apns', 'e1', 'fcm']],
    ['active=false', ['e2']],
    ['active=true&provider=fcm&dialect=echo', ['e1']],
    ['topic=news&user=bob', []],
  ])('filters by ?%s', async (query, expected) => {
    const s = await shop()
    const apns = await s.beams('apns', 'AABB')
    const fcm = await s.beams('fcm', 'F', ['news'])
    await bindUser(s.h, s.app.id, fcm, 'alice')
    await s.echo('e2', 'E')
    await s.echo('e1', 'E')
    const names: Record<string, string> = { [apns]: 'apns', [fcm]: 'fcm' }
    const { devices } = await s.list(`?${query}`)
    expect(devices.map((one) => names[one.externalId] ?? one.externalId).sort()).toEqual(expected)
  })

  test('pages newest first and stays stable while devices come and go', async () => {
    const s = await shop()
    for (let i = 0; i < 7; i++) {
      s.h.clock.advance(1)
      await s.echo(`d${i}`, `t${i}`)
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await s.list(`?limit=3${cursor ? `&cursor=${cursor}` : ''}`)
      seen.push(...page.devices.map((one) => one.externalId))
      cursor = page.nextCursor
      if (seen.length === 3) {
        s.h.clock.advance(1)
        await s.echo('late', 'late')
        await s.h.admin('DELETE', `/apps/${s.app.id}/devices/${page.devices[2]?.id}`)
      }
    } while (cursor)
    expect(seen).toEqual(['d6', 'd5', 'd4', 'd3', 'd2', 'd1', 'd0'])
  })

  test('a page that is exactly full is the last one and has no cursor', async () => {
    const s = await shop()
    for (const name of ['a', 'b', 'c']) await s.echo(name, name)
    expect(await s.list('?limit=3')).not.toHaveProperty('nextCursor')
    expect(await s.list('?limit=2')).toHaveProperty('nextCursor')
  })

  test.each([
    'limit=0',
    'limit=101',
    'platform=toaster',
    'provider=pigeon',
    'active=maybe',
    'cursor=x',
    'colour=red',
  ])('refuses ?%s', async (query) => {
    const s = await shop()
    const response = await s.h.admin('GET', `/apps/${s.app.id}/devices?${query}`)
    expect([response.status, (await response.json<Problem>()).errors[0]?.path]).toEqual([
      400,
      query.split('=')[0],
    ])
  })
})

describe('one device', () => {
  test('is removed with what hangs on it, and its removal stays in the history', async () => {
    const s = await shop()
    await s.beams('fcm', 'T', ['a'])
    const id = (await s.list()).devices[0]?.id
    expect((await s.h.admin('DELETE', `/apps/${s.app.id}/devices/${id}`)).status).toBe(204)
    expect((await s.h.admin('DELETE', `/apps/${s.app.id}/devices/${id}`)).status).toBe(404)
    expect((await s.h.admin('GET', `/apps/${s.app.id}/devices/${id}`)).status).toBe(404)
    const history = await s.h.admin('GET', `/apps/${s.app.id}/devices/${id}/events`)
    const { events } = await history.json<{ events: { kind: string }[] }>()
    expect(events.map((one) => one.kind)).toEqual(['unregistered', 'subscribed', 'registered'])
  })

  test('of another app is not found', async () => {
    const s = await shop()
    const other = await shop()
    await s.echo('e', 'T')
    const id = (await s.list()).devices[0]?.id
    expect((await other.h.admin('GET', `/apps/${other.app.id}/devices/${id}`)).status).toBe(404)
    expect((await other.h.admin('DELETE', `/apps/${other.app.id}/devices/${id}`)).status).toBe(404)
    expect((await s.list()).devices).toHaveLength(1)
  })
})

describe('installations', () => {
  test('two dialects on one push token are one phone, with the union of the topics', async () => {
    const s = await shop()
    await s.echo('phone', 'T')
    await s.beams('fcm', 'T', ['b', 'a'])
    await s.echo('tablet', 'U')
    const { installations } = await s.installations()
    expect(installations).toHaveLength(2)
    const phone = installations.find((one) => one.devices.length === 2)
    expect(phone).toMatchObject({
      id: phone?.devices[0]?.installationId,
      provider: 'fcm',
      environment: 'unknown',
      token: 'T',
      state: 'live',
      topics: ['a', 'b'],
    })
    const one = await s.h.admin('GET', `/apps/${s.app.id}/installations/${phone?.id}`)
    expect(await one.json()).toEqual(phone)
  })

  test('a device without a push token is an installation of its own', async () => {
    const s = await shop()
    await s.echo('old', 'T')
    await s.echo('new', 'T')
    const { installations } = await s.installations()
    const alone = installations.find((one) => one.devices[0]?.externalId === 'old')
    expect(alone).toMatchObject({ id: alone?.devices[0]?.id, provider: null, token: null, state: null })
    expect((await s.h.admin('GET', `/apps/${s.app.id}/installations/${alone?.id}`)).status).toBe(200)
    expect((await s.h.admin('GET', `/apps/${s.app.id}/installations/nothing`)).status).toBe(404)
  })

  test('are filtered and paged as devices are', async () => {
    const s = await shop()
    for (let i = 0; i < 5; i++) {
      s.h.clock.advance(1)
      await s.echo(`d${i}`, `t${i}`)
    }
    await s.beams('fcm', 't3', ['x'])
    expect((await s.installations('?topic=x')).installations.map((one) => one.devices.length)).toEqual([2])
    const first = await s.installations('?limit=3')
    const second = await s.installations(`?limit=3&cursor=${first.nextCursor}`)
    const ids = [...first.installations, ...second.installations].map((one) => one.devices[0]?.externalId)
    expect(ids).toEqual(['d4', 'd3', 'd2', 'd1', 'd0'])
    expect(second).not.toHaveProperty('nextCursor')
  })
})

describe('users, topics and stats', () => {
  test('everything held about a user is listed, and erased in every dialect', async () => {
    const s = await shop()
    const id = await s.beams('fcm', 'T', ['a'])
    await bindUser(s.h, s.app.id, id, 'a/b c')
    await s.echo('e', 'other')
    const path = `/apps/${s.app.id}/users/${encodeURIComponent('a/b c')}`
    expect(await (await s.h.admin('GET', path)).json()).toMatchObject({
      userId: 'a/b c',
      devices: [{ externalId: id }],
    })
    const device = (await s.list('?user=a/b%20c')).devices[0]?.id
    expect((await s.h.admin('DELETE', path)).status).toBe(204)
    expect((await s.h.admin('GET', path)).status).toBe(404)
    expect((await s.list()).devices.map((one) => one.externalId)).toEqual(['e'])
    const history = await s.h.admin('GET', `/apps/${s.app.id}/devices/${device}/events`)
    expect(await history.json()).toEqual({ events: [] })
  })

  test('topics come with their subscribers', async () => {
    const s = await shop()
    await s.beams('fcm', '1', ['a', 'b'])
    await s.beams('fcm', '2', ['b', 'c'])
    const path = `/apps/${s.app.id}/topics`
    expect(await (await s.h.admin('GET', path)).json()).toEqual({
      topics: [
        { topic: 'a', subscribers: 1 },
        { topic: 'b', subscribers: 2 },
        { topic: 'c', subscribers: 1 },
      ],
    })
    const page = await (await s.h.admin('GET', `${path}?limit=2`)).json<{ nextCursor: string }>()
    const rest = await (await s.h.admin('GET', `${path}?limit=2&cursor=${page.nextCursor}`)).json()
    expect(rest).toEqual({ topics: [{ topic: 'c', subscribers: 1 }] })
  })

  test('stats count devices by dialect, platform, provider and activity, and registrations per day', async () => {
    const s = await shop()
    await s.beams('apns', 'aa')
    await s.beams('fcm', 'F')
    s.h.clock.advance(86_400_000)
    await s.echo('old', 'E')
    await s.echo('new', 'E')
    expect(await (await s.h.admin('GET', `/apps/${s.app.id}/stats`)).json()).toEqual({
      devices: {
        total: 4,
        active: 3,
        inUse: 3,
        byDialect: { 'pusher-beams': 2, echo: 2 },
        byPlatform: { ios: 1, android: 3 },
        byProvider: { apns: 1, fcm: 2 },
      },
      registrationsPerDay: [
        { date: '2026-11-25', count: 2 },
        { date: '2026-11-26', count: 2 },
      ],
    })
  })
})
