import type { Claim } from './queue.ts'

/** A removal that is under way: of an app, of a dialect of it, of a user. A null member means any. */
export interface ScopeRemoval {
  readonly id: string
  readonly appId: string
  readonly dialect: string | null
  readonly userId: string | null
  /** A keyed hash of the user, by which some rows name them; empty for none. */
  readonly subject: string
  /** Whether history goes as well. */
  readonly erases: boolean
  readonly cause: string
  readonly at: Date
}

/** The removal of a topic from the catalogue of a dialect that broke off. */
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
  /** Takes the removals that are due, oldest first; of topics besides, up to the same limit. */
  claim(claim: Claim, now: Date): Promise<readonly Removal[]>
  /**
   * Deletes one batch, or nothing if somebody else has claimed the removal meanwhile; false once none is left. `last`: the
   * lease ends with it.
   */
  proceed(removal: Removal, piece: { readonly lease: string; readonly last: boolean }): Promise<boolean>
}
