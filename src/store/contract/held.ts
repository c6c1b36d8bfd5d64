import type { Device, Profile } from '../../domain/device.ts'
import type { Event } from '../../domain/event.ts'
import type { Page, PageRequest } from '../../domain/page.ts'
import type { PushToken } from '../../domain/push-token.ts'
import type { Receipt } from '../../domain/receipt.ts'
import type { Counts } from './apps.ts'
import type { Reveal } from './undos.ts'

/** A job row that names a user, or one of their devices. */
export interface HeldJobRow {
  readonly job: string
  readonly position: number
  readonly label: string
  readonly state: string
  readonly reason: string | null
}

/** A client that acts for one of a user's devices. */
export interface HeldClient {
  readonly id: string
  readonly dialect: string
  readonly about: Readonly<Record<string, unknown>>
}

/** A removed device as it was, without its token. */
export type FormerDevice = Profile &
  Pick<
    Device,
    | ('externalId' | 'platform' | 'user' | 'topics' | 'tags')
    | ('createdAt' | 'updatedAt' | 'lastSeenAt' | 'importedAt' | 'liveAt')
  >

/** A state kept for an undo: a token that one of a user's devices had, or a device that was removed. */
export interface HeldState {
  readonly kind: 'token' | 'device'
  readonly deviceId: string
  readonly dialect: string
  /** When the change ended it. */
  readonly at: Date
  /** Deleted after this time. */
  readonly until: Date
  /** Null if the removed device had none, if the state cannot be opened, or if the device was another user's then. */
  readonly token: Pick<PushToken, 'provider' | 'token'> | null
  /** Null for a former token, and for the same reasons. */
  readonly device: FormerDevice | null
}

/** All data held about one user of an app. All lists are bounded, the devices by pages. */
export interface Held {
  /** Over all pages; devices are counted up to 100,000, the rest up to 2,000. */
  readonly counts: Counts
  readonly devices: Page<Device>
  readonly events: readonly Event[]
  readonly receipts: readonly Receipt[]
  readonly jobRows: readonly HeldJobRow[]
  readonly clients: readonly HeldClient[]
  readonly keptStates: readonly HeldState[]
}

export interface HeldOf {
  readonly appId: string
  readonly userId: string
  /** A keyed hash of the user; some rows contain only the hash. */
  readonly subject: string
}

/** Reads in steps over a bounded number of devices each; `between` is awaited between two steps. */
export interface HeldStore {
  about(user: HeldOf, page: PageRequest, reveal: Reveal, between?: () => Promise<void>): Promise<Held>
  /** Counts the rows that an erasure would delete. */
  counts(user: HeldOf, between?: () => Promise<void>): Promise<Counts>
  /** Whether an erasure would delete anything. */
  any(user: HeldOf, between?: () => Promise<void>): Promise<boolean>
  /** Counts the rows that removing the device would delete; null for an unknown device. */
  device(appId: string, id: string): Promise<Counts | null>
}
