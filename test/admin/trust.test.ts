import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { generateVapid } from '../../src/secrets/vapid.ts'
import { type AppDocument, createHarness, type Harness } from '../harness/harness.ts'
import { ENOUGH } from '../removals/kit.ts'

const BEAMS = 'pusher-beams'

interface CredentialDocument {
  readonly id: string
  readonly dialect: string
  readonly hint: string | null
  readonly lastUsedAt: string | null
}
const credentialsOf = async (h: Harness, id: string) =>
  (await (await h.admin('GET', `/apps/${id}/credentials`)).json<{ credentials: CredentialDocument[] }>())
    .credentials
const would = async (response: Response) => {
  expect(response.status).toBe(200)
  return (await response.json<{ would: Record<string, number> }>()).would
}
interface Problem {
  readonly detail: string
  readonly errors: readonly { readonly path: string; readonly message: string }[]
}

describe('review B2: changes of one app at once all count', () => {
  const PAIRS = 10

  test('options of a dialect: a PATCH beside another', async () => {
    const h = await createHarness()
    const { id } = await h.createApp({ backendless: { upstream: 'https://up.example' } })
    const patch = (backendless: object) => h.admin('PATCH', `/apps/${id}`, { dialects: { backendless } })
    for (let pair = 0; pair < PAIRS; pair++) {
      const [v3, keyByToken] = [pair % 2 === 0, pair % 3 === 0]
      const hosts = [`h${pair}-${id}.example`].map((host) => ({ host }))
      const calls = await Promise.all([patch({ v3 }), patch({ keyByToken }), patch({ domains: hosts })])
      expect(calls.map(({ status }) => status)).toEqual([200, 200, 200])
      const { dialects } = await (await h.admin('GET', `/apps/${id}`)).json<AppDocument>()
      expect(dialects.backendless).toMatchObject({
        v3,
        keyByToken,
        domains: hosts,
        upstream: 'https://up.example',
      })
      // The names depend on the request, not on data that a concurrent PATCH had read before.
      const host = `host:h${pair}-${id}.example`
      expect((await h.gateway.apps.find('backendless', host))?.app.id).toBe(id)
      if (pair > 0)
        expect(await h.gateway.apps.find('backendless', `host:h${pair - 1}-${id}.example`)).toBeNull()
    }
  })

  test('an identifier and a host, each changed beside the other', async () => {
    const h = await createHarness()
    const { id } = await h.createApp({ backendless: {} })
    const patch = (backendless: object) => h.admin('PATCH', `/apps/${id}`, { dialects: { backendless } })
    for (let pair = 0; pair < PAIRS; pair++) {
      const [applicationId, host] = [crypto.randomUUID().toUpperCase(), `i${pair}-${id}.example`]
      await Promise.all([patch({ applicationId }), patch({ domains: [{ host }] })])
      for (const name of [applicationId, `host:${host}`]) {
        expect((await h.gateway.apps.find('backendless', name))?.app.id).toBe(id)
      }
    }
  })

  test('a name and a setting of the app, and options of two dialects', async () => {
    const h = await createHarness()
    const { id } = await h.createApp({ backendless: {}, pushwoosh: {} })
    for (let pair = 0; pair < PAIRS; pair++) {
      const on = pair % 2 === 0
      await Promise.all([
        h.admin('PATCH', `/apps/${id}`, { name: `n${pair}` }),
        h.admin('PATCH', `/apps/${id}`, { settings: { carryOver: on } }),
        h.admin('PATCH', `/apps/${id}`, { dialects: { pushwoosh: { strict: on } } }),
        h.admin('PATCH', `/apps/${id}`, { dialects: { backendless: { v3: on } } }),
      ])
      expect(await (await h.admin('GET', `/apps/${id}`)).json()).toMatchObject({
        name: `n${pair}`,
        settings: { carryOver: on },
        dialects: { pushwoosh: { strict: on }, backendless: { v3: on } },
      })
    }
  })

  test('what is left out stays: options, identifier, secrets', async () => {
    const h = await createHarness()
    const before = await h.createApp({ backendless: { v3: true }, pushwoosh: { strict: true }, [BEAMS]: {} })
    for (const dialect of ['backendless', 'pushwoosh', BEAMS]) {
      expect((await h.admin('PATCH', `/apps/${before.id}`, { dialects: { [dialect]: {} } })).status).toBe(200)
    }
    const after = await (await h.admin('GET', `/apps/${before.id}`)).json<AppDocument>()
    const { apiKeys, ...backendless } = before.dialects.backendless ?? {}
    expect(after.dialects.backendless).toEqual(backendless)
    expect(after.dialects.pushwoosh).toMatchObject({
      applicationCode: before.dialects.pushwoosh?.applicationCode,
      strict: true,
    })
    expect(await credentialsOf(h, before.id)).toHaveLength(6)
  })
})

