import type { AppLimits } from '../../domain/app.ts'
import type { Device, DeviceKey, Platform } from '../../domain/device.ts'
import type { ClientDeviceFilter } from '../../domain/device-list.ts'
import type { DevicePatch } from '../../domain/device-patch.ts'
import type { JobItemRef } from '../../domain/job.ts'
import type { TimePlace } from '../../domain/page.ts'
import type { Environment, Provider, WebPushKeys } from '../../domain/push-token.ts'
import type { Tag, TagChange } from '../../domain/tag.ts'
import type { TopicPolicy } from '../../domain/topic.ts'
import type { Occasion } from './occasion.ts'
import type { Step, Window } from './step.ts'

/** A push token for the store, with the hash that identifies it (R18). */
export interface TokenDraft {
  readonly id: string
  readonly provider: Provider
  readonly hash: string
  readonly token: string
  readonly environment: Environment
  readonly keys: WebPushKeys | null
}

/** A complete registration, applied without reading first. */
export interface RegistrationDraft {
  readonly key: DeviceKey
  /** The row id for a new device. */
  readonly deviceId: string
  /** Which one identifies the device: the external id (`key`) or the push token; then the external id is a proposal. */
  readonly identity: 'key' | 'token'
  /** Applies only to an existing, current device; otherwise nothing happens and the result is null. */
  readonly existing: boolean
  /** With `existing`: also applies to a superseded device. */
  readonly superseded?: boolean
  /** The id of the push token that the device must hold for `token` to be set; everything else is applied anyway. */
  readonly holding?: string | undefined
  /** Whether to write events for the dialect's webhooks. */
  readonly announce?: boolean
  readonly platform: Platform
  /** Whether an existing device keeps its platform. */
  readonly keepPlatform: boolean
  readonly token: TokenDraft | null
  readonly patch: DevicePatch
  /** Only with identity `key`. */
  readonly tags: readonly TagChange[]
  /** Tags of a new device, applied before `tags`. */
  readonly firstTags: readonly Tag[]
  /** The job row that this registration completes. */
  readonly job: JobItemRef | null
  /** Topics to add: always, or only to a new device. */
  readonly topics: { readonly names: readonly string[]; readonly when: 'always' | 'created' } | null
  /** The lists that the answer contains; all by default. */
  readonly lists?: DeviceLists | undefined
  /** The dialect's topic rules; null for dialects without topics. */
  readonly policy: TopicPolicy | null
  readonly carryOver: boolean
  /** Whether creating the device disables the user's similar devices. */
  readonly replacesAlike: boolean
  /** The app's limits; none by default. */
  readonly limits?: AppLimits | undefined
}

/** The lists of a device to read, by default all: they cost more than its other members. */
export interface DeviceLists {
  readonly topics?: boolean
  readonly tags?: boolean
}

/**
 * What a read before a registration found. It only decides which plan is tried first: if the stored state has changed since,
 * the registration is still correct.
 */
export interface Seen {
  /** The device to be registered, if it exists and has not expired. */
  readonly device: Device | null
  /** Whether no row has the device's key, in any state. */
  readonly keyFree: boolean
  /** Whether no row has the token, or no token is given. */
  readonly tokenFree: boolean
}

export interface RegistrationOutcome {
  readonly device: Device
  readonly created: boolean
  /** The names of tag changes that did not fit the tag's type. */
  readonly skippedTags: readonly string[]
}

/** The devices of an app's dialects. Every method is atomic, and no write depends on an earlier read. */
export interface DeviceStore {
  findByKey(key: DeviceKey, now: Date): Promise<Device | null>
  /** The stored devices that a registration would affect; one round trip. Lists not asked for are empty. */
  look(
    draft: Pick<RegistrationDraft, 'key' | 'identity' | 'token'>,
    now: Date,
    lists?: DeviceLists,
  ): Promise<Seen>
  /** Devices whose external id starts with the prefix, in byte order. */
  findByPrefix(
    scope: Pick<DeviceKey, 'appId' | 'dialect'>,
    prefix: string,
    at: { now: Date; limit: number },
  ): Promise<readonly Device[]>
  /** The device of the first of these subscriptions that exists in the dialect. */
  findBySubscriptions(
    scope: Pick<DeviceKey, 'appId' | 'dialect'>,
    ids: readonly string[],
    now: Date,
  ): Promise<Device | null>
  /**
   * Identity R1 to R7, R9, R16 and R20 in one write. Null if `existing` is not met, if the app is gone, or for a job row
   * that is already done; `limit` for too many topics, `full` for a new device if the app has reached its limit. Then
   * nothing was written. `seen` is the result of a `look` just before.
   * Lists that the draft does not ask for are empty in the answer.
   */
  register(
    draft: RegistrationDraft,
    occasion: Occasion,
    seen?: Seen,
  ): Promise<RegistrationOutcome | 'limit' | 'full' | null>
  /**
   * Null for an unknown device. `announce`: writes events for the dialect's webhooks. `limits`: if the update sets a user,
   * the user's devices in the dialect beyond the limit lose their user.
   */
  update(
    key: DeviceKey,
    patch: DevicePatch,
    occasion: Occasion,
    announce?: boolean,
    limits?: AppLimits,
  ): Promise<Device | null>
  /** Updates `lastSeenAt` and, if `token` is true, the token's `registeredAt`. */
  touch(id: string, now: Date, token: boolean): Promise<void>
  /** Removes the token, keeps the device. False for an unknown device. */
  detach(key: DeviceKey, occasion: Occasion): Promise<boolean>
  /** False for an unknown device and, if `userId` is set, for another user's device. */
  remove(key: DeviceKey, occasion: Occasion, userId?: string): Promise<boolean>
  /**
   * Reads the next step of a list, newest first, then by id, and always counts its matches; scans at most `scan` rows.
   * Without topics and tags.
   */
  listStep(
    scope: Pick<DeviceKey, 'appId' | 'dialect'>,
    filter: ClientDeviceFilter,
    window: Omit<Window<TimePlace>, 'counted'> & { readonly scan: number },
    now: Date,
  ): Promise<Step<Device, TimePlace>>
}
