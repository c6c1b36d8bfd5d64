import { describe, expect, test } from 'vitest'
import { type Answer, createTenant, form, RUNTIME, requestToken, unique, V1 } from './kit.ts'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const claimsOf = (token: string) =>
  JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')))

describe('the token endpoint for confidential clients', () => {
  test('answers a Bearer token that is not to be stored, with the scope that was asked for', async () => {
    const t = await createTenant()
    const scope = `push.application.${t.app} devices.write`
    const answer = await requestToken(t.h, { ...t, scope })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const body = await answer.json<Answer>()
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600, scope })
    const seconds = t.h.clock.now.getTime() / 1000
    expect(claimsOf(body.access_token)).toMatchObject({ scope, exp: seconds + 3600, iat: seconds })
  })

  test('takes the client’s id and secret from the form too', async () => {
    const t = await createTenant()
    const answer = await t.h.request('POST', `${RUNTIME}/az/v1/token`, {
      headers: FORM,
      body: form({
        grant_type: 'client_credentials',
        client_id: t.clientId,
        client_secret: t.clientSecret,
        scope: 'tags.read',
      }),
    })
    expect(answer.status).toBe(200)
  })

  test.each([
    ['blanks and repetitions', '  tags.read   tags.read ', 'tags.read'],
    ['RegisteredClient', 'RegisteredClient tags.read', 'RegisteredClient tags.read'],
    ['nothing', '', 'RegisteredClient'],
  ])('reads a scope of %s', async (_, scope, granted) => {
    const t = await createTenant()
    expect(await (await requestToken(t.h, { ...t, scope })).json<Answer>()).toMatchObject({ scope: granted })
  })

  test.each([
    ['a scope it was not given', 'tags.read introspect'],
    ['another application', 'tags.read push.application.com.example.other'],
    ['every application', 'tags.read push.application.*'],
    ['a wildcard', 'tags.*'],
    ['what mobile clients hold', 'push.mobileclient'],
  ])('refuses %s without a token', async (_, scope) => {
    const t = await createTenant()
    const answer = await requestToken(t.h, { ...t, scope })
    expect(answer.status).toBe(400)
    expect(await answer.json<Answer>()).toMatchObject({ error: 'invalid_scope' })
  })

  test.each([
    ['push.application.*', 'tags.read push.application.*', 200],
    ['push.application.com.*', 'tags.read push.application.*', 400],
    ['push.application.com.*', 'push.application.com.example.x', 200],
    ['tags.*', 'tags.read', 200],
    ['*', 'anything', 200],
    ['a*b*c', 'axxbyyc', 200],
    ['a*b*c', 'axxcyyb', 400],
  ])(
    'honours the wildcard of a client provisioned with %s asking for %s: %i',
    async (given, asked, status) => {
      const t = await createTenant({ dialects: {} })
      const clientId = unique('wild')
      const made = await t.h.admin('POST', `/apps/${t.id}/credentials`, {
        dialect: 'mobilefirst',
        kind: 'client',
        name: clientId,
        secret: 'wild-secret',
        scopes: [given, 'tags.read'],
      })
      expect(made.status).toBe(201)
      const answer = await requestToken(t.h, { clientId, clientSecret: 'wild-secret', scope: asked })
      expect(answer.status).toBe(status)
    },
  )

  test.each([
    ['a wrong secret', { clientSecret: 'wrong' }],
    ['an unknown id', { clientId: 'nobody' }],
    ['an empty secret', { clientSecret: '' }],
  ])('answers 401 to %s', async (_, more) => {
    const t = await createTenant()
    const answer = await requestToken(t.h, { ...t, scope: 'tags.read', ...more })
    expect(answer.status).toBe(401)
    expect(await answer.json<Answer>()).toMatchObject({
      error: 'invalid_client',
      message: expect.any(String),
    })
  })

  test.each([
    ['no grant type', { scope: 'tags.read' }, 400, 'invalid_request'],
    ['an unknown grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['a refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'unsupported_grant_type'],
  ])('refuses %s', async (_, members, status, error) => {
    const t = await createTenant()
    const answer = await t.h.request('POST', `${RUNTIME}/az/v1/token`, {
      headers: { ...FORM, Authorization: `Basic ${btoa('x:y')}` },
      body: form(members as Record<string, string>),
    })
    expect([answer.status, (await answer.json<Answer>()).error]).toEqual([status, error])
  })

  test('issues nothing to GET, to JSON, or for credentials in the query string', async () => {
    const t = await createTenant()
    const query = form({
      grant_type: 'client_credentials',
      client_id: t.clientId,
      client_secret: t.clientSecret,
    })
    const got = await t.h.request('GET', `${RUNTIME}/az/v1/token?${query}`)
    expect(got.status).toBe(404)
    const json = await t.h.request('POST', `${RUNTIME}/az/v1/token`, {
      body: { grant_type: 'client_credentials' },
    })
    expect(json.status).toBe(400)
    const posted = await t.h.request('POST', `${RUNTIME}/az/v1/token?${query}`, {
      headers: FORM,
      body: form({ grant_type: 'client_credentials' }),
    })
    expect(posted.status).toBe(401)
  })

  test('tells two applications with the same client apart by the scope', async () => {
    const t = await createTenant()
    const app = unique('com.example.second')
    const { clientId, clientSecret } = t
    await t.h.createApp({
      mobilefirst: {
        applicationId: app,
        clients: [{ clientId, clientSecret, scopes: ['tags.read', `push.application.${app}`] }],
      },
    })
    for (const name of [t.app, app]) {
      const scope = `tags.read push.application.${name}`
      const { access_token: token } = await (
        await requestToken(t.h, { clientId, clientSecret, scope })
      ).json<Answer>()
      const headers = { Authorization: `Bearer ${token}` }
      expect((await t.h.request('GET', `${V1}/apps/${name}/tags`, { headers })).status).toBe(200)
    }
  })

  test('slows down an address that keeps failing', async () => {
    const t = await createTenant({ env: { RATE_LIMIT: 'on' } })
    const statuses = new Set<number>()
    for (let i = 0; i < 110; i++) {
      const answer = await requestToken(t.h, { ...t, clientSecret: 'wrong', scope: 'tags.read' })
      statuses.add(answer.status)
      if (answer.status === 429) {
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
        expect(await answer.json<Answer>()).toMatchObject({ code: 'FPWSE0025E' })
      }
    }
    expect([...statuses]).toEqual([401, 429])
  })
})
