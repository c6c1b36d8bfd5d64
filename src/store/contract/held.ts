import type { Device } from '../../domain/device.ts'
import type { Event } from '../../domain/event.ts'
import type { Page, PageRequest } from '../../domain/page.ts'
import type { Receipt } from '../../domain/receipt.ts'
import type { Counts } from './apps.ts'

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

/** All data held about one user of an app. All lists are bounded, the devices by pages. */
export interface Held {
  /** Over all pages; devices are counted up to 100,000, the rest up to 2,000. */
  readonly counts: Counts
  readonly devices: Page<Device>
  readonly events: readonly Event[]
  readonly receipts: readonly Receipt[]
  readonly jobRows: readonly HeldJobRow[]
  readonly clients: readonly HeldClient[]
}

export interface HeldOf {
  readonly appId: string
  readonly userId: string
  /** A keyed hash of the user; some rows contain only the hash. */
  readonly subject: string
}

/** Reads in steps over a bounded number of devices each; `between` is awaited between two steps. */
export interface HeldStore {
  about(user: HeldOf, page: PageRequest, between?: () => Promise<void>): Promise<Held>
  /** Counts the rows that an erasure would delete. */
  counts(user: HeldOf, between?: () => Promise<void>): Promise<Counts>
  /** Whether an erasure would delete anything. */
  any(user: HeldOf, between?: () => Promise<void>): Promise<boolean>
  /** Counts the rows that removing the device would delete; null for an unknown device. */
  device(appId: string, id: string): Promise<Counts | null>
}
