import type { AppRecord, AppSettings, Credential, DialectApp } from '../../domain/app.ts'
import type { Scope } from './listing.ts'
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
}

export interface DialectDraft {
  readonly dialect: string
  readonly identifier: string
  /** Every form by which a request may name the app: the compared identifier first, then aliases. */
  readonly names: readonly string[]
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
  readonly settings?: AppSettings
  /** Dialects added or replaced (identifier, names, options); their credentials are added to the live ones. */
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

export interface AppStore {
  /** `taken` when an identifier or a secret that finds its app is in use. */
  create(draft: AppDraft, now: Date): Promise<AppRecord | 'taken'>
  change(appId: string, change: AppChange, now: Date): Promise<AppRecord | 'taken' | null>
  /** False for an unknown app. Takes everything that belongs to it. */
  remove(appId: string): Promise<boolean>
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
  /** As `changeOptions`, and takes all that the dialect holds of the app but its credentials. */
  clearDialect(scope: Scope, patch: Readonly<Record<string, unknown>>): Promise<boolean>
  credentials(appId: string): Promise<readonly Credential[]>
  addCredential(appId: string, draft: CredentialDraft, now: Date): Promise<Credential | 'taken' | null>
  removeCredential(appId: string, id: string): Promise<boolean>
}
