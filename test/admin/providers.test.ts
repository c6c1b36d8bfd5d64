import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '../../src/store/store.ts'
import { fcmFor, openGateway, type Problem, providerOf, type ShownProvider } from './provider-kit.ts'

const ECHO_APP = { echo: { code: crypto.randomUUID() } }

async function setUp(env?: Readonly<Record<string, string>>) {
  const opened = await openGateway(env)
  const fcm = await fcmFor(opened.h)
  const { h, path } = opened
  const put = (document: unknown = fcm.document, kind = 'fcm') => h.admin('PUT', `${path}/${kind}`, document)
  return { ...opened, fcm, put }
}

describe('a provider', () => {
  test('is created, then replaced, and shown without its secrets by every call', async () => {
    const { h, path, fcm, put } = await setUp()
    const shown = {
      kind: 'fcm',
      projectId: 'demo-project',
      clientEmail: 'sender@demo-project.iam.gserviceaccount.com',
      endpoint: fcm.document.endpoint,
      ...{ state: 'ok', reason: null, since: null, restingUntil: null, dialect: null },
      createdAt: h.clock.now.toISOString(),
      updatedAt: h.clock.now.toISOString(),
    }
    const made = await put()
    expect([made.status, await made.json()]).toEqual([201, shown])
    h.clock.advance(1000)
    const again = await put()
    const replaced = { ...shown, updatedAt: h.clock.now.toISOString() }
    expect([again.status, await again.json()]).toEqual([200, replaced])
    expect(await providerOf(h, `${path}/fcm`)).toEqual(replaced)
    expect(await (await h.admin('GET', path)).json()).toEqual({ providers: [replaced] })
  })

  test('for Web Push needs no credential: the app has its pair; without a contact, it says so', async () => {
    const { h, put, path } = await setUp()
    const kind = 'webpush'
    expect((await put({ kind, subject: 'mailto:ops@localhost' }, kind)).status).toBe(400)
    expect((await put({ kind, endpoint: null }, kind)).status).toBe(201)
    const shown = { kind, endpoint: null, state: 'ok' }
    expect(await providerOf(h, `${path}/${kind}`)).toMatchObject({
      ...shown,
      reason: expect.stringContaining('subject'),
    })
    await put({ kind, subject: 'mailto:ops@example.com' }, kind)
    const named = { ...shown, subject: 'mailto:ops@example.com', reason: null }
    expect(await providerOf(h, `${path}/${kind}`)).toMatchObject(named)
  })

  test('belongs to one app', async () => {
    const { h, put } = await setUp()
    await put()
    const other = await h.createApp(ECHO_APP)
    expect(await (await h.admin('GET', `/apps/${other.id}/providers`)).json()).toEqual({ providers: [] })
    expect((await h.admin('DELETE', `/apps/${other.id}/providers/fcm`)).status).toBe(404)
  })

  test('is deleted once, and a rehearsal takes nothing', async () => {
    const { h, path, put } = await setUp()
    await put()
    const rehearsed = await h.admin('DELETE', `${path}/fcm?dryRun=true`)
    expect([rehearsed.status, await rehearsed.json()]).toEqual([200, { would: { providers: 1 } }])
    expect((await h.admin('GET', `${path}/fcm`)).status).toBe(200)
    expect((await h.admin('DELETE', `${path}/fcm`)).status).toBe(204)
    for (const [method, query] of [
      ['GET', ''],
      ['DELETE', ''],
      ['DELETE', '?dryRun=true'],
    ] as const)
      expect((await h.admin(method, `${path}/fcm${query}`)).status).toBe(404)
    expect((await put()).status).toBe(201)
  })

  test('goes with its app, which says so before', async () => {
    const { h, id, path, put } = await setUp()
    await put()
    const rehearsed = await (await h.admin('DELETE', `/apps/${id}?dryRun=true`)).json()
    expect(rehearsed).toMatchObject({ would: { providers: 1 } })
    await h.admin('DELETE', `/apps/${id}`)
    for (const one of [path, `${path}/fcm`]) expect((await h.admin('GET', one)).status).toBe(404)
    expect((await put()).status).toBe(404)
  })

  test.each([
    ['of an unknown app', 'app', 'fcm', 'app-unknown'],
    ['of an unknown kind', 'kind', 'pigeon', 'not-found'],
    ['of a channel that is no push service', 'kind', 'email', 'not-found'],
  ])('%s is a problem, whatever is asked for', async (_, what, kind, type) => {
    const { h, path, fcm } = await setUp()
    const base = what === 'app' ? '/apps/nobody/providers' : path
    for (const [method, body] of [['PUT', { ...fcm.document, kind }], ['GET'], ['DELETE']] as const) {
      const answer = await h.admin(method, `${base}/${kind}`, body)
      const { status } = answer
      expect([method, status, await answer.json()]).toEqual([
        method,
        404,
        expect.objectContaining({ type: `urn:pushport:problem:${type}` }),
      ])
    }
    expect(fcm.google.exchanges()).toBe(0)
  })

  test('needs the admin token', async () => {
    const { h, path } = await setUp()
    for (const method of ['PUT', 'GET', 'DELETE'])
      expect((await h.request(method, `/admin/v1${path}/fcm`)).status).toBe(401)
  })
})

