import { isNothing } from '../../src/domain/absent.ts'
import type { Device, Platform } from '../../src/domain/device.ts'
import { fromBase64Url } from '../../src/domain/encoding.ts'
import { LENGTHS } from '../../src/domain/lengths.ts'
import type { PushTokenDraft, WebPushKeys } from '../../src/domain/push-token.ts'
import { isStorable } from '../../src/domain/text.ts'
import type { DevicePatch } from '../../src/gateway/devices.ts'
import { decodeUtf8 } from '../../src/wire/body.ts'
import { type Json, mapOf, parseJsonText } from '../../src/wire/json.ts'
import { type Fault, fault } from './errors.ts'

/** The platforms in paths; a user's device limit is counted per platform (section 4). */
export const PLATFORMS = {
  apns: { devices: ['ios', 'macos'], tokenMissing: 'apnsTokenMissing' },
  fcm: { devices: ['android'], tokenMissing: 'fcmTokenMissing' },
  web: { devices: ['web'], tokenMissing: 'webTokenMissing' },
} as const satisfies Record<string, { devices: readonly Platform[]; tokenMissing: Fault }>
export type BeamsPlatform = keyof typeof PLATFORMS

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const DEVICE_ID = new RegExp(`^(apns|fcm|web)-${UUID}$`)

/** `{platform}-` and a lower-case UUID. */
export const isDeviceId = (id: string, platform: BeamsPlatform): boolean =>
  DEVICE_ID.test(id) && id.startsWith(`${platform}-`)

export interface RegistrationBody {
  readonly token: string
  readonly bundleIdentifier: string | undefined
  readonly metadata: Json | undefined
}

/** Validates members in the order of the contract's error table; ignores unknown members. */
export function registrationBody(body: Json, platform: BeamsPlatform): RegistrationBody {
  const token = tokenOf(body.token)
  if (token === undefined) throw fault(PLATFORMS[platform].tokenMissing)
  const bundleIdentifier = nonEmpty(body.bundleIdentifier)
  // The Android SDK never sends it (section 1, #6).
  if (platform === 'apns' && bundleIdentifier === undefined) throw fault('bundleMissing')
  if (bundleIdentifier !== undefined && bundleIdentifier.length > LENGTHS.id) throw fault('bundleMissing')
  const { metadata } = body
  if (metadata === undefined || metadata === null) return { token, bundleIdentifier, metadata: undefined }
  const map = mapOf(metadata)
  if (!map) throw fault('metadataInvalid')
  return { token, bundleIdentifier, metadata: kept(map) }
}

/** Refuses metadata beyond the size limit. */
export function kept(metadata: Json): Json {
  if (JSON.stringify(metadata).length > LENGTHS.document) throw fault('metadataInvalid')
  return metadata
}

/** A token in any form; undefined for placeholders and unstorable texts (section 11). */
export function tokenOf(value: unknown): string | undefined {
  const token = nonEmpty(value)
  if (token === undefined || token.length > LENGTHS.webToken) return undefined
  return isNothing(token) || !isStorable(token) ? undefined : token
}

const nonEmpty = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** The platform, from the path and the SDK's metadata. */
export function devicePlatform(platform: BeamsPlatform, metadata: Json | undefined): Platform {
  if (platform === 'apns') return nonEmpty(metadata?.macosVersion) === undefined ? 'ios' : 'macos'
  return platform === 'fcm' ? 'android' : 'web'
}

/** The unchanged metadata, which the vendor returns, plus the columns shared by all dialects. */
export function metadataPatch(metadata: Json): DevicePatch {
  const { sdkVersion, iosVersion, macosVersion, androidVersion } = metadata
  return {
    sdkVersion: nonEmpty(sdkVersion) ?? null,
    osVersion: nonEmpty(iosVersion) ?? nonEmpty(macosVersion) ?? nonEmpty(androidVersion) ?? null,
    details: { metadata },
  }
}

/** The changes of a registration; absent members keep their values. */
export function registrationPatch({ metadata, bundleIdentifier }: RegistrationBody): DevicePatch {
  const patch = metadata ? metadataPatch(metadata) : {}
  return {
    ...patch,
    details: { ...patch.details, ...(bundleIdentifier !== undefined && { bundleIdentifier }) },
  }
}

/** Tokens of any form are accepted (section 4). */
export function pushToken(platform: BeamsPlatform, token: string): PushTokenDraft {
  if (platform === 'apns') return { provider: 'apns', token }
  if (platform === 'fcm') return { provider: 'fcm', token }
  return { provider: 'webpush', token, ...webSubscription(token) }
}

/** The PushSubscription in a web token (base64 of its JSON); empty if the token has another form. */
function webSubscription(token: string): { endpoint?: string; keys?: WebPushKeys } {
  try {
    const bytes = fromBase64Url(token)
    const subscription = bytes && mapOf(parseJsonText(decodeUtf8(bytes)))
    if (!subscription) return {}
    const endpoint = nonEmpty(subscription.endpoint)
    if (endpoint === undefined) return {}
    const keys = mapOf(subscription.keys) ?? {}
    const p256dh = nonEmpty(keys.p256dh)
    const auth = nonEmpty(keys.auth)
    return { endpoint, ...(p256dh && auth && { keys: { p256dh, auth } }) }
  } catch {
    return {}
  }
}

/** Returns stored or carried-over interests, always as an array (section 1, #1 and #2). */
export const presentRegistered = ({ externalId, topics }: Device) => ({
  id: externalId,
  initialInterestSet: topics,
})

export const presentDevice = ({ externalId, user, details }: Device) => ({
  id: externalId,
  userId: user?.id ?? '',
  metadata: mapOf(details.metadata) ?? {},
})
