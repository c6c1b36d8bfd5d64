import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { type AppDocument, createHarness } from '../harness/harness.ts'

const BEAMS = 'pusher-beams'
const harness = () => createHarness({ adapters: [...adapters, echoDialect] })
interface AppPage {
  readonly apps: readonly AppDocument[]
  readonly nextCursor: string
}
interface CredentialDocument {
  readonly id: string
  readonly secret: string
}
interface CredentialList {
  readonly credentials: readonly CredentialDocument[]
}

const PAIR = {
  publicKey: 'BCJDPzFpVr2nUDhYkbZIMAXL9fGz_RI-UQHxxJPZD3RcJzLR97RCpDhM3AYIdb92ZyCC4tvEgBQ5mqlZE_GMvtE',
  privateKey: 'AAAA',
}

describe('POST /apps', () => {
  test('keeps the identifiers and secrets that a shipped app has, and shows no given secret again', async () => {
    const h = await harness()
    const instanceId = crypto.randomUUID().toUpperCase()
    const response = await h.admin('POST', '/apps', {
      name: 'shop',
      dialects: { [BEAMS]: { instanceId, secretKey: 'ABCDEF0123' } },
    })
    expect(response.status).toBe(201)
    const app = await response.json<AppDocument>()
    expect(response.headers.get('location')).toBe(`/admin/v1/apps/${app.id}`)
    expect(app).toEqual({
      id: expect.any(String),
      name: 'shop',
      dialects: { [BEAMS]: { instanceId } },
      vapid: { publicKey: expect.stringMatching(/^B[A-Za-z0-9_-]{86}$/), subject: expect.any(String) },
      limits: { devices: null, devicesPerUser: null },
      retention: { events: null, receipts: null, messages: null, inactiveDevices: null },
      settings: { carryOver: true },
      createdAt: '2026-11-25T12:00:00.000Z',
      updatedAt: '2026-11-25T12:00:00.000Z',
    })
  })

  test('generates what is left out, shows a generated secret this once, and it works', async () => {
    const h = await harness()
    const app = await h.createApp({ [BEAMS]: {} })
    const { instanceId, secretKey } = app.dialects[BEAMS] ?? {}
    expect(instanceId).toMatch(/^[0-9a-f-]{36}$/)
    expect(secretKey).toMatch(/^[0-9A-F]{64}$/)
    const read = await (await h.admin('GET', `/apps/${app.id}`)).json<AppDocument>()
    expect(read.dialects).toEqual({ [BEAMS]: { instanceId } })
    const remove = `/customer_api/v1/instances/${instanceId}/users/alice`
    const answer = await h.request('DELETE', remove, { headers: { Authorization: `Bearer ${secretKey}` } })
    expect(answer.status).toBe(200)
  })

  test('an app may have any subset of dialects, none included', async () => {
    const h = await harness()
    expect((await h.createApp({})).dialects).toEqual({})
    expect(Object.keys((await h.createApp({ echo: {}, [BEAMS]: {} })).dialects).sort()).toEqual([
      'echo',
      BEAMS,
    ])
  })

  test('an identifier in use is a conflict in any case of its letters, and makes no app', async () => {
    const h = await harness()
    const instanceId = crypto.randomUUID()
    const first = await h.createApp({ [BEAMS]: { instanceId } })
    const again = { name: 'b', dialects: { echo: {}, [BEAMS]: { instanceId: instanceId.toUpperCase() } } }
    const response = await h.admin('POST', '/apps', again)
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({ status: 409, title: 'Conflict' })
    const found = await h.gateway.apps.find(BEAMS, instanceId)
    expect(found?.app.id).toBe(first.id)
  })

  test('a given VAPID pair is given to browsers and never changes', async () => {
    const h = await harness()
    const made = await h.createApp({})
    const pair = await import('../../src/secrets/vapid.ts').then((vapid) => vapid.generateVapid())
    const app = await h.createApp(
      { [BEAMS]: {} },
      { vapid: { ...pair, subject: 'mailto:push@shop.example' } },
    )
    expect(app.vapid).toEqual({ publicKey: pair.publicKey, subject: 'mailto:push@shop.example' })
    expect(made.vapid.publicKey).not.toBe(app.vapid.publicKey)
    const key = `/device_api/v1/instances/${app.dialects[BEAMS]?.instanceId}/web-vapid-public-key`
    expect(await (await h.request('GET', key)).json()).toEqual({ vapidPublicKey: pair.publicKey })
    expect((await h.admin('PATCH', `/apps/${app.id}`, { vapid: pair })).status).toBe(400)
  })

  test.each([
    ['no name', { dialects: {} }, ['name']],
    ['an empty name', { name: ' ' }, ['name']],
    ['an unknown member', { name: 'a', colour: 'red' }, ['colour']],
    ['an unknown dialect', { name: 'a', dialects: { morse: {} } }, ['dialects.morse']],
    [
      'an unknown key of a dialect',
      { name: 'a', dialects: { [BEAMS]: { secret: 'x' } } },
      ['dialects.pusher-beams.secret'],
    ],
    [
      'two unknown keys',
      { name: 'a', dialects: { [BEAMS]: { a: 1, b: 2 } } },
      ['dialects.pusher-beams.a', 'dialects.pusher-beams.b'],
    ],
    [
      'an instance id that is no UUID',
      { name: 'a', dialects: { [BEAMS]: { instanceId: 'x' } } },
      ['dialects.pusher-beams.instanceId'],
    ],
    ['a dialect that is no object', { name: 'a', dialects: { [BEAMS]: 7 } }, ['dialects.pusher-beams']],
    ['a dialect that is null', { name: 'a', dialects: { [BEAMS]: null } }, ['dialects.pusher-beams']],
    ['a VAPID pair that is none', { name: 'a', vapid: PAIR }, ['vapid']],
    [
      'a VAPID subject that is no address',
      { name: 'a', vapid: { ...PAIR, subject: 'me' } },
      ['vapid.subject'],
    ],
    ['a setting of another type', { name: 'a', settings: { carryOver: 'yes' } }, ['settings.carryOver']],
  ])('refuses %s, naming it', async (_, body, paths) => {
    const h = await harness()
    const response = await h.admin('POST', '/apps', body)
    const problem = await response.json<{ errors?: { path: string }[] }>()
    expect([response.status, problem.errors?.map((one) => one.path)]).toEqual([400, paths])
    expect(problem).toMatchObject({
      type: expect.any(String),
      title: 'Invalid request',
      detail: expect.any(String),
    })
  })
})

