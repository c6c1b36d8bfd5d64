import type { Device } from '../../domain/device.ts'
import type { Receipt } from '../../domain/receipt.ts'
import type { Counts } from './apps.ts'
import type { HistoryEvent } from './directory.ts'
import type { Page, PageRequest } from './page.ts'

/** A row of a job that names a user, or one of their devices. */
export interface HeldJobRow {
  readonly job: string
  readonly position: number
  readonly label: string
  readonly state: string
  readonly reason: string | null
}

/** A client that speaks for one of a user's devices. */
export interface HeldClient {
  readonly id: string
  readonly dialect: string
  readonly about: Readonly<Record<string, unknown>>
}

/** Everything that is held about one user of an app. All but the devices are lists of a bounded length. */
export interface Held {
  /** Of all pages: up to 100,000 devices, and up to 2,000 of the rest. */
  readonly counts: Counts
  readonly devices: Page<Device>
  readonly events: readonly (HistoryEvent & { readonly deviceId: string })[]
  readonly receipts: readonly Receipt[]
  readonly jobRows: readonly HeldJobRow[]
  readonly clients: readonly HeldClient[]
}

/** `between` is awaited between two looks, of which each goes through a bounded number of devices. */
export interface HeldStore {
  about(appId: string, userId: string, page: PageRequest, between?: () => Promise<void>): Promise<Held>
  /** What an erasure would take. */
  counts(appId: string, userId: string, between?: () => Promise<void>): Promise<Counts>
  /** Whether an erasure would take anything. */
  any(appId: string, userId: string, between?: () => Promise<void>): Promise<boolean>
  /** What the removal of one device would take; null for an unknown one. */
  device(appId: string, id: string): Promise<Counts | null>
}
