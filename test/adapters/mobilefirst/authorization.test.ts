import { describe, expect, test } from 'vitest'
import { ALL_SCOPES, type Answer, createTenant, RUNTIME, requestToken, unique, V1 } from './kit.ts'

const claimsOf = (token: string) =>
  JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')))

describe('the API’s own check', () => {
  test.each([
    ['no token', null, 'Bearer'],
    ['another scheme', 'Basic eDp5', 'Bearer error="invalid_token"'],
    ['a token that is none', 'Bearer x.y.z', 'Bearer error="invalid_token"'],
    ['an empty token', 'Bearer ', 'Bearer error="invalid_token"'],
  ])('answers 401 with one Bearer challenge to %s', async (_, header, challenge) => {
    const t = await createTenant()
    const answer = await t.send('GET', '/tags', {
      token: null,
      headers: header === null ? {} : { Authorization: header },
    })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(challenge)
    expect(await answer.json<Answer>()).toMatchObject({
      message: expect.any(String),
      code: expect.any(String),
    })
  })

  test.each([
    ['unsigned', (token: string) => `${btoa('{"alg":"none"}').replace(/=/g, '')}.${token.split('.')[1]}.`],
    ['altered', (token: string) => token.replace(/\.(.)/, (_, c: string) => `.${c === 'e' ? 'f' : 'e'}`)],
    ['cut', (token: string) => token.slice(0, -6)],
    ['without its signature', (token: string) => token.replace(/[^.]*$/, '')],
    [
      'whose payload asks for more',
      (token: string) => {
        const [header, payload = '', signature] = token.split('.')
        const claims = { ...claimsOf(`.${payload}.`), scope: 'apps.write' }
        return [header, btoa(JSON.stringify(claims)).replace(/=/g, ''), signature].join('.')
      },
    ],
  ])('answers 401 to a token that is %s', async (_, alter) => {
    const t = await createTenant()
    const token = alter(await t.token('tags.read'))
    const answer = await t.send('GET', '/tags', { token })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  })

  test('answers 401 to an expired token, not a second before', async () => {
    const t = await createTenant()
    const token = await t.token('tags.read')
    t.h.clock.advance(3_599_000)
    expect((await t.send('GET', '/tags', { token })).status).toBe(200)
    t.h.clock.advance(1000)
    expect((await t.send('GET', '/tags', { token })).status).toBe(401)
  })

  const OPERATIONS: readonly (readonly [string, string, string, boolean])[] = [
    ['POST', '/devices', 'devices.write', false],
    ['GET', '/devices/x', 'devices.read', true],
    ['PUT', '/devices/x', 'devices.write', false],
    ['DELETE', '/devices/x', 'devices.write', false],
    ['GET', '/devices', 'devices.read', true],
    ['POST', '/subscriptions', 'subscriptions.write', true],
    ['POST', '/subscriptions?action=delete', 'subscriptions.write', true],
    ['GET', '/subscriptions/x', 'subscriptions.read', true],
    ['DELETE', '/subscriptions/x', 'subscriptions.write', true],
    ['GET', '/subscriptions', 'subscriptions.read', true],
    ['DELETE', '/subscriptions?deviceId=a&tagName=b', 'subscriptions.write', true],
    ['POST', '/tags', 'tags.write', false],
    ['GET', '/tags/x', 'tags.read', true],
    ['PUT', '/tags/x', 'tags.write', false],
    ['DELETE', '/tags/x', 'tags.write', true],
    ['GET', '/tags', 'tags.read', false],
    ['GET', '', 'apps.read', false],
    ['GET', '/status', 'apps.read', false],
    ['PUT', '/status', 'apps.write', false],
    ['DELETE', '', 'apps.write', false],
    ['GET', '/settings', 'settings.read', false],
    ['GET', '/settings/apnsConf', 'apnsConf.read', false],
    ['PUT', '/settings/apnsConf', 'apnsConf.write', false],
    ['POST', '/settings/apnsConf', 'apnsConf.write', false],
    ['DELETE', '/settings/apnsConf', 'apnsConf.write', false],
    ['GET', '/settings/gcmConf', 'gcmConf.read', false],
    ['PUT', '/settings/gcmConf', 'gcmConf.write', false],
    ['DELETE', '/settings/gcmConf', 'gcmConf.write', false],
    ['GET', '/settings/gcmConfPublic', 'gcmConfPublic.read', false],
    ['GET', '/settings/wnsConf', 'wnsConf.read', false],
    ['POST', '/settings/wnsConf', 'wnsConf.write', false],
    ['GET', '/settings/smsConf', 'smsConf.read', false],
    ['PUT', '/settings/smsConf', 'smsConf.write', false],
    ['POST', '/webhooks', 'webhooks.write', false],
    ['PUT', '/webhooks', 'webhooks.write', false],
    ['PUT', '/webhooks/x', 'webhooks.write', false],
    ['DELETE', '/webhooks/x', 'webhooks.write', false],
    ['GET', '/webhooks', 'webhooks.read', false],
  ]

  test('asks of each operation for its own scope and the application’s, and 403 names them', async () => {
    const t = await createTenant()
    const credential = await t.h.admin('POST', `/apps/${t.id}/credentials`, {
      dialect: 'mobilefirst',
      kind: 'client',
      name: unique('wide'),
      secret: 'wide-secret',
      scopes: ['*'],
    })
    const { name: clientId } = await credential.json<Answer>()
    const tokenFor = async (scope: string) => {
      const answer = await requestToken(t.h, { clientId, clientSecret: 'wide-secret', scope })
      return (await answer.json<Answer>()).access_token as string
    }
    const own = `push.application.${t.app}`
    const [without, elsewhere, seeds] = [
      await tokenFor(own),
      await tokenFor(ALL_SCOPES),
      await tokenFor(`devices.write ${own}`),
    ]
    for (const [method, path, scope, seedScope] of OPERATIONS) {
      const challenge = `Bearer error="insufficient_scope", scope="RegisteredClient ${scope} ${own}"`
      for (const token of [without, elsewhere]) {
        const refused = await t.send(method, path, { token })
        expect([method, path, refused.status, refused.headers.get('www-authenticate')]).toEqual([
          method,
          path,
          403,
          challenge,
        ])
      }
      const listed = await t.send(method, path, { token: await tokenFor(`${scope} ${own}`) })
      expect([method, path, listed.status], 'with the listed scope').not.toEqual([method, path, 403])
      if (path === '' && method === 'DELETE') {
        await t.h.request('POST', `${V1}/apps`, {
          headers: { Authorization: `Bearer ${await tokenFor(`apps.write ${own}`)}` },
          body: { applicationId: t.app },
        })
      }
      const seed = await t.send(method, path, { token: seeds })
      const allowed = seedScope || scope === 'devices.write'
      expect([method, path, seed.status !== 403], 'with the seed’s scope').toEqual([method, path, allowed])
    }
  })

  test('lets no token into another application, known or not, whatever its scope says', async () => {
    const t = await createTenant()
    const other = await createTenant({ h: t.h })
    const refused = await t.h.request('GET', `${V1}/apps/${other.app}/devices`, {
      headers: { Authorization: `Bearer ${await t.token('devices.read')}` },
    })
    expect(refused.status).toBe(403)
    await t.h.admin('POST', `/apps/${t.id}/credentials`, {
      dialect: 'mobilefirst',
      kind: 'client',
      name: `${t.clientId}-2`,
      secret: 'wide-secret',
      scopes: ['*'],
    })
    const wide = { clientId: `${t.clientId}-2`, clientSecret: 'wide-secret' }
    const answer = await requestToken(t.h, { ...wide, scope: 'devices.read push.application.*' })
    const { access_token: token } = await answer.json<Answer>()
    const headers = { Authorization: `Bearer ${token}` }
    for (const [app, status] of [
      [t.app, 200],
      [other.app, 404],
      ['com.example.none', 404],
    ] as const) {
      const read = await t.h.request('GET', `${V1}/apps/${app}/devices`, { headers })
      expect([app, read.status]).toEqual([app, status])
    }
  })

  test('writes a challenge that stays one header line whatever the application is called', async () => {
    const t = await createTenant()
    const token = await t.token('tags.read')
    const path = `${V1}/apps/${encodeURIComponent('a" b,ü\r\nx')}/tags`
    const answer = await t.h.request('GET', path, { headers: { Authorization: `Bearer ${token}` } })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_scope", scope="RegisteredClient tags.read push.application.a%22%20b%2C%C3%BC%0D%0Ax"',
    )
  })
})

