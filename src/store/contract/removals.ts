import type { Claim } from './queue.ts'

/** A removal in progress: of an app, a dialect or a user. A null member means any. */
export interface ScopeRemoval {
  readonly id: string
  readonly appId: string
  readonly dialect: string | null
  readonly userId: string | null
  /** A keyed hash of the user, used by some rows; empty for none. */
  readonly subject: string
  /** Whether history is deleted too. */
  readonly erases: boolean
  readonly cause: string
  readonly at: Date
}

/** An interrupted removal of a topic from a dialect's catalogue. */
export interface TopicRemoval {
  readonly id: string
  readonly appId: string
  readonly dialect: string
  readonly topic: string
}

export type Removal = ScopeRemoval | TopicRemoval

/**
 * Removals of any number of rows. The call that begins a removal hides the data and deletes the first batches; the rest
 * is deleted here. Every batch is one bounded transaction.
 */
export interface RemovalStore {
  /** Claims due removals, oldest first, and up to as many due removals of topics. */
  claim(claim: Claim, now: Date): Promise<readonly Removal[]>
  /**
   * Deletes one batch, or nothing if another process has claimed the removal; false once nothing is left. `last`: the
   * lease ends with this batch.
   */
  proceed(removal: Removal, piece: { readonly lease: string; readonly last: boolean }): Promise<boolean>
}
