/**
 * The words of everything that waits in a queue: jobs, changes of users' devices, removals, webhook calls, pages of
 * messages. A row is due from a time on. Whoever claims it has it until the lease ends, and then settles it, postpones it
 * or gives it back; of one who died, it is due again when the lease is over.
 */

/** A claim of what is due. */
export interface Claim {
  /** A name that no other claim has. */
  readonly lease: string
  /** When the lease ends. */
  readonly until: Date
  /** Times after this were written before the clock was set back, and count as past. */
  readonly horizon: Date
  /** Most rows. */
  readonly limit: number
}

/** A claim in a queue with lanes: one that is long or slow holds up no other. */
export interface LaneClaim extends Claim {
  /** Most rows of a lane. */
  readonly each: number
}
