import { backendlessPhone } from './phones/backendless.ts'
import { flameupPhone } from './phones/flameup.ts'
import { mobileFirstPhone } from './phones/mobilefirst.ts'
import { pusherBeamsPhone } from './phones/pusher-beams.ts'
import { pushwooshPhone } from './phones/pushwoosh.ts'
import type { Script } from './phones/script.ts'
import { backendlessVendor } from './vendors/backendless.ts'
import { flameupVendor } from './vendors/flameup.ts'
import { MobileFirstVendor } from './vendors/mobilefirst.ts'
import { PusherBeamsVendor } from './vendors/pusher-beams.ts'
import { PushwooshVendor } from './vendors/pushwoosh.ts'
import type { Vendor, VendorDeps } from './vendors/vendor.ts'

/** A dialect of the simulation: its phones and its vendor. */
export interface SimulatedDialect {
  readonly script: Script
  readonly vendor: (deps: VendorDeps) => Vendor
  /** Its share of a fleet that speaks all dialects. */
  readonly share: number
}

export const DIALECTS: readonly SimulatedDialect[] = [
  { script: pushwooshPhone, vendor: (deps) => new PushwooshVendor(deps), share: 0.4 },
  { script: pusherBeamsPhone, vendor: (deps) => new PusherBeamsVendor(deps), share: 0.3 },
  { script: backendlessPhone, vendor: backendlessVendor, share: 0.12 },
  { script: flameupPhone, vendor: flameupVendor, share: 0.12 },
  { script: mobileFirstPhone, vendor: (deps) => new MobileFirstVendor(deps), share: 0.06 },
]
