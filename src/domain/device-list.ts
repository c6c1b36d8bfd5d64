import type { Platform } from './device.ts'

/** Which current devices of a dialect a client asks for; all combined by AND. */
export interface ClientDeviceFilter {
  readonly user?: string | undefined
  readonly platform?: Platform | undefined
  readonly active?: boolean | undefined
}

/** A page as clients ask for it that know no cursors. */
export interface OffsetPage {
  readonly limit: number
  readonly offset: number
  /** Whether to count what matches, which costs a walk over all of it. */
  readonly counted: boolean
}
