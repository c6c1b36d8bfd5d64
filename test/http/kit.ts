import { ADMIN_TOKEN, type AppDocument, type Harness } from '../harness/harness.ts'

/** The values that the five dialects' calls to one app need. */
export interface Shop {
  readonly h: Harness
  readonly app: AppDocument
}

/** A call with a credential that may be right or wrong. */
export interface Door {
  readonly name: string
  /** Whether shipped SDKs make it: then no count of failures ever refuses it. */
  readonly sdk: boolean
  /** The right credential of the shop. */
  readonly key: (shop: Shop) => string
  readonly knock: (shop: Shop, key: string, headers?: Readonly<Record<string, string>>) => Promise<Response>
  /** The statuses for a right and for a wrong credential. */
  readonly right: number
  readonly wrong: number
}

let counter = 0
const unique = (prefix: string) => `${prefix}-${crypto.randomUUID()}-${counter++}`

/** One app in all five dialects, with the MobileFirst client `nightly`. */
export async function openShop(h: Harness): Promise<Shop> {
  const applicationId = unique('com.example.shop')
  const clients = [{ clientId: `nightly-${applicationId}`, clientSecret: 'right', scopes: ['*'] }]
  const app = await h.createApp({
    'pusher-beams': {},
    mobilefirst: { applicationId, clients },
    flameup: {},
    pushwoosh: { strict: true },
    backendless: {},
  })
  return { h, app }
}

export const setup = ({ app }: Shop, dialect: string) => app.dialects[dialect] as Record<string, unknown>
export const text = (shop: Shop, dialect: string, name: string) => String(setup(shop, dialect)[name])

const basic = (id: string, secret: string) => `Basic ${btoa(`${id}:${secret}`)}`

export const DOORS: readonly Door[] = [
  {
    name: 'a Backendless registration',
    sdk: true,
    key: (shop) => String((setup(shop, 'backendless').apiKeys as Record<string, string>).android),
    knock: (shop, key, headers = {}) =>
      shop.h.request(
        'POST',
        `/${text(shop, 'backendless', 'applicationId')}/${key}/messaging/registrations`,
        {
          headers,
          body: { deviceToken: unique('token'), deviceId: unique('device'), os: 'ANDROID', osVersion: '14' },
        },
      ),
    right: 200,
    wrong: 400,
  },
  {
    name: 'a Flameup registration',
    sdk: true,
    key: (shop) => (setup(shop, 'flameup').apiKeys as { key: string }[])[0]?.key ?? '',
    knock: ({ h }, key, headers = {}) =>
      h.request('POST', '/api/v1/people/p/devices', {
        headers: { ...headers, Authorization: `Bearer ${key}` },
        body: { token: unique('token'), platform: 'android' },
      }),
    right: 201,
    wrong: 401,
  },
  {
    name: 'a Pushwoosh registration in strict mode',
    sdk: true,
    key: (shop) => text(shop, 'pushwoosh', 'apiToken'),
    knock: (shop, key, headers = {}) =>
      shop.h.request('POST', '/json/1.3/registerDevice', {
        headers: { ...headers, Authorization: `Token ${key}` },
        body: {
          request: {
            application: text(shop, 'pushwoosh', 'applicationCode'),
            hwid: unique('hwid'),
            push_token: unique('token'),
            device_type: 3,
          },
        },
      }),
    right: 200,
    wrong: 401,
  },
  {
    name: 'a Pushwoosh bulk call',
    sdk: false,
    key: (shop) => text(shop, 'pushwoosh', 'apiToken'),
    knock: (shop, auth, headers = {}) =>
      shop.h.request('POST', '/api/v2/audience/bulkRegisterDevice', {
        headers,
        body: { application: text(shop, 'pushwoosh', 'applicationCode'), auth, devices: [] },
      }),
    right: 200,
    wrong: 401,
  },
  {
    name: 'a Beams user deletion',
    sdk: false,
    key: (shop) => text(shop, 'pusher-beams', 'secretKey'),
    knock: (shop, key, headers = {}) =>
      shop.h.request(
        'DELETE',
        `/user_api/v1/instances/${text(shop, 'pusher-beams', 'instanceId')}/users/alice`,
        { headers: { ...headers, Authorization: `Bearer ${key}` } },
      ),
    right: 200,
    wrong: 401,
  },
  {
    name: 'a MobileFirst token',
    sdk: false,
    key: () => 'right',
    knock: (shop, key, headers = {}) =>
      shop.h.request('POST', '/mfp/api/az/v1/token', {
        headers: {
          ...headers,
          'Content-Type': 'application/x-www-form-urlencoded',
          Authorization: basic(`nightly-${text(shop, 'mobilefirst', 'applicationId')}`, key),
        },
        body: 'grant_type=client_credentials&scope=tags.read',
      }),
    right: 200,
    wrong: 401,
  },
  {
    name: 'the admin API',
    sdk: false,
    key: () => ADMIN_TOKEN,
    knock: ({ h }, key, headers = {}) =>
      h.request('GET', '/admin/v1/apps?limit=1', { headers: { ...headers, Authorization: `Bearer ${key}` } }),
    right: 200,
    wrong: 401,
  },
]

/** Calls that need no credential. */
export const OPEN_DOORS: readonly [name: string, knock: (shop: Shop) => Promise<Response>][] = [
  [
    'a Beams registration',
    (shop) =>
      shop.h.request(
        'POST',
        `/device_api/v1/instances/${text(shop, 'pusher-beams', 'instanceId')}/devices/fcm`,
        { body: { token: unique('token') } },
      ),
  ],
]
