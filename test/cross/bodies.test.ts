import { describe, expect, test } from 'vitest'
import { packed } from '../../src/conformance/packed.ts'
import { openShop } from './dialects.ts'
import { backendlessPath, flameupKey, openSpoken, speakers } from './speakers.ts'

const ADMIN = { Authorization: 'Bearer test-admin-token-0123456789' }
const FORMATS = [
  ['gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['deflate', 'deflate-raw'],
] as const

describe.each(FORMATS)('B14: a body in %s (%s)', (coding, format) => {
  test('of the administration is taken, within the limit and whole', async () => {
    const shop = await openShop()
    const create = async (document: object, cut = 0) => {
      const bytes = await packed(JSON.stringify(document), format)
      const headers = { ...ADMIN, 'Content-Type': 'application/json', 'Content-Encoding': coding }
      const body = bytes.slice(0, bytes.byteLength - cut)
      return (await shop.h.request('POST', '/admin/v1/apps', { headers, body })).status
    }
    expect(await create({ name: 'n', dialects: {} })).toBe(201)
    expect(await create({ name: 'n', dialects: {}, pad: 'x'.repeat(2 * 1024 * 1024) })).toBe(413)
    expect(await create({ name: 'n', dialects: {} }, 9)).toBe(400)
  })

  test('of a form is taken', async () => {
    const shop = await openShop()
    const token = async (text: string) => {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Encoding': coding }
      const body = await packed(text, format)
      return shop.h.request('POST', '/mfp/api/az/v1/token', { headers, body })
    }
    const clients = shop.app.dialects.mobilefirst?.clients
    const client = Array.isArray(clients) ? clients[0] : undefined
    const id = `client_id=${encodeURIComponent(client?.clientId)}&client_secret=${encodeURIComponent(client?.clientSecret)}`
    expect((await token(`grant_type=client_credentials&${id}`)).status).toBe(200)
    expect(
      (await token(`grant_type=client_credentials&${id}&pad=${'x'.repeat(2 * 1024 * 1024)}`)).status,
    ).toBe(413)
  })

  test('of a bulk call is taken up to the bulk limit', async () => {
    const shop = await openShop()
    const application = shop.setup('pushwoosh', 'applicationCode')
    const bulk = async (more: object) => {
      const document = { application, auth: shop.setup('pushwoosh', 'apiToken'), ...more }
      const headers = { 'Content-Type': 'application/json', 'Content-Encoding': coding }
      const body = await packed(JSON.stringify(document), format)
      return shop.h.request('POST', '/api/v2/audience/bulkRegisterDevice', { headers, body })
    }
    const devices = [{ hwid: 'h', platform: 3, push_token: 't' }]
    expect((await bulk({ devices })).status).toBe(200)
    expect((await bulk({ devices, pad: 'x'.repeat(2 * 1024 * 1024) })).status).toBe(200)
    expect((await bulk({ devices, pad: 'x'.repeat(11 * 1024 * 1024) })).status).toBe(400)
  })
})

test.each(speakers)('B14: an unknown coding is a body that cannot be read: $name', async (speaker) => {
  const { shop, devices } = await openSpoken(speaker)
  const plain = shop.h.request
  const coded = (method: string, path: string, init: Parameters<typeof plain>[2] = {}) =>
    plain(method, path, {
      ...init,
      headers: { ...init.headers, ...(typeof init.body !== 'string' && { 'Content-Encoding': 'br' }) },
    })
  const response = await speaker.register(
    { ...shop, h: { ...shop.h, request: coded } },
    { id: 'd', token: 't' },
  )
  expect(response.status).toBe(400)
  expect(await devices()).toEqual([])
})

describe('B22: a content type that was set twice', () => {
  test('is one for a form and for the administration', async () => {
    const shop = await openShop()
    const form = 'application/x-www-form-urlencoded'
    const headers = { 'Content-Type': `${form}, ${form}; charset=UTF-8`, Authorization: 'Basic eDp5' }
    const token = await shop.h.request('POST', '/mfp/api/az/v1/token', {
      headers,
      body: 'grant_type=client_credentials',
    })
    expect(await token.json()).toMatchObject({ error: 'invalid_client' })
    const app = await shop.h.request('POST', '/admin/v1/apps', {
      headers: { ...ADMIN, 'Content-Type': 'application/json,application/json' },
      body: '{"name":"n"}',
    })
    expect(app.status).toBe(201)
  })

  test.each([
    ['application/json, text/plain', 400],
    ['text/plain, application/json', 400],
    ['application/json; x="a, b"', 201],
    ['application/json, ', 201],
    [' application/json ;charset="utf-8" , Application/JSON', 201],
  ])('%s is answered %i', async (type, status) => {
    const shop = await openShop()
    const headers = { Authorization: `Bearer ${flameupKey(shop)}`, 'Content-Type': type }
    const body = '{"token":"t","platform":"ios"}'
    const response = await shop.h.request('POST', '/api/v1/people/p/devices', { headers, body })
    expect(response.status).toBe(status)
  })
})

describe('must stay as it is', () => {
  test.each([
    ['flameup', 201],
    ['pushwoosh', 200],
    ['backendless', 200],
    ['pusher-beams', 400],
    ['mobilefirst', 405],
  ])('B23a: %s answers a body without a content type with %i', async (name, status) => {
    const speaker = speakers.find((one) => one.name === name) ?? speakers[0]
    if (!speaker) throw new Error(name)
    const { shop } = await openSpoken(speaker)
    const plain = shop.h.request
    const untyped = (method: string, path: string, init: Parameters<typeof plain>[2] = {}) => {
      if (typeof init.body === 'string') return plain(method, path, init)
      return plain(method, path, { ...init, body: new TextEncoder().encode(JSON.stringify(init.body)) })
    }
    const response = await speaker.register(
      { ...shop, h: { ...shop.h, request: untyped } },
      { id: 'd', token: 't' },
    )
    expect(response.status, await response.text()).toBe(status)
  })

  test.each([
    ['WNS', 'https://db5.notify.windows.com/?token=AwYAAAC%2fz%3d'],
    ['ADM', 'amzn1.adm-registration.v3.Y29tLmFtYXpvbi5EZXZpY2VNZXNzYWdpbmcuUmVnaXN0cmF0aW9u!#$'],
    ['Huawei', 'IQAAAACy0k9zAACb+/x=='],
    ['Xiaomi', 'd//igwEhgBGCI2TG6lWqlK+z='],
    ['an FCM installation', 'fid:cAbC_1-2'],
    [
      'Firefox',
      '{"endpoint":"https://updates.push.services.mozilla.com/wpush/v2/gAAAAA","userPublicKey":"B+/=","userAuth":"a+/="}',
    ],
    ['Edge', 'https://wns2-par02p.notify.windows.com/w/?token=BQYAAABb%2bA%3d%3d'],
  ])('B35a: a token of %s is kept byte for byte', async (_, token) => {
    for (const name of ['mobilefirst', 'flameup']) {
      const speaker = speakers.find((one) => one.name === name)
      if (!speaker) throw new Error(name)
      const { shop, devices } = await openSpoken(speaker)
      const registered = await speaker.register(shop, { id: 'd', token })
      expect(registered.status).toBe(201)
      expect(await devices()).toMatchObject([{ token, active: true }])
      if (name !== 'flameup') continue
      const headers = { Authorization: `Bearer ${flameupKey(shop)}` }
      const path = `/api/v1/people/person/devices/${encodeURIComponent(token)}`
      expect((await shop.h.request('DELETE', path, { headers })).status).toBe(204)
      expect(await devices()).toEqual([])
    }
  })
})

describe('names and tokens within bounds', () => {
  const long = 'x'.repeat(40_000)

  test.each(speakers)('$name', async (speaker) => {
    const { shop, devices } = await openSpoken(speaker)
    expect(await speaker.refused(await speaker.register(shop, { id: 'd', token: long }))).toBe(true)
    if (speaker.ids) {
      expect(await speaker.refused(await speaker.register(shop, { id: long, token: 't' }))).toBe(true)
    }
    if (speaker.users) {
      expect(await speaker.refused(await speaker.register(shop, { id: 'd', token: 't', user: long }))).toBe(
        true,
      )
    }
    expect(await devices()).toEqual([])
    const most = { id: 'd'.repeat(500), token: 't'.repeat(4096) }
    expect((await speaker.register(shop, most)).status).toBeLessThan(300)
    expect(await devices()).toMatchObject([{ token: most.token }])
  })

  test('a channel of Backendless, an interest of Beams, a tag of MobileFirst', async () => {
    const shop = await openShop()
    const body = { deviceId: 'd', deviceToken: 't', os: 'IOS', channels: [long] }
    const channel = await shop.h.request('POST', backendlessPath(shop), { body })
    expect([channel.status, await channel.json()]).toMatchObject([400, { code: 5005 }])
    expect(await shop.devices()).toEqual([])
  })

  test('metadata of Beams', async () => {
    const shop = await openShop()
    const path = `/device_api/v1/instances/${shop.setup('pusher-beams', 'instanceId')}/devices/fcm`
    const register = (size: number) =>
      shop.h.request('POST', path, { body: { token: 't', metadata: { a: 'x'.repeat(size) } } })
    expect((await register(100_000)).status).toBe(400)
    expect((await register(10_000)).status).toBe(200)
  })
})
