import { describe, expect, test } from 'vitest'
import { ADMIN_TOKEN, createHarness, type Harness } from '../harness/harness.ts'

const HOUR = 3_600_000
const CONSOLE = { 'X-Pushport-Console': '1' }
const ORIGIN = 'http://gateway.test'

interface Key {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly secret: string
}

const harness = () => createHarness({ dialect: undefined })
let counter = 0
const named = () => `ada-${crypto.randomUUID().slice(0, 8)}-${counter++}`

const token = async (h: Harness, role: string, name = named()): Promise<Key> =>
  (await h.admin('POST', '/tokens', { name, role })).json()
const as = (h: Harness, secret: string) => (method: string, path: string, body?: unknown) =>
  h.request(method, `/admin/v1${path}`, { headers: { Authorization: `Bearer ${secret}` }, body })

/** Signs in like a page of the console; the cookie is what a browser would send back. */
async function signIn(h: Harness, given: { token: string } | { link: string }) {
  const answer = await h.request('POST', '/console/session', { headers: CONSOLE, body: given })
  return { answer, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' }
}
const withCookie = (h: Harness, cookie: string, more: Record<string, string> = {}) =>
  h.request('GET', '/admin/v1/whoami', { headers: { ...CONSOLE, Cookie: cookie, ...more } })

describe('named admin tokens', () => {
  const CALLS: readonly (readonly [method: string, path: string, body: object | undefined, needs: string])[] =
    [
      ['GET', '/apps', undefined, 'read'],
      ['GET', '/audit', undefined, 'read'],
      ['GET', '/apps/none/export?format=csv', undefined, 'operate'],
      ['GET', '/apps/APP/webhooks/none', undefined, 'admin'],
      ['POST', '/apps/APP/messages?dryRun=true', { audience: { all: true }, body: 'x' }, 'operate'],
      ['DELETE', '/apps/APP/devices/none', undefined, 'operate'],
      ['DELETE', '/apps/APP/users/none', undefined, 'operate'],
      ['POST', '/apps/APP/providers/fcm/probe', undefined, 'operate'],
      ['PUT', '/apps/APP/providers/fcm', {}, 'admin'],
      ['POST', '/apps/APP/credentials', { dialect: 'pusher-beams' }, 'admin'],
      ['PATCH', '/apps/APP', { name: 'y' }, 'admin'],
      ['DELETE', '/apps/APP', undefined, 'admin'],
      ['POST', '/apps', { name: 'x' }, 'admin'],
      ['POST', '/tokens', { name: 'x', role: 'admin' }, 'admin'],
      ['POST', '/login-links', undefined, 'admin'],
    ]
  test.each(CALLS)('%s %s %j needs the role %4$s', async (method, path, body, needs) => {
    const h = await harness()
    const app = await h.createApp({ 'pusher-beams': {} })
    for (const role of ['read', 'operate'] as const) {
      const { secret } = await token(h, role)
      const { status } = await as(h, secret)(method, path.replace('APP', app.id), body)
      const allowed = needs === 'read' || (needs === 'operate' && role === 'operate')
      expect(status === 403, `${role}: ${status}`).toBe(!allowed)
    }
  })

  test('are what the audit calls whoever made a change', async () => {
    const h = await harness()
    const { secret, name } = await token(h, 'admin')
    const app = await (await as(h, secret)('POST', '/apps', { name: 'hers' })).json<{ id: string }>()
    const { entries } = await (await h.admin('GET', `/audit?app=${app.id}`)).json<{
      entries: { actor: string }[]
    }>()
    expect(entries.map(({ actor }) => actor)).toEqual([name])
  })

  test('show their secret once, have a name each, and none of the gateway’s own', async () => {
    const h = await harness()
    const { name, secret } = await token(h, 'read')
    expect(secret).toMatch(/^pp_token_[\w-]{43}$/)
    const { tokens } = await (await h.admin('GET', '/tokens')).json<{ tokens: Key[] }>()
    expect(JSON.stringify(tokens)).not.toContain(secret)
    expect((await h.admin('POST', '/tokens', { name, role: 'read' })).status).toBe(409)
    for (const own of ['admin', 'Gateway'])
      expect((await h.admin('POST', '/tokens', { name: own, role: 'read' })).status).toBe(400)
  })

  test('open nothing once they are revoked, and take their sessions along', async () => {
    const h = await harness()
    const { id, secret } = await token(h, 'admin')
    const { cookie } = await signIn(h, { token: secret })
    expect((await withCookie(h, cookie)).status).toBe(200)
    expect((await h.admin('DELETE', `/tokens/${id}`)).status).toBe(204)
    expect((await as(h, secret)('GET', '/apps')).status).toBe(401)
    expect((await withCookie(h, cookie)).status).toBe(401)
    expect((await h.admin('DELETE', `/tokens/${id}`)).status).toBe(404)
  })
})

describe('sessions of the console', () => {
  test('are a cookie that no script reads, for 12 hours; over TLS one that no other host can set', async () => {
    const plain = await harness()
    const { answer } = await signIn(plain, { token: ADMIN_TOKEN })
    expect(await answer.json()).toEqual({
      name: 'admin',
      role: 'admin',
      expiresAt: '2026-11-26T00:00:00.000Z',
    })
    expect(answer.headers.get('set-cookie')).toMatch(
      /^pushport-80=pp_session_[^;]+; Path=\/; Expires=Thu, 26 Nov 2026 00:00:00 GMT; HttpOnly; SameSite=Strict$/,
    )
    const secure = await createHarness({ dialect: undefined, env: { PUBLIC_URL: 'https://gw.example' } })
    const { answer: over } = await signIn(secure, { token: ADMIN_TOKEN })
    expect(over.headers.get('set-cookie')).toMatch(/^__Host-pushport=.*; Path=\/; .*Secure/)
  })

  test('let in until they end', async () => {
    const h = await harness()
    const { cookie } = await signIn(h, { token: ADMIN_TOKEN })
    expect(await (await withCookie(h, cookie)).json()).toMatchObject({ name: 'admin', role: 'admin' })
    h.clock.advance(12 * HOUR)
    expect((await withCookie(h, cookie)).status).toBe(401)
  })

  test('have the role of the token that opened them', async () => {
    const h = await harness()
    const { secret, name } = await token(h, 'read')
    const { cookie } = await signIn(h, { token: secret })
    expect(await (await withCookie(h, cookie)).json()).toMatchObject({ name, role: 'read' })
    const headers = { ...CONSOLE, Cookie: cookie }
    expect((await h.request('POST', '/admin/v1/apps', { headers, body: { name: 'x' } })).status).toBe(403)
  })

  test.each([
    ['without the header that only a page of the gateway can send', { 'X-Pushport-Console': '' }],
    ['from a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['from a page of the same site on another port', { 'Sec-Fetch-Site': 'same-site' }],
  ])('let nobody in %s', async (_, headers) => {
    const h = await harness()
    const { cookie } = await signIn(h, { token: ADMIN_TOKEN })
    expect((await withCookie(h, cookie, headers)).status).toBe(401)
    const signing = { headers: { ...CONSOLE, ...headers }, body: { token: ADMIN_TOKEN } }
    expect((await h.request('POST', '/console/session', signing)).status).toBe(403)
  })

  test('end when they sign out, and when an operator ends them', async () => {
    const h = await harness()
    const [own, other] = [await signIn(h, { token: ADMIN_TOKEN }), await signIn(h, { token: ADMIN_TOKEN })]
    const headers = { ...CONSOLE, Cookie: own.cookie }
    const listed = await h.request('GET', '/admin/v1/sessions', { headers })
    const { sessions } = await listed.json<{ sessions: (Key & { own: boolean })[] }>()
    expect(sessions.filter((one) => one.own)).toHaveLength(1)
    expect((await h.request('DELETE', '/console/session', { headers })).status).toBe(204)
    expect((await withCookie(h, own.cookie)).status).toBe(401)
    for (const { id, own: mine } of sessions) if (!mine) await h.admin('DELETE', `/sessions/${id}`)
    expect((await withCookie(h, other.cookie)).status).toBe(401)
  })

  test('are counted against nobody but who has no right one', async () => {
    const h = await createHarness({ dialect: undefined, env: { RATE_LIMIT: 'on' } })
    const wrong = () => signIn(h, { token: 'wrong' })
    for (let i = 0; i < 100; i++) expect((await wrong()).answer.status).toBe(401)
    expect((await wrong()).answer.status).toBe(429)
    expect((await signIn(h, { token: ADMIN_TOKEN })).answer.status).toBe(201)
  })
})

describe('links that sign in', () => {
  const link = async (h: Harness) => {
    const made = await (await h.admin('POST', '/login-links')).json<{ link: string }>()
    expect(made.link).toMatch(new RegExp(`^${ORIGIN}/console/sign-in#pp_link_[\\w-]{43}$`))
    return made.link.split('#')[1] ?? ''
  }

  test('open one session, and none after it', async () => {
    const h = await harness()
    const secret = await link(h)
    const { answer, cookie } = await signIn(h, { link: secret })
    expect(answer.status).toBe(201)
    expect((await withCookie(h, cookie)).status).toBe(200)
    expect((await signIn(h, { link: secret })).answer.status).toBe(401)
  })

  test('are good for 30 minutes', async () => {
    const h = await harness()
    const secret = await link(h)
    h.clock.advance(HOUR / 2)
    expect((await signIn(h, { link: secret })).answer.status).toBe(401)
  })
})

describe('the pages of the console', () => {
  test('are one document at every address, under a policy that runs nothing but its own files', async () => {
    const h = await harness()
    for (const path of ['/console/', '/console/apps/a/devices/b', '/console/sign-in']) {
      const page = await h.request('GET', path)
      expect(await page.text()).toBe('<!doctype html>')
      expect(page.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self';.*require-trusted-types-for 'script'/,
      )
    }
    const file = await h.request('GET', '/console/app-A1B2C3D4.js')
    expect(file.headers.get('cache-control')).toContain('immutable')
    expect((await h.request('GET', '/console/app-00000000.js')).status).toBe(404)
  })

  test('are where a browser is led that asks for nothing', async () => {
    const h = await harness()
    const browser = await h.request('GET', '/', { headers: { Accept: 'text/html,*/*' } })
    expect([browser.status, browser.headers.get('location')]).toEqual([302, '/console/'])
    expect((await h.request('GET', '/', { headers: { Accept: '*/*' } })).status).toBe(404)
  })
})
