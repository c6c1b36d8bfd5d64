import type { Harness } from '../../harness/harness.ts'
import { type Answer, form, RUNTIME, unique } from './kit.ts'

/** How an SDK writes base64: padded or not, in either alphabet (contract, section 8). */
export type Style = 'android' | 'web2022' | 'web2020'

/** A document as JSON; a string is JSON already. */
const text = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))

function encode(bytes: Uint8Array, style: Style): string {
  const plain = btoa(String.fromCharCode(...bytes))
  return style === 'android' ? plain.replace(/\+/g, '-').replace(/\//g, '_') : plain
}

/** A client's key: how it signs, and how it appears in the header of what it signs. */
export interface Signer {
  readonly style: Style
  readonly alg: string
  sign(input: string): Promise<Uint8Array>
  header(kid?: string): Record<string, unknown>
}

/** A JWS in its three parts. */
export async function jws(signer: Signer, payload: unknown, kid?: string) {
  const header = encode(text(signer.header(kid)), signer.style)
  const body = encode(text(payload), signer.style)
  const signature = encode(await signer.sign(`${header}.${body}`), signer.style)
  return { header, payload: body, signature }
}

/** The web SDK of 2020: an HMAC key that is sent in the header; its text is the key. */
export async function hmacSigner(): Promise<Signer> {
  const secret = crypto.randomUUID().replaceAll('-', '')
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, [
    'sign',
  ])
  return {
    style: 'web2020',
    alg: 'HS256',
    header: (kid) => ({ alg: 'HS256', jwk: { kid, use: 'enc', kty: 'oct', k: '' }, key: secret }),
    sign: async (input) =>
      new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(input))),
  }
}

const ANDROID_KEY = {
  n: '0oqIrs3vny9kwhuzYTh9l61OTzgXhGmoDGHDbflFmlPesvjIqtwmF1v4n6g3goyRatHRv314wVQcN1mQCbgP0w',
  d: 'gs45H0mo_2CFnCdzqgpb1TmCNqulyMmP86llrtS5Dqi95SPjfHExtYC6OSchH11zSvnvVAMKvN2Dm8RaSfVCaQ',
}

const bytesOf = (base64url: string) =>
  Uint8Array.from(atob(base64url.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0))
const integerOf = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let e = exponent, b = base; e > 0n; e >>= 1n, b = (b * b) % modulus) {
    if (e & 1n) result = (result * b) % modulus
  }
  return result
}

/**
 * Android: RSA of 512 bits, which neither WebCrypto on Workers nor jose supports, so it is implemented here
 * (PKCS#1 v1.5).
 */
export function androidSigner(): Signer {
  const modulus = bytesOf(ANDROID_KEY.n)
  // The SDK writes the modulus with a leading zero byte and pads its encoding.
  const n = encode(new Uint8Array([0, ...modulus]), 'android')
  const sha256 = [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20]
  return {
    style: 'android',
    alg: 'RS256',
    header: (kid) => ({ alg: 'RS256', jwk: { kty: 'RSA', n, e: 'AQAB', ...(kid && { kid }) } }),
    async sign(input) {
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(input)))
      const block = new Uint8Array(64).fill(0xff)
      block.set([0, 1])
      block.set([0, ...sha256, ...digest], 64 - digest.length - sha256.length - 1)
      const number = power(integerOf(block), integerOf(bytesOf(ANDROID_KEY.d)), integerOf(modulus))
      return bytesOf(
        btoa(
          String.fromCharCode(
            ...(number.toString(16).padStart(128, '0').match(/../g) ?? []).map((hex) =>
              Number.parseInt(hex, 16),
            ),
          ),
        ),
      )
    },
  }
}