describe('newcomer F12: credentials are told apart', () => {
  test('by their last characters, where the secret is long, and by when they were last used', async () => {
    const h = await createHarness()
    const app = await h.createApp({
      backendless: { apiKeys: { rest: 'short-rest-key', js: 'a-long-key-for-browsers-12AB' } },
    })
    const hints = (await credentialsOf(h, app.id)).map(({ hint, lastUsedAt }) => [hint, lastUsedAt])
    expect(hints).toEqual(
      expect.arrayContaining([
        ['12AB', null],
        [null, null],
      ]),
    )
    const register = () =>
      h.request(
        'POST',
        `/${app.dialects.backendless?.applicationId}/a-long-key-for-browsers-12AB/messaging/registrations`,
        {
          body: { deviceToken: 't', deviceId: 'd', os: 'ANDROID', osVersion: '1', channels: ['default'] },
        },
      )
    expect((await register()).status).toBe(200)
    const used = async () => (await credentialsOf(h, app.id)).find(({ hint }) => hint === '12AB')?.lastUsedAt
    expect(await used()).toBe('2026-11-25T12:00:00.000Z')
    h.clock.advance(1_800_000)
    await register()
    expect(await used()).toBe('2026-11-25T12:00:00.000Z')
    h.clock.advance(1_800_000)
    await register()
    expect(await used()).toBe('2026-11-25T13:00:00.000Z')
    // Stored by the maintenance, so that another process shows it, too.
    const { done } = await h.gateway.maintenance.run(ENOUGH)
    expect(done.credentials).toBeGreaterThanOrEqual(1)
    const stored = await h.gateway.directory.credentials(app.id)
    const other = await createHarness()
    expect(await credentialsOf(other, app.id)).toHaveLength(stored.length)
    expect((await credentialsOf(other, app.id)).find(({ hint }) => hint === '12AB')?.lastUsedAt).toBe(
      '2026-11-25T13:00:00.000Z',
    )
  })

  test('and the last one of a dialect goes by force alone', async () => {
    const h = await createHarness()
    const { id } = await h.createApp({ [BEAMS]: {}, flameup: {} })
    const [one] = (await credentialsOf(h, id)).filter(({ dialect }) => dialect === BEAMS)
    const path = `/apps/${id}/credentials/${one?.id}`
    for (const call of [path, `${path}?force=false`, `${path}?dryRun=true`]) {
      expect((await h.admin('DELETE', call)).status).toBe(409)
    }
    expect(await would(await h.admin('DELETE', `${path}?dryRun=true&force=true`))).toEqual({ credentials: 1 })
    expect(await credentialsOf(h, id)).toHaveLength(2)
    expect((await h.admin('DELETE', `${path}?force=yes`)).status).toBe(400)
    expect((await h.admin('DELETE', `${path}?force=true`)).status).toBe(204)
    expect((await h.admin('DELETE', `${path}?force=true`)).status).toBe(404)
  })
})

