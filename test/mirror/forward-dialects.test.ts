import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AppDocument, Harness, RequestOptions } from '../harness/harness.ts'
import { HOSTILE, mirrorHarness, openVendor, setMirror, type VendorServer } from './kit.ts'

const DIALECTS = ['pusher-beams', 'mobilefirst', 'flameup', 'pushwoosh', 'backendless'] as const
type Dialect = (typeof DIALECTS)[number]

let h: Harness
let vendor: VendorServer
let app: AppDocument
beforeEach(async () => {
  h = await mirrorHarness()
  vendor = await openVendor()
  app = await h.createApp(Object.fromEntries(DIALECTS.map((dialect) => [dialect, {}])))
  for (const dialect of DIALECTS) {
    await setMirror(h, app, dialect, { mode: 'forward', upstream: vendor.origin })
  }
})
afterEach(async () => {
  vendor.close()
  // The list of vendors' servers covers all apps, and all tests share a database.
  await h.admin('DELETE', `/apps/${app.id}`)
})

const setup = (dialect: Dialect) => app.dialects[dialect] as Record<string, string>
const keys = (dialect: 'flameup' | 'backendless') =>
  app.dialects[dialect]?.apiKeys as Readonly<Record<string, string>> & readonly { readonly key: string }[]
const json = (body: unknown, init?: ResponseInit) => () => Response.json(body, init)

/** A registration in each dialect. */
const REGISTER: Record<Dialect, () => [string, string, RequestOptions]> = {
  'pusher-beams': () => [
    'POST',
    `/device_api/v1/instances/${setup('pusher-beams').instanceId}/devices/fcm`,
    { body: { token: 't' } },
  ],
  mobilefirst: () => [
    'POST',
    `/imfpush/v1/apps/${setup('mobilefirst').applicationId}/devices`,
    { body: { deviceId: 'd', platform: 'G', token: 't' }, headers: { Authorization: 'Bearer theirs' } },
  ],
  flameup: () => [
    'POST',
    '/api/v1/people/anna/devices',
    {
      body: { token: 't', platform: 'android' },
      headers: { Authorization: `Bearer ${keys('flameup')[0]?.key}` },
    },
  ],
  pushwoosh: () => [
    'POST',
    '/json/1.3/registerDevice',
    { body: { request: { application: setup('pushwoosh').applicationCode, hwid: 'h', device_type: 3 } } },
  ],
  backendless: () => [
    'POST',
    `/${setup('backendless').applicationId}/${keys('backendless').rest}/messaging/registrations`,
    { body: { deviceId: 'd', deviceToken: 't', os: 'ANDROID', osVersion: '14' } },
  ],
}

describe.each(DIALECTS)('%s', (dialect) => {
  test('a registration is answered by the vendor, under the raw path, and nothing is stored', async () => {
    const theirs = { id: 'theirs', registrationId: 'x::default' }
    vendor.answer = json(theirs)
    const [method, path, init] = REGISTER[dialect]()
    const answer = await h.request(method, path, init)
    expect([answer.status, await answer.json()]).toEqual([200, theirs])
    expect(vendor.asked[0]).toMatchObject({ method, target: path, body: JSON.stringify(init.body) })
    expect(await (await h.admin('GET', `/apps/${app.id}/devices`)).json()).toEqual({ devices: [] })
  })

  test('a refusal is the vendor’s', async () => {
    vendor.answer = json({ code: 4711, message: 'no' }, { status: 403 })
    const answer = await h.request(...REGISTER[dialect]())
    expect([answer.status, await answer.json()]).toEqual([403, { code: 4711, message: 'no' }])
  })

  const down = Object.entries(HOSTILE).filter(([name]) => !name.includes('never'))
  test.each(down)('a vendor %s makes the dialect’s error on which SDKs try again', async (_, answer) => {
    vendor.answer = answer
    const got = await h.request(...REGISTER[dialect]())
    expect(got.status).toBe(503)
    expect(got.headers.get('retry-after')).toMatch(/^[0-9]+$/)
    expect(await got.json()).toMatchObject(RETRYABLE[dialect])
  })
})

const RETRYABLE: Record<Dialect, object> = {
  'pusher-beams': { error: expect.stringMatching(/./), description: expect.stringMatching(/./) },
  mobilefirst: { code: 'FPWSE0025E', message: expect.stringMatching(/./) },
  flameup: { success: false, error: { code: 'unavailable' } },
  pushwoosh: { status_code: 503, status_message: expect.stringMatching(/./) },
  backendless: { code: 503, message: expect.stringMatching(/./) },
}