describe('the keys that sign tokens', () => {
  test('are one per application, published, and verify its tokens by their id', async () => {
    const t = await createTenant()
    const other = await createTenant({ h: t.h })
    const keysOf = async (app: string) =>
      (await (await t.h.request('GET', `${RUNTIME}/az/v1/keys/${app}`)).json<Answer>()).keys
    const kidOf = (token: string) => JSON.parse(atob(token.split('.')[0] ?? '')).kid
    const [mine, theirs] = [await keysOf(t.app), await keysOf(other.app)]
    expect(mine).toEqual([
      expect.objectContaining({
        kty: 'EC',
        alg: 'ES256',
        use: 'sig',
        kid: kidOf(await t.token('tags.read')),
      }),
    ])
    expect(mine[0]).not.toHaveProperty('d')
    expect(theirs[0]?.kid).not.toBe(mine[0]?.kid)
    expect((await t.h.request('GET', `${RUNTIME}/az/v1/keys/none`)).status).toBe(404)
  })

  test('are replaced after a month without breaking the tokens that live', async () => {
    const t = await createTenant()
    t.h.clock.advance(30 * 86_400_000 - 60_000)
    const old = await t.token('tags.read')
    t.h.clock.advance(120_000)
    const fresh = await t.token('tags.read')
    expect(fresh.split('.')[0]).not.toBe(old.split('.')[0])
    for (const token of [old, fresh]) expect((await t.send('GET', '/tags', { token })).status).toBe(200)
    const { keys } = await (await t.h.request('GET', `${RUNTIME}/az/v1/keys/${t.app}`)).json<Answer>()
    expect(keys).toHaveLength(2)
  })
})