describe('newcomer F13: what destroys can be rehearsed, and says who did it', () => {
  /** An app with two devices of one user, one of them with topics. */
  async function shop() {
    const h = await createHarness()
    const app = await h.createApp({ [BEAMS]: {}, flameup: {} })
    const devices = `/device_api/v1/instances/${app.dialects[BEAMS]?.instanceId}/devices/fcm`
    for (const token of ['a', 'b']) {
      const { id } = await (await h.request('POST', devices, { body: { token } })).json<{ id: string }>()
      await h.request('POST', `${devices}/${id}/interests/news`)
    }
    const page = await (await h.admin('GET', `/apps/${app.id}/devices`)).json<{ devices: { id: string }[] }>()
    return { h, id: app.id, device: page.devices[0]?.id }
  }

  test('every destructive call says what would go, and takes nothing', async () => {
    const { h, id, device } = await shop()
    const rehearse = async (method: string, path: string, body?: unknown) =>
      would(await h.admin(method, `/apps/${id}${path}?dryRun=true`, body))
    expect(await rehearse('DELETE', '')).toMatchObject({
      apps: 1,
      dialects: 2,
      credentials: 2,
      devices: 2,
      pushTokens: 2,
    })
    expect(await rehearse('PATCH', '', { dialects: { [BEAMS]: null } })).toEqual({
      dialects: 1,
      credentials: 1,
      devices: 2,
    })
    expect(await rehearse('PATCH', '', { name: 'other' })).toEqual({})
    expect(await rehearse('DELETE', `/devices/${device}`)).toEqual({
      devices: 1,
      topics: 1,
      tags: 0,
      receipts: 0,
    })
    expect(await rehearse('DELETE', '/users/nobody')).toMatchObject({ devices: 0, receipts: 0 })
    const { name } = await (await h.admin('GET', `/apps/${id}`)).json<AppDocument>()
    const { devices } = await (await h.admin('GET', `/apps/${id}/devices`)).json<{ devices: object[] }>()
    expect([name, devices.length, (await credentialsOf(h, id)).length]).toEqual(['test', 2, 2])
    for (const path of ['', `/devices/${device}`, '/users/nobody']) {
      expect((await h.admin('DELETE', `/apps/${id}${path}?dryRun=1`)).status).toBe(400)
    }
    for (const path of ['/apps/none', `/apps/${id}/devices/none`, `/apps/${id}/credentials/none`]) {
      expect((await h.admin('DELETE', `${path}?dryRun=true`)).status).toBe(404)
    }
  })

  test('every change of the administration is kept: who, what, when; a refused one is not', async () => {
    const { h, id, device } = await shop()
    const [credential] = await credentialsOf(h, id)
    const app = await h.gateway.apps.findById('flameup', id)
    if (!app) throw new Error('the app has gone')
    const patch = { user: { id: 'alice', proved: false } }
    const alice = { app, externalId: 'alice-phone', identity: 'key', platform: 'web', patch } as const
    await h.gateway.devices.register({ ...alice, cause: 'test' })
    const calls: [string, string, unknown?][] = [
      ['PATCH', `/apps/${id}`, { settings: { carryOver: false } }],
      ['POST', `/apps/${id}/credentials`, { dialect: BEAMS }],
      ['DELETE', `/apps/${id}/credentials/${credential?.id}?force=true`],
      ['DELETE', `/apps/${id}/devices/${device}`],
      ['DELETE', `/apps/${id}/devices/${device}`],
      ['DELETE', `/apps/${id}/users/alice`],
      ['PATCH', `/apps/${id}`, { name: ' ' }],
      ['DELETE', `/apps/${id}?dryRun=true`],
      ['PATCH', `/apps/${id}`, { dialects: { flameup: null } }],
      ['DELETE', `/apps/${id}`],
      ['DELETE', `/apps/${id}`],
    ]
    for (const [method, path, body] of calls) {
      h.clock.advance(1000)
      await h.admin(method, path, body)
    }
    const page = await (await h.admin('GET', `/audit?app=${id}&limit=3`)).json<{
      entries: object[]
      nextCursor: string
    }>()
    const rest = await (await h.admin('GET', `/audit?app=${id}&cursor=${page.nextCursor}`)).json<{
      entries: object[]
    }>()
    const entries = [...page.entries, ...rest.entries].reverse()
    expect(rest).not.toHaveProperty('nextCursor')
    expect(entries).toMatchObject([
      { action: 'app.created', detail: { name: 'test', dialects: [BEAMS, 'flameup'] } },
      { action: 'app.changed', at: '2026-11-25T12:00:01.000Z', detail: { settings: { carryOver: false } } },
      { action: 'credential.added', detail: { dialect: BEAMS, kind: 'secretKey' } },
      { action: 'credential.deleted', target: credential?.id },
      { action: 'device.deleted', target: device },
      { action: 'user.erased' },
      { action: 'app.changed', detail: { drop: ['flameup'] } },
      { action: 'app.deleted', detail: { name: 'test' } },
    ])
    for (const entry of entries) {
      expect(entry).toMatchObject({
        actor: 'admin',
        app: id,
        requestId: expect.any(String),
        id: expect.any(String),
      })
    }
    expect((await h.admin('GET', '/audit?limit=1')).status).toBe(200)
    h.clock.advance(401 * 86_400_000)
    await h.gateway.maintenance.run(ENOUGH)
    const left = await (await h.admin('GET', `/audit?app=${id}`)).json<{ entries: object[] }>()
    expect(left.entries.length).toBeLessThan(8)
  })
})

