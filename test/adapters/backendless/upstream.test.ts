import { describe, expect, test } from 'vitest'
import { packed } from '../../../src/conformance/packed.ts'
import type { Fetch } from '../../../src/outbound/outbound.ts'
import { binaryCall, dto } from './amf/calls.ts'
import { newPhone, openTenant, refusalOf } from './tenant.ts'

interface Seen {
  readonly url: string
  readonly method: string | undefined
  readonly headers: Headers
  readonly body: string
}

/** The parts of the vendor's servers that these tests need. */
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

  test('a packed binary call goes there packed, as it was sent', async () => {
    const body = await packed(new Uint8Array(binaryCall('publish', ['default', 'hello'])), 'gzip')
    let sent: unknown
    let coding: string | null = null
    const fetch: Fetch = async (_, init) => {
      sent = init.body
      coding = new Headers(init.headers).get('Content-Encoding')
      return new Response('AMF')
    }
    const t = await openTenant({ upstream }, { fetch })
    const headers = { 'Content-Type': 'application/x-amf', 'Content-Encoding': 'gzip' }
    expect((await t.call('POST', '/binary', { kind: 'android', headers, body })).status).toBe(200)
    expect([sent, coding]).toEqual([body, 'gzip'])
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

describe('headers between two hops alone', () => {
  test('are those that `Connection` names, too, either way (hostile F23)', async () => {
    const { seen, fetch } = vendor(() =>
      Response.json({}, { headers: { Connection: 'close, X-Hop', 'X-Hop': 'b', 'X-End': 'c' } }),
    )
    const t = await openTenant({ upstream }, { fetch })
    const headers = { Connection: 'keep-alive,  X-Mine ,x-also', 'X-Mine': '1', 'X-Also': '2', 'X-Far': '3' }
    const response = await t.call('GET', '/users/u1', { headers })
    const sent = seen[0]?.headers
    expect(['connection', 'x-mine', 'x-also', 'x-far'].map((name) => sent?.get(name) ?? null)).toEqual([
      null,
      null,
      null,
      '3',
    ])
    expect(['x-hop', 'x-end'].map((name) => response.headers.get(name))).toEqual([null, 'c'])
  })
})

describe('an answer of the upstream without an end (hostile F14)', () => {
  /** A body that continues as long as it is read, and how much of it was read. */
  function endless(piece: Uint8Array, milliseconds = 0) {
    const state = { bytes: 0, cancelled: false }
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, milliseconds))
        state.bytes += piece.byteLength
        controller.enqueue(piece)
      },
      cancel() {
        state.cancelled = true
      },
    })
    return { state, body }
  }
  const OWN = { rtURL: '', loggers: [{ name: 'Global logger', level: 'off' }] }

  test('to `info` is read no further than such an answer is long', async () => {
    const { state, body } = endless(new Uint8Array(64 * 1024).fill(32))
    const t = await openTenant({ upstream }, { fetch: async () => new Response(body) })
    const response = await t.call('GET', '/info')
    expect([response.status, await response.json()]).toEqual([200, { appId: t.id, ...OWN }])
    expect(state.bytes).toBeLessThan(512 * 1024)
    expect(state.cancelled).toBe(true)
  })

  test('to `info` is not waited for', async () => {
    const { state, body } = endless(new Uint8Array([32]), 100)
    const t = await openTenant({ upstream }, { fetch: async () => new Response(body) })
    const response = await t.call('GET', '/info')
    expect([response.status, await response.json()]).toEqual([200, { appId: t.id, ...OWN }])
    expect(state.cancelled).toBe(true)
  })

  test('to `info` nested without end is as none', async () => {
    const text = `{"rtURL":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
    const t = await openTenant({ upstream }, { fetch: async () => new Response(text) })
    const response = await t.call('GET', '/info')
    expect([response.status, await response.json()]).toEqual([200, { appId: t.id, ...OWN }])
  })

  test('to anything else is cut off, and no more is taken from it', async () => {
    const { state, body } = endless(new Uint8Array(4 * 1024 * 1024))
    const t = await openTenant({ upstream }, { fetch: async () => new Response(body) })
    const response = await t.call('GET', '/files/large.bin')
    await expect(response.arrayBuffer()).rejects.toThrow()
    expect(state.bytes).toBeLessThan(120 * 1024 * 1024)
    expect(state.cancelled).toBe(true)
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
