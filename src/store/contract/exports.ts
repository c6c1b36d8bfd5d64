import type { Device } from '../../domain/device.ts'
import type { Scope } from './listing.ts'

/** Members are combined by AND; absent ones do not filter. */
export interface ExportFilter {
  readonly platform?: string | undefined
  readonly provider?: string | undefined
  readonly active?: boolean | undefined
}

/** A device with the members that only exports need. */
export interface ExportedDevice {
  readonly device: Device
  /** By the tag's name. */
  readonly tagTypes: ReadonlyMap<string, string>
}

/** All devices of an app in the order of their ids, in batches of bounded size. */
export interface ExportStore {
  /** The id of the dialect's newest device; null if it has none. */
  newest(scope: Scope): Promise<string | null>
  /** Ids after one id and up to another, in order. */
  ids(scope: Scope, after: string, until: string, limit: number): Promise<readonly string[]>
  /** Those of these devices that exist and match, in their current state, in the order of their ids. */
  devices(
    appId: string,
    ids: readonly string[],
    filter: ExportFilter,
    now: Date,
  ): Promise<readonly ExportedDevice[]>
}
