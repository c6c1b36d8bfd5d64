import type { Role } from '../../domain/operator.ts'
import type { AuditEntry } from './audit.ts'

export type OperatorKeyKind = 'token' | 'session' | 'link'

/** What lets an operator in, without its secret. */
export interface OperatorKey {
  readonly id: string
  readonly kind: OperatorKeyKind
  readonly name: string
  readonly role: Role
  /** By what it was made, and with what it ends: a token's id, or a mark of the admin token. */
  readonly parent: string | null
  /** What the browser says of itself. */
  readonly about: string | null
  readonly createdAt: Date
  /** Null for a token. */
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
}

/** An `entry` is written in the same transaction, and only if something changes. */
export interface OperatorStore {
  /** `hash`: the SHA-256 of the secret. False if another token has the name. */
  put(key: OperatorKey & { readonly hash: string }, entry?: AuditEntry): Promise<boolean>
  /** Until it expires; null for an unknown one. */
  find(kind: OperatorKeyKind, hash: string, now: Date): Promise<OperatorKey | null>
  /** Removes and returns it, so that it is used only once; null for an unknown, used or expired one. */
  take(kind: OperatorKeyKind, hash: string, now: Date): Promise<OperatorKey | null>
  /** Those that live, newest first, no more than 500. */
  list(kind: OperatorKeyKind, now: Date): Promise<readonly OperatorKey[]>
  /** With what was made by it. False for an unknown one. */
  remove(kind: OperatorKeyKind, id: string, entry?: AuditEntry): Promise<boolean>
  noteUsed(id: string, at: Date): Promise<void>
  /** Deletes a batch of those that have expired; returns their number. */
  drop(now: Date, batch: number): Promise<number>
}