/** The web SDK of 2022: RSA of 2048 bits by WebCrypto. */
export async function webSigner(): Promise<Signer> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const pair = await crypto.subtle.generateKey(
    { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ['sign', 'verify'],
  )
  if (!('privateKey' in pair)) throw new Error('no pair')
  const { kty, n, e } = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JsonWebKey
  return {
    style: 'web2022',
    alg: 'RS256',
    header: (kid) => ({ alg: 'RS256', jwk: { kty, n, e, kid } }),
    sign: async (input) =>
      new Uint8Array(
        await crypto.subtle.sign(algorithm.name, pair.privateKey, new TextEncoder().encode(input)),
      ),
  }
}

export interface Phone {
  readonly deviceId: string
  readonly signer: Signer
  readonly clientId: string
  /** `az/v1/authorization`, with the client's own redirect URI. */
  code(scope: string, redirectUri?: string): Promise<string>
  /** `az/v1/token` for a code. */
  redeem(code: string, more?: Redeem): Promise<Response>
  /** All steps: a token for a scope. */
  token(scope: string): Promise<string>
}

export interface Redeem {
  readonly signer?: Signer
  readonly claims?: Readonly<Record<string, unknown>>
  readonly members?: Readonly<Record<string, string>>
}

export const registration = (app: string, deviceId: string, signer: Signer) => ({
  device: { id: deviceId, platform: 'Android 34', hardware: 'Pixel', deviceDisplayName: 'Jürgen’s phone' },
  application: { id: app, clientPlatform: signer.style === 'android' ? 'android' : 'web', version: '1.0' },
  attributes: { sdk_protocol_version: 2 },
})

export async function selfRegister(h: Harness, payload: unknown, signer: Signer): Promise<Response> {
  return h.request('POST', `${RUNTIME}/registration/v1/self`, {
    body: { signedRegistrationData: await jws(signer, payload) },
  })
}

/** Registers a client as its signer's SDK does, and drives the later steps. */
export async function createPhone(h: Harness, app: string, signer: Signer): Promise<Phone> {
  const deviceId = unique('phone')
  const answer = await selfRegister(h, registration(app, deviceId, signer), signer)
  if (answer.status !== 201) throw new Error(`not registered: ${answer.status} ${await answer.text()}`)
  const clientId = answer.headers.get('location')?.split('/').at(-1) ?? ''
  const own = `${RUNTIME}/az/v1/authorization/redirect/${clientId}`
  const android = signer.style === 'android'
  const redirect = android ? 'http://mfpredirecturi' : own

  const phone: Phone = {
    deviceId,
    signer,
    clientId,
    async code(scope, redirectUri = redirect) {
      const query = form({ response_type: 'code', client_id: clientId, scope, redirect_uri: redirectUri })
      const sent = await h.request('GET', `${RUNTIME}/az/v1/authorization?${query}`)
      if (sent.status !== 302) throw new Error(`no code: ${sent.status} ${await sent.text()}`)
      return new URL(sent.headers.get('location') ?? '', 'http://gateway.test').searchParams.get('code') ?? ''
    },
    async redeem(code, { signer: other = signer, claims = {}, members = {} } = {}) {
      const now = h.clock.now.getTime()
      const payload = {
        iss: android ? `${app}$android$1.0` : `${app}$web`,
        sub: clientId,
        exp: now + 60_000,
        iat: now,
        jti: code,
        aud: android ? `http://gateway.test${RUNTIME}/az/v1/token` : 'az/v1/token',
        ...claims,
      }
      const parts = await jws(other, payload, clientId)
      return h.request('POST', `${RUNTIME}/az/v1/token`, {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' },
        body: form({
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirect,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: `${parts.header}.${parts.payload}.${parts.signature}`,
          isAjaxRequest: 'true',
          x: '0.123',
          ...members,
        }),
      })
    },
    async token(scope) {
      const granted = await phone.redeem(await phone.code(scope))
      if (granted.status !== 200) throw new Error(`no token: ${granted.status} ${await granted.text()}`)
      return (await granted.json<Answer>()).access_token
    },
  }
  return phone
}
