import { describe, expect, test } from 'vitest'
import { type Answer, createTenant, RUNTIME, unique, V1 } from './kit.ts'
import { androidSigner, createPhone } from './phone.ts'

describe('an application', () => {
  test('is read with its state, which can be changed', async () => {
    const t = await createTenant()
    expect(await t.ok('GET', '')).toEqual({ applicationId: t.app, enabled: 'true' })
    expect(await t.ok('GET', '/status')).toEqual({ enabled: 'true' })
    for (const [enabled, shown] of [
      ['false', 'false'],
      [true, 'true'],
      [false, 'false'],
      ['true', 'true'],
    ]) {
      const changed = await t.ok('PUT', '/status', { body: { enabled } })
      expect(changed).toEqual({ applicationId: t.app, enabled: shown })
      expect(await t.ok('GET', '/status')).toEqual({ enabled: shown })
    }
  })

  test.each([[{}], [{ enabled: 'yes' }], [{ enabled: 1 }], [{ enabled: null }]])(
    'refuses the state %j',
    async (body) => {
      const t = await createTenant()
      const answer = await t.send('PUT', '/status', { body })
      expect([answer.status, (await answer.json<Answer>()).code]).toEqual([400, 'FPWSE0005E'])
      expect(await t.ok('GET', '/status')).toEqual({ enabled: 'true' })
    },
  )

  test('goes on with registrations and reads while it is disabled', async () => {
    const t = await createTenant()
    await t.ok('PUT', '/status', { body: { enabled: 'false' } })
    const { deviceId } = await t.device()
    expect((await t.send('GET', `/devices/${deviceId}`)).status).toBe(200)
  })

  test('is the only one in the list of its client, with or without a trailing slash', async () => {
    const t = await createTenant()
    await createTenant({ h: t.h })
    for (const [path, scope] of [
      ['/apps', 'apps.read'],
      ['/apps/', 'apps.read'],
    ] as const) {
      const headers = { Authorization: `Bearer ${await t.token(scope)}` }
      const answer = await t.h.request('GET', `${V1}${path}`, { headers })
      expect([answer.status, await answer.json<Answer>()]).toEqual([
        200,
        {
          applications: [{ applicationId: t.app }],
          pageInfo: { count: '1', totalCount: '1', next: '', previous: '' },
        },
      ])
    }
  })

  test('keeps its state when an operator changes the app', async () => {
    const t = await createTenant()
    await t.ok('PUT', '/status', { body: { enabled: 'false' } })
    await t.h.admin('PATCH', `/apps/${t.id}`, { dialects: { mobilefirst: {} } })
    expect(await t.ok('GET', '/status')).toEqual({ enabled: 'false' })
  })
})

describe('deleting an application', () => {
  test('takes all that this dialect holds of it and nothing else; POST brings it back, empty', async () => {
    const t = await createTenant({ dialects: { 'pusher-beams': {} } })
    const phone = await createPhone(t.h, t.app, androidSigner())
    const { deviceId } = await t.device()
    await t.tags('news')
    await t.ok('POST', '/subscriptions', { body: { deviceId, tagName: 'news' } })
    await t.ok('PUT', '/settings/gcmConf', { body: { apiKey: 'k', senderId: '1' } })
    const hook = { name: 'hook', url: 'https://hooks.example/', eventTypes: 'onDeviceRegister' }
    await t.ok('POST', '/webhooks', { body: hook })
    const shown = await (await t.h.admin('GET', `/apps/${t.id}`)).json<Answer>()
    const beams = `/device_api/v1/instances/${shown.dialects['pusher-beams']?.instanceId}/devices/fcm`
    await t.h.request('POST', beams, { body: { token: unique('beams') } })

    const gone = await t.send('DELETE', '')
    expect([gone.status, await gone.text()]).toEqual([204, ''])
    for (const path of [
      '',
      '/status',
      '/devices',
      `/devices/${deviceId}`,
      '/tags',
      '/settings',
      '/webhooks',
    ]) {
      expect([path, (await t.send('GET', path)).status]).toEqual([path, 404])
    }
    expect((await t.send('DELETE', '')).status).toBe(404)
    const known = await t.h.request('POST', `${RUNTIME}/preauth/v1/preauthorize`, {
      body: { client_id: phone.clientId },
    })
    expect(known.status).toBe(400)
    const { devices } = await (await t.h.admin('GET', `/apps/${t.id}/devices`)).json<Answer>()
    expect(devices).toMatchObject([{ dialect: 'pusher-beams' }])

    const headers = { Authorization: `Bearer ${await t.token('apps.write')}` }
    const restore = () => t.h.request('POST', `${V1}/apps`, { headers, body: { applicationId: t.app } })
    const restored = await restore()
    expect([restored.status, await restored.json<Answer>()]).toEqual([
      201,
      { applicationId: t.app, enabled: 'true' },
    ])
    expect((await restore()).status).toBe(409)
    for (const path of ['/devices', '/tags', '/webhooks', '/subscriptions']) {
      expect(await t.ok('GET', path)).toMatchObject({ pageInfo: { totalCount: '0' } })
    }
    expect((await t.send('GET', '/settings/gcmConf')).status).toBe(404)
    await t.device()
  })

  test.each([
    ['one that no operator has provisioned', 'com.example.nobody', 403],
    ['no name', undefined, 400],
    ['an empty name', '', 400],
  ])('cannot be turned into making %s', async (_, applicationId, status) => {
    const t = await createTenant()
    const headers = { Authorization: `Bearer ${await t.token('apps.write')}` }
    const answer = await t.h.request('POST', `${V1}/apps`, { headers, body: { applicationId } })
    expect(answer.status).toBe(status)
  })

  test('is 409 FPWSE0002E to create while it is there, and nothing is lost', async () => {
    const t = await createTenant()
    await t.device()
    const headers = { Authorization: `Bearer ${await t.token('apps.write')}` }
    const answer = await t.h.request('POST', `${V1}/apps/`, { headers, body: { applicationId: t.app } })
    expect([answer.status, (await answer.json<Answer>()).code]).toEqual([409, 'FPWSE0002E'])
    expect(await t.ok('GET', '/devices')).toMatchObject({ pageInfo: { totalCount: '1' } })
  })
})

