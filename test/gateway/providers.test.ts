import { describe, expect, test } from 'vitest'
import { fcmFor, openGateway, providerOf } from '../admin/provider-kit.ts'
import { find } from '../removals/kit.ts'

async function setUp() {
  const opened = await openGateway()
  const { h, code, path } = opened
  const fcm = await fcmFor(h)
  const app = await find(h, code)
  return {
    ...opened,
    fcm,
    app,
    put: () => h.admin('PUT', `${path}/fcm`, fcm.document),
    offer: (change: object = {}) =>
      h.gateway.providers.offer(app, { ...fcm.document, ...change, kind: 'fcm' }, 'the cause'),
  }
}

describe('a credential of a dialect’s own settings', () => {
  test('becomes the app’s where none is set, and is replaced by another of the same settings', async () => {
    const { h, path, fcm, offer } = await setUp()
    expect(await offer()).toBe(true)
    expect(await providerOf(h, `${path}/fcm`)).toMatchObject({ dialect: 'echo', projectId: 'demo-project' })
    const serviceAccount = { ...fcm.document.serviceAccount, project_id: 'another-project' }
    expect(await offer({ serviceAccount })).toBe(true)
    expect(await providerOf(h, `${path}/fcm`)).toMatchObject({ projectId: 'another-project' })
  })

  test('is probed only when that is asked for', async () => {
    const { h, id, path, fcm, offer } = await setUp()
    await offer()
    expect(fcm.fake.requests).toHaveLength(0)
    fcm.google.verdicts.push({ status: 401, body: { error: 'invalid_client' } })
    await h.gateway.providers.probe(id, 'fcm')
    expect(await providerOf(h, `${path}/fcm`)).toMatchObject({ state: 'refused', reason: 'invalid_client' })
  })

  test('never replaces one that an operator set, and is not missed where it is withdrawn', async () => {
    const { h, path, app, put, offer } = await setUp()
    await put()
    const before = await providerOf(h, `${path}/fcm`)
    expect(before).toMatchObject({ dialect: null })
    expect(await offer()).toBe(false)
    await h.gateway.providers.withdraw(app, 'fcm', 'the cause')
    expect(await providerOf(h, `${path}/fcm`)).toEqual(before)
  })

  test('gives way to an operator’s', async () => {
    const { h, path, put, offer } = await setUp()
    await offer()
    expect((await put()).status).toBe(200)
    expect(await providerOf(h, `${path}/fcm`)).toMatchObject({ dialect: null })
  })

  test('goes where it is withdrawn', async () => {
    const { h, path, app, offer } = await setUp()
    await offer()
    await h.gateway.providers.withdraw(app, 'fcm', 'the cause')
    expect((await h.admin('GET', `${path}/fcm`)).status).toBe(404)
  })

  test('that no service would take is left alone, and what stood before still stands', async () => {
    const { h, path, app, offer } = await setUp()
    await offer()
    const before = await providerOf(h, `${path}/fcm`)
    expect(await offer({ serviceAccount: 'nonsense' })).toBe(false)
    expect(await h.gateway.providers.offer(app, { kind: 'pigeon' }, 'the cause')).toBe(false)
    expect(await providerOf(h, `${path}/fcm`)).toEqual(before)
  })

  test('leaves audit entries that name the dialect and the request', async () => {
    const { h, id, app, offer } = await setUp()
    await offer()
    await h.gateway.providers.withdraw(app, 'fcm', 'the cause')
    const { entries } = await (await h.admin('GET', `/audit?app=${id}`)).json<{
      entries: readonly Readonly<Record<string, unknown>>[]
    }>()
    const own = entries.filter(({ target }) => target === 'fcm')
    expect(own.map(({ action, detail, requestId }) => [action, detail, requestId])).toEqual([
      ['provider.deleted', { dialect: 'echo' }, 'the cause'],
      ['provider.set', expect.objectContaining({ dialect: 'echo' }), 'the cause'],
    ])
  })
})
