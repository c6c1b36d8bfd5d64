import type { Platform } from '../../src/domain/device.ts'
import { fromBase64Url, toBase64Url } from '../../src/domain/encoding.ts'
import type { Provider, PushTokenDraft, WebPushKeys } from '../../src/domain/push-token.ts'
import type { Json } from '../../src/wire/json.ts'
import { argument } from './errors.ts'
import { wholeNumber } from './request.ts'

interface DeviceType {
  readonly platform: Platform
  readonly provider: Provider
}

/** Device types of section 6.1, with the platforms and push services of section 16. */
const TYPES: ReadonlyMap<number, DeviceType> = new Map([
  [1, { platform: 'ios', provider: 'apns' }],
  // BlackBerry: it runs Android apps, and its own push service no longer exists.
  [2, { platform: 'android', provider: 'other' }],
  [3, { platform: 'android', provider: 'fcm' }],
  [5, { platform: 'windows', provider: 'other' }],
  [7, { platform: 'macos', provider: 'apns' }],
  [8, { platform: 'windows', provider: 'wns' }],
  [9, { platform: 'amazon', provider: 'adm' }],
  [10, { platform: 'web', provider: 'apns' }],
  [11, { platform: 'web', provider: 'webpush' }],
  [12, { platform: 'web', provider: 'webpush' }],
  [14, { platform: 'email', provider: 'email' }],
  [17, { platform: 'huawei', provider: 'hms' }],
  [18, { platform: 'sms', provider: 'sms' }],
  [19, { platform: 'android', provider: 'other' }],
  [21, { platform: 'whatsapp', provider: 'whatsapp' }],
])

export const EMAIL = 14
export const SMS = 18
export const WHATSAPP = 21

/** Types whose id is the token. */
export const isAddress = (type: number): boolean => type === EMAIL || type === SMS || type === WHATSAPP

/** The device type, or undefined if absent or unknown. */
export function knownType(value: unknown): number | undefined {
  const number = wholeNumber(value)
  return number !== undefined && TYPES.has(number) ? number : undefined
}

/** A device type with its number; undefined for an unknown one. */
export function typeNamed(number: number): (DeviceType & { readonly number: number }) | undefined {
  const type = TYPES.get(number)
  return type && { ...type, number }
}

/** Like `knownType`, but required. */
export function requiredType(value: unknown, name: string): number {
  if (value === undefined || value === null || value === '') throw argument(`${name} is required`)
  const type = knownType(value)
  if (type === undefined) throw argument(`${name} ${JSON.stringify(value)} is unknown`)
  return type
}

export const platformOf = (type: number): Platform => TYPES.get(type)?.platform ?? 'android'

/** Builds the push token. `keys` holds `public_key` and `auth_token` for the web, and `gateway` for Apple. */
export function pushTokenOf(type: number, token: string, keys: Json): PushTokenDraft {
  const provider = TYPES.get(type)?.provider ?? 'other'
  if (provider === 'webpush') return { provider, token, endpoint: token, keys: webPushKeys(keys) }
  const { gateway } = keys
  const named = gateway === 'sandbox' || gateway === 'production'
  return { provider, token, ...(provider === 'apns' && named && { environment: gateway }) }
}

/** Converts base64 to base64url; invalid keys are ignored, because nothing could be sent with them. */
function webPushKeys({ public_key, auth_token }: Json): WebPushKeys | undefined {
  const bytes = (value: unknown, length: number) => {
    const found = typeof value === 'string' ? fromBase64Url(value) : null
    return found?.length === length ? toBase64Url(found) : undefined
  }
  const p256dh = bytes(public_key, 65)
  const auth = bytes(auth_token, 16)
  return p256dh && auth ? { p256dh, auth } : undefined
}
