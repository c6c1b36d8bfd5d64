import type { Counts } from './counts.ts'
import type { CallPace } from './pace.ts'
import type { Turns } from './turns.ts'
import type { Vendors } from './vendor.ts'

/** State that all mirrors of a process share. */
export interface Sharing {
  readonly vendors: Vendors
  readonly counts: Counts
  readonly pace: CallPace
  readonly turns: Turns
  /** Identifies this gateway among the gateways that a request has passed. */
  readonly instance: string
}