describe('GET /apps', () => {
  test('pages newest first, with no cursor on the last page', async () => {
    const h = await harness()
    // Apps of other tests share the database; a clock far in the future puts these three first.
    h.clock.advance(3_600_000 * Math.ceil(Math.random() * 1e6))
    const ids: string[] = []
    for (let i = 0; i < 3; i++) {
      h.clock.advance(1000)
      ids.unshift((await h.createApp({})).id)
    }
    const first = await (await h.admin('GET', '/apps?limit=2')).json<AppPage>()
    expect(first.apps.map((app) => app.id)).toEqual(ids.slice(0, 2))
    const second = await (await h.admin('GET', `/apps?limit=2&cursor=${first.nextCursor}`)).json<AppPage>()
    expect(second.apps[0]?.id).toBe(ids[2])
  })

  test.each(['limit=0', 'limit=101', 'limit=x', 'limit=1.5', 'cursor=abc', 'cursor=', 'sort=name'])(
    'refuses ?%s',
    async (query) => {
      const h = await harness()
      expect((await h.admin('GET', `/apps?${query}`)).status).toBe(400)
    },
  )
})

describe('PATCH /apps/{app}', () => {
  test('changes the name and the settings, and leaves the rest', async () => {
    const h = await harness()
    const app = await h.createApp({ [BEAMS]: {} })
    h.clock.advance(1000)
    const response = await h.admin('PATCH', `/apps/${app.id}`, {
      name: 'new',
      settings: { carryOver: false },
    })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      name: 'new',
      settings: { carryOver: false },
      dialects: { [BEAMS]: { instanceId: app.dialects[BEAMS]?.instanceId } },
      updatedAt: '2026-11-25T12:00:01.000Z',
    })
  })

  test('adds a dialect, moves an identifier, and takes a dialect away with its devices', async () => {
    const h = await harness()
    const app = await h.createApp({ echo: { code: crypto.randomUUID() } })
    const code = app.dialects.echo?.code
    await h.request('PUT', `/echo/${code}/phone`, { body: { token: 'T' } })
    const moved = crypto.randomUUID()
    await h.admin('PATCH', `/apps/${app.id}`, { dialects: { [BEAMS]: {}, echo: { code: moved } } })
    expect((await h.request('PUT', `/echo/${code}/phone`, { body: { token: 'T' } })).status).toBe(404)
    expect((await h.request('PUT', `/echo/${moved}/phone`, { body: { token: 'T' } })).status).toBe(200)
    const left = await (
      await h.admin('PATCH', `/apps/${app.id}`, { dialects: { echo: null } })
    ).json<AppDocument>()
    expect(Object.keys(left.dialects)).toEqual([BEAMS])
    expect((await h.request('PUT', `/echo/${moved}/phone`, { body: { token: 'T' } })).status).toBe(404)
    expect(await (await h.admin('GET', `/apps/${app.id}/devices`)).json()).toEqual({ devices: [] })
  })

  test("another app's identifier is a conflict and changes nothing", async () => {
    const h = await harness()
    const one = await h.createApp({ [BEAMS]: {} })
    const two = await h.createApp({ [BEAMS]: {} })
    const instanceId = one.dialects[BEAMS]?.instanceId
    const response = await h.admin('PATCH', `/apps/${two.id}`, {
      name: 'x',
      dialects: { [BEAMS]: { instanceId } },
    })
    expect(response.status).toBe(409)
    expect(await (await h.admin('GET', `/apps/${two.id}`)).json()).toMatchObject({
      name: 'test',
      dialects: { [BEAMS]: { instanceId: two.dialects[BEAMS]?.instanceId } },
    })
  })
})

