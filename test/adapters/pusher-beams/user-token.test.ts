import { CompactSign, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { type Beams, expectError, expectVoid, MALFORMED, now, openBeams, userOf, withDevice } from './kit.ts'

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
    // iOS classifies such a text as "bad device token".
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
