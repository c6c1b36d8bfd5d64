import { expect, test } from 'vitest'
import { createTenant } from './kit.ts'
import { bundle, listed, upload } from './provider-kit.ts'

test('an apnsConf is kept on Workers, and not used: they can present no certificate', async () => {
  const t = await createTenant()
  await upload(t, { bundle })
  expect(await listed(t)).toEqual([])
  expect(await t.ok('GET', '/settings/apnsConf')).toMatchObject({ certificate: 'apns.p12' })
})
