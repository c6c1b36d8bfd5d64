import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AppDocument, Harness } from '../harness/harness.ts'
import { HOSTILE, mirrorHarness, openVendor, setMirror, type VendorServer } from './kit.ts'

let h: Harness
let vendor: VendorServer
let app: AppDocument
let code: string

const call = (method: string, request: object, headers = {}) =>
  h.request('POST', `/json/1.3/${method}`, { body: { request: { application: code, ...request } }, headers })
const OK = { status_code: 200, status_message: 'OK', response: null }

beforeEach(async () => {
  h = await mirrorHarness({ dialect: 'pushwoosh' })
  vendor = await openVendor(() => Response.json(OK))
  app = await h.createApp({ pushwoosh: {} })
  code = String(app.dialects.pushwoosh?.applicationCode)
  await setMirror(h, app, 'pushwoosh', { mode: 'forward', upstream: vendor.origin })
})
afterEach(() => vendor.close())

describe('a forwarded call', () => {
  test('is answered by the vendor, and nothing is stored here', async () => {
    vendor.answer = () => Response.json({ ...OK, response: { theirs: 1 } }, { headers: { etag: '"1"' } })
    const answer = await call('registerDevice', { hwid: 'h1', device_type: 3, push_token: 'token-1' })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ ...OK, response: { theirs: 1 } })
    expect(answer.headers.get('etag')).toBe('"1"')
    expect(vendor.asked).toHaveLength(1)
    expect(await (await h.admin('GET', `/apps/${app.id}/devices`)).json()).toEqual({ devices: [] })
  })

  test('reaches the vendor byte for byte, path and query included', async () => {
    const body = `{"request" : {"application":"${code}","n":1.0,"big":12345678901234567890}}`
    await h.request('POST', '/json/1.3/c%3Dd%2Fe?x=%20a%2Bb&y', { body })
    expect(vendor.asked[0]).toMatchObject({
      method: 'POST',
      target: '/json/1.3/c%3Dd%2Fe?x=%20a%2Bb&y',
      body,
    })
  })

  test('takes its credentials along, and neither cookies nor hop-by-hop headers nor whose address it came from', async () => {
    await call(
      'getTags',
      { hwid: 'h1' },
      {
        Authorization: 'Token abc',
        'X-Retry-Count': '2',
        Cookie: 'a=b',
        Connection: 'x-private',
        'X-Private': '1',
        'X-Forwarded-For': '203.0.113.9',
        TE: 'trailers',
      },
    )
    const { headers } = vendor.asked[0] ?? { headers: new Headers() }
    expect(headers.get('authorization')).toBe('Token abc')
    expect(headers.get('x-retry-count')).toBe('2')
    expect(headers.get('via')).toMatch(/^1\.1 pushport \(\w+\)$/)
    for (const name of ['cookie', 'x-private', 'x-forwarded-for', 'te']) expect(headers.get(name)).toBeNull()
  })

  test('gets the gateway’s CORS headers once, and no cookie of the vendor', async () => {
    vendor.answer = () =>
      Response.json(OK, {
        headers: {
          'access-control-allow-origin': 'https://vendor.example',
          'set-cookie': 'a=b',
          server: 'x',
        },
      })
    const answer = await call('getTags', { hwid: 'h1' }, { Origin: 'https://page.example' })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://page.example')
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(answer.headers.get('server')).toBeNull()
  })

  test('is not asked of the vendor where a page only asks for permission', async () => {
    const answer = await h.request('OPTIONS', '/json/1.3/getTags', {
      headers: { Origin: 'https://page.example', 'Access-Control-Request-Method': 'POST' },
    })
    expect(answer.status).toBe(204)
    expect(vendor.asked).toEqual([])
  })

  test('that the vendor refuses is refused with the vendor’s words', async () => {
    const refusal = { status_code: 210, status_message: 'Theirs', response: null }
    vendor.answer = () => Response.json(refusal)
    expect(await (await call('setTags', { hwid: 'h1' })).json()).toEqual(refusal)
    vendor.answer = () => Response.json({ status_code: 403 }, { status: 403 })
    expect((await call('setTags', { hwid: 'h1' })).status).toBe(403)
  })

  const leading: readonly (readonly [string, string, string])[] = [
    ['alone', '{"base_url":"https://x.example/","status_code":200}', '{"status_code":200}'],
    ['at the end', '{"status_code":200 , "base_url" : "https://x.example/" }', '{"status_code":200  }'],
    [
      'in the response',
      '{"response":{"a":1.0,"base_url":"u","b":[1]},"n":1e400}',
      '{"response":{"a":1.0,"b":[1]},"n":1e400}',
    ],
    ['in both, twice', '{"base_url":1,"response":{"base_url":{"x":"}"}},"base_url":2}', '{"response":{}}'],
    ['with an escaped name', '{"base\\u005furl":"u","a":1,"base_url":"v"}', '{"a":1}'],
    [
      'elsewhere, where no SDK reads it',
      '{"response":{"result":{"base_url":"a tag"}}}',
      '{"response":{"result":{"base_url":"a tag"}}}',
    ],
  ]
  test.each(leading)('carries no installed app away: base_url %s', async (_, sent, received) => {
    vendor.answer = () => new Response(sent, { headers: { 'content-type': 'application/json' } })
    const answer = await call('registerDevice', { hwid: 'h1', device_type: 3 })
    expect(await answer.text()).toBe(received)
  })
})

