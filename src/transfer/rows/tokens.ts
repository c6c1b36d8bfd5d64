import type { Platform } from '../../domain/device.ts'
import { fromBase64Url, toBase64Url } from '../../domain/encoding.ts'
import type { Reason, Warning } from '../../domain/import.ts'
import type { Provider, PushToken, WebPushKeys } from '../../domain/push-token.ts'
import { wrappedEndpoint } from '../../domain/push-token.ts'
import { cellOf } from './cells.ts'

/** Most characters of a token (migration.md 2.5), except for tokens in any format. */
export const LONGEST_TOKEN = 4096

/** A token in its stored form, or the reason why the device cannot be reached. */
export type Checked =
  | {
      readonly provider: Provider
      readonly text: string
      readonly endpoint?: string | undefined
      readonly keys: WebPushKeys | null
      readonly warnings: readonly Warning[]
    }
  | { readonly reason: Reason }

/** The default push service of a platform. */
export const providerOf = (platform: Platform): Provider => BY_PLATFORM[platform]
const BY_PLATFORM: Readonly<Record<Platform, Provider>> = {
  ios: 'apns',
  macos: 'apns',
  android: 'fcm',
  web: 'webpush',
  windows: 'wns',
  amazon: 'adm',
  huawei: 'hms',
  email: 'email',
  sms: 'sms',
  whatsapp: 'whatsapp',
}

const PLAIN = /^[\x21-\x7e]+$/
const FCM = /^[A-Za-z0-9_-]{8,}:[A-Za-z0-9_-]{20,}$|^[A-Za-z0-9_-]{100,}$/
const HEX = /^(?:[0-9a-f]{2}){16,100}$/i
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/
const PHONE = /^\+[1-9]\d{3,14}$/

/** The rules of migration.md 2.5. `keys` come from separate columns. */
export function checked(
  provider: Provider,
  token: string,
  keys?: { p256dh: unknown; auth: unknown },
): Checked {
  if (/^Expo(nent)?PushToken\[/.test(token)) return { reason: 'token_expo' }
  if (/^\{ ?length ?=/.test(token)) return { reason: 'token_description' }
  const taken = (more: Partial<Extract<Checked, { text: string }>> = {}): Checked => ({
    provider,
    text: token,
    keys: null,
    warnings: [],
    ...more,
  })
  switch (provider) {
    case 'apns':
      return apple(token)
    case 'fcm':
      if (!PLAIN.test(token)) return { reason: 'token_form' }
      return /^[0-9a-f]{64}$/i.test(token) ? { reason: 'token_provider' } : taken()
    case 'adm':
    case 'hms':
      return PLAIN.test(token) ? taken() : { reason: 'token_form' }
    case 'webpush':
      return browser(token, keys)
    case 'wns':
      return isHttps(token) ? taken() : { reason: 'token_form' }
    case 'email':
      return EMAIL.test(token) ? taken() : { reason: 'email_form' }
    case 'sms':
    case 'whatsapp':
      return PHONE.test(token) ? taken() : { reason: 'phone_form' }
    default:
      return taken()
  }
}

/** Whether a stored token would be refused or changed by an import, unless its row allows any format. */
export function isUnusual({
  provider,
  token,
  keys,
}: Pick<PushToken, 'provider' | 'token' | 'keys'>): boolean {
  const form = checked(provider, token, keys ?? undefined)
  if ('reason' in form || form.provider !== provider || form.text !== token) return true
  const cell = cellOf(token, LONGEST_TOKEN, 'token_too_long')
  return 'reason' in cell || cell.text !== token
}

function apple(token: string): Checked {
  const bare = token.replace(/[\s<>-]/g, '')
  if (HEX.test(bare)) {
    return { provider: 'apns', text: bare, keys: null, warnings: bare === token ? [] : ['token_cleaned'] }
  }
  // Firebase on iOS.
  if (FCM.test(token)) return { provider: 'fcm', text: token, keys: null, warnings: ['provider_from_token'] }
  return { reason: 'token_form' }
}

function browser(token: string, given?: { p256dh: unknown; auth: unknown }): Checked {
  const wrapped = wrappedEndpoint(token)
  const endpoint = wrapped ?? token
  if (!isHttps(endpoint)) return { reason: 'token_form' }
  const said = given ?? (wrapped === undefined ? undefined : keysIn(token))
  if (!said || (isNone(said.p256dh) && isNone(said.auth))) {
    return { provider: 'webpush', text: token, endpoint, keys: null, warnings: ['webpush_keys_missing'] }
  }
  const keys = keysOf(said)
  return { provider: 'webpush', text: token, endpoint, keys, warnings: keys ? [] : ['webpush_keys_invalid'] }
}
const isNone = (value: unknown) => value === undefined || value === null || value === ''

/** The keys of a subscription, as browsers and bridges write them. */
function keysIn(token: string): { p256dh: unknown; auth: unknown } | undefined {
  for (const unwrap of [
    (text: string) => text,
    (text: string) => atob(text.replaceAll('-', '+').replaceAll('_', '/')),
  ]) {
    try {
      const { keys, userPublicKey, userAuth } = JSON.parse(unwrap(token))
      if (typeof keys === 'object' && keys !== null) return { p256dh: keys.p256dh, auth: keys.auth }
      if (userPublicKey !== undefined) return { p256dh: userPublicKey, auth: userAuth }
    } catch {
      // Not in this form.
    }
  }
  return undefined
}

function keysOf({ p256dh, auth }: { p256dh: unknown; auth: unknown }): WebPushKeys | null {
  const bytes = (value: unknown, length: number) => {
    const found = typeof value === 'string' ? fromBase64Url(value.trim()) : null
    return found?.length === length ? toBase64Url(found) : null
  }
  const [key, secret] = [bytes(p256dh, 65), bytes(auth, 16)]
  return key !== null && secret !== null ? { p256dh: key, auth: secret } : null
}

function isHttps(text: string): boolean {
  try {
    return new URL(text).protocol === 'https:'
  } catch {
    return false
  }
}
