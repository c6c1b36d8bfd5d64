import { expect } from 'vitest'
import { type AppDocument, createHarness, type Harness } from '../harness/harness.ts'

/** A phone as SDKs would register it: the same token and facts in every dialect. */
export interface Phone {
  /** The device's own id, for dialects that accept one. */
  readonly id: string
  /** An FCM token. */
  readonly token: string
  /** For dialects whose registration contains a user. */
  readonly user?: string
  /** For dialects with topics. */
  readonly topics?: readonly string[]
}

/** A phone registered through a dialect. */
export interface Handle {
  readonly dialect: string
  /** As the admin API shows it. */
  readonly externalId: string
}

export interface Driver {
  readonly name: string
  readonly topics: boolean
  /** Android facts: osVersion 14, appVersion 3.2.1, sdkVersion 9.9, model Pixel 8, language fr, timezone 3600. */
  readonly facts: Readonly<Record<string, string>>
  /** Creates these topics, in dialects that require it. */
  prepare?(shop: Shop, topics: readonly string[]): Promise<void>
  register(shop: Shop, phone: Phone): Promise<Handle>
  /** Unregisters as the dialect's SDK does. */
  unregister(shop: Shop, phone: Phone, handle: Handle): Promise<void>
  /**
   * Tries every way in which an unauthenticated client can name a user; does nothing in dialects without
   * users.
   */
  claimUser(shop: Shop, phone: Phone, handle: Handle, user: string): Promise<void>
}

export interface Shop {
  readonly h: Harness
  readonly app: AppDocument
  /** A value of the app's document in a dialect. */
  setup(dialect: string, key: string): string
  devices(): Promise<readonly ShownDevice[]>
  installations(): Promise<readonly ShownInstallation[]>
  device(handle: Handle): Promise<ShownDevice | undefined>
}
export interface ShownDevice {
  readonly id: string
  readonly dialect: string
  readonly externalId: string
  readonly installationId: string
  readonly token: string | null
  readonly userId: string | null
  readonly userProved: boolean
  readonly topics: readonly string[]
  readonly active: boolean
  readonly [column: string]: unknown
}
export interface ShownInstallation {
  readonly id: string
  readonly token: string | null
  readonly devices: readonly ShownDevice[]
  readonly topics: readonly string[]
}

/** An app that speaks the dialects of all drivers. */
export async function openShop(settings: Readonly<Record<string, unknown>> = {}): Promise<Shop> {
  const h = await createHarness()
  const app = await h.createApp(Object.fromEntries(drivers.map(({ name }) => [name, {}])), { settings })
  const list = async <T>(name: string): Promise<readonly T[]> => {
    const response = await h.admin('GET', `/apps/${app.id}/${name}?limit=100`)
    return (await response.json<Record<string, T[]>>())[name] ?? []
  }
  const devices = () => list<ShownDevice>('devices')
  const shop: Shop = {
    h,
    app,
    setup(dialect, key) {
      const value = app.dialects[dialect]?.[key]
      if (typeof value !== 'string') throw new Error(`no ${key} of ${dialect}`)
      return value
    },
    devices,
    installations: () => list<ShownInstallation>('installations'),
    device: async ({ dialect, externalId }) =>
      (await devices()).find((one) => one.dialect === dialect && one.externalId === externalId),
  }
  for (const { prepare } of drivers) await prepare?.(shop, TOPICS)
  return shop
}

/** All topics that a phone of these tests may have. */
const TOPICS = ['news', 'sport', 'later', 'a']

export const newPhone = (more: Partial<Phone> = {}): Phone => ({
  id: crypto.randomUUID(),
  token: `fcm-${crypto.randomUUID()}:APA91b`,
  ...more,
})

async function ok(answer: Promise<Response>): Promise<Record<string, unknown>> {
  const response = await answer
  const text = await response.text()
  expect(response.ok, `${response.status} ${text}`).toBe(true)
  return text === '' ? {} : JSON.parse(text)
}

