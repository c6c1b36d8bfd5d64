import { describe, expect, test } from 'vitest'
import { drivers, newPhone, openShop, type Shop } from './dialects.ts'

/** Calls a dialect with the credentials of its own driver, at a path below its app. */
interface Caller {
  readonly name: string
  /** The prefix of every path of the app. */
  base(shop: Shop): string
  headers(shop: Shop): Promise<Readonly<Record<string, string>>>
  /** Unknown devices count as deleted, because the vendor's SDKs would repeat the call forever. */
  readonly forgiving?: boolean
}

const REFUSED = [400, 401, 404, 405]

async function mobileFirstHeaders(shop: Shop): Promise<Readonly<Record<string, string>>> {
  const clients = shop.app.dialects.mobilefirst?.clients
  const client = Array.isArray(clients) ? clients[0] : undefined
  const scopes = ['devices', 'subscriptions', 'tags', 'apps', 'webhooks', 'settings'].flatMap((name) => [
    `${name}.read`,
    `${name}.write`,
  ])
  const scope = [...scopes, `push.application.${shop.setup('mobilefirst', 'applicationId')}`].join(' ')
  const response = await shop.h.request('POST', '/mfp/api/az/v1/token', {
    headers: {
      Authorization: `Basic ${btoa(`${client?.clientId}:${client?.clientSecret}`)}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: `grant_type=client_credentials&scope=${encodeURIComponent(scope)}`,
  })
  const { access_token: token } = await response.json<{ access_token: string }>()
  return { Authorization: `Bearer ${token}` }
}

const none = async () => ({})
const bearer = (dialect: string, member: string) => async (shop: Shop) => ({
  Authorization: `Bearer ${shop.setup(dialect, member)}`,
})

const keyOf = (shop: Shop): string => {
  const keys = shop.app.dialects.backendless?.apiKeys
  return typeof keys === 'object' && keys !== null && 'js' in keys ? String(keys.js) : ''
}
const CALLERS: readonly Caller[] = [
  {
    name: 'pusher-beams',
    forgiving: true,
    base: (shop) => `/device_api/v1/instances/${shop.setup('pusher-beams', 'instanceId')}`,
    headers: none,
  },
  {
    name: 'pusher-beams, its users',
    forgiving: true,
    base: (shop) => `/customer_api/v1/instances/${shop.setup('pusher-beams', 'instanceId')}`,
    headers: bearer('pusher-beams', 'secretKey'),
  },
  {
    name: 'mobilefirst',
    base: (shop) => `/imfpush/v1/apps/${shop.setup('mobilefirst', 'applicationId')}`,
    headers: mobileFirstHeaders,
  },
  {
    name: 'mobilefirst, below the runtime',
    base: (shop) => `/mfp/api/imfpush/v1/apps/${shop.setup('mobilefirst', 'applicationId')}`,
    headers: mobileFirstHeaders,
  },
  {
    name: 'flameup',
    base: () => '/api/v1/people/flameup-person',
    headers: async (shop) => {
      const keys = shop.app.dialects.flameup?.apiKeys
      return { Authorization: `Bearer ${Array.isArray(keys) ? (keys[0]?.key ?? keys[0]) : ''}` }
    },
  },
  {
    name: 'backendless',
    base: (shop) => `/${shop.setup('backendless', 'applicationId')}/${keyOf(shop)}/messaging`,
    headers: none,
  },
  {
    name: 'the administration',
    base: (shop) => `/admin/v1/apps/${shop.app.id}`,
    headers: async () => ADMIN,
  },
]
const ADMIN = { Authorization: 'Bearer test-admin-token-0123456789' }

/** A shop with one phone in every dialect, and what the admin API shows of it. */
async function fullShop() {
  const shop = await openShop()
  for (const driver of drivers) await driver.register(shop, newPhone())
  const state = async () => ({ devices: await shop.devices(), installations: await shop.installations() })
  return { shop, state, before: await state() }
}

/** The paths below an app, in the terms of all dialects. */
const COLLECTIONS = [
  ...['devices', 'users', 'tags', 'subscriptions', 'webhooks', 'settings', 'credentials', 'registrations'],
  ...['installations', 'people', 'devices/fcm', 'data/DeviceRegistration'],
]

describe('B01a, B01f: deleting an id of dots takes no more than that id', () => {
  test.each(CALLERS)('$name', async ({ base, headers, forgiving }) => {
    const { shop, state, before } = await fullShop()
    const answers = forgiving ? [200, 204, ...REFUSED] : REFUSED
    const init = { headers: await headers(shop) }
    for (const dots of ['..', '.', '%2e%2e', '%2E.', '%2e']) {
      for (const collection of COLLECTIONS) {
        const path = `${base(shop)}/${collection}/${dots}`
        const { status } = await shop.h.request('DELETE', path, init)
        expect(answers, `${path}: ${status}`).toContain(status)
      }
    }
    expect(await state()).toEqual(before)
  })
})

describe('B01h: a slash at the end makes no call on a parent', () => {
  test.each(CALLERS)('$name', async ({ base, headers, forgiving }) => {
    const { shop, state, before } = await fullShop()
    const answers = forgiving ? [200, 204, ...REFUSED] : REFUSED
    const init = { headers: await headers(shop) }
    for (const end of ['', ...COLLECTIONS.map((one) => `/${one}`)]) {
      for (const slashes of ['/', '//']) {
        const path = `${base(shop)}${end}${slashes}`
        const { status } = await shop.h.request('DELETE', path, init)
        expect(answers, `${path}: ${status}`).toContain(status)
      }
    }
    expect(await state()).toEqual(before)
    expect((await shop.h.admin('GET', `/apps/${shop.app.id}`)).status).toBe(200)
  })

  test('without the slash the application goes on being deleted', async () => {
    const { shop } = await fullShop()
    const headers = await mobileFirstHeaders(shop)
    const app = `/imfpush/v1/apps/${shop.setup('mobilefirst', 'applicationId')}`
    expect((await shop.h.request('DELETE', app, { headers })).status).toBe(204)
    expect((await shop.devices()).filter((one) => one.dialect === 'mobilefirst')).toEqual([])
  })
})

test('B01d: reading an id of dots is never another resource', async () => {
  const { shop } = await fullShop()
  for (const { base, headers } of CALLERS) {
    for (const collection of COLLECTIONS) {
      for (const dots of ['..', '.', '%2e%2E', '.%2e', '%2e']) {
        const path = `${base(shop)}/${collection}/${dots}`
        const { status } = await shop.h.request('GET', path, { headers: await headers(shop) })
        expect(REFUSED, `${path}: ${status}`).toContain(status)
      }
    }
  }
})

test('an id of dots is an id like others', async () => {
  const { shop } = await fullShop()
  const headers = await mobileFirstHeaders(shop)
  const devices = `/imfpush/v1/apps/${shop.setup('mobilefirst', 'applicationId')}/devices`
  for (const id of ['.', '..']) {
    const body = { deviceId: id, token: `t${id}`, platform: 'G' }
    expect((await shop.h.request('POST', devices, { headers, body })).status).toBe(201)
    const read = await shop.h.request('GET', `${devices}/${id}`, { headers })
    expect(await read.json()).toMatchObject({ deviceId: id, token: `t${id}` })
    const encoded = id.replaceAll('.', '%2e')
    expect((await shop.h.request('DELETE', `${devices}/${encoded}`, { headers })).status).toBe(204)
    expect((await shop.h.request('GET', `${devices}/${id}`, { headers })).status).toBe(404)
  }
})

describe('B15: doubled slashes', () => {
  /** Doubles the nth slash of a path. */
  const doubled = (path: string, n: number) => {
    let seen = 0
    return path.replace(/\//g, () => (seen++ === n ? '//' : '/'))
  }

  test.each(drivers)('in front and, but where they mean something, inside: $name', async (driver) => {
    const shop = await openShop()
    const { request } = shop.h
    let at = 0
    const paths: string[] = []
    const bent = {
      ...shop,
      h: {
        ...shop.h,
        request(method: string, path: string, init?: Parameters<typeof request>[2]) {
          paths.push(path)
          return request(method, doubled(path, at), init)
        },
      },
    }
    await driver.register(bent, newPhone())
    const slashes = (paths.at(-1) ?? '').split('/').length - 1
    const most = driver.name === 'pusher-beams' ? 1 : slashes
    for (; at < most; at++) {
      const phone = newPhone()
      const handle = await driver.register(bent, phone)
      await driver.unregister(bent, phone, handle)
    }
  })

  test('keep their meaning in Beams', async () => {
    const shop = await openShop()
    const instance = shop.setup('pusher-beams', 'instanceId')
    const body = { token: 'fcm' }
    const path = `/device_api/v1/instances/${instance}//devices/fcm`
    expect((await shop.h.request('POST', path, { body })).status).toBe(404)
    const missing = await shop.h.request('POST', '/device_api/v1/instances//devices/fcm', { body })
    expect([missing.status, await missing.json()]).toMatchObject([400, { error: 'Incomplete Request' }])
  })

  test('keep an id that is missing a mistake in the administration', async () => {
    const shop = await openShop()
    expect((await shop.h.admin('DELETE', `/apps//${shop.app.id}`)).status).toBe(404)
    expect((await shop.h.admin('GET', `/apps/${shop.app.id}`)).status).toBe(200)
  })
})

test('B16a: Pushwoosh under 1.2 is the same as under 1.3, errors and CORS included', async () => {
  const shop = await openShop()
  const application = shop.setup('pushwoosh', 'applicationCode')
  const call = (version: string, method: string, more: object) =>
    shop.h.request('POST', `/json/${version}/${method}`, {
      headers: { Origin: 'https://shop.example' },
      body: { request: { application, hwid: 'h', ...more } },
    })
  const registered = await call('1.2', 'registerDevice', { device_type: 3, push_token: 't' })
  expect(await registered.json()).toMatchObject({ status_code: 200 })
  expect(registered.headers.get('Access-Control-Allow-Origin')).toBe('https://shop.example')
  const checked = await (await call('1.3', 'checkDevice', {})).json()
  expect(checked).toMatchObject({ response: { exist: true, push_token_exist: true } })
  expect(await (await call('1.2', 'setTags', {})).json()).toMatchObject({ status_code: 210 })
  expect(await (await call('1.2', 'nothing', {})).json()).toMatchObject({ status_code: 404 })
  expect((await shop.h.request('OPTIONS', '/json/1.2/setTags')).status).toBe(204)
})
