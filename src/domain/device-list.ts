import type { Platform } from './device.ts'

/** A client's filter over a dialect's current devices; members are combined by AND. */
export interface ClientDeviceFilter {
  readonly user?: string | undefined
  readonly platform?: Platform | undefined
  readonly active?: boolean | undefined
}
