import { describe, expect, test } from 'vitest'
import { createHarness } from '../../harness/harness.ts'
import { newPhone, openTenant, UUID } from './tenant.ts'

const DEFAULTS = { retrieve: 'auto', domains: [], upstream: null, v3: false, keyByToken: false }

describe('an app', () => {
  test('without any setup gets an id and a key for each platform, shown once', async () => {
    const h = await createHarness()
    const app = await h.createApp({ backendless: {} })
    const key = expect.stringMatching(UUID)
    expect(app.dialects.backendless).toEqual({
      applicationId: key,
      apiKeys: { rest: key, js: key, android: key, ios: key },
      ...DEFAULTS,
    })
    const again = await (await h.admin('GET', `/apps/${app.id}`)).json<typeof app>()
    expect(again.dialects.backendless).toEqual({
      applicationId: app.dialects.backendless?.applicationId,
      ...DEFAULTS,
    })
  })

  test('brings its id, some keys and every option along', async () => {
    const h = await createHarness()
    const applicationId = crypto.randomUUID().toUpperCase()
    const host = `app-${crypto.randomUUID()}.Example.com`
    const options = {
      retrieve: 'array',
      domains: [{ host, key: 'dotnet' }],
      upstream: 'https://api.example.com/v6',
      v3: true,
      keyByToken: true,
    }
    const app = await h.createApp({
      backendless: { applicationId, apiKeys: { rest: 'R', custom: 'C' }, ...options },
    })
    const key = expect.stringMatching(UUID)
    expect(app.dialects.backendless).toEqual({
      applicationId,
      apiKeys: { js: key, android: key, ios: key },
      ...options,
      domains: [{ host: host.toLowerCase(), key: 'dotnet' }],
    })
    for (const [secret, status] of [
      ['R', 200],
      ['C', 200],
      ['X', 400],
    ] as const) {
      expect((await h.request('GET', `/${applicationId}/${secret}/messaging/pushtemplates`)).status).toBe(
        status,
      )
    }
  })

  test('changes one option and keeps the others, its id, its keys and its devices', async () => {
    const t = await openTenant({ retrieve: 'array', v3: true })
    const phone = newPhone()
    await t.register(phone)
    const change = { dialects: { backendless: { retrieve: 'object' } } }
    const changed = await t.h.admin('PATCH', `/apps/${t.app.id}`, change)
    expect((await changed.json<typeof t.app>()).dialects.backendless).toEqual({
      applicationId: t.id,
      ...DEFAULTS,
      retrieve: 'object',
      v3: true,
    })
    expect(await t.read(phone.deviceId)).toMatchObject({ deviceId: phone.deviceId })
  })

  test.each([
    ['an id that is no UUID', { applicationId: 'shop' }, 'applicationId'],
    ['an unknown kind of key', { apiKeys: { web: 'K' } }, 'apiKeys'],
    ['an empty key', { apiKeys: { rest: '' } }, 'apiKeys.rest'],
    ['an unknown option', { channel: 'x' }, 'channel'],
    ['an unknown shape', { retrieve: 'list' }, 'retrieve'],
    ['a host with a port', { domains: [{ host: 'a.example:80' }] }, 'domains.0.host'],
    ['a URL for a host', { domains: [{ host: 'https://a.example' }] }, 'domains.0.host'],
    ['a domain for an unknown kind', { domains: [{ host: 'a.example', key: 'web' }] }, 'domains.0.key'],
    ['an upstream that is no URL', { upstream: 'api.example.com' }, 'upstream'],
    ['an upstream that is no web server', { upstream: 'file:///etc/passwd' }, 'upstream'],
    ['v3 as text', { v3: 'yes' }, 'v3'],
  ])('is not set up with %s', async (_, document, path) => {
    const h = await createHarness()
    const response = await h.admin('POST', '/apps', { name: 'x', dialects: { backendless: document } })
    const { errors } = await response.json<{ errors: { path: string }[] }>()
    expect(response.status).toBe(400)
    expect(errors.map((one) => one.path).join()).toContain(`dialects.backendless.${path}`)
  })
})

describe('a key', () => {
  test('is added beside the others and revoked, without downtime', async () => {
    const t = await openTenant()
    const add = { dialect: 'backendless', kind: 'ios', secret: 'SECOND' }
    const added = await t.h.admin('POST', `/apps/${t.app.id}/credentials`, add)
    const credential = await added.json<{ id: string }>()
    expect(added.status).toBe(201)
    const info = async (key: string) => (await t.h.request('GET', `/${t.id}/${key}/info`)).status
    expect([await info('SECOND'), await info(t.keys.ios)]).toEqual([200, 200])
    await t.h.admin('DELETE', `/apps/${t.app.id}/credentials/${credential.id}`)
    expect([await info('SECOND'), await info(t.keys.ios)]).toEqual([400, 200])
  })

  test.each([
    ['no kind', {}],
    ['an unknown kind', { kind: 'web' }],
    ['a name', { kind: 'rest', name: 'mine' }],
    ['scopes', { kind: 'rest', scopes: ['a'] }],
  ])('is not added with %s', async (_, request) => {
    const t = await openTenant()
    const path = `/apps/${t.app.id}/credentials`
    expect((await t.h.admin('POST', path, { dialect: 'backendless', ...request })).status).toBe(400)
  })

  test('is nowhere in the database in clear', async () => {
    const t = await openTenant()
    const shown = await (await t.h.admin('GET', `/apps/${t.app.id}/credentials`)).text()
    for (const key of Object.values(t.keys)) expect(shown).not.toContain(key)
  })
})
