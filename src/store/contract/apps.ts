import type {
  AppLimits,
  AppRecord,
  AppRetention,
  AppSettings,
  Credential,
  DialectApp,
} from '../../domain/app.ts'
import type { Page, PageRequest } from '../../domain/page.ts'
import type { AuditEntry } from './audit.ts'
import type { Scope } from './listing.ts'
import type { Occasion } from './occasion.ts'
import type { WebhookDraft } from './webhooks.ts'

export interface CredentialDraft {
  readonly id: string
  readonly dialect: string
  readonly kind: string
  readonly name: string | null
  readonly hash: string
  readonly sealed: string | null
  readonly scopes: readonly string[]
  /** The hash, if the secret alone identifies its app; else null. */
  readonly lookup: string | null
  /** The secret's last characters, if it is long enough to stay unguessable; else null. */
  readonly hint: string | null
}

/** If the app already has the dialect, absent members stay. */
export interface DialectDraft {
  readonly dialect: string
  /** As the operator entered it. */
  readonly identifier?: string
  /** All spellings by which a request may name the app, in compared form. */
  readonly names?: readonly string[]
  /** Further names, such as hosts. */
  readonly aliases?: readonly string[]
  /** Merged into the existing options (RFC 7396). */
  readonly options: Readonly<Record<string, unknown>>
  readonly credentials: readonly CredentialDraft[]
  /** Replaces all webhooks of the dialect, matched by name: existing ones keep their ids and their waiting calls. */
  readonly webhooks?: readonly (WebhookDraft & { readonly sealed: string })[]
}

export interface AppDraft {
  readonly id: string
  readonly name: string
  readonly settings: AppSettings
  readonly limits?: Partial<AppLimits>
  readonly retention?: Partial<AppRetention>
  readonly vapid: { readonly publicKey: string; readonly sealedPrivateKey: string; readonly subject: string }
  readonly dialects: readonly DialectDraft[]
}

export interface AppChange {
  readonly name?: string
  readonly settings?: Partial<AppSettings>
  /** Absent members stay; null removes a limit. */
  readonly limits?: Partial<AppLimits>
  readonly retention?: Partial<AppRetention>
  /** Dialects to add or change; their credentials are added to the existing ones. */
  readonly put: readonly DialectDraft[]
  /** Dialects to remove, with all their devices. */
  readonly drop: readonly string[]
}

/** A credential with its encrypted secret; null if only the hash is kept. */
export interface StoredCredential extends Credential {
  readonly sealed: string | null
}

export type StoredDialectApp = Omit<DialectApp, 'credentials'> & {
  readonly credentials: readonly StoredCredential[]
}

/** Conflicts with other apps: a name in use or, if `name` is null, a secret that identifies its app. */
export interface Taken {
  readonly taken: readonly {
    readonly dialect: string
    readonly name: string | null
    readonly appId: string
  }[]
}

/** Row counts by kind of data. */
export type Counts = Readonly<Record<string, number>>

/** An `entry` is written in the same transaction, and only if something changes. */
export interface AppStore {
  create(draft: AppDraft, now: Date, entry?: AuditEntry): Promise<AppRecord | Taken>
  /** Null for an unknown app. */
  change(
    appId: string,
    change: AppChange,
    occasion: Occasion,
    entry?: AuditEntry,
  ): Promise<AppRecord | Taken | null>
  /** False for an unknown app. Its data becomes invisible immediately and is deleted in batches. */
  remove(appId: string, occasion: Occasion, entry?: AuditEntry): Promise<boolean>
  /** Counts the rows that removing the app, or one of its dialects, would delete. */
  counts(appId: string, dialect: string | null): Promise<Counts>
  get(appId: string): Promise<AppRecord | null>
  list(page: PageRequest): Promise<Page<AppRecord>>
  /** Whether the store has no app. */
  isEmpty(): Promise<boolean>
  /** The encrypted VAPID key of any app, with the app's id; null if there is no app. */
  anySealed(): Promise<{ readonly appId: string; readonly sealed: string } | null>
  /** The app's key pair for web push, its private key encrypted; null for an unknown app. */
  vapid(appId: string): Promise<AppDraft['vapid'] | null>
  /** By an identifier or an alias in its compared form. */
  findByName(dialect: string, name: string): Promise<StoredDialectApp | null>
  /** By the hash of a secret that identifies its app. */
  findByLookup(dialect: string, lookup: string): Promise<StoredDialectApp | null>
  /** By the app's own id. */
  findById(dialect: string, appId: string): Promise<StoredDialectApp | null>
  /** The apps with a credential of that kind and public name. */
  findByCredentialName(dialect: string, kind: string, name: string): Promise<readonly StoredDialectApp[]>
  /** The apps with a credential of that kind and hash, up to a limit. */
  findByCredentialHash(
    dialect: string,
    kind: string,
    hash: string,
    limit: number,
  ): Promise<readonly StoredDialectApp[]>
  /** The servers that apps are mirrored to, each with one of its apps; up to a limit. */
  mirrored(
    limit: number,
  ): Promise<readonly { readonly dialect: string; readonly upstream: string; readonly appId: string }[]>
  /** Merges into a dialect's options (null removes a member). False if nothing changed. */
  changeOptions(scope: Scope, patch: Readonly<Record<string, unknown>>): Promise<boolean>
  /** Like `changeOptions`, and deletes the app's data in the dialect except its credentials, in the way of `remove`. */
  clearDialect(scope: Scope, patch: Readonly<Record<string, unknown>>, occasion: Occasion): Promise<boolean>
  credentials(appId: string): Promise<readonly Credential[]>
  /** `taken` if the secret is already in use. Null if the app lacks the dialect. */
  addCredential(
    appId: string,
    draft: CredentialDraft,
    now: Date,
    entry?: AuditEntry,
  ): Promise<Credential | 'taken' | null>
  /** `last`: the dialect's only credential, which is removed only with `force`. */
  removeCredential(
    appId: string,
    id: string,
    force: boolean,
    entry?: AuditEntry,
  ): Promise<'removed' | 'last' | 'unknown'>
  /** Records when credentials were last used; never moves the time back. */
  noteUsed(used: readonly { readonly id: string; readonly at: Date }[]): Promise<void>
}