describe('a body that is refused', () => {
  const account = (change: Record<string, unknown>) => (document: { readonly serviceAccount: object }) => ({
    ...document,
    serviceAccount: { ...document.serviceAccount, ...change },
  })
  const changed = (change: Record<string, unknown>) => (document: object) => ({ ...document, ...change })

  test.each([
    ['another kind', changed({ kind: 'apns' }), 'kind'],
    ['no kind', changed({ kind: undefined }), 'kind'],
    ['an unreadable key', account({ private_key: 'nonsense' }), 'serviceAccount.private_key'],
    ['a missing member', account({ client_email: undefined }), 'serviceAccount.client_email'],
    ['no file', changed({ serviceAccount: undefined }), 'serviceAccount'],
    ['an unknown key', changed({ extra: 1 }), 'extra'],
    ['an endpoint that is no address', changed({ endpoint: 'here' }), 'endpoint'],
  ] as const)('for %s names it, is not probed, and what stood before still stands', async (_, change, at) => {
    const { h, path, fcm, put } = await setUp()
    await put()
    const before = await providerOf(h, `${path}/fcm`)
    const [exchanges, requests] = [fcm.google.exchanges(), fcm.fake.requests.length]
    h.clock.advance(1000)
    const refused = await put(change(fcm.document))
    expect(refused.status).toBe(400)
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    const { errors = [] } = await refused.json<Problem>()
    expect(errors.map((one) => one.path)).toContain(at)
    expect(await providerOf(h, `${path}/fcm`)).toEqual(before)
    expect([fcm.google.exchanges(), fcm.fake.requests.length]).toEqual([exchanges, requests])
  })

  test('for a private address, where those are forbidden', async () => {
    const { put } = await setUp({ ALLOW_PRIVATE_TARGETS: 'off' })
    const refused = await put()
    expect(refused.status).toBe(400)
    const { errors = [] } = await refused.json<Problem>()
    expect(errors.map((one) => one.path).sort()).toEqual(['endpoint', 'serviceAccount.token_uri'])
  })
})

