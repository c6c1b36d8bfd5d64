import type { AuditEntry } from './audit.ts'

/** A push service's verdict on a credential, and the circuit of all requests with it. */
export interface ProviderHealth {
  readonly state: 'ok' | 'refused'
  readonly reason: string | null
  /** Consecutive failed probes. */
  readonly failures: number
  /** No requests until this time. */
  readonly restingUntil: Date
}

export interface ProviderDraft {
  readonly kind: string
  /** Distinguishes this credential from earlier ones for the same service. */
  readonly version: string
  /** The credential, encrypted. */
  readonly sealed: string
  /** The credential without its secrets. */
  readonly shown: Readonly<Record<string, unknown>>
  /** The dialect whose settings it comes from; null if an operator set it. */
  readonly dialect: string | null
}

/** An app's credential for a push service. */
export interface StoredProvider extends ProviderDraft, ProviderHealth {
  readonly appId: string
  /** Since when it is refused; null if it is not. */
  readonly since: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A version of an app's credential: calls with an earlier version change nothing. */
export interface ProviderVersion {
  readonly appId: string
  readonly kind: string
  readonly version: string
}

/** An access token or a signed JWT. */
export interface StoredSecret {
  readonly name: string
  /** A keyed hash, equal for equal secrets. */
  readonly mark: string
  readonly sealed: string
  readonly madeAt: Date
  readonly expiresAt: Date
}

/** An `entry` is written in the same transaction, and only if something changes. */
export interface ProviderStore {
  /**
   * Creates or replaces a credential, resetting its health and dropping the previous secrets.
   * `kept`: the existing credential must not be replaced by the draft's dialect. `gone`: the app, or the draft's
   * dialect of it, was removed.
   */
  put(
    appId: string,
    draft: ProviderDraft,
    now: Date,
    entry?: AuditEntry,
  ): Promise<'created' | 'replaced' | 'kept' | 'gone'>
  find(appId: string, kind: string): Promise<StoredProvider | null>
  /** By kind. */
  list(appId: string): Promise<readonly StoredProvider[]>
  /** Also drops its secrets. With `dialect`, only if it comes from that dialect's settings. False if there is none. */
  remove(
    appId: string,
    kind: string,
    of: { readonly dialect: string | null },
    entry?: AuditEntry,
  ): Promise<boolean>
  /** Stores the health of a credential. False if the app no longer has it. */
  note(of: ProviderVersion, health: ProviderHealth, now: Date): Promise<boolean>
  secret(of: ProviderVersion, name: string): Promise<StoredSecret | null>
  /**
   * Stores a secret if the stored one still has the mark `known` (null for none), and returns the stored secret; null if
   * the app no longer has the credential. Also drops the credential's expired secrets.
   */
  keepSecret(
    of: ProviderVersion,
    secret: StoredSecret,
    known: string | null,
    now: Date,
  ): Promise<StoredSecret | null>
}
