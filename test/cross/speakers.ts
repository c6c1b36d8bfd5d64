import { openShop, type Shop } from './dialects.ts'

/** The values of a registration, as in JSON; absent ones are not sent. */
export interface Said {
  readonly id?: unknown
  readonly token?: unknown
  readonly user?: unknown
  /** A text that only describes the device. */
  readonly description?: unknown
}

/** A registration in a dialect's own format, and how the dialect refuses one. */
export interface Speaker {
  readonly name: string
  /** Whether the client chooses the device's id. */
  readonly ids: boolean
  /** Whether a registration needs a token. */
  readonly tokenNeeded: boolean
  readonly users: boolean
  readonly descriptions: 'name' | 'model' | 'osVersion' | 'sdkVersion' | null
  register(shop: Shop, said: Said, platform?: 'ios' | 'android'): Promise<Response>
  /** Whether an answer says that a member was invalid. */
  refused(response: Response): Promise<boolean>
}

const status = (wanted: number) => async (response: Response) => response.status === wanted

/** The members that are present. */
const given = (members: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

const beams: Speaker = {
  name: 'pusher-beams',
  ids: false,
  tokenNeeded: true,
  users: false,
  descriptions: 'sdkVersion',
  register(shop, { token, description }, platform = 'android') {
    const path = `/device_api/v1/instances/${shop.setup('pusher-beams', 'instanceId')}/devices`
    const apns = platform === 'ios' && { bundleIdentifier: 'com.example' }
    const metadata = description === undefined ? undefined : { sdkVersion: description }
    const body = given({ token, metadata, ...apns })
    return shop.h.request('POST', `${path}/${platform === 'ios' ? 'apns' : 'fcm'}`, { body })
  },
  refused: status(400),
}

const tokens = new WeakMap<object, Promise<string>>()
function accessToken(shop: Shop): Promise<string> {
  const known = tokens.get(shop.app)
  if (known) return known
  const asked = (async () => {
    const clients = shop.app.dialects.mobilefirst?.clients
    const client = Array.isArray(clients) ? clients[0] : undefined
    const scope = `devices.write subscriptions.write tags.write push.application.${shop.setup('mobilefirst', 'applicationId')}`
    const response = await shop.h.request('POST', '/mfp/api/az/v1/token', {
      headers: {
        Authorization: `Basic ${btoa(`${client?.clientId}:${client?.clientSecret}`)}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: `grant_type=client_credentials&scope=${encodeURIComponent(scope)}`,
    })
    return (await response.json<{ access_token: string }>()).access_token
  })()
  tokens.set(shop.app, asked)
  return asked
}

export async function mobileFirstCall(shop: Shop, method: string, path: string, body?: unknown) {
  const headers = { Authorization: `Bearer ${await accessToken(shop)}` }
  const prefix = `/imfpush/v1/apps/${shop.setup('mobilefirst', 'applicationId')}`
  return shop.h.request(method, `${prefix}${path}`, { headers, ...(body !== undefined && { body }) })
}

const mobileFirst: Speaker = {
  name: 'mobilefirst',
  ids: true,
  tokenNeeded: true,
  users: true,
  descriptions: null,
  register: (shop, { id, token, user }, platform = 'android') =>
    mobileFirstCall(
      shop,
      'POST',
      '/devices',
      given({ deviceId: id, token, userId: user, platform: platform === 'ios' ? 'A' : 'G' }),
    ),
  refused: status(400),
}

export function flameupKey(shop: Shop): string {
  const keys = shop.app.dialects.flameup?.apiKeys
  return Array.isArray(keys) ? String(keys[0]?.key ?? keys[0]) : ''
}

const flameup: Speaker = {
  name: 'flameup',
  ids: false,
  tokenNeeded: true,
  users: false,
  descriptions: 'name',
  register(shop, { token, description }, platform = 'android') {
    const headers = { Authorization: `Bearer ${flameupKey(shop)}` }
    const body = given({ token, platform, device_name: description })
    return shop.h.request('POST', '/api/v1/people/person/devices', { headers, body })
  },
  refused: status(422),
}

export function pushwooshCall(shop: Shop, method: string, more: Readonly<Record<string, unknown>>) {
  const application = shop.setup('pushwoosh', 'applicationCode')
  return shop.h.request('POST', `/json/1.3/${method}`, { body: { request: given({ application, ...more }) } })
}

const pushwoosh: Speaker = {
  name: 'pushwoosh',
  ids: true,
  tokenNeeded: false,
  users: true,
  descriptions: 'model',
  register: (shop, { id, token, user, description }, platform = 'android') =>
    pushwooshCall(shop, 'registerDevice', {
      hwid: id,
      push_token: token,
      userId: user,
      device_model: description,
      device_type: platform === 'ios' ? 1 : 3,
    }),
  async refused(response) {
    const { status_code: code } = await response.clone().json<{ status_code: number }>()
    return response.status === 200 && code === 210
  },
}

export function backendlessPath(shop: Shop): string {
  const keys = shop.app.dialects.backendless?.apiKeys
  const key = typeof keys === 'object' && keys !== null && 'js' in keys ? keys.js : ''
  return `/${shop.setup('backendless', 'applicationId')}/${key}/messaging/registrations`
}

const backendless: Speaker = {
  name: 'backendless',
  ids: true,
  tokenNeeded: true,
  users: false,
  descriptions: 'osVersion',
  register: (shop, { id, token, description }, platform = 'android') =>
    shop.h.request('POST', backendlessPath(shop), {
      body: given({ deviceId: id, deviceToken: token, osVersion: description, os: platform.toUpperCase() }),
    }),
  refused: status(400),
}

export const speakers: readonly Speaker[] = [beams, mobileFirst, flameup, pushwoosh, backendless]

/** An app for one test, and what a speaker's calls have stored in it. */
export async function openSpoken({ name }: Speaker) {
  const shop = await openShop()
  return {
    shop,
    devices: async () => (await shop.devices()).filter((one) => one.dialect === name),
  }
}