describe('the probe', () => {
  test('is one request that the service would take for a real phone', async () => {
    const { fcm, put } = await setUp()
    await put()
    expect(fcm.fake.requests).toHaveLength(1)
    expect(JSON.parse(fcm.fake.requests[0]?.text ?? '')).toMatchObject({
      validate_only: true,
      message: { token: 'probe' },
    })
    expect(fcm.fake.messages).toEqual([])
  })

  test('shows a credential that the service refuses, and since when, and fails no PUT', async () => {
    const { h, path, fcm, put } = await setUp()
    const denied = { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid signature' } }
    fcm.google.verdicts.push(denied)
    const made = await put()
    expect(made.status).toBe(201)
    const since = h.clock.now.toISOString()
    const refused = { state: 'refused', reason: 'invalid_grant: Invalid signature', since }
    expect(await made.json()).toMatchObject(refused)
    h.clock.advance(1000)
    fcm.google.verdicts.push(denied)
    const again = await (await put()).json<ShownProvider>()
    // A different credential, as far as callers can see.
    expect(again).toMatchObject({ state: 'refused', since: h.clock.now.toISOString() })
    expect(await (await put()).json()).toMatchObject({ state: 'ok', reason: null, since: null })
    expect(await providerOf(h, `${path}/fcm`)).toMatchObject({ state: 'ok', reason: null, since: null })
  })

  test.each([
    ['is not there', { status: 503, body: {} }],
    ['asks for a pause', { status: 429, body: {} }],
  ])('says nothing against a credential where the service %s', async (_, verdict) => {
    const { fcm, put } = await setUp()
    fcm.fake.verdicts.set('probe', verdict)
    const made = await put()
    expect([made.status, (await made.json<ShownProvider>()).state]).toEqual([201, 'ok'])
  })

  test('takes five seconds at most', async () => {
    const { fcm, put } = await setUp()
    fcm.fake.verdicts.set('probe', 'no answer')
    const made = await put()
    expect(made.status).toBe(201)
    expect(await made.json()).toMatchObject({ state: 'ok', reason: 'timeout', since: null })
  })
})

describe('an access token', () => {
  test('is asked for once, whatever the number of lanes and processes, until the credential is set again', async () => {
    const { h, id, fcm, put } = await setUp()
    await put()
    expect(fcm.google.exchanges()).toBe(1)
    const another = (await openGateway()).h
    const gateways = [h, another, h, another]
    await Promise.all(gateways.map(({ gateway }) => gateway.providers.probe(id, 'fcm')))
    expect([fcm.google.exchanges(), fcm.fake.requests.length]).toEqual([1, 5])
    await put()
    expect(fcm.google.exchanges()).toBe(2)
    await another.gateway.providers.probe(id, 'fcm')
    expect(fcm.google.exchanges()).toBe(2)
  })

  test('and the credential are sealed in the store, and in no answer, log or audit entry', async () => {
    const { h, id, path, fcm, put } = await setUp()
    const answers = [await put(), await h.admin('GET', path), await h.admin('GET', `${path}/fcm`)]
    answers.push(await put({ ...fcm.document, extra: 1 }))
    answers.push(
      await put(),
      await h.admin('GET', `/audit?app=${id}`),
      await h.admin('DELETE', `${path}/fcm`),
    )
    await put()
    const tables = ['providers', 'lane_secrets'].map((table) => ({
      statement: { text: `SELECT * FROM ${table} WHERE app_id = ?`, binds: ['app'] },
      values: { app: id },
    }))
    const rows = await h.db.read(tables)
    expect(rows.map((of) => of.length)).toEqual([1, 1])
    const texts = await Promise.all(answers.map((one) => one.text()))
    const said = JSON.stringify([texts, rows, h.log, h.logged, await fcmAudit(h, id)])
    const body = (fcm.document.serviceAccount.private_key ?? '').split('\n')
    for (const secret of [...fcm.secrets(), ...body.filter((line) => line.length > 40)])
      expect(said).not.toContain(JSON.stringify(secret).slice(1, -1))
  })
})

const fcmAudit = async ({ admin }: Awaited<ReturnType<typeof setUp>>['h'], id: string) =>
  (await (await admin('GET', `/audit?app=${id}`)).json<{ entries: readonly AuditEntry[] }>()).entries

test('every change of a provider says who did it, and what changes nothing says nothing', async () => {
  const { h, id, path, fcm, put } = await setUp()
  await put()
  await put({ ...fcm.document, extra: 1 })
  await h.admin('DELETE', `${path}/fcm?dryRun=true`)
  await h.admin('DELETE', `${path}/fcm`)
  await h.admin('DELETE', `${path}/fcm`)
  const entries = (await fcmAudit(h, id)).map(({ actor, action, target }) => [actor, action, target])
  expect(entries).toEqual([
    ['admin', 'provider.deleted', 'fcm'],
    ['admin', 'provider.set', 'fcm'],
    ['admin', 'app.created', null],
  ])
})