const beamsPath = (shop: Shop) =>
  `/device_api/v1/instances/${shop.setup('pusher-beams', 'instanceId')}/devices/fcm`

const beams: Driver = {
  name: 'pusher-beams',
  topics: true,
  facts: { osVersion: '14', sdkVersion: '9.9' },
  async register(shop, { token, topics }) {
    const body = { token, metadata: { sdkVersion: '9.9', androidVersion: '14' } }
    const { id } = await ok(shop.h.request('POST', beamsPath(shop), { body }))
    const interests = { body: { interests: topics } }
    if (topics) await ok(shop.h.request('PUT', `${beamsPath(shop)}/${id}/interests`, interests))
    return { dialect: 'pusher-beams', externalId: String(id) }
  },
  async unregister(shop, _, { externalId }) {
    await ok(shop.h.request('DELETE', `${beamsPath(shop)}/${externalId}`))
  },
  async claimUser(shop, _, { externalId }, user) {
    const headers = { Authorization: `Bearer ${user}` }
    const response = await shop.h.request('PUT', `${beamsPath(shop)}/${externalId}/user`, { headers })
    expect(response.status).toBe(401)
  },
}

const flameupCall = (shop: Shop, method: string, path: string, body?: unknown) => {
  const keys = shop.app.dialects.flameup?.apiKeys
  const key = Array.isArray(keys) ? keys[0]?.key : undefined
  const headers = { Authorization: `Bearer ${key}` }
  return shop.h.request(method, `/api/v1/people/${path}`, { headers, ...(body !== undefined && { body }) })
}

const flameup: Driver = {
  name: 'flameup',
  topics: false,
  facts: { osVersion: '14', appVersion: '3.2.1', model: 'Pixel 8' },
  async register(shop, { token, user = 'flameup-person' }) {
    const facts = { os_version: '14', app_version: '3.2.1', device_model: 'Pixel 8' }
    await ok(flameupCall(shop, 'POST', `${user}/devices`, { token, platform: 'android', ...facts }))
    return { dialect: 'flameup', externalId: token }
  },
  async unregister(shop, { token, user = 'flameup-person' }) {
    const response = await flameupCall(shop, 'DELETE', `${user}/devices/${encodeURIComponent(token)}`)
    expect(response.status).toBe(204)
  },
  async claimUser(shop, phone, _, user) {
    await flameup.register(shop, { ...phone, user })
  },
}

const pushwooshCall = (shop: Shop, method: string, more: Readonly<Record<string, unknown>>) => {
  const application = shop.setup('pushwoosh', 'applicationCode')
  return shop.h.request('POST', `/json/1.3/${method}`, { body: { request: { application, ...more } } })
}

const pushwoosh: Driver = {
  name: 'pushwoosh',
  topics: false,
  facts: {
    osVersion: '14',
    appVersion: '3.2.1',
    sdkVersion: '9.9',
    model: 'Pixel 8',
    language: 'fr',
    timezone: '3600',
  },
  async register(shop, { id, token, user }) {
    const facts = { os_version: '14', app_version: '3.2.1', v: '9.9', device_model: 'Pixel 8' }
    const named = { ...(user !== undefined && { userId: user }), language: 'fr', timezone: 3600 }
    const request = { hwid: id, push_token: token, device_type: 3, ...facts, ...named }
    expect(await ok(pushwooshCall(shop, 'registerDevice', request))).toMatchObject({ status_code: 200 })
    return { dialect: 'pushwoosh', externalId: id }
  },
  async unregister(shop, { id }) {
    expect(await ok(pushwooshCall(shop, 'unregisterDevice', { hwid: id }))).toMatchObject({
      status_code: 200,
    })
  },
  async claimUser(shop, { id, token }, _, user) {
    await ok(pushwooshCall(shop, 'registerUser', { hwid: id, userId: user, device_type: 3 }))
    await ok(
      pushwooshCall(shop, 'registerDevice', { hwid: id, userId: user, device_type: 3, push_token: token }),
    )
  },
}

