import { CompactSign, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { createHarness } from '../../harness/harness.ts'
import { type Beams, type BeamsPlatform, expectError, expectVoid, openBeams, PLATFORMS } from './kit.ts'

const MALFORMED = [401, 'Unauthorized', '`Authorization` header token is malformed.'] as const
const now = (beams: Beams) => Math.floor(beams.h.clock.now.getTime() / 1000)
const userOf = async (beams: Beams, path: string) =>
  ((await beams.call('GET', path)).json as { userId: string }).userId

async function withDevice(platform: BeamsPlatform = 'fcm', setup: Record<string, unknown> = {}) {
  const beams = await openBeams(setup)
  return { beams, path: (await beams.register(platform)).path }
}

describe.each(PLATFORMS)('a user of %s', (platform) => {
  test('is bound, proved, and bound again without a change', async () => {
    const { beams, path } = await withDevice(platform)
    for (let n = 0; n < 2; n++) expectVoid(await beams.setUser(path, await beams.userToken('alice')))
    expect(await userOf(beams, path)).toBe('alice')
    expect(await beams.admin()).toMatchObject([{ userId: 'alice', userProved: true }])
  })

  test('is not replaced by another', async () => {
    const { beams, path } = await withDevice(platform)
    expectVoid(await beams.setUser(path, await beams.userToken('alice')))
    expectError(
      await beams.setUser(path, await beams.userToken('bob')),
      400,
      'Bad Request',
      'A User Id is already associated with this device.',
    )
    expect(await userOf(beams, path)).toBe('alice')
  })

  test('may have 100 devices and no more, but goes on using those', async () => {
    const beams = await openBeams()
    const token = await beams.userToken('alice')
    const paths: string[] = []
    for (let n = 0; n < 101; n++) paths.push((await beams.register(platform)).path)
    for (const path of paths.slice(0, 100)) expectVoid(await beams.setUser(path, token))
    const [last = '', first = ''] = [paths[100], paths[0]]
    const text = 'User already has reached the maximum of 100 devices.'
    expectError(await beams.setUser(last, token), 422, 'Unprocessable Entity', text)
    expect(await userOf(beams, last)).toBe('')
    expectVoid(await beams.setUser(first, token))
    expectVoid(await beams.call('DELETE', first))
    expectVoid(await beams.setUser(last, token))
  })
})

test('the 100 devices of a user are counted per platform, iPhones and Macs together', async () => {
  const beams = await openBeams()
  const token = await beams.userToken('alice')
  const bind = async (metadata: object) => {
    const { path } = await beams.register('apns', { metadata })
    return (await beams.setUser(path, token)).status
  }
  for (let n = 0; n < 50; n++) {
    expect([await bind({ iosVersion: '17' }), await bind({ macosVersion: '14' })]).toEqual([200, 200])
  }
  expect([await bind({ iosVersion: '17' }), await bind({ macosVersion: '14' })]).toEqual([422, 422])
  for (const platform of ['fcm', 'web'] as const) {
    expectVoid(await beams.setUser((await beams.register(platform)).path, token))
  }
})

test('the 100 devices of a user hold when they are bound at once', async () => {
  const beams = await openBeams()
  const token = await beams.userToken('alice')
  for (let n = 0; n < 97; n++) {
    expectVoid(await beams.setUser((await beams.register()).path, token))
  }
  const more = await Promise.all(Array.from({ length: 8 }, () => beams.register()))
  const answers = await Promise.all(more.map(({ path }) => beams.setUser(path, token)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 422, 422, 422, 422, 422])
})

test('two users at once: one is bound, the other refused', async () => {
  const { beams, path } = await withDevice()
  const tokens = await Promise.all(['alice', 'bob'].map((user) => beams.userToken(user)))
  const answers = await Promise.all(tokens.map((token) => beams.setUser(path, token)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
})

test('one user of two instances is two users', async () => {
  const one = await openBeams()
  const two = await openBeams({}, {}, one.h)
  const { path } = await one.register()
  expectVoid(await one.setUser(path, await one.userToken('alice')))
  const users = `/customer_api/v1/instances/${two.instanceId}/users/alice`
  expectVoid(await two.call('DELETE', users, { headers: { Authorization: `Bearer ${two.secretKey}` } }))
  expect(await userOf(one, path)).toBe('alice')
})

describe('a user token is accepted with', () => {
  const accepted: readonly [string, (beams: Beams) => Promise<string>][] = [
    ['no typ', (b) => b.userToken('alice', { header: { typ: undefined } })],
    ['typ in lower case', (b) => b.userToken('alice', { header: { typ: 'jwt' } })],
    ['iat, as node adds it', (b) => b.userToken('alice', { claims: { iat: now(b) } })],
    ['iat 60 s ahead', (b) => b.userToken('alice', { claims: { iat: now(b) + 60 } })],
    ['nbf 60 s ahead', (b) => b.userToken('alice', { claims: { nbf: now(b) + 60 } })],
    ['iat long ago', (b) => b.userToken('alice', { claims: { iat: 0 } })],
    ['exp in one second', (b) => b.userToken('alice', { claims: { exp: now(b) + 1 } })],
    ['exp in the year 2119', (b) => b.userToken('alice', { claims: { exp: 4_708_540_800 } })],
    ['claims that nobody knows', (b) => b.userToken('alice', { claims: { aud: 'x', jti: 1, role: null } })],
    [
      'an issuer in upper case',
      (b) =>
        b.userToken('alice', {
          claims: { iss: `https://${b.instanceId.toUpperCase()}.pushnotifications.pusher.com` },
        }),
    ],
  ]
  test.each(accepted)('%s', async (_, make) => {
    const { beams, path } = await withDevice()
    expectVoid(await beams.setUser(path, await make(beams)))
    expect(await userOf(beams, path)).toBe('alice')
  })

  test.each([
    ['one character', 'a'],
    ['164 characters', 'x'.repeat(164)],
    ['164 characters of four bytes each', '😀'.repeat(164)],
    ['blanks, slashes and quotes', ' a/b+c%"\'\\ '],
  ])('a user id of %s', async (_, user) => {
    const { beams, path } = await withDevice()
    expectVoid(await beams.setUser(path, await beams.userToken(user)))
    expect(await userOf(beams, path)).toBe(user)
  })

  test('an instance id that was set up in upper case', async () => {
    const { beams, path } = await withDevice('fcm', { instanceId: crypto.randomUUID().toUpperCase() })
    const iss = `https://${beams.instanceId.toLowerCase()}.pushnotifications.pusher.com`
    expectVoid(await beams.setUser(path, await beams.userToken('alice', { claims: { iss } })))
  })

  test.each([
    ['64 upper-case hexadecimal characters, used as text', 'A1'.repeat(32)],
    ['one character', 'k'],
    ['letters beyond ASCII', 'schlüssel😀'],
  ])('a secret key of %s', async (_, secretKey) => {
    const { beams, path } = await withDevice('fcm', { secretKey })
    expectVoid(await beams.setUser(path, await beams.userToken('alice')))
  })

  test.each(['Bearer', 'bearer', 'BEARER'])('the scheme written %s', async (scheme) => {
    const { beams, path } = await withDevice()
    const headers = { Authorization: `${scheme} ${await beams.userToken('alice')}` }
    expectVoid(await beams.call('PUT', `${path}/user`, { headers }))
  })

  test('JSON as the content type of a body that is not there, as iOS sends it', async () => {
    const { beams, path } = await withDevice()
    const headers = {
      Authorization: `Bearer ${await beams.userToken('alice')}`,
      'Content-Type': 'application/json',
    }
    expectVoid(await beams.call('PUT', `${path}/user`, { headers }))
  })
})

describe('a user token is malformed with', () => {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replace(/=+$/, '')
  const hmac = async (beams: Beams, alg: string) =>
    new SignJWT({ sub: 'alice', iss: issuer(beams), exp: now(beams) + 60 })
      .setProtectedHeader({ alg })
      .sign(new TextEncoder().encode(beams.secretKey))
  const issuer = (beams: Beams) => `https://${beams.instanceId}.pushnotifications.pusher.com`
  const malformed: readonly [string, (beams: Beams) => Promise<string> | string][] = [
    ['alg HS512', (b) => hmac(b, 'HS512')],
    ['alg HS384', (b) => hmac(b, 'HS384')],
    ['alg none', (b) => new UnsecuredJWT({ sub: 'alice', iss: issuer(b), exp: now(b) + 60 }).encode()],
    [
      'alg RS256',
      async (b) => {
        const of = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, hash: 'SHA-256' }
        const pair = (await crypto.subtle.generateKey(
          { ...of, publicExponent: new Uint8Array([1, 0, 1]) },
          true,
          ['sign', 'verify'],
        )) as CryptoKeyPair
        return new SignJWT({ sub: 'alice', iss: issuer(b), exp: now(b) + 60 })
          .setProtectedHeader({ alg: 'RS256' })
          .sign(pair.privateKey)
      },
    ],
    [
      'alg none over a good signature',
      async (b) => {
        const [, claims, signature] = (await b.userToken('alice')).split('.')
        return `${part({ alg: 'none' })}.${claims}.${signature}`
      },
    ],
    ['another typ', (b) => b.userToken('alice', { header: { typ: 'at+jwt' } })],
    ['a typ that is no text', (b) => b.userToken('alice', { header: { typ: 1 } })],
    ['another key', (b) => b.userToken('alice', { key: 'B2'.repeat(32) })],
    ['the key in lower case', (b) => b.userToken('alice', { key: b.secretKey.toLowerCase() })],
    ['another instance’s key', async (b) => b.userToken('alice', { key: (await openBeams()).secretKey })],
    [
      'a changed claim',
      async (b) => {
        const [header, , signature] = (await b.userToken('alice')).split('.')
        return `${header}.${part({ sub: 'bob', iss: issuer(b), exp: now(b) + 60 })}.${signature}`
      },
    ],
    ['no signature', async (b) => (await b.userToken('alice')).split('.').slice(0, 2).join('.')],
    ['an empty signature', async (b) => `${(await b.userToken('alice')).split('.').slice(0, 2).join('.')}.`],
    ['four parts', async (b) => `${await b.userToken('alice')}.x`],
    ['no JSON in it', () => 'YQ.YQ.YQ'],
    ['exp this second', (b) => b.userToken('alice', { claims: { exp: now(b) } })],
    ['exp long ago', (b) => b.userToken('alice', { claims: { exp: 1 } })],
    ['exp as text', (b) => b.userToken('alice', { claims: { exp: String(now(b) + 60) } })],
    ['iat 61 s ahead', (b) => b.userToken('alice', { claims: { iat: now(b) + 61 } })],
    ['nbf 61 s ahead', (b) => b.userToken('alice', { claims: { nbf: now(b) + 61 } })],
  ]
  test.each(malformed)('%s', async (_, make) => {
    const { beams, path } = await withDevice()
    const answer = await beams.setUser(path, await make(beams))
    expectError(answer, ...MALFORMED)
    // iOS files such a text under "bad device token".
    expect(answer.text).not.toContain('device token')
    expect(await userOf(beams, path)).toBe('')
  })

  test.each([
    ['a list', '[]'],
    ['null', 'null'],
    ['text', '"alice"'],
    ['no JSON', 'alice'],
  ])('claims that are %s', async (_, claims) => {
    const { beams, path } = await withDevice()
    const token = await new CompactSign(new TextEncoder().encode(claims))
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(beams.secretKey))
    expectError(await beams.setUser(path, token), ...MALFORMED)
  })

  test.each([
    ['another scheme', 'Basic YTpi'],
    ['the scheme alone', 'Bearer'],
    ['a token without a scheme', 'eyJ.eyJ.x'],
    ['two tokens', 'Bearer a b'],
  ])('%s', async (_, authorization) => {
    const { beams, path } = await withDevice()
    const headers = { Authorization: authorization }
    expectError(await beams.call('PUT', `${path}/user`, { headers }), ...MALFORMED)
  })
})

describe('a user token is refused with', () => {
  test.each<[string, Record<string, unknown>, number, string, string]>([
    ['no exp', { exp: undefined }, 400, 'Bad Request', 'Missing expiration (exp) field in JWT'],
    ['exp null', { exp: null }, 400, 'Bad Request', 'Missing expiration (exp) field in JWT'],
    ['no sub', { sub: undefined }, 400, 'Bad Request', 'Missing subject (sub) field in JWT'],
    ['no iss', { iss: undefined }, 400, 'Bad Request', 'Missing issuer (iss) field in JWT'],
    ...(
      [
        ['sub empty', ''],
        ['sub of 165 characters', 'x'.repeat(165)],
        ['sub of 165 characters of four bytes', '😀'.repeat(165)],
        ['sub a number', 7],
      ] as const
    ).map(([name, sub]): [string, Record<string, unknown>, number, string, string] => [
      name,
      { sub },
      400,
      'Bad Request',
      'JWT subject (sub) must be between 1-164 characters long',
    ]),
    ...(
      [
        ['another issuer', 'https://example.com'],
        ['another instance as the issuer', `https://${crypto.randomUUID()}.pushnotifications.pusher.com`],
        ['an issuer that is empty', ''],
        ['an issuer that is no text', 5],
      ] as const
    ).map(([name, iss]): [string, Record<string, unknown>, number, string, string] => [
      name,
      { iss },
      403,
      'Forbidden',
      'Invalid JWT issuer.',
    ]),
  ])('%s', async (_, claims, status, error, description) => {
    const { beams, path } = await withDevice()
    expectError(
      await beams.setUser(path, await beams.userToken('alice', { claims })),
      status,
      error,
      description,
    )
    expect(await userOf(beams, path)).toBe('')
  })

  test.each(['http://', 'https://x.', ''])('the issuer behind "%s"', async (scheme) => {
    const { beams, path } = await withDevice()
    const iss = `${scheme}${beams.instanceId}.pushnotifications.pusher.com`
    expectError(
      await beams.setUser(path, await beams.userToken('alice', { claims: { iss } })),
      403,
      'Forbidden',
    )
  })
})

describe('several live secret keys', () => {
  const KEY = 'C3'.repeat(32)

  async function rotated() {
    const { beams, path } = await withDevice()
    const credentials = `/apps/${beams.app.id}/credentials`
    const added = await beams.h.admin('POST', credentials, {
      dialect: 'pusher-beams',
      kind: 'secretKey',
      secret: KEY,
    })
    expect(added.status).toBe(201)
    const listed = await (await beams.h.admin('GET', credentials)).json<{ credentials: { id: string }[] }>()
    const { id } = await added.json<{ id: string }>()
    const old = listed.credentials.find((one) => one.id !== id)?.id
    const revoke = (which: string | undefined) => beams.h.admin('DELETE', `${credentials}/${which}`)
    return { beams, path, added: id, old, revoke }
  }

  test('each sign user tokens', async () => {
    const { beams, path } = await rotated()
    expectVoid(await beams.setUser(path, await beams.userToken('alice', { key: KEY })))
    expectVoid(await beams.setUser(path, await beams.userToken('alice')))
  })

  test('each open the server calls', async () => {
    const { beams } = await rotated()
    for (const key of [KEY, beams.secretKey]) {
      const users = `/user_api/v1/instances/${beams.instanceId}/users/nobody`
      expectVoid(await beams.call('DELETE', users, { headers: { Authorization: `Bearer ${key}` } }))
    }
  })

  test('a revoked one opens nothing, at once', async () => {
    const { beams, path, old, revoke } = await rotated()
    expectVoid(await beams.setUser(path, await beams.userToken('alice')))
    expect((await revoke(old)).status).toBe(204)
    expectError(await beams.setUser(path, await beams.userToken('alice')), ...MALFORMED)
    expectVoid(await beams.setUser(path, await beams.userToken('alice', { key: KEY })))
    const users = `/user_api/v1/instances/${beams.instanceId}/users/nobody`
    const headers = { Authorization: `Bearer ${beams.secretKey}` }
    expectError(await beams.call('DELETE', users, { headers }), 401, 'Unauthorized', 'Incorrect Secret Key')
  })

  test('none left: nothing is accepted', async () => {
    const { beams, path, old, added, revoke } = await rotated()
    await revoke(old)
    await revoke(added)
    expectError(await beams.setUser(path, await beams.userToken('alice', { key: KEY })), ...MALFORMED)
  })
})

test('a hundred failures in a row do not lock the phone out: a 429 would block its queue for good', async () => {
  const beams = await openBeams({}, {}, await createHarness({ env: { RATE_LIMIT: 'on' } }))
  const { path } = await beams.register()
  for (let n = 0; n < 101; n++) expectError(await beams.setUser(path, 'nonsense'), ...MALFORMED)
  expectVoid(await beams.setUser(path, await beams.userToken('alice')))
})
