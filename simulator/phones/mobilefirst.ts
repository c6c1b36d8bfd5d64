import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { Broken, type Call, done, sent } from '../wire.ts'
import { topicsOf, versionOf } from './phone.ts'
import { keyText, type Script, type Start } from './script.ts'

/** The path in every shipped app. */
const RUNTIME = '/mfp/api'
const REDIRECT = 'http://mfpredirecturi'
const SCOPE = 'RegisteredClient push.mobileclient'

/**
 * Android: requests a token from the authorization server, then reads the device and registers it if the
 * server has none.
 */
export const mobileFirstPhone: Script = {
  dialect: 'mobilefirst',
  tellsAll: true,
  async start(start) {
    const { phone, texts, keys, send } = start
    const authorization = `Bearer ${await accessToken(start)}`
    const headers = { authorization, accept: 'application/json' }
    const json = { ...headers, 'content-type': 'application/json; charset=utf-8' }
    const app = `/imfpush/v1/apps/${keyText(keys, 'applicationId')}`
    const device = `${app}/devices/${texts.id(phone)}`
    const wanted = {
      ...{ deviceId: texts.id(phone), token: texts.token(phone), platform: phone.ios ? 'A' : 'G' },
      userId: phone.user > 0 ? texts.user(phone) : 'anonymous',
    }
    const asked: Call = { method: 'GET', path: device, headers }
    const reply = await send(asked)
    const isNew = reply.status === 404
    if (isNew) {
      if (!phone.ios) await sent(send, { method: 'GET', path: `${app}/settings/gcmConfPublic`, headers })
      await sent(send, { method: 'POST', path: `${app}/devices`, headers: json, body: wanted })
    } else {
      const { token, userId } = done(asked, reply)
      if (token !== wanted.token || userId !== wanted.userId) {
        await sent(send, { method: 'PUT', path: device, headers: json, body: wanted })
      }
    }
    const before = isNew ? 0 : (phone.told?.topics ?? 0)
    const change = async (bits: number, query: string) => {
      const body = { deviceId: wanted.deviceId, tagNames: topicsOf(bits) }
      if (bits !== 0)
        await sent(send, { method: 'POST', path: `${app}/subscriptions${query}`, headers: json, body })
    }
    await change(phone.topics & ~before, '')
    await change(before & ~phone.topics, '?action=delete')
  },
  idOf: (phone, texts) => texts.id(phone),
  told: (phone, texts) => ({
    ...{ token: texts.token(phone), user: phone.user > 0 ? texts.user(phone) : null },
    ...{ topics: ['Push.ALL', ...topicsOf(phone.topics)], tags: {} },
  }),
}

/**
 * The keys of Android's SDK have 512 bits. A few are shared by all phones, because generating one takes
 * longer than all calls of a start.
 */
const KEYS = 4
const pairs: KeyObject[] = []

function keyOf(n: number): { readonly key: KeyObject; readonly jwk: Readonly<Record<string, unknown>> } {
  while (pairs.length < KEYS) pairs.push(generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey)
  const key = pairs[n % KEYS] as KeyObject
  const { n: modulus = '', e } = key.export({ format: 'jwk' })
  return { key, jwk: { kty: 'RSA', n: modulus, e } }
}

/** The client is registered once; if a server does not know it, the SDK registers it again. */
async function accessToken(start: Start): Promise<string> {
  const { phone, send } = start
  if (phone.kept === null) phone.kept = await client(start)
  const preauthorized = (): Call => ({
    ...{
      method: 'POST',
      path: `${RUNTIME}/preauth/v1/preauthorize`,
      headers: { 'content-type': 'application/json' },
    },
    body: { client_id: phone.kept, scope: SCOPE },
  })
  const first = preauthorized()
  const reply = await send(first)
  if (reply.status === 400 && (reply.body as Record<string, unknown>).errorCode === 'INVALID_CLIENT_ID') {
    phone.kept = await client(start)
    await sent(send, preauthorized())
  } else done(first, reply)
  return redeemed(start, await code(start))
}

const signed = ({ phone }: Start, payload: object, kid?: string) => {
  const { key, jwk } = keyOf(phone.n)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = part({ alg: 'RS256', jwk: { ...jwk, ...(kid !== undefined && { kid }) } })
  const body = part(payload)
  const signature = sign('sha256', Buffer.from(`${header}.${body}`), key).toString('base64url')
  return { header, payload: body, signature }
}

async function client(start: Start): Promise<string> {
  const { phone, texts, keys, send } = start
  const payload = {
    device: { id: texts.id(phone), platform: 'Android 34', hardware: 'Pixel 8', deviceDisplayName: 'Phone' },
    application: { id: keyText(keys, 'applicationId'), clientPlatform: 'android', version: versionOf(phone) },
  }
  const call: Call = {
    ...{
      method: 'POST',
      path: `${RUNTIME}/registration/v1/self`,
      headers: { 'content-type': 'application/json' },
    },
    body: { signedRegistrationData: signed(start, payload) },
  }
  const reply = await send(call)
  done(call, reply)
  const id = reply.headers.get('location')?.split('/mfp/api/registration/clients/')[1]
  if (reply.status !== 201 || !id) throw new Broken(call, reply)
  return id
}

async function code({ phone, send }: Start): Promise<string> {
  const query = new URLSearchParams({ response_type: 'code', client_id: phone.kept ?? '', scope: SCOPE })
  query.set('redirect_uri', REDIRECT)
  const call: Call = { method: 'GET', path: `${RUNTIME}/az/v1/authorization?${query}` }
  const reply = await send(call)
  if (reply.status !== 302) throw done(call, reply) && new Broken(call, reply)
  return new URL(reply.headers.get('location') ?? '', REDIRECT).searchParams.get('code') ?? ''
}

async function redeemed(start: Start, jti: string): Promise<string> {
  const { phone, keys, now, send } = start
  const at = now.getTime()
  const claims = {
    ...{ iss: `${keyText(keys, 'applicationId')}$android$${versionOf(phone)}`, sub: phone.kept, jti },
    ...{ aud: `${RUNTIME}/az/v1/token`, iat: at, exp: at + 60_000 },
  }
  const { header, payload, signature } = signed(start, claims, phone.kept ?? '')
  const form = {
    ...{ grant_type: 'authorization_code', code: jti, redirect_uri: REDIRECT },
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: `${header}.${payload}.${signature}`,
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }
  const body = new URLSearchParams(form).toString()
  const { access_token } = await sent(send, { method: 'POST', path: `${RUNTIME}/az/v1/token`, headers, body })
  return String(access_token)
}
