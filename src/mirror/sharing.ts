import type { Counts } from './counts.ts'
import type { CallPace } from './pace.ts'
import type { Turns } from './turns.ts'
import type { Vendors } from './vendor.ts'

/** What all mirrors of a process have in common. */
export interface Sharing {
  readonly vendors: Vendors
  readonly counts: Counts
  readonly pace: CallPace
  readonly turns: Turns
  /** Tells this gateway from others in the chain of a request. */
  readonly instance: string
}