describe('newcomer F11: a conflict names what is taken', () => {
  test('the identifier, its dialect and its app; of several each; of a secret the dialect', async () => {
    const h = await createHarness()
    const key = 'ws_live_key-that-two-apps-want-0123456789'
    const mine = {
      [BEAMS]: { instanceId: crypto.randomUUID() },
      flameup: { workspaceId: `ws_${crypto.randomUUID()}` },
    }
    const first = await h.createApp(mine)
    const second = await h.createApp({ flameup: { apiKeys: [{ key: key + first.id }] } })
    const both = await h.admin('POST', '/apps', { name: 'b', dialects: mine })
    const problem = await both.json<Problem>()
    expect([both.status, problem.errors.map(({ path }) => path).sort()]).toEqual([
      409,
      ['dialects.flameup', `dialects.${BEAMS}`],
    ])
    for (const text of [mine[BEAMS].instanceId, mine.flameup.workspaceId, first.id]) {
      expect(JSON.stringify(problem.errors)).toContain(text)
    }
    const taken = await h.admin('PATCH', `/apps/${first.id}`, {
      dialects: { flameup: { apiKeys: [{ key: key + first.id }] } },
    })
    const secret = await taken.json<Problem>()
    expect([taken.status, secret.detail]).toEqual([409, expect.stringContaining(second.id)])
    expect(JSON.stringify(secret)).not.toContain(key)
    expect((await h.admin('POST', '/apps', { name: 'test', dialects: {} })).status).toBe(201)
  })
})