const backendlessCall = (shop: Shop, method: string, path: string, body?: unknown) => {
  const keys = shop.app.dialects.backendless?.apiKeys
  const key = typeof keys === 'object' && keys !== null && 'js' in keys ? keys.js : undefined
  const prefix = `/${shop.setup('backendless', 'applicationId')}/${key}/messaging/registrations`
  const headers = { 'user-token': 'somebody' }
  return shop.h.request(method, `${prefix}${path}`, { headers, ...(body !== undefined && { body }) })
}

const backendless: Driver = {
  name: 'backendless',
  topics: true,
  facts: { osVersion: '14' },
  async register(shop, { id, token, topics }) {
    const body = { deviceToken: token, deviceId: id, os: 'ANDROID', osVersion: '14' }
    await ok(backendlessCall(shop, 'POST', '', { ...body, ...(topics && { channels: topics }) }))
    return { dialect: 'backendless', externalId: id }
  },
  async unregister(shop, { id }) {
    expect(await ok(backendlessCall(shop, 'DELETE', `/${id}`))).toEqual({ result: true })
  },
  async claimUser(shop, phone) {
    await backendless.register(shop, phone)
  },
}

/** Access tokens by client, each requested once. */
const accessTokens = new WeakMap<object, Promise<string>>()
function accessToken(shop: Shop): Promise<string> {
  const known = accessTokens.get(shop.app)
  if (known) return known
  const clients = shop.app.dialects.mobilefirst?.clients
  const { clientId, clientSecret } = Array.isArray(clients) ? clients[0] : {}
  const headers = {
    Authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
    'Content-Type': 'application/x-www-form-urlencoded',
  }
  const scope = `devices.write subscriptions.write tags.write push.application.${shop.setup('mobilefirst', 'applicationId')}`
  const body = `grant_type=client_credentials&scope=${encodeURIComponent(scope)}`
  const asked = ok(shop.h.request('POST', '/mfp/api/az/v1/token', { headers, body }))
  const token = asked.then((answer) => String(answer.access_token))
  accessTokens.set(shop.app, token)
  return token
}

const mobileFirstCall = async (shop: Shop, method: string, path: string, body?: unknown) => {
  const headers = { Authorization: `Bearer ${await accessToken(shop)}` }
  const prefix = `/imfpush/v1/apps/${shop.setup('mobilefirst', 'applicationId')}`
  return shop.h.request(method, `${prefix}${path}`, { headers, ...(body !== undefined && { body }) })
}

const mobileFirst: Driver = {
  name: 'mobilefirst',
  topics: true,
  facts: {},
  async prepare(shop, topics) {
    for (const name of topics) {
      await ok(mobileFirstCall(shop, 'POST', '/tags', { name, description: name }))
    }
  },
  async register(shop, { id, token, user, topics }) {
    const named = { ...(user !== undefined && { userId: user }) }
    await ok(mobileFirstCall(shop, 'POST', '/devices', { deviceId: id, token, platform: 'G', ...named }))
    if (topics) {
      await ok(mobileFirstCall(shop, 'POST', '/subscriptions', { deviceId: id, tagNames: topics }))
    }
    return { dialect: 'mobilefirst', externalId: id }
  },
  async unregister(shop, { id }) {
    const response = await mobileFirstCall(shop, 'DELETE', `/devices/${id}`)
    expect(response.status).toBe(204)
  },
  async claimUser(shop, phone, _, user) {
    await mobileFirst.register(shop, { ...phone, user })
  },
}

/** Every dialect; a new one adds one entry. */
export const drivers: readonly Driver[] = [beams, mobileFirst, flameup, pushwoosh, backendless]

/** Every ordered pair of two of them. */
export const pairs = drivers.flatMap((one) =>
  drivers.filter((other) => other !== one).map((other) => [one, other] as const),
)
