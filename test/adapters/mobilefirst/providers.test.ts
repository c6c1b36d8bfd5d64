import { exportPKCS8, generateKeyPair } from 'jose'
import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { providers as services } from '../../../src/delivery/providers/index.ts'
import { pkcs12 } from './certificates.ts'
import { createTenant, type Tenant } from './kit.ts'

const bundle = 'com.example.shop'
const onNode = runtimeName === 'better-sqlite3'
const SERVICE_ACCOUNT = JSON.stringify({
  type: 'service_account',
  project_id: 'shop',
  private_key: '-----BEGIN PRIVATE KEY-----\n…',
  client_email: 'push@shop.example',
})

async function upload(t: Tenant, of: Parameters<typeof pkcs12>[0], isSandBox = 'false') {
  const form = new FormData()
  form.append('certificate', new File([pkcs12(of)], 'apns.p12'))
  form.append('password', 'pässword')
  form.append('isSandBox', isSandBox)
  const body = new Response(form)
  const headers = { 'Content-Type': body.headers.get('content-type') ?? '' }
  const sent = { body: new Uint8Array(await body.arrayBuffer()), headers }
  const answer = await t.send('PUT', '/settings/apnsConf', sent)
  await t.h.settled()
  expect(answer.status).toBe(200)
}

interface Shown {
  readonly kind: string
}
const listed = async (t: Tenant) =>
  (await (await t.h.admin('GET', `/apps/${t.id}/providers`)).json<{ providers: readonly Shown[] }>())
    .providers
const put = (t: Tenant, document: Shown) =>
  t.h.admin('PUT', `/apps/${t.id}/providers/${document.kind}`, document)

describe.runIf(onNode)('an apnsConf', () => {
  test.each([
    ['false', 'production'],
    ['true', 'sandbox'],
  ])(
    'becomes the app’s provider, with the topic of the certificate (isSandBox %s)',
    async (flag, environment) => {
      const t = await createTenant()
      await upload(t, { bundle }, flag)
      expect(await listed(t)).toMatchObject([
        { kind: 'apns', topic: bundle, environment, endpoint: null, dialect: 'mobilefirst', state: 'ok' },
      ])
    },
  )

  test('that is renewed takes the place of the one before, and goes where it is deleted', async () => {
    const t = await createTenant()
    await upload(t, { bundle })
    await upload(t, { bundle: 'com.example.next' })
    expect(await listed(t)).toMatchObject([{ topic: 'com.example.next' }])
    await t.send('DELETE', '/settings/apnsConf')
    expect(await listed(t)).toEqual([])
  })

  test('never replaces the provider that an operator set', async () => {
    const t = await createTenant()
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const key = await exportPKCS8(privateKey)
    const own = { keyId: 'ABC123DEFG', teamId: 'DEF123GHIJ', topic: 'com.example.own' }
    const document = { kind: 'apns', key, ...own, environment: 'production', endpoint: null }
    expect((await put(t, document)).status).toBe(201)
    const before = await listed(t)
    await upload(t, { bundle })
    expect(await listed(t)).toEqual(before)
    await t.send('DELETE', '/settings/apnsConf')
    expect(await listed(t)).toEqual(before)
  })

  test('whose certificate names no app is kept, and not used', async () => {
    const t = await createTenant()
    await upload(t, {})
    expect(await listed(t)).toEqual([])
    expect(await t.ok('GET', '/settings/apnsConf')).toMatchObject({ certificate: 'apns.p12' })
  })

  test('goes with the dialect that it came by', async () => {
    const t = await createTenant()
    await upload(t, { bundle })
    await t.h.admin('PATCH', `/apps/${t.id}`, { dialects: { mobilefirst: null } })
    expect(await listed(t)).toEqual([])
  })
})

test.runIf(!onNode)(
  'an apnsConf is kept on Workers, and not used: they can present no certificate',
  async () => {
    const t = await createTenant()
    await upload(t, { bundle })
    expect(await listed(t)).toEqual([])
    expect(await t.ok('GET', '/settings/apnsConf')).toMatchObject({ certificate: 'apns.p12' })
  },
)

test.each([
  ['a key of the old API', 'key'],
  ['a service account', SERVICE_ACCOUNT],
])('a gcmConf never becomes a provider: %s', async (_, apiKey) => {
  const t = await createTenant()
  await t.ok('PUT', '/settings/gcmConf', { body: { apiKey, senderId: '1' } })
  expect(await listed(t)).toEqual([])
})

test.runIf(services.some(({ kind }) => kind === 'wns'))('a wnsConf becomes the app’s provider', async () => {
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