describe('review C6, C7: what is crafted is refused', () => {
  const cursor = (content: unknown) =>
    Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url')

  test.each([
    ['no base64', '***'],
    ['no JSON', cursor('{')],
    ['null', cursor(null)],
    ['a list', cursor([1, 'a'])],
    ['another member', cursor({ at: 1, id: 'a', more: 1 })],
    ['a text for a time', cursor({ at: '1', id: 'a' })],
    ['a fraction', cursor({ at: 1.5, id: 'a' })],
    ['no safe integer', cursor('{"at":9007199254740993,"id":"a"}')],
    ['a huge number', cursor('{"at":1e308,"id":"a"}')],
    ['infinity', cursor('{"at":1e999,"id":"a"}')],
    ['a time before all', cursor({ at: -1, id: 'a' })],
    ['an object for an id', cursor({ at: 1, id: { toString: 1 } })],
    ['a long id', cursor({ at: 1, id: 'a'.repeat(10_000) })],
    ['a text of another list', cursor('"news"')],
    ['a long text', 'A'.repeat(20_000)],
    ['an empty one', ''],
  ])('a cursor that is none: %s', async (_, text) => {
    const h = await createHarness()
    const { id } = await h.createApp({})
    for (const list of [
      '/apps',
      `/apps/${id}/devices`,
      `/apps/${id}/installations`,
      `/apps/${id}/users/ann`,
      '/audit',
    ]) {
      expect([list, (await h.admin('GET', `${list}?cursor=${text}`)).status]).toEqual([list, 400])
    }
  })

  test.each([
    ['topics', [cursor(7), cursor(['a']), cursor({ a: 1 }), cursor(null)]],
    [
      'receipts',
      [
        cursor('news'),
        cursor('"a"'),
        cursor(JSON.stringify(['a', 'b'])),
        cursor(JSON.stringify(JSON.stringify(['a', 'b', { c: 1 }]))),
      ],
    ],
  ])('a cursor that is none: of %s', async (list, texts) => {
    const h = await createHarness()
    const { id } = await h.createApp({})
    for (const text of texts) {
      expect((await h.admin('GET', `/apps/${id}/${list}?cursor=${text}`)).status).toBe(400)
    }
  })

  test('a cursor of another list, which says where another list goes on', async () => {
    const h = await createHarness()
    const { id } = await h.createApp({})
    const place: Readonly<Record<string, readonly (string | number)[]>> = {
      apps: [1, 'a'],
      audit: [1, 'a'],
      devices: [1, 'a'],
      installations: [1, 'a'],
      receipts: ['m', 'd', 'opened'],
      topics: ['a'],
    }
    const pathOf = (list: string) => (['apps', 'audit'].includes(list) ? `/${list}` : `/apps/${id}/${list}`)
    for (const list of Object.keys(place)) {
      for (const [other, values] of Object.entries(place)) {
        const text = cursor([1, other, ...values])
        const { status } = await h.admin('GET', `${pathOf(list)}?cursor=${text}`)
        expect([list, other, status]).toEqual([list, other, list === other ? 200 : 400])
      }
    }
  })

  test.each([
    ['{"name":"a","dialects":{"__proto__":{}}}', 'dialects.__proto__'],
    ['{"name":"a","dialects":{"__proto__":null}}', 'dialects.__proto__'],
    ['{"name":"a","dialects":{"constructor":{}}}', 'dialects.constructor'],
    ['{"name":"a","dialects":{"toString":{}}}', 'dialects.toString'],
    ['{"name":"a","dialects":[{}]}', 'dialects'],
    ['{"name":"a","dialects":{},"__proto__":{"name":"b"}}', '__proto__'],
    ['{"name":"a","settings":{"__proto__":{}}}', 'settings.__proto__'],
    [
      '{"name":"a","dialects":{"backendless":{"apiKeys":{"__proto__":"k"}}}}',
      'dialects.backendless.apiKeys.__proto__',
    ],
  ])('a key that JavaScript takes for itself is an unknown one: %s', async (body, path) => {
    const h = await createHarness()
    const headers = {
      Authorization: 'Bearer test-admin-token-0123456789',
      'Content-Type': 'application/json',
    }
    const { id } = await h.createApp({})
    for (const [method, to] of [
      ['POST', '/admin/v1/apps'],
      ['PATCH', `/admin/v1/apps/${id}`],
    ] as const) {
      const response = await h.request(method, to, { headers, body })
      expect(response.status).toBe(400)
      expect((await response.json<Problem>()).errors.map((one) => one.path)).toContain(path)
    }
  })
})

describe('field-reports B19a: a VAPID pair', () => {
  test('is brought to the form that browsers take: base64url without padding', async () => {
    const h = await createHarness()
    const pair = await generateVapid()
    const padded = {
      publicKey: `${pair.publicKey.replaceAll('-', '+').replaceAll('_', '/')}=`,
      privateKey: `${pair.privateKey}=`,
    }
    const app = await h.createApp({ [BEAMS]: {} }, { vapid: padded })
    expect(app.vapid.publicKey).toBe(pair.publicKey)
    const served = await h.request(
      'GET',
      `/device_api/v1/instances/${app.dialects[BEAMS]?.instanceId}/web-vapid-public-key`,
    )
    expect(await served.json()).toEqual({ vapidPublicKey: pair.publicKey })
  })

  test.each([
    ['a line end', (key: string) => `${key}\n`],
    ['a blank before it', (key: string) => ` ${key}`],
    ['too short', (key: string) => key.slice(0, -4)],
    ['too long', (key: string) => `${key}AAAA`],
    ['padding inside', (key: string) => `${key.slice(0, 8)}=${key.slice(8)}`],
  ])('of another form or length is refused: %s', async (_, change) => {
    const h = await createHarness()
    const { publicKey, privateKey } = await generateVapid()
    for (const vapid of [
      { publicKey: change(publicKey), privateKey },
      { publicKey, privateKey: change(privateKey) },
    ]) {
      expect((await h.admin('POST', '/apps', { name: 'a', vapid })).status).toBe(400)
    }
  })
})

test('there are as many dialects here as are checked', () => {
  expect(adapters).toHaveLength(5)
})
