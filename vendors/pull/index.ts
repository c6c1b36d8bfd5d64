import type { Vendor } from '../../src/pull/vendor.ts'
import { backendlessVendor } from './backendless.ts'
import { flameupVendor } from './flameup.ts'
import { mobileFirstVendor } from './mobilefirst.ts'
import { pushwooshVendor } from './pushwoosh.ts'

/** Every vendor with an API that returns its devices. */
export const vendors: readonly Vendor[] = [
  mobileFirstVendor,
  flameupVendor,
  backendlessVendor,
  pushwooshVendor,
]
