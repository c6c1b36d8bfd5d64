import type { Platform } from './device.ts'

/** A client's filter over a dialect's current devices; members are combined by AND. */
export interface ClientDeviceFilter {
  readonly user?: string | undefined
  readonly platform?: Platform | undefined
  readonly active?: boolean | undefined
}

/** A page by offset, for APIs without cursors. */
export interface OffsetPage {
  readonly limit: number
  readonly offset: number
  /** Whether to count all matches, which costs a scan over them. */
  readonly counted: boolean
}
