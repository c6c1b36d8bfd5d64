import { expect, test } from 'vitest'
import * as z from 'zod'
import { flameup } from '../../../adapters/flameup/index.ts'
import { createHarness } from '../../harness/harness.ts'
import { openWorkspace, people } from './kit.ts'

const newKey = () => `ws_live_${crypto.randomUUID()}.${crypto.randomUUID()}`
const Shown = z.object({
  dialects: z.object({
    flameup: z.strictObject({
      workspaceId: z.string(),
      apiKeys: z.array(z.strictObject({ key: z.string(), scopes: z.array(z.string()) })).optional(),
    }),
  }),
})
const shown = (document: unknown) => Shown.parse(document).dialects.flameup

test("everything left out is generated in the vendor's form, and shown this once", async () => {
  const h = await createHarness()
  const app = await h.createApp({ flameup: {} })
  const { workspaceId, apiKeys } = shown(app)
  expect(workspaceId).toMatch(/^ws_[0-9a-z]+$/)
  expect(apiKeys).toEqual([
    { key: expect.stringMatching(/^ws_live_[0-9a-z]+_[0-9a-z]+\.[0-9a-f]{64}$/), scopes: ['devices:write'] },
  ])
  const again = await (await h.admin('GET', `/apps/${app.id}`)).json()
  expect(shown(again)).toEqual({ workspaceId })
})

test('what the operator brings is taken as it is, and never shown', async () => {
  const [key, workspaceId] = [newKey(), `ws_${crypto.randomUUID()}`]
  const h = await createHarness()
  const app = await h.createApp({ flameup: { workspaceId, apiKeys: [{ key }] } })
  expect(shown(app)).toEqual({ workspaceId })
  const headers = { Authorization: `Bearer ${key}` }
  expect((await h.request('GET', people('jane'), { headers })).status).toBe(200)
  const { credentials } = await (await h.admin('GET', `/apps/${app.id}/credentials`)).json<{
    credentials: unknown[]
  }>()
  expect(credentials).toMatchObject([{ kind: 'apiKey', name: null, scopes: ['devices:write'] }])
  expect(JSON.stringify(credentials)).not.toContain(key)
})

test('a key that is left out is generated with the scopes that are given', async () => {
  const h = await createHarness()
  const app = await h.createApp({ flameup: { apiKeys: [{ scopes: ['admin', 'people:read'] }, {}] } })
  expect(shown(app).apiKeys?.map((one) => one.scopes)).toEqual([['admin', 'people:read'], ['devices:write']])
})

test('a change adds keys and replaces none', async () => {
  const [one, two] = [newKey(), newKey()]
  const w = await openWorkspace({ document: { apiKeys: [{ key: one }] } })
  const patch = (flameup: unknown) => w.h.admin('PATCH', `/apps/${w.appId}`, { dialects: { flameup } })
  expect((await patch({ apiKeys: [{ key: two }] })).status).toBe(200)
  // The same document again, as from a script that runs twice.
  expect((await patch({ apiKeys: [{ key: two }] })).status).toBe(200)
  for (const key of [one, two]) expect((await w.call('GET', people('jane'), { key })).status).toBe(200)
  const { credentials } = await (await w.h.admin('GET', `/apps/${w.appId}/credentials`)).json<{
    credentials: unknown[]
  }>()
  expect(credentials).toHaveLength(2)
})

test('a change that names nothing changes nothing and generates nothing', async () => {
  const w = await openWorkspace()
  const answer = await w.h.admin('PATCH', `/apps/${w.appId}`, { dialects: { flameup: {} } })
  expect(shown(await answer.json())).toEqual({ workspaceId: w.workspaceId })
  expect((await w.call('GET', people('jane'))).status).toBe(200)
})

test("the workspace's id can be changed, and devices go along", async () => {
  const w = await openWorkspace()
  const { id } = await w.register('jane', { token: `t-${crypto.randomUUID()}`, platform: 'ios' })
  const workspaceId = `ws_${crypto.randomUUID()}`
  await w.h.admin('PATCH', `/apps/${w.appId}`, { dialects: { flameup: { workspaceId } } })
  expect((await w.list('jane')).devices).toMatchObject([{ id, workspace_id: workspaceId }])
})

