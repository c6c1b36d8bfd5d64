import type { Profile } from '../../domain/device.ts'
import type { TagChange } from '../../domain/tag.ts'
import type { UserKey } from './users.ts'

/** What may be asked for every device that a user has at that moment. */
export type UserChange =
  | { readonly do: 'tags'; readonly changes: readonly TagChange[]; readonly profile: Partial<Profile> }
  /** Another user gets the devices, as a claim. */
  | { readonly do: 'move'; readonly to: string }

/** A change of a user's devices, of which some may still wait. */
export interface UserWork {
  readonly id: string
  readonly of: UserKey
  readonly change: UserChange
  readonly cause: string
  readonly askedAt: Date
}

export interface Piece {
  /** The names of tag changes that did not fit their tag's type. */
  readonly skipped: readonly string[]
  /** Whether devices are left. */
  readonly more: boolean
}

/** How a piece is done. */
export interface PieceOptions {
  /** Most devices of it. */
  readonly most: number
  /** Passes the devices over, because they cannot take the change. */
  readonly skip?: boolean
}

/**
 * Changes of all devices of a user, in pieces of bounded cost: the newest devices first. What is asked for a user is
 * done in the order in which it was asked; what anybody changed on a device since then stays.
 */
export interface UserWorkStore {
  /** Keeps the work and does its first piece in the same write. Rejects with `limit` as tags do, and where too much waits. */
  begin(work: UserWork, now: Date): Promise<Piece>
  /** The work whose turn it is; null where none waits. */
  next(): Promise<UserWork | null>
  /** Does the next piece. Rejects with `limit` where a device of it cannot take the change. */
  proceed(work: UserWork, options: PieceOptions, now: Date): Promise<Piece>
}
