import { expect, test } from 'vitest'
import { createTenant } from './kit.ts'
import { listed } from './provider-kit.ts'

const SERVICE_ACCOUNT = JSON.stringify({
  type: 'service_account',
  project_id: 'shop',
  private_key: '-----BEGIN PRIVATE KEY-----\n…',
  client_email: 'push@shop.example',
})

test.each([
  ['a key of the old API', 'key'],
  ['a service account', SERVICE_ACCOUNT],
])('a gcmConf never becomes a provider: %s', async (_, apiKey) => {
  const t = await createTenant()
  await t.ok('PUT', '/settings/gcmConf', { body: { apiKey, senderId: '1' } })
  expect(await listed(t)).toEqual([])
})

test('a wnsConf becomes the app’s provider', async () => {
  const t = await createTenant()
  const body = { clientSecret: 'a secret of WNS', packageSID: 'ms-app://s-1-15-2-1' }
  expect(await t.ok('PUT', '/settings/wnsConf', { body })).toEqual(body)
  await t.h.settled()
  expect(await listed(t)).toMatchObject([
    { kind: 'wns', packageSid: body.packageSID, dialect: 'mobilefirst' },
  ])
  expect(JSON.stringify(await listed(t))).not.toContain(body.clientSecret)
  await t.send('DELETE', '/settings/wnsConf')
  expect(await listed(t)).toEqual([])
})
