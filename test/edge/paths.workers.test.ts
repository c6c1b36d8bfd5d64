import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import worker from '../../src/worker.ts'
import { createHarness } from '../harness/harness.ts'
import { ownBinding } from '../harness/own-d1.ts'

const shared = env as unknown as Record<string, unknown> & { readonly DB: D1Database }
// LOG_LEVEL applies, whichever test ran in this workerd before.
const bindings = { ...shared, DB: ownBinding(shared.DB), LOG_LEVEL: 'silent' }
const send = (method: string, path: string, headers: Record<string, string>, body?: BodyInit) =>
  worker.fetch(
    new Request(`http://gateway.test${path}`, { method, headers, ...(body !== undefined && { body }) }),
    bindings,
    createExecutionContext(),
  )

// workerd resolves dot segments before our code sees the path: a trailing slash is left.
test('B01: in workerd an id of dots takes nothing', async () => {
  // This call updates the schema.
  await createHarness()
  const admin = { Authorization: 'Bearer test-admin-token-0123456789', 'Content-Type': 'application/json' }
  const created = await send('POST', '/admin/v1/apps', admin, '{"name":"n","dialects":{"mobilefirst":{}}}')
  expect(created.status, await created.clone().text()).toBe(201)
  const app = await created.json<{
    id: string
    dialects: {
      mobilefirst: { applicationId: string; clients: [{ clientId: string; clientSecret: string }] }
    }
  }>()
  const { applicationId, clients } = app.dialects.mobilefirst
  const form = {
    'Content-Type': 'application/x-www-form-urlencoded',
    Authorization: `Basic ${btoa(`${clients[0].clientId}:${clients[0].clientSecret}`)}`,
  }
  const scope = `apps.write devices.write devices.read push.application.${applicationId}`
  const grant = `grant_type=client_credentials&scope=${encodeURIComponent(scope)}`
  const { access_token: token } = await (await send('POST', '/mfp/api/az/v1/token', form, grant)).json<{
    access_token: string
  }>()
  const own = { Authorization: `Bearer ${token}` }
  const base = `/imfpush/v1/apps/${applicationId}`
  for (const dots of ['..', '%2e%2e', '.%2E', '.', '%2e', '../', '%2e%2e/']) {
    expect((await send('DELETE', `${base}/devices/${dots}`, own)).status, dots).toBe(404)
    expect((await send('DELETE', `/admin/v1/apps/${app.id}/devices/${dots}`, admin)).status, dots).toBe(404)
  }
  expect((await send('DELETE', `${base}/`, own)).status).toBe(404)
  expect((await send('DELETE', `/admin/v1/apps/${app.id}/`, admin)).status).toBe(404)
  expect((await send('GET', `/admin/v1/apps/${app.id}`, admin)).status).toBe(200)
  expect((await send('DELETE', base, own)).status).toBe(204)
})