describe('a vendor', () => {
  test.each(Object.entries(HOSTILE))(
    '%s is answered for with an error on which SDKs try again',
    async (name, answer) => {
      vendor.answer = answer
      if (name.includes('never')) {
        await setMirror(h, app, 'pushwoosh', { mode: 'forward', upstream: vendor.origin, timeoutMs: 300 })
      }
      const got = await call('registerDevice', { hwid: 'h1', device_type: 3, push_token: 't' })
      expect(got.status).toBe(503)
      expect(got.headers.get('retry-after')).toMatch(/^[0-9]+$/)
      expect(got.headers.get('location')).toBeNull()
      expect(await got.json()).toMatchObject({ status_code: 503, response: null })
    },
  )

  test('that cannot be reached is answered for, too', async () => {
    vendor.close()
    expect((await call('getTags', { hwid: 'h1' })).status).toBe(503)
  })

  test('that failed twenty times in a row is left alone for five seconds, then asked once', async () => {
    vendor.answer = () => Response.json({}, { status: 500 })
    for (let n = 0; n < 20; n++) await call('getTags', { hwid: 'h1' })
    expect((await call('getTags', { hwid: 'h1' })).status).toBe(503)
    expect(vendor.asked).toHaveLength(20)
    h.clock.advance(5000)
    await call('getTags', { hwid: 'h1' })
    await call('getTags', { hwid: 'h1' })
    expect(vendor.asked).toHaveLength(21)
    vendor.answer = () => Response.json(OK)
    h.clock.advance(30_000)
    expect((await call('getTags', { hwid: 'h1' })).status).toBe(200)
    expect((await call('getTags', { hwid: 'h1' })).status).toBe(200)
  })
})

describe('a call in a circle', () => {
  test('is answered here and sent to nobody', async () => {
    const answer = await call('getTags', { hwid: 'h1' }, { Via: '1.1 proxy, 1.1 pushport (abc)' })
    expect(await answer.json()).toEqual({ ...OK, response: { result: {} } })
    expect(vendor.asked).toEqual([])
  })
})

test('other apps, and this one once its mirror is gone, are answered here', async () => {
  const other = await h.createApp({ pushwoosh: {} })
  const theirs = { application: other.dialects.pushwoosh?.applicationCode, hwid: 'h1' }
  await h.request('POST', '/json/1.3/getTags', { body: { request: theirs } })
  await setMirror(h, app, 'pushwoosh', { mode: 'local' })
  await call('getTags', { hwid: 'h1' })
  await setMirror(h, app, 'pushwoosh', null)
  await call('getTags', { hwid: 'h1' })
  expect(vendor.asked).toEqual([])
})
