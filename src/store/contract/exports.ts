import type { Device } from '../../domain/device.ts'
import type { Scope } from './listing.ts'

/** Members are combined by AND; absent ones do not filter. */
export interface ExportFilter {
  readonly platform?: string | undefined
  readonly provider?: string | undefined
  readonly active?: boolean | undefined
}

/** A device with what nobody but a copy of it needs. */
export interface ExportedDevice {
  readonly device: Device
  /** By the tag's name. */
  readonly tagTypes: ReadonlyMap<string, string>
}

/** All devices of an app in the order of their ids, in pieces that are as large however many there are. */
export interface ExportStore {
  /** The dialect's newest device so far; null where it has none. */
  newest(scope: Scope): Promise<string | null>
  /** Ids behind a place and up to an end, in their order. */
  ids(scope: Scope, after: string, until: string, limit: number): Promise<readonly string[]>
  /** Those of these devices that are there and match, as they are now, in the order of their ids. */
  devices(
    appId: string,
    ids: readonly string[],
    filter: ExportFilter,
    now: Date,
  ): Promise<readonly ExportedDevice[]>
}
