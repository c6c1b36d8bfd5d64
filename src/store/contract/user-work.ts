import type { Profile } from '../../domain/device.ts'
import type { TagChange } from '../../domain/tag.ts'
import type { Claim } from './queue.ts'
import type { UserKey } from './users.ts'

/** A change for every device that a user has at that moment. */
export type UserChange =
  | { readonly do: 'tags'; readonly changes: readonly TagChange[]; readonly profile: Partial<Profile> }
  /** Moves the devices to another user, as a claim (not proved). */
  | { readonly do: 'move'; readonly to: string }

/** A change to a user's devices, done in batches. */
export interface UserWork {
  readonly id: string
  readonly of: UserKey
  readonly change: UserChange
  readonly cause: string
  readonly askedAt: Date
}

/** The result of one batch. */
export interface Piece {
  /** The names of tag changes that did not fit the tag's type. */
  readonly skipped: readonly string[]
  /** Whether devices are left. */
  readonly more: boolean
}

export interface PieceOptions {
  /** The lease of the claim; it ends with the batch. */
  readonly lease: string
  /** Most devices in the batch. */
  readonly most: number
  /** Skips the devices of the batch, because they cannot take the change. */
  readonly skip?: boolean
}

/**
 * Changes to all devices of a user, in batches of bounded cost, newest devices first. Changes for one user are applied
 * in the order of their requests; what was changed on a device after the request stays.
 */
export interface UserWorkStore {
  /** Stores the work and does its first batch in one write. Rejects with `limit` like tags, or if the queue is full. */
  begin(work: UserWork, now: Date): Promise<Piece>
  /** Claims due work: for each user only the oldest, and among these the least recently processed first. */
  claim(claim: Claim, now: Date): Promise<readonly UserWork[]>
  /**
   * Processes the next batch; nothing if another process has claimed the work. Rejects with `limit` if one of its
   * devices cannot take the change; then the work stays claimed.
   */
  proceed(work: UserWork, options: PieceOptions, now: Date): Promise<Piece>
}
