import { describe, expect, test } from 'vitest'
import { type Answer, createTenant, form, RUNTIME, type Tenant, unique } from './kit.ts'
import {
  androidSigner,
  createPhone,
  hmacSigner,
  jws,
  type Phone,
  registration,
  type Signer,
  selfRegister,
  webSigner,
} from './phone.ts'

const SIGNERS: readonly (readonly [string, () => Promise<Signer> | Signer])[] = [
  ['Android with RSA of 512 bits, base64url padded', androidSigner],
  ['the web SDK of 2022 with RSA of 2048 bits, plain base64', webSigner],
  ['the web SDK of 2020 with HMAC', hmacSigner],
]
const MOBILE = 'push.mobileclient'

async function setUp(signer: Signer = androidSigner()): Promise<{ t: Tenant; phone: Phone }> {
  const t = await createTenant()
  return { t, phone: await createPhone(t.h, t.app, signer) }
}

describe('the way in of a shipped app', () => {
  test.each(SIGNERS)('is open to %s', async (_, signer) => {
    const { t, phone } = await setUp(await signer())
    const preauthorized = await t.h.request('POST', `${RUNTIME}/preauth/v1/preauthorize`, {
      body: { client_id: phone.clientId, scope: MOBILE },
    })
    expect([preauthorized.status, await preauthorized.json<Answer>()]).toEqual([
      200,
      { successes: { clockSynchronization: { serverTimeStamp: t.h.clock.now.getTime() } } },
    ])
    const answer = await phone.redeem(await phone.code(MOBILE))
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const { access_token: token, ...rest } = await answer.json<Answer>()
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 3600, scope: `RegisteredClient ${MOBILE}` })
    const body = { deviceId: phone.deviceId, platform: 'G', token: unique('fcm') }
    expect((await t.send('GET', `/devices/${phone.deviceId}`, { token })).status).toBe(404)
    expect((await t.send('POST', '/devices', { body, token })).status).toBe(201)
    expect((await t.send('GET', `/devices/${phone.deviceId}`, { token })).status).toBe(200)
  })

  test('begins with 201, an object and the place where the SDK finds its client id', async () => {
    const t = await createTenant()
    const answer = await selfRegister(t.h, registration(t.app, 'd', androidSigner()), androidSigner())
    expect([answer.status, await answer.json<Answer>()]).toEqual([201, {}])
    expect(answer.headers.get('location')).toMatch(
      /^http:\/\/gateway\.test\/mfp\/api\/registration\/clients\/[0-9a-f-]{36}$/,
    )
  })

  test('goes through the client’s own redirect for web apps', async () => {
    const { t, phone } = await setUp(await webSigner())
    const own = `${RUNTIME}/az/v1/authorization/redirect/${phone.clientId}`
    for (const uri of [own, `http://gateway.test${own}`]) {
      const query = form({
        response_type: 'code',
        client_id: phone.clientId,
        scope: MOBILE,
        redirect_uri: uri,
      })
      const sent = await t.h.request('GET', `${RUNTIME}/az/v1/authorization?${query}`)
      expect(sent.status).toBe(302)
      const location = sent.headers.get('location') ?? ''
      expect(location.startsWith(`${uri}?code=`)).toBe(true)
      const shown = await t.h.request('GET', location.replace('http://gateway.test', ''))
      expect([shown.status, await shown.json<Answer>()]).toEqual([200, { code: location.split('code=')[1] }])
    }
  })

  test.each([
    ['RegisteredClient', 'RegisteredClient'],
    ['', 'RegisteredClient'],
    [
      'devices.read devices.write push.mobileclient subscriptions.write RegisteredClient',
      'RegisteredClient devices.read devices.write push.mobileclient subscriptions.write',
    ],
    [
      'push.mobileclient messages.write apps.read settings.read tags.write *',
      'RegisteredClient push.mobileclient',
    ],
    ['push.application.com.example.other userLogin', 'RegisteredClient'],
  ])('grants of "%s" only "%s"', async (asked, granted) => {
    const { phone } = await setUp()
    const answer = await phone.redeem(await phone.code(asked))
    expect((await answer.json<Answer>()).scope).toBe(granted)
  })

  test('lets a client describe itself anew with the key it has', async () => {
    const { t, phone } = await setUp()
    const payload = registration(t.app, 'moved', phone.signer)
    const again = async (signer: Signer, id = phone.clientId) =>
      t.h.request('PUT', `${RUNTIME}/registration/v1/self/${id}`, {
        body: { signedRegistrationData: await jws(signer, payload, id) },
      })
    expect((await again(await webSigner())).status).toBe(400)
    expect((await again(phone.signer)).status).toBe(200)
    const unknown = await again(phone.signer, crypto.randomUUID())
    expect([unknown.status, (await unknown.json<Answer>()).errorCode]).toEqual([400, 'INVALID_CLIENT_ID'])
    const token = await phone.token(MOBILE)
    expect((await t.send('GET', '/devices/moved', { token })).status).toBe(404)
    expect((await t.send('GET', `/devices/${phone.deviceId}`, { token })).status).toBe(403)
  })

  test('is forgotten after half a year without a word, and found again where there was one', async () => {
    const { t, phone } = await setUp()
    const chatty = await createPhone(t.h, t.app, androidSigner())
    t.h.clock.advance(100 * 86_400_000)
    const payload = registration(t.app, chatty.deviceId, chatty.signer)
    await t.h.request('PUT', `${RUNTIME}/registration/v1/self/${chatty.clientId}`, {
      body: { signedRegistrationData: await jws(chatty.signer, payload, chatty.clientId) },
    })
    // The last day passes normally, because after a jump the clock is only believed then (hostile F20b).
    const budget = { milliseconds: 5000, steps: 100 }
    t.h.clock.advance(80 * 86_400_000)
    await t.h.gateway.maintenance.run(budget)
    t.h.clock.advance(86_400_000)
    await t.h.gateway.maintenance.run(budget)
    const known = (id: string) =>
      t.h.request('POST', `${RUNTIME}/preauth/v1/preauthorize`, { body: { client_id: id } })
    // A hundred are removed with each registration, including those of other tests over the same database.
    for (let tries = 0; tries < 20 && (await known(phone.clientId)).status === 200; tries++) {
      await createPhone(t.h, t.app, androidSigner())
    }
    expect([(await known(phone.clientId)).status, (await known(chatty.clientId)).status]).toEqual([400, 200])
  })

  test('shows a client what it said about itself, and nobody else', async () => {
    const { t, phone } = await setUp()
    const other = await createPhone(t.h, t.app, androidSigner())
    const at = t.h.clock.now.getTime()
    const ask = async (id: string, sub: string) => {
      const parts = await jws(phone.signer, { sub, exp: at + 60_000, iat: at }, sub)
      const assertion = `${parts.header}.${parts.payload}.${parts.signature}`
      return t.h.request(
        'GET',
        `${RUNTIME}/registration/v1/self/${id}?${form({ client_assertion: assertion })}`,
      )
    }
    const own = await ask(phone.clientId, phone.clientId)
    expect([own.status, await own.json<Answer>()]).toMatchObject([
      200,
      { registration: { device: { id: phone.deviceId, deviceDisplayName: 'Jürgen’s phone' } } },
    ])
    expect((await ask(other.clientId, phone.clientId)).status).toBe(400)
    expect((await t.h.request('GET', `${RUNTIME}/registration/v1/self/${phone.clientId}`)).status).toBe(400)
  })

  test.each(['heartbeat', 'logout'])('answers %s to who proves its client', async (call) => {
    const { t, phone } = await setUp()
    const at = t.h.clock.now.getTime()
    const post = async (sub: string) => {
      const { header, payload, signature } = await jws(phone.signer, { sub, exp: at + 60_000, iat: at }, sub)
      return t.h.request('POST', `${RUNTIME}/preauth/v1/${call}`, {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: form({ client_assertion: `${header}.${payload}.${signature}`, security_check: 'x' }),
      })
    }
    expect((await post(phone.clientId)).status).toBe(200)
    expect((await post('nobody')).status).toBe(400)
  })
})

