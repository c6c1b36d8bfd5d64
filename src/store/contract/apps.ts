import type { AppRecord, AppSettings, Credential, DialectApp } from '../../domain/app.ts'
import type { AuditEntry } from './audit.ts'
import type { Scope } from './listing.ts'
import type { Occasion } from './occasion.ts'
import type { Page, PageRequest } from './page.ts'

export interface CredentialDraft {
  readonly id: string
  readonly dialect: string
  readonly kind: string
  readonly name: string | null
  readonly hash: string
  readonly sealed: string | null
  readonly scopes: readonly string[]
  /** Set where the secret alone finds its app. */
  readonly lookup: string | null
  /** Its last characters, where it is so long that they give nothing away. */
  readonly hint: string | null
}

/** What is left out stays as it is, where the app speaks the dialect already. */
export interface DialectDraft {
  readonly dialect: string
  /** As the operator gave it. */
  readonly identifier?: string
  /** Every form in which a request may give it, compared. */
  readonly names?: readonly string[]
  /** Further names, such as hosts. */
  readonly aliases?: readonly string[]
  /** Merged into those that are there (RFC 7396). */
  readonly options: Readonly<Record<string, unknown>>
  readonly credentials: readonly CredentialDraft[]
}

export interface AppDraft {
  readonly id: string
  readonly name: string
  readonly settings: AppSettings
  readonly vapid: { readonly publicKey: string; readonly sealedPrivateKey: string; readonly subject: string }
  readonly dialects: readonly DialectDraft[]
}

export interface AppChange {
  readonly name?: string
  readonly settings?: Partial<AppSettings>
  /** Dialects added or changed; their credentials are added to the live ones. */
  readonly put: readonly DialectDraft[]
  /** Dialects taken away, with all their devices. */
  readonly drop: readonly string[]
}

/** A credential with its sealed secret, where it is one that must stay readable. */
export interface StoredCredential extends Credential {
  readonly sealed: string | null
}

export type StoredDialectApp = Omit<DialectApp, 'credentials'> & {
  readonly credentials: readonly StoredCredential[]
}

/** What another app has: one of the names or, where `name` is null, a secret that finds its app. */
export interface Taken {
  readonly taken: readonly {
    readonly dialect: string
    readonly name: string | null
    readonly appId: string
  }[]
}

/** How much there is of what would go. */
export type Counts = Readonly<Record<string, number>>

/** Whoever is given an entry keeps it in the same plan, if anything changes. */
export interface AppStore {
  create(draft: AppDraft, now: Date, entry?: AuditEntry): Promise<AppRecord | Taken>
  /** Null for an unknown app. */
  change(
    appId: string,
    change: AppChange,
    occasion: Occasion,
    entry?: AuditEntry,
  ): Promise<AppRecord | Taken | null>
  /** False for an unknown app. All that belongs to it is out of sight at once, and goes in pieces. */
  remove(appId: string, occasion: Occasion, entry?: AuditEntry): Promise<boolean>
  /** What a removal of the app or of one of its dialects would take. */
  counts(appId: string, dialect: string | null): Promise<Counts>
  get(appId: string): Promise<AppRecord | null>
  list(page: PageRequest): Promise<Page<AppRecord>>
  /** Whether there is any app at all. */
  isEmpty(): Promise<boolean>
  /** The sealed VAPID key of any app, with the app's id; null where there is no app. */
  anySealed(): Promise<{ readonly appId: string; readonly sealed: string } | null>
  /** By an identifier or an alias in its compared form. */
  findByName(dialect: string, name: string): Promise<StoredDialectApp | null>
  /** By a secret that finds its app. */
  findByLookup(dialect: string, lookup: string): Promise<StoredDialectApp | null>
  /** By the app's own id. */
  findById(dialect: string, appId: string): Promise<StoredDialectApp | null>
  /** The apps that have a credential of that kind under that public name. */
  findByCredentialName(dialect: string, kind: string, name: string): Promise<readonly StoredDialectApp[]>
  /** Merges into a dialect's options (null takes a member away). False where nothing came of it. */
  changeOptions(scope: Scope, patch: Readonly<Record<string, unknown>>): Promise<boolean>
  /** As `changeOptions`, and takes all that the dialect holds of the app but its credentials, as `remove` does. */
  clearDialect(scope: Scope, patch: Readonly<Record<string, unknown>>, occasion: Occasion): Promise<boolean>
  credentials(appId: string): Promise<readonly Credential[]>
  /** `taken` where it is live already. Null where the app does not speak the dialect. */
  addCredential(
    appId: string,
    draft: CredentialDraft,
    now: Date,
    entry?: AuditEntry,
  ): Promise<Credential | 'taken' | null>
  /** `last`: it is the dialect's only one, and may go only by force. */
  removeCredential(
    appId: string,
    id: string,
    force: boolean,
    entry?: AuditEntry,
  ): Promise<'removed' | 'last' | 'unknown'>
  /** Notes when credentials were last used, never back in time. */
  noteUsed(used: readonly { readonly id: string; readonly at: Date }[]): Promise<void>
}
