import { expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness } from '../harness/harness.ts'

const withSixth = () => createHarness({ adapters: [...adapters, echoDialect] })

test('a sixth dialect is one folder and one line: it is provisioned, registers and is seen by the admin API', async () => {
  const h = await withSixth()
  const app = await h.createApp({ echo: {} })
  const code = app.dialects.echo?.code
  expect((await h.request('PUT', `/echo/${code}/phone`, { body: { token: 'T' } })).status).toBe(201)
  expect((await h.request('PUT', `/echo/${code}/phone`, { body: { token: 'T' } })).status).toBe(200)
  const { devices } = await (await h.admin('GET', `/apps/${app.id}/devices`)).json<{ devices: unknown[] }>()
  expect(devices).toMatchObject([{ dialect: 'echo', externalId: 'phone', provider: 'fcm', token: 'T' }])
})

test('a sixth dialect answers everything under its base in its own shape', async () => {
  const h = await withSixth()
  const unknownPath = await h.request('GET', '/echo/nothing/here/at/all')
  expect([unknownPath.status, await unknownPath.json()]).toEqual([400, { fault: 'not_found' }])
  const unknownApp = await h.request('PUT', '/echo/none/phone', { body: { token: 'T' } })
  expect([unknownApp.status, await unknownApp.json()]).toEqual([404, { fault: 'app_unknown' }])
})

test('what lies outside every dialect is answered as a problem', async () => {
  const h = await withSixth()
  const response = await h.request('GET', '/echoes')
  expect(response.status).toBe(404)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(await response.json()).toMatchObject({ status: 404, title: 'Not found' })
})