describe('a registration', () => {
  const broken = async (signer: Signer, payload: unknown) => {
    const parts = await jws(signer, payload)
    return { ...parts, payload: (await jws(signer, { ...(payload as object), extra: 1 })).payload }
  }
  test.each<[string, (t: Tenant) => Promise<unknown>]>([
    [
      'of an unknown application',
      (t) => jws(androidSigner(), registration(`${t.app}.x`, 'd', androidSigner())),
    ],
    ['without a device', (t) => jws(androidSigner(), { application: { id: t.app } })],
    ['whose content was altered', (t) => broken(androidSigner(), registration(t.app, 'd', androidSigner()))],
    [
      'signed by another key than it shows',
      async (t) =>
        jws(
          { ...androidSigner(), sign: (await webSigner()).sign },
          registration(t.app, 'd', androidSigner()),
        ),
    ],
    [
      'that is not signed',
      async (t) => {
        const signer = { ...androidSigner(), header: () => ({ alg: 'none' }) }
        return { ...(await jws(signer, registration(t.app, 'd', signer))), signature: '' }
      },
    ],
    [
      'with a key of 256 bits',
      (t) => {
        const jwk = { kty: 'RSA', n: `${'_'.repeat(42)}8`, e: 'AQAB' }
        return jws(
          { ...androidSigner(), header: () => ({ alg: 'RS256', jwk }) },
          registration(t.app, 'd', androidSigner()),
        )
      },
    ],
    [
      'with an empty HMAC key',
      async (t) => {
        const signer = await hmacSigner()
        return jws({ ...signer, header: () => ({ alg: 'HS256', key: '' }) }, registration(t.app, 'd', signer))
      },
    ],
    ['in no parts', async () => 'a.b.c'],
    ['of parts that are no base64', async () => ({ header: '!', payload: '!', signature: '!' })],
    ['of nothing', async () => undefined],
  ])('%s is refused', async (_, data) => {
    const t = await createTenant()
    const answer = await t.h.request('POST', `${RUNTIME}/registration/v1/self`, {
      body: { signedRegistrationData: await data(t) },
    })
    expect(answer.status).toBe(400)
    expect(await answer.json<Answer>()).toMatchObject({
      errorCode: 'INVALID_REQUEST',
      message: expect.any(String),
    })
  })

  test('is refused with 413 where it is larger than any SDK makes it', async () => {
    const t = await createTenant()
    const signer = androidSigner()
    const payload = { ...registration(t.app, 'd', signer), padding: 'x'.repeat(32 * 1024) }
    expect((await selfRegister(t.h, payload, signer)).status).toBe(413)
  })
})

