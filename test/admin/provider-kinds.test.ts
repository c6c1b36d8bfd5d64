import { exportPKCS8, generateKeyPair } from 'jose'
import { describe, expect, test } from 'vitest'
import { runtimeName, serve } from '#runtime'
import { PutProvider } from '../../src/admin/schema-providers.ts'
import { toBase64Url } from '../../src/domain/encoding.ts'
import { generateVapid } from '../../src/secrets/vapid.ts'
import { pkcs12 } from '../adapters/mobilefirst/certificates.ts'
import { laneDeps } from '../contract/provider-kit.ts'
import { openApns } from '../delivery/apns/kit.ts'
import { openGateway, type Problem, type ShownProvider } from './provider-kit.ts'

const certificates = runtimeName !== 'D1 in workerd'
const nobody = () => serve(() => new Response('', { status: 503 }))
const at = { state: 'ok', since: null, restingUntil: null, dialect: null }
const p8 = generateKeyPair('ES256', { extractable: true }).then(({ privateKey }) => exportPKCS8(privateKey))
const bundle = 'com.example.shop'

const withKey = async () => ({
  ...{ kind: 'apns', key: await p8, keyId: 'ABC123DEFG', teamId: 'DEF123GHIJ' },
  ...{ topic: bundle, environment: 'sandbox', endpoint: null },
})
const withCertificate = (of: Parameters<typeof pkcs12>[0] = { bundle }) => ({
  ...{ kind: 'apns', certificate: toBase64Url(pkcs12(of)), passphrase: 'pässword' },
  ...{ environment: 'production', endpoint: null },
})

describe('sending.md 2.2: what is shown', () => {
  test('of an APNs key: all but the key', async () => {
    const { h, path } = await openGateway()
    const endpoint = (await nobody()).origin
    const { key, ...shown } = { ...(await withKey()), endpoint }
    const answer = await h.admin('PUT', `${path}/apns`, { ...shown, key })
    const said = await answer.text()
    expect(answer.status).toBe(201)
    expect(JSON.parse(said)).toMatchObject({ ...shown, ...at })
    expect(said).not.toContain('PRIVATE KEY')
  })

  if (certificates)
    test('of an APNs certificate: topic, environment and its end', async () => {
      const { h, path } = await openGateway()
      const endpoint = (await nobody()).origin
      const answer = await h.admin('PUT', `${path}/apns`, { ...withCertificate(), endpoint })
      expect(answer.status).toBe(201)
      const { createdAt, updatedAt, reason, ...shown } = await answer.json<ShownProvider>()
      expect(shown).toEqual({
        ...{ kind: 'apns', topic: bundle, environment: 'production', endpoint },
        ...{ notAfter: '2027-06-30T10:20:30.000Z', ...at },
      })
    })
  else
    test('of an APNs certificate: nothing, since Workers can present none', async () => {
      const { h, path } = await openGateway()
      const answer = await h.admin('PUT', `${path}/apns`, withCertificate())
      expect(answer.status).toBe(400)
      const { errors = [] } = await answer.json<Problem>()
      expect(errors.map((one) => one.path)).toEqual(['certificate'])
    })

  test.each([
    ['its own subject', { subject: 'mailto:own@example.com' }, {}, null],
    ['the subject of the app', {}, { subject: 'mailto:app@example.com' }, null],
  ])('of web push: all, with %s', async (_, more, vapid, reason) => {
    const { h } = await openGateway()
    const pair = { ...(await generateVapid()), ...vapid }
    const { id } = await h.createApp({ echo: { code: crypto.randomUUID() } }, { vapid: pair })
    const document = { kind: 'webpush', endpoint: null, ...more }
    const answer = await h.admin('PUT', `/apps/${id}/providers/webpush`, document)
    expect([answer.status, await answer.json()]).toEqual([
      201,
      expect.objectContaining({ ...document, ...at, reason }),
    ])
  })

  test.each([
    ['where nobody named a contact', {}, expect.stringContaining('mailto:webpush@example.com')],
    ['and none where the gateway has an address', { PUBLIC_URL: 'https://push.example.com' }, null],
  ])('of web push: a warning in `reason` %s', async (_, env, reason) => {
    const { h, path } = await openGateway(env)
    const answer = await h.admin('PUT', `${path}/webpush`, { kind: 'webpush', endpoint: null })
    expect(await answer.json()).toMatchObject({ ...at, kind: 'webpush', endpoint: null, reason })
  })
})

describe('the probe of APNs', () => {
  const open = async () => {
    const { h, path } = await openGateway()
    const apns = await openApns({ deps: laneDeps({ now: () => h.clock.now }) })
    const put = () => h.admin('PUT', `${path}/apns`, apns.document)
    return { h, path, apns, put }
  }

  test('is a push in the background to a made-up token', async () => {
    const { apns, put } = await open()
    expect(await (await put()).json()).toMatchObject({ state: 'ok', reason: null })
    const [seen, ...others] = [...apns.production.requests, ...apns.sandbox.requests]
    expect(others).toEqual([])
    expect(seen?.url.pathname).toMatch(/^\/3\/device\/[0-9a-f]{64}$/)
    expect(JSON.parse(seen?.text ?? '')).toEqual({ aps: { 'content-available': 1 } })
    expect(seen?.headers.get('apns-push-type')).toBe('background')
    expect(seen?.headers.get('apns-priority')).toBe('5')
  })

  test('leaves one JWT, which all lanes and processes use until the key is set again', async () => {
    const { h, path, apns, put } = await open()
    await put()
    const [, , id = ''] = path.split('/')
    const another = (await openGateway()).h
    for (const { gateway } of [h, another, h]) await gateway.providers.probe(id, 'apns')
    expect(new Set(apns.sent()).size).toBe(1)
    // APNs accepts a new one after 20 minutes.
    h.clock.advance(21 * 60_000)
    await put()
    expect(new Set(apns.sent()).size).toBe(2)
  })
})

test.each([
  ['403 InvalidProviderToken', 403, 'InvalidProviderToken', 'refused'],
  ['403 BadCertificate', 403, 'BadCertificate', 'refused'],
  ['400 BadDeviceToken', 400, 'BadDeviceToken', 'ok'],
  ['400 TopicDisallowed', 400, 'TopicDisallowed', 'ok'],
  ['410 Unregistered', 410, 'Unregistered', 'ok'],
  ['429 TooManyRequests', 429, 'TooManyRequests', 'ok'],
])('the probe of APNs: %s', async (_, status, reason, state) => {
  const { h, path } = await openGateway()
  const { origin } = await serve(() => Response.json({ reason }, { status }))
  const answer = await h.admin('PUT', `${path}/apns`, { ...(await withKey()), endpoint: origin })
  expect([answer.status, (await answer.json<ShownProvider>()).state]).toEqual([201, state])
})

test('every form of a body is the one that the description of the API has', async () => {
  const secret = { clientSecret: 's', endpoint: null }
  const documents = [
    ...[await withKey(), withCertificate(), { kind: 'webpush', endpoint: null, subject: 'mailto:a@b.c' }],
    ...[
      { kind: 'wns', packageSid: 'p', ...secret },
      { kind: 'hms', appId: 'a', ...secret },
      { kind: 'adm', clientId: 'c', ...secret },
    ],
  ]
  for (const one of documents) expect([one, PutProvider.safeParse(one).success]).toEqual([one, true])
})