test.each([
  ['workspace id', (w: { workspaceId: string }) => ({ workspaceId: w.workspaceId })],
  ['key', (w: { key: string }) => ({ apiKeys: [{ key: w.key }] })],
])('a %s that another app has is refused', async (_, document) => {
  const w = await openWorkspace()
  const body = { name: 'other', dialects: { flameup: document(w) } }
  expect((await w.h.admin('POST', '/apps', body)).status).toBe(409)
})

test.each([
  ['an unknown member', { workspace: 'ws_1' }, 'dialects.flameup.workspace'],
  ['an unknown member of a key', { apiKeys: [{ secret: 'x' }] }, 'dialects.flameup.apiKeys.0.secret'],
  ['an empty workspace id', { workspaceId: '' }, 'dialects.flameup.workspaceId'],
  ['an empty key', { apiKeys: [{ key: '' }] }, 'dialects.flameup.apiKeys.0.key'],
  ['a key that no header can carry', { apiKeys: [{ key: 'a b' }] }, 'dialects.flameup.apiKeys.0.key'],
  ['keys that are no list', { apiKeys: 'x' }, 'dialects.flameup.apiKeys'],
  ['scopes that are no list', { apiKeys: [{ scopes: 'admin' }] }, 'dialects.flameup.apiKeys.0.scopes'],
])('%s is refused by name', async (_, document, path) => {
  const h = await createHarness()
  const answer = await h.admin('POST', '/apps', { name: 'shop', dialects: { flameup: document } })
  expect(answer.status).toBe(400)
  const { errors } = await answer.json<{ errors: { path: string }[] }>()
  expect(errors.map((one) => one.path)).toContain(path)
})

test('a further key has the kind apiKey and, unless others are given, the scope devices:write', async () => {
  const w = await openWorkspace()
  const add = async (more = {}) => {
    const body = { dialect: 'flameup', ...more }
    return (await w.h.admin('POST', `/apps/${w.appId}/credentials`, body)).json<{
      kind: string
      scopes: string[]
      secret: string
    }>()
  }
  const added = await add()
  expect(added).toMatchObject({ kind: 'apiKey', scopes: ['devices:write'] })
  expect((await w.call('GET', people('jane'), { key: added.secret })).status).toBe(200)
  expect(await add({ kind: 'apiKey', scopes: ['people:read'] })).toMatchObject({ scopes: ['people:read'] })
})

test.each([
  ['a kind that there is not', { kind: 'token' }, 'kind'],
  ['a name', { name: 'x' }, 'name'],
  ['a secret that no header can carry', { secret: 'a b' }, 'secret'],
])('a further key with %s is refused by name', async (_, more, path) => {
  const w = await openWorkspace()
  const body = { dialect: 'flameup', ...more }
  const answer = await w.h.admin('POST', `/apps/${w.appId}/credentials`, body)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ errors: [{ path }] })
})

test('an app that goes takes its keys and devices along', async () => {
  const w = await openWorkspace()
  await w.register('jane', { token: `t-${crypto.randomUUID()}`, platform: 'ios' })
  await w.h.admin('DELETE', `/apps/${w.appId}`)
  expect((await w.call('GET', people('jane'))).status).toBe(401)
})

test('the example names the key where it was just made, and stands for one where it is secret', () => {
  const document = { workspaceId: 'ws_1', apiKeys: [{ key: 'ws_live_a', scopes: ['devices:write'] }] }
  expect(flameup.example(document, 'http://127.0.0.1:8787', 'token')).toContain(
    "curl -s http://127.0.0.1:8787/api/v1/people/jane/devices -H 'Authorization: Bearer ws_live_a'",
  )
  expect(flameup.example({ workspaceId: 'ws_1' }, 'http://127.0.0.1:8787', 'token')).toContain(
    'Bearer API_KEY',
  )
})