describe('a code', () => {
  test('is good once', async () => {
    const { phone } = await setUp()
    const code = await phone.code(MOBILE)
    const statuses = (await Promise.all([phone.redeem(code), phone.redeem(code)])).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 400])
  })

  test('lives for two minutes', async () => {
    const { t, phone } = await setUp()
    const code = await phone.code(MOBILE)
    t.h.clock.advance(120_000)
    expect((await phone.redeem(code)).status).toBe(400)
  })

  test('is bound to its client', async () => {
    const { t, phone } = await setUp()
    const other = await createPhone(t.h, t.app, androidSigner())
    const answer = await other.redeem(await phone.code(MOBILE))
    expect([answer.status, (await answer.json<Answer>()).error]).toEqual([400, 'invalid_grant'])
  })

  test.each<[string, (phone: Phone, now: number) => Promise<Parameters<Phone['redeem']>[1]>]>([
    ['another key', async () => ({ signer: await webSigner() })],
    ['a presented HMAC key', async () => ({ signer: await hmacSigner() })],
    ['another code in its assertion', async () => ({ claims: { jti: 'other' } })],
    ['an unknown subject', async () => ({ claims: { sub: 'nobody' } })],
    ['an assertion of an hour ago', async (_, now) => ({ claims: { exp: now - 3_600_000 } })],
    ['an assertion in seconds', async (_, now) => ({ claims: { exp: Math.floor(now / 1000) + 60 } })],
    ['an assertion without an end', async () => ({ claims: { exp: undefined } })],
    ['an assertion for another audience', async () => ({ claims: { aud: 'https://elsewhere.example/' } })],
    ['another redirect URI', async () => ({ members: { redirect_uri: 'https://mfpredirecturi/x' } })],
    ['another client id in the form', async () => ({ members: { client_id: 'other' } })],
    ['no assertion', async () => ({ members: { client_assertion: '' } })],
  ])('is not redeemed with %s', async (_, how) => {
    const { t, phone } = await setUp()
    const answer = await phone.redeem(await phone.code(MOBILE), await how(phone, t.h.clock.now.getTime()))
    expect(answer.status).toBe(400)
    expect(await answer.json<Answer>()).not.toHaveProperty('access_token')
  })

  test('is redeemed with a clock that is some minutes off', async () => {
    const { t, phone } = await setUp()
    const late = { claims: { exp: t.h.clock.now.getTime() - 3 * 60_000 } }
    expect((await phone.redeem(await phone.code(MOBILE), late)).status).toBe(200)
  })

  test.each([
    ['a foreign redirect', { redirect_uri: 'https://evil.example/cb' }],
    ['another client’s redirect', { redirect_uri: `${RUNTIME}/az/v1/authorization/redirect/other` }],
    ['a redirect that only begins as its own', { redirect_uri: 'http://mfpredirecturi.evil.example' }],
    ['an unknown client', { client_id: 'nobody' }],
    ['another response type', { response_type: 'token' }],
  ])('is not given to %s', async (_, more) => {
    const { t, phone } = await setUp()
    const query = form({
      response_type: 'code',
      client_id: phone.clientId,
      scope: MOBILE,
      redirect_uri: 'http://mfpredirecturi',
      ...(more as Record<string, string>),
    })
    const answer = await t.h.request('GET', `${RUNTIME}/az/v1/authorization?${query}`)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('location')).toBeNull()
  })

  test.each(['nobody', '', undefined])('needs a client that is known (%s)', async (id) => {
    const t = await createTenant()
    const answer = await t.h.request('POST', `${RUNTIME}/preauth/v1/preauthorize`, {
      body: { client_id: id },
    })
    expect(answer.status).toBe(400)
    expect(await answer.json<Answer>()).toMatchObject({ errorCode: 'INVALID_CLIENT_ID' })
  })
})
