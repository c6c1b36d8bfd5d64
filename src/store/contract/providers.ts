import type { AuditEntry } from './audit.ts'

/** What a push service thinks of a credential, and the circuit of all requests with it. */
export interface ProviderHealth {
  readonly state: 'ok' | 'refused'
  readonly reason: string | null
  /** Probes that failed in a row. */
  readonly failures: number
  /** No requests until this time. */
  readonly restingUntil: Date
}

export interface ProviderDraft {
  readonly kind: string
  /** Tells this credential from any other that the app had for the service. */
  readonly version: string
  /** The credential, encrypted. */
  readonly sealed: string
  /** The credential without its secrets. */
  readonly shown: Readonly<Record<string, unknown>>
  /** The dialect whose own settings it comes from; null if an operator sets it. */
  readonly dialect: string | null
}

/** An app's credential for a push service. */
export interface StoredProvider extends ProviderDraft, ProviderHealth {
  readonly appId: string
  /** Since when it is refused; null while it is not. */
  readonly since: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** One credential of an app: a method given an earlier version changes nothing. */
export interface ProviderVersion {
  readonly appId: string
  readonly kind: string
  readonly version: string
}

/** An access token or a signed JWT. */
export interface StoredSecret {
  readonly name: string
  /** Equal for equal secrets, whenever they were encrypted. */
  readonly mark: string
  readonly sealed: string
  readonly madeAt: Date
  readonly expiresAt: Date
}

/** An `entry` is written in the same transaction, and only if something changes. */
export interface ProviderStore {
  /**
   * Creates or replaces; a new credential has nothing held against it, and the secrets of the one before are dropped.
   * `kept`: what stands was set by somebody whom the draft's dialect must not overrule. `gone`: the app, or the draft's
   * dialect of it, is gone.
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
  /** Also drops its secrets. With `dialect`, only what comes from that dialect's settings. False if there is none. */
  remove(
    appId: string,
    kind: string,
    of: { readonly dialect: string | null },
    entry?: AuditEntry,
  ): Promise<boolean>
  /** Records what was found out about a credential. False if it is no longer the app's. */
  note(of: ProviderVersion, health: ProviderHealth, now: Date): Promise<boolean>
  secret(of: ProviderVersion, name: string): Promise<StoredSecret | null>
  /**
   * Stores a secret if the one with the mark `known` stands there (null: none), and returns what stands afterwards; null
   * if the credential is no longer the app's. Also drops expired secrets of the credential.
   */
  keepSecret(
    of: ProviderVersion,
    secret: StoredSecret,
    known: string | null,
    now: Date,
  ): Promise<StoredSecret | null>
}