describe('DELETE /apps/{app}', () => {
  test('takes the app with all its data, and frees its identifier', async () => {
    const h = await harness()
    const app = await h.createApp({ [BEAMS]: {} })
    const instanceId = app.dialects[BEAMS]?.instanceId
    const devices = `/device_api/v1/instances/${instanceId}/devices/fcm`
    expect((await h.request('POST', devices, { body: { token: 'T' } })).status).toBe(200)
    expect((await h.admin('DELETE', `/apps/${app.id}`)).status).toBe(204)
    expect((await h.admin('GET', `/apps/${app.id}`)).status).toBe(404)
    expect((await h.admin('DELETE', `/apps/${app.id}`)).status).toBe(404)
    expect((await h.request('POST', devices, { body: { token: 'T' } })).status).toBe(404)
    const next = await h.createApp({ [BEAMS]: { instanceId } })
    expect(await (await h.admin('GET', `/apps/${next.id}/devices`)).json()).toEqual({ devices: [] })
  })
})

describe('credentials', () => {
  const openDoor = async (h: Awaited<ReturnType<typeof harness>>, instanceId: unknown, key: unknown) =>
    (
      await h.request('DELETE', `/customer_api/v1/instances/${instanceId}/users/nobody`, {
        headers: { Authorization: `Bearer ${key}` },
      })
    ).status

  test('a key is rotated without downtime: both open until the old one is revoked', async () => {
    const h = await harness()
    const app = await h.createApp({ [BEAMS]: {} })
    const { instanceId, secretKey } = app.dialects[BEAMS] ?? {}
    h.clock.advance(1000)
    const added = await h.admin('POST', `/apps/${app.id}/credentials`, { dialect: BEAMS })
    expect(added.status).toBe(201)
    const next = await added.json<CredentialDocument>()
    expect(next).toEqual({
      id: expect.any(String),
      dialect: BEAMS,
      kind: 'secretKey',
      name: null,
      scopes: [],
      hint: next.secret.slice(-4),
      createdAt: expect.any(String),
      lastUsedAt: null,
      secret: expect.stringMatching(/^[0-9A-F]{64}$/),
    })
    expect(await openDoor(h, instanceId, secretKey)).toBe(200)
    expect(await openDoor(h, instanceId, next.secret)).toBe(200)
    const { credentials } = await (await h.admin('GET', `/apps/${app.id}/credentials`)).json<CredentialList>()
    expect(credentials).toHaveLength(2)
    expect(JSON.stringify(credentials)).not.toContain(next.secret)
    const old = credentials.find((one) => one.id !== next.id)
    expect((await h.admin('DELETE', `/apps/${app.id}/credentials/${old?.id}`)).status).toBe(204)
    expect(await openDoor(h, instanceId, secretKey)).toBe(401)
    expect(await openDoor(h, instanceId, next.secret)).toBe(200)
  })

  test('a given secret is taken and not shown again; the same one twice is a conflict', async () => {
    const h = await harness()
    const app = await h.createApp({ [BEAMS]: {} })
    const body = { dialect: BEAMS, kind: 'secretKey', secret: 'brought-along' }
    const added = await h.admin('POST', `/apps/${app.id}/credentials`, body)
    expect(await added.json()).not.toHaveProperty('secret')
    expect(await openDoor(h, app.dialects[BEAMS]?.instanceId, 'brought-along')).toBe(200)
    expect((await h.admin('POST', `/apps/${app.id}/credentials`, body)).status).toBe(409)
  })

  test.each([
    ['a dialect that does not exist', { dialect: 'morse' }],
    ['a dialect that the app does not speak', { dialect: BEAMS }],
    ['a kind that the dialect does not have', { dialect: 'echo', kind: 'key' }],
    ['an unknown member', { dialect: 'echo', colour: 'red' }],
    ['no dialect', {}],
  ])('refuses %s', async (_, body) => {
    const h = await harness()
    const app = await h.createApp({ echo: {} })
    expect((await h.admin('POST', `/apps/${app.id}/credentials`, body)).status).toBe(400)
  })

  test("another app's credential cannot be revoked", async () => {
    const h = await harness()
    const one = await h.createApp({ [BEAMS]: {} })
    const two = await h.createApp({ [BEAMS]: {} })
    const { credentials } = await (await h.admin('GET', `/apps/${one.id}/credentials`)).json<CredentialList>()
    expect((await h.admin('DELETE', `/apps/${two.id}/credentials/${credentials[0]?.id}`)).status).toBe(404)
    expect(await openDoor(h, one.dialects[BEAMS]?.instanceId, one.dialects[BEAMS]?.secretKey)).toBe(200)
  })
})
