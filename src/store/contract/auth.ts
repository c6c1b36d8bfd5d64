import type { Grant } from '../../domain/client.ts'
import type { Scope } from './listing.ts'

/** A key pair that signs access tokens: the public key as JSON text, the private key encrypted. */
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
  /** The external id of the device that the client acts for. */
  readonly externalId: string | null
}

export interface AuthStore {
  /** The current signing key, or null. */
  signingKey(scope: Scope, now: Date): Promise<StoredSigningKey | null>
  /** Stores the key unless a current one exists; returns the current key, or null if the app is gone. */
  putSigningKey(key: StoredSigningKey, now: Date): Promise<StoredSigningKey | null>
  /** By id, until it expires. */
  verifyingKey(id: string, now: Date): Promise<StoredSigningKey | null>
  verifyingKeys(scope: Scope, now: Date): Promise<readonly StoredSigningKey[]>
  /** Also deletes clients that have not described themselves since `before`. False if the app is gone. */
  putClient(client: StoredClient, at: { now: Date; before: Date }): Promise<boolean>
  client(id: string): Promise<StoredClient | null>
  /** Whether the client exists. */
  knowsClient(scope: Scope, id: string): Promise<boolean>
  /** False for an unknown client. */
  describeClient(client: Pick<StoredClient, 'id' | 'about' | 'externalId'>, now: Date): Promise<boolean>
  /** `id` is the code's hash. False if the app is gone. */
  putGrant(grant: Grant & { readonly id: string; readonly expiresAt: Date }, now: Date): Promise<boolean>
  /** Removes and returns the grant, so that it is redeemed only once; null if it is unknown, used or expired. */
  takeGrant(id: string, now: Date): Promise<Grant | null>
}

/** A dialect's settings for an app: one encrypted document per kind. */
export interface DocumentStore {
  /** False if the app is gone. */
  put(scope: Scope, kind: string, sealed: string, now: Date): Promise<boolean>
  /** The encrypted text and when it was stored. */
  find(scope: Scope, kind: string): Promise<{ sealed: string; updatedAt: Date } | null>
  /** False if there is none. */
  remove(scope: Scope, kind: string): Promise<boolean>
  /** A batch of documents of these kinds, stored by a version that did not turn settings into push credentials. */
  unoffered(kinds: readonly string[], limit: number): Promise<readonly (Scope & { readonly kind: string })[]>
  /** Marks a document as checked. */
  noteOffered(scope: Scope, kind: string): Promise<void>
}
