import type { Details, Device, DeviceKey, Platform, Profile, UserBinding } from '../../domain/device.ts'
import type { ClientDeviceFilter } from '../../domain/device-list.ts'
import type { JobItemRef } from '../../domain/job.ts'
import type { Environment, Provider, WebPushKeys } from '../../domain/push-token.ts'
import type { Tag, TagChange } from '../../domain/tag.ts'
import type { TopicPolicy } from '../../domain/topic.ts'
import type { Occasion } from './occasion.ts'

/** A push token as the store takes it: with its identity (R18) computed. */
export interface TokenDraft {
  readonly id: string
  readonly provider: Provider
  readonly hash: string
  readonly token: string
  readonly environment: Environment
  readonly keys: WebPushKeys | null
}

/** What a registration or an update changes: an absent member keeps what is there, null clears it. */
export type DevicePatch = { readonly [Field in keyof Profile]?: Profile[Field] | undefined } & {
  readonly user?: UserBinding | null | undefined
  readonly enabled?: boolean | undefined
  readonly expiresAt?: Date | null | undefined
  /** Each member named here is replaced whole, or taken away where it is null; the others stay. */
  readonly details?: Details | undefined
  /** What goes only where the device has none. */
  readonly ifNone?: { readonly user?: UserBinding; readonly language?: string } | undefined
}

/** A whole registration, decided without reading. */
export interface RegistrationDraft {
  readonly key: DeviceKey
  /** The row id, should the device be new. */
  readonly deviceId: string
  /** `key`: the external id says which device it is. `token`: the push token does, the external id is a proposal. */
  readonly identity: 'key' | 'token'
  /** Only if the device is there and current; else the answer is null and nothing happens. */
  readonly existing: boolean
  /** With `existing`: also if it is superseded. */
  readonly superseded?: boolean
  /** The push token that the device must hold for `token` to go to it; all else is done whatever it holds. */
  readonly holding?: string | undefined
  /** Whether the dialect's webhooks are told. */
  readonly announce?: boolean
  readonly platform: Platform
  /** Whether a device that is there already keeps its platform. */
  readonly keepPlatform: boolean
  readonly token: TokenDraft | null
  readonly patch: DevicePatch
  /** Only where the external id says which device it is. */
  readonly tags: readonly TagChange[]
  /** Tags of a device that it makes, before `tags`. */
  readonly firstTags: readonly Tag[]
  /** The row of a job that is done with it. */
  readonly job: JobItemRef | null
  /** Topics added with it: at every registration, or only when it makes the device. */
  readonly topics: { readonly names: readonly string[]; readonly when: 'always' | 'created' } | null
  /** What the dialect lets a topic be; null for dialects without topics. */
  readonly policy: TopicPolicy | null
  readonly carryOver: boolean
  /** Where it makes the device: puts the user's devices that are alike out of use. */
  readonly replacesAlike: boolean
}

export interface RegistrationOutcome {
  readonly device: Device
  readonly created: boolean
  /** The names of the tag changes that did not fit their tag's type. */
  readonly skippedTags: readonly string[]
}

/** Devices of one app's dialects: every method is atomic on its own, and none reads before it writes. */
export interface DeviceStore {
  findByKey(key: DeviceKey, now: Date): Promise<Device | null>
  /** The dialect's device that holds the push token. */
  findByToken(
    of: Pick<DeviceKey, 'appId' | 'dialect'>,
    token: Pick<TokenDraft, 'provider' | 'hash'>,
    now: Date,
  ): Promise<Device | null>
  /** Devices whose external id begins so, in byte order. */
  findByPrefix(
    of: Pick<DeviceKey, 'appId' | 'dialect'>,
    prefix: string,
    at: { now: Date; limit: number },
  ): Promise<readonly Device[]>
  /** The device of the first of the subscriptions that is one of the dialect's. */
  findBySubscriptions(
    of: Pick<DeviceKey, 'appId' | 'dialect'>,
    ids: readonly string[],
    now: Date,
  ): Promise<Device | null>
  /**
   * Identity R1 to R7, R9, R16 and R20 in one write. Null for `existing`, and for a job's row that is done already;
   * `limit` where listed topics would be too many: then nothing has happened.
   */
  register(draft: RegistrationDraft, occasion: Occasion): Promise<RegistrationOutcome | 'limit' | null>
  /** Null for an unknown device. `announce`: the dialect's webhooks are told. */
  update(key: DeviceKey, patch: DevicePatch, occasion: Occasion, announce?: boolean): Promise<Device | null>
  /** Moves `lastSeenAt` and, where the call named the device's token, when that was registered. */
  touch(id: string, now: Date, token: boolean): Promise<void>
  /** Takes the token from a device that stays. False for an unknown device. */
  detach(key: DeviceKey, occasion: Occasion): Promise<boolean>
  /** False for an unknown device and, where a user is given, for one that is not this user's. */
  remove(key: DeviceKey, occasion: Occasion, userId?: string): Promise<boolean>
  /** The next window of a list, newest first, then by id: at most `scan` rows are looked at. Without topics and tags. */
  listStep(
    of: Pick<DeviceKey, 'appId' | 'dialect'>,
    filter: ClientDeviceFilter,
    window: ListWindow,
    now: Date,
  ): Promise<ListStep>
}

/** Where a window of a list begins: behind this device. */
export interface ListPlace {
  readonly at: number
  readonly id: string
}

export interface ListWindow {
  /** Null: at the start. */
  readonly after: ListPlace | null
  readonly scan: number
  /** How many matches are skipped, and how many of those that follow are shown. */
  readonly offset: number
  readonly limit: number
}

export interface ListStep {
  readonly devices: readonly Device[]
  /** Matches in the whole window, skipped and shown ones included. */
  readonly matches: number
  /** Where the next window begins; null where there is none. */
  readonly end: ListPlace | null
}
