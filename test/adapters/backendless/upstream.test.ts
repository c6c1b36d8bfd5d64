import { describe, expect, test } from 'vitest'
import type { Fetch } from '../../../src/outbound.ts'
import { binaryCall, dto } from './amf.ts'
import { newPhone, openTenant, refusalOf } from './tenant.ts'

interface Seen {
  readonly url: string
  readonly method: string | undefined
  readonly headers: Headers
  readonly body: string
}

/** The vendor's servers, as far as these tests need them. */
function vendor(answer: (seen: Seen) => Response | Promise<Response>) {
  const seen: Seen[] = []
  const fetch: Fetch = async (url, { method, headers, body }) => {
    const one = { url, method, headers: new Headers(headers), body: await new Response(body).text() }
    seen.push(one)
    return answer(one)
  }
  return { seen, fetch }
}
const upstream = 'https://api.vendor.example'
const ok = () => Response.json({ 'user-token': 'U' }, { headers: { 'X-Made-By': 'vendor' } })

describe('with an upstream', () => {
  test('what is outside this dialect goes there as it is, and comes back as it is', async () => {
    const { seen, fetch } = vendor(() =>
      Response.json({ code: 3003, message: 'Invalid login' }, { status: 401, headers: { 'X-A': 'b' } }),
    )
    const t = await openTenant({ upstream }, { fetch })
    const response = await t.call('POST', '/users/login?a=1&b=%20', {
      headers: { 'user-token': 'U', Cookie: 'c=1', 'Content-Type': 'application/json; charset=utf-8' },
      body: '{"login":"a","password":"ü"}',
    })
    expect([response.status, await response.json()]).toEqual([401, { code: 3003, message: 'Invalid login' }])
    expect(response.headers.get('X-A')).toBe('b')
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({
      url: `${upstream}/${t.id}/${t.keys.rest}/users/login?a=1&b=%20`,
      method: 'POST',
      body: '{"login":"a","password":"ü"}',
    })
    const headers = seen[0]?.headers
    expect(headers?.get('user-token')).toBe('U')
    expect(headers?.get('content-type')).toBe('application/json; charset=utf-8')
    expect(headers?.get('cookie')).toBeNull()
  })

  test('a path of the upstream’s own comes first, and escapes stay as they were', async () => {
    const { seen, fetch } = vendor(ok)
    const t = await openTenant({ upstream: `${upstream}/base/` }, { fetch })
    await t.call('GET', '/files/a%2Fb%20c.png')
    expect(seen[0]?.url).toBe(`${upstream}/base/${t.id}/${t.keys.rest}/files/a%2Fb%20c.png`)
  })

  test('a domain keeps its own paths', async () => {
    const { seen, fetch } = vendor(ok)
    const host = `app-${crypto.randomUUID()}.example.com`
    const t = await openTenant({ upstream, domains: [{ host }] }, { fetch })
    await t.h.request('GET', '/api/users/u1', { headers: { Host: host } })
    expect(seen[0]?.url).toBe(`${upstream}/api/users/u1`)
    expect(seen[0]?.headers.get('host')).toBeNull()
  })

  test('the calls of this dialect stay here', async () => {
    const { seen, fetch } = vendor(ok)
    const t = await openTenant({ upstream }, { fetch })
    const phone = newPhone()
    await t.register(phone)
    await t.read(phone.deviceId)
    await t.call('GET', '/messaging/pushtemplates/ios')
    await t.binary('refreshDeviceToken', [phone.deviceId, 'T'])
    const body = { where: "deviceToken='T'" }
    expect(await refusalOf(await t.call('POST', '/data/DeviceRegistration/find', { body }))).toEqual([
      400, 8003,
    ])
    await t.call('DELETE', `/messaging/registrations/${phone.deviceId}`)
    expect(seen).toEqual([])
  })

  test.each([
    [
      'another service',
      binaryCall('login', ['a', 'b'], { source: 'com.backendless.services.users.UserService' }),
    ],
    ['another operation', binaryCall('publish', ['default', 'hello'])],
    ['a packet that cannot be read here', new Uint8Array([0, 3, 0, 0, 0, 1, 1, 2, 3])],
  ])('a binary call of %s goes there, byte for byte', async (_, body) => {
    const { fetch: text, seen } = vendor(
      () => new Response('AMF', { headers: { 'Content-Type': 'application/x-amf' } }),
    )
    let sent: Uint8Array | undefined
    const fetch: Fetch = (url, init) => {
      sent = new Uint8Array(init.body as Uint8Array)
      return text(url, init)
    }
    const t = await openTenant({ upstream }, { fetch })
    const headers = { 'Content-Type': 'application/x-amf' }
    const response = await t.call('POST', '/binary', { kind: 'android', headers, body })
    expect([await response.text(), response.headers.get('Content-Type')]).toEqual([
      'AMF',
      'application/x-amf',
    ])
    expect(sent).toEqual(new Uint8Array(body))
    expect(seen[0]?.url).toBe(`${upstream}/${t.id}/${t.keys.android}/binary`)
  })

  test('a registration of a wrong form is refused here, not sent there', async () => {
    const { seen, fetch } = vendor(ok)
    const t = await openTenant({ upstream }, { fetch })
    expect((await t.binary('registerDevice', [dto({ deviceId: 'D' })])).fault).toBe('5002')
    expect(seen).toEqual([])
  })

  test('a wrong key goes nowhere', async () => {
    const { seen, fetch } = vendor(ok)
    const t = await openTenant({ upstream }, { fetch })
    expect(await refusalOf(await t.h.request('GET', `/${t.id}/WRONG/users/u1`))).toEqual([400, 2002])
    expect(seen).toEqual([])
  })

  test('info tells where real-time messaging and logs are', async () => {
    const theirs = { rtURL: 'https://rt.vendor.example', loggers: [{ name: 'x', level: 'info' }], appId: 'Y' }
    const { seen, fetch } = vendor(() => Response.json(theirs))
    const t = await openTenant({ upstream }, { fetch })
    expect(await (await t.call('GET', '/info', { kind: 'js' })).json()).toEqual({ ...theirs, appId: t.id })
    expect(seen[0]?.url).toBe(`${upstream}/${t.id}/${t.keys.js}/info`)
  })

  test.each([
    ['is out of reach', () => Promise.reject(new Error('refused'))],
    ['fails', () => new Response('no', { status: 500 })],
    ['answers no JSON', () => new Response('<html>')],
    ['answers a list', () => Response.json([])],
  ])('info needs no upstream that %s', async (_, answer) => {
    const { fetch } = vendor(answer)
    const t = await openTenant({ upstream }, { fetch })
    const response = await t.call('GET', '/info', { kind: 'js' })
    expect([response.status, await response.json()]).toEqual([
      200,
      { appId: t.id, rtURL: '', loggers: [{ name: 'Global logger', level: 'off' }] },
    ])
  })

  test('an upstream that is out of reach is unavailable, without a word of why', async () => {
    const { fetch } = vendor(() => Promise.reject(new Error('hidden_detail')))
    const t = await openTenant({ upstream }, { fetch })
    const response = await t.call('GET', '/users/u1')
    expect(await response.clone().text()).not.toContain('hidden_detail')
    expect(await refusalOf(response)).toEqual([503, 503])
  })

  test('two gateways that point at one another do not send a request round', async () => {
    const { seen, fetch } = vendor(ok)
    const t = await openTenant({ upstream }, { fetch })
    await t.call('GET', '/users/u1')
    const via = seen[0]?.headers.get('via') ?? ''
    expect(await refusalOf(await t.call('GET', '/users/u1', { headers: { via } }))).toEqual([404, 404])
    expect(seen).toHaveLength(1)
  })

  test('its answers are open to pages of any origin', async () => {
    const { fetch } = vendor(() =>
      Response.json({}, { headers: { 'Access-Control-Allow-Origin': 'https://console.vendor.example' } }),
    )
    const t = await openTenant({ upstream }, { fetch })
    const headers = { Origin: 'https://shop.example' }
    const response = await t.call('GET', '/users/u1', { headers })
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('https://shop.example')
  })
})

describe('addresses that are not public', () => {
  const HOSTS = [
    ...['127.0.0.1', '10.0.0.1', '192.168.1.1', '172.16.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...['[::1]', '[fd00::1]', '[fe80::1]', '[::ffff:127.0.0.1]', '[::]', '[64:ff9b::7f00:1]'],
    ...['localhost', 'a.localhost', 'printer.local', 'db.internal', 'intranet', '2130706433', '0x7f.1'],
  ]
  test.each(HOSTS)('%s is not called', async (host) => {
    const { seen, fetch } = vendor(ok)
    const t = await openTenant({ upstream: `http://${host}` }, { fetch })
    expect(await refusalOf(await t.call('GET', '/users/u1'))).toEqual([503, 503])
    expect(seen).toEqual([])
  })

  test.each(HOSTS)('%s is called where the operator allows it', async (host) => {
    const { seen, fetch } = vendor(ok)
    const env = { ALLOW_PRIVATE_TARGETS: 'on' }
    const t = await openTenant({ upstream: `http://${host}` }, { fetch, env })
    expect((await t.call('GET', '/users/u1')).status).toBe(200)
    expect(seen).toHaveLength(1)
  })
})
