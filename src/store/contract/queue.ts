/**
 * Terms of all queues: jobs, changes of users' devices, removals, webhook calls, pages of messages. A row becomes due at
 * a time. A claim leases it until a time; the claimer then settles, postpones or releases it. After a crash, it is due
 * again when the lease ends.
 */

/** A claim of due rows. */
export interface Claim {
  /** A unique name of this claim. */
  readonly lease: string
  /** When the lease ends. */
  readonly until: Date
  /** Due times after this were set before the clock was set back, and count as past. */
  readonly horizon: Date
  /** Most rows. */
  readonly limit: number
}

/** A claim in a queue with lanes, in which no lane delays another. */
export interface LaneClaim extends Claim {
  /** Most rows per lane. */
  readonly each: number
}
