import type { PushToken } from './push-token.ts'

/** Kinds of devices and channels, with one name each across dialects. */
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

/** The user of a device: *proved* by a signed token, or only claimed. */
export interface UserBinding {
  readonly id: string
  readonly proved: boolean
}

/** A device's self-description, in columns that mean the same in every dialect. */
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

/** A dialect's own document about a device, stored unchanged for that dialect. */
export type Details = Readonly<Record<string, unknown>>

/** Identifies a device: unique within an app and a dialect. */
export interface DeviceKey {
  readonly appId: string
  readonly dialect: string
  readonly externalId: string
}

/** One dialect's view of one installation. */
export interface Device extends DeviceKey, Profile {
  readonly id: string
  readonly platform: Platform
  /** Null if it has none, or if another device of its dialect took it over (`supersededAt`). */
  readonly pushToken: PushToken | null
  readonly user: UserBinding | null
  /** False if the dialect itself disabled the device. */
  readonly enabled: boolean
  readonly supersededAt: Date | null
  readonly expiresAt: Date | null
  readonly details: Details
  /** In byte order. */
  readonly topics: readonly string[]
  /** By topic, in dialects whose subscriptions have ids; empty elsewhere. */
  readonly subscriptionIds: ReadonlyMap<string, string>
  readonly tags: Readonly<Record<string, unknown>>
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Up to an hour behind (identity R1). */
  readonly lastSeenAt: Date
  /** When an import first named it; null if none did. */
  readonly importedAt: Date | null
  /** When it first called by itself; null if it never did. */
  readonly liveAt: Date | null
}

/** Whether a message to this device could be delivered, as far as is known. */
export function isActive(device: Pick<Device, 'enabled' | 'pushToken'>): boolean {
  return device.enabled && device.pushToken?.state === 'live'
}

/** The installation a device belongs to: identified by its push token or, without one, by the device itself. */
export function installationOf(device: Pick<Device, 'id' | 'pushToken'>): string {
  return device.pushToken?.id ?? device.id
}
