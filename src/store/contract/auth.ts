import type { Grant } from '../../domain/client.ts'
import type { Scope } from './listing.ts'

/** A key pair that signs access tokens: the public half as JSON text, the private one sealed. */
export interface StoredSigningKey extends Scope {
  readonly id: string
  readonly publicKey: string
  readonly sealed: string
  readonly signsUntil: Date
  readonly expiresAt: Date
}

export interface StoredClient extends Scope {
  readonly id: string
  readonly sealed: string
  readonly about: Readonly<Record<string, unknown>>
  /** The device that it speaks for. */
  readonly externalId: string | null
}

export interface AuthStore {
  /** The key that signs now, or null. */
  signingKey(scope: Scope, now: Date): Promise<StoredSigningKey | null>
  /** Keeps the key unless another one signs already, and says which one does; null where the app has gone. */
  putSigningKey(key: StoredSigningKey, now: Date): Promise<StoredSigningKey | null>
  /** By its id, while it verifies. */
  verifyingKey(id: string, now: Date): Promise<StoredSigningKey | null>
  verifyingKeys(scope: Scope, now: Date): Promise<readonly StoredSigningKey[]>
  /** Those that have been silent since `before` go. False where the app has gone. */
  putClient(client: StoredClient, at: { now: Date; before: Date }): Promise<boolean>
  client(id: string): Promise<StoredClient | null>
  /** Whether a client is still there. */
  knowsClient(scope: Scope, id: string): Promise<boolean>
  /** False for an unknown client. */
  describeClient(client: Pick<StoredClient, 'id' | 'about' | 'externalId'>, now: Date): Promise<boolean>
  /** `id` is the code's hash. False where the app has gone. */
  putGrant(grant: Grant & { readonly id: string; readonly expiresAt: Date }, now: Date): Promise<boolean>
  /** Takes it, so that it is redeemed once: null for an unknown, used or expired one. */
  takeGrant(id: string, now: Date): Promise<Grant | null>
}

/** Settings that a dialect keeps for an app, one sealed document of each kind. */
export interface DocumentStore {
  /** False where the app has gone. */
  put(scope: Scope, kind: string, sealed: string, now: Date): Promise<boolean>
  /** The sealed text and when it was stored. */
  find(scope: Scope, kind: string): Promise<{ sealed: string; updatedAt: Date } | null>
  /** False where there is none. */
  remove(scope: Scope, kind: string): Promise<boolean>
}