describe('provisioning', () => {
  test('generates the identifier and a client with every scope, shown once', async () => {
    const t = await createTenant()
    const app = await t.h.createApp({ mobilefirst: {} })
    const shown = app.dialects.mobilefirst as unknown as {
      applicationId: string
      clients: { clientId: string; clientSecret: string; scopes: string[] }[]
    }
    expect(shown.clients).toHaveLength(1)
    expect(shown.clients[0]).toMatchObject({ clientId: expect.any(String), clientSecret: expect.any(String) })
    expect(shown.clients[0]?.scopes).toContain(`push.application.${shown.applicationId}`)
    const again = await (await t.h.admin('GET', `/apps/${app.id}`)).json<Answer>()
    expect(again.dialects.mobilefirst).toEqual({ applicationId: shown.applicationId })
    const { credentials } = await (await t.h.admin('GET', `/apps/${app.id}/credentials`)).json<Answer>()
    expect(credentials).toMatchObject([{ kind: 'client', name: shown.clients[0]?.clientId }])
  })

  test.each([
    ['an unknown key', { appId: 'x' }],
    ['an empty applicationId', { applicationId: '' }],
    ['a scope with a blank', { clients: [{ scopes: ['a b'] }] }],
    ['a client id with a colon', { clients: [{ clientId: 'a:b' }] }],
    ['clients that are no list', { clients: {} }],
  ])('refuses %s', async (_, mobilefirst) => {
    const t = await createTenant()
    const answer = await t.h.admin('POST', '/apps', { name: 'x', dialects: { mobilefirst } })
    expect(answer.status).toBe(400)
  })

  test('refuses an identifier that another app has', async () => {
    const t = await createTenant()
    const body = { name: 'x', dialects: { mobilefirst: { applicationId: t.app } } }
    expect((await t.h.admin('POST', '/apps', body)).status).toBe(409)
  })

  test('lets two secrets of one client live at once, and a revoked one no more', async () => {
    const t = await createTenant()
    const added = await t.h.admin('POST', `/apps/${t.id}/credentials`, {
      dialect: 'mobilefirst',
      kind: 'client',
      name: t.clientId,
      secret: 'second',
      scopes: ['tags.read'],
    })
    const { id } = await added.json<Answer>()
    const ask = async (secret: string) =>
      (
        await t.h.request('POST', `${RUNTIME}/az/v1/token`, {
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({
            grant_type: 'client_credentials',
            client_id: t.clientId,
            client_secret: secret,
            scope: 'tags.read',
          }).toString(),
        })
      ).status
    expect([await ask('second'), await ask(t.clientSecret)]).toEqual([200, 200])
    expect((await t.h.admin('DELETE', `/apps/${t.id}/credentials/${id}`)).status).toBe(204)
    expect([await ask('second'), await ask(t.clientSecret)]).toEqual([401, 200])
  })
})
