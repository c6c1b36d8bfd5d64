import type { PushToken } from './push-token.ts'

/** What a device is, whatever its dialect calls it. */
export const PLATFORMS = [
  'ios',
  'android',
  'macos',
  'windows',
  'web',
  'amazon',
  'huawei',
  'email',
  'sms',
  'whatsapp',
] as const
export type Platform = (typeof PLATFORMS)[number]

/** Who is using a device. *Proved* by a signed token, or merely claimed. */
export interface UserBinding {
  readonly id: string
  readonly proved: boolean
}

/** What a device says about itself, in columns that mean the same in every dialect. */
export interface Profile {
  readonly name: string | null
  readonly model: string | null
  readonly osVersion: string | null
  readonly appVersion: string | null
  readonly sdkVersion: string | null
  readonly language: string | null
  readonly timezone: string | null
}
export const PROFILE_FIELDS = [
  'name',
  'model',
  'osVersion',
  'appVersion',
  'sdkVersion',
  'language',
  'timezone',
] as const satisfies readonly (keyof Profile)[]

/** A dialect's own document about a device, kept whole for that dialect. */
export type Details = Readonly<Record<string, unknown>>

/** Names one device: unique within an app and a dialect. */
export interface DeviceKey {
  readonly appId: string
  readonly dialect: string
  readonly externalId: string
}

/** One dialect's view of one installation. */
export interface Device extends DeviceKey, Profile {
  readonly id: string
  readonly platform: Platform
  /** Null when it has none, or when another device of its dialect took it (`supersededAt`). */
  readonly pushToken: PushToken | null
  readonly user: UserBinding | null
  /** False where the dialect itself has put the device out of use. */
  readonly enabled: boolean
  readonly supersededAt: Date | null
  readonly expiresAt: Date | null
  readonly details: Details
  /** In byte order. */
  readonly topics: readonly string[]
  /** By topic, where the dialect's policy gives subscriptions ids; empty elsewhere. */
  readonly subscriptionIds: ReadonlyMap<string, string>
  readonly tags: Readonly<Record<string, unknown>>
  readonly createdAt: Date
  readonly updatedAt: Date
  /** At most an hour behind (identity R1). */
  readonly lastSeenAt: Date
}

/** Whether a message to this device would reach anybody, as far as is known. */
export function isActive(device: Pick<Device, 'enabled' | 'pushToken'>): boolean {
  return device.enabled && device.pushToken?.state === 'live'
}

/** The installation a device belongs to: everything on its push token, or itself where it has none. */
export function installationOf(device: Pick<Device, 'id' | 'pushToken'>): string {
  return device.pushToken?.id ?? device.id
}
