import type { Role } from '../../domain/operator.ts'
import type { AuditEntry } from './audit.ts'

export type OperatorKeyKind = 'token' | 'session' | 'link'

/** An operator's key without its secret. */
export interface OperatorKey {
  readonly id: string
  readonly kind: OperatorKeyKind
  readonly name: string
  readonly role: Role
  /** What it was created by and ends with: a token's id, or a mark of the admin token. */
  readonly parent: string | null
  /** The browser's self-description. */
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
  /** Null if it is unknown or expired. */
  find(kind: OperatorKeyKind, hash: string, now: Date): Promise<OperatorKey | null>
  /** Removes and returns the key, so that it is used only once; null if it is unknown, used or expired. */
  take(kind: OperatorKeyKind, hash: string, now: Date): Promise<OperatorKey | null>
  /** Valid keys, newest first, at most 500. */
  list(kind: OperatorKeyKind, now: Date): Promise<readonly OperatorKey[]>
  /** Also removes the keys that it created. False for an unknown key. */
  remove(kind: OperatorKeyKind, id: string, entry?: AuditEntry): Promise<boolean>
  noteUsed(id: string, at: Date): Promise<void>
  /** Deletes a batch of expired keys; returns their number. */
  drop(now: Date, batch: number): Promise<number>
}