describe('pusher-beams', () => {
  test('an empty success is a success, and a 404 of the vendor is its own', async () => {
    const device = `/device_api/v1/instances/${setup('pusher-beams').instanceId}/devices/fcm/fcm-x`
    vendor.answer = () => new Response(null, { status: 200 })
    const added = await h.request('POST', `${device}/interests/a%2Fb`)
    expect([added.status, await added.text()]).toEqual([200, ''])
    expect(vendor.asked[0]?.target).toBe(`${device}/interests/a%2Fb`)
    vendor.answer = json({ error: 'Device not found', description: 'theirs' }, { status: 404 })
    expect(await (await h.request('PUT', `${device}/metadata`, { body: {} })).json()).toMatchObject({
      description: 'theirs',
    })
  })

  test('an empty answer where there has to be JSON is none', async () => {
    vendor.answer = () => new Response(null, { status: 200 })
    expect((await h.request(...REGISTER['pusher-beams']())).status).toBe(503)
  })
})

describe('mobilefirst', () => {
  const at = (path: string) => `/mfp/api${path}`

  test('a client that only the vendor knows gets its token from the vendor', async () => {
    vendor.answer = json({ access_token: 'theirs', token_type: 'Bearer' })
    const body = 'grant_type=client_credentials&scope=devices.write'
    const headers = {
      Authorization: `Basic ${btoa('nobody-here:secret')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    }
    const answer = await h.request('POST', at('/az/v1/token'), { body, headers })
    expect(await answer.json()).toEqual({ access_token: 'theirs', token_type: 'Bearer' })
    expect(vendor.asked[0]).toMatchObject({ target: at('/az/v1/token'), body })
    expect(vendor.asked[0]?.headers.get('authorization')).toBe(headers.Authorization)
  })

  const modes = ['forward', 'record'].flatMap((mode) =>
    Object.entries(HOSTILE).map(([name, answer]) => ({ mode, name, answer })),
  )
  test.each(modes)(
    '9.5 a client in $mode gets no token from a vendor $name',
    async ({ mode, name, answer }) => {
      const timeoutMs = name.includes('never') ? 300 : 10_000
      await setMirror(h, app, 'mobilefirst', { mode, upstream: vendor.origin, timeoutMs })
      vendor.answer = answer
      const body = 'grant_type=client_credentials&scope=devices.write'
      const headers = {
        Authorization: `Basic ${btoa('nobody-here:secret')}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      }
      const got = await h.request('POST', at('/az/v1/token'), { body, headers })
      expect([got.status, got.headers.get('location')]).toEqual([503, null])
      expect(got.headers.get('retry-after')).toMatch(/^[0-9]+$/)
    },
  )

  test('the address of a registered client is one of this gateway', async () => {
    const location = `${vendor.origin}/mfp/api/registration/clients/abc`
    vendor.answer = json({}, { status: 201, headers: { location } })
    const answer = await h.request('PUT', at('/registration/v1/self/abc'), { body: {} })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe('http://gateway.test/mfp/api/registration/clients/abc')
  })

  test('a code is fetched at this gateway, and at no other place', async () => {
    const path = at('/az/v1/authorization?response_type=code&client_id=abc&scope=x')
    const to = (location: string) => () => new Response(null, { status: 302, headers: { location } })
    vendor.answer = to('/mfp/api/az/v1/authorization/redirect/abc?code=1')
    const sent = await h.request('GET', path)
    expect([sent.status, sent.headers.get('location')]).toEqual([
      302,
      'http://gateway.test/mfp/api/az/v1/authorization/redirect/abc?code=1',
    ])
    vendor.answer = to('http://mfpredirecturi?code=1')
    const intercepted = await h.request('GET', `${path}&redirect_uri=http%3A%2F%2Fmfpredirecturi`)
    expect(intercepted.headers.get('location')).toBe('http://mfpredirecturi?code=1')
    vendor.answer = to('https://elsewhere.example/?code=1')
    const foreign = await h.request('GET', path)
    expect([foreign.status, foreign.headers.get('location')]).toEqual([503, null])
  })

  test('is answered here where several servers could be meant', async () => {
    const other = await h.createApp({ mobilefirst: {} })
    await setMirror(h, other, 'mobilefirst', { mode: 'forward', upstream: 'https://other.example' })
    const answer = await h.request('POST', at('/preauth/v1/preauthorize'), { body: { client_id: 'abc' } })
    await h.admin('DELETE', `/apps/${other.id}`)
    expect(await answer.json()).toMatchObject({ errorCode: 'INVALID_CLIENT_ID' })
    expect(vendor.asked).toEqual([])
  })
})

describe('backendless', () => {
  test('a binary call goes and comes back byte for byte', async () => {
    const path = `/${setup('backendless').applicationId}/${keys('backendless').android}/binary`
    const packet = new Uint8Array([0, 3, 0, 0, 0, 1, 255, 254])
    vendor.answer = () => new Response(packet, { headers: { 'content-type': 'application/x-amf' } })
    const answer = await h.request('POST', path, {
      body: packet,
      headers: { 'Content-Type': 'application/x-amf' },
    })
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(packet)
    expect(answer.headers.get('content-type')).toBe('application/x-amf')
    expect(vendor.asked[0]?.target).toBe(path)
  })
})
