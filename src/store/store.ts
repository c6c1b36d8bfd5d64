import type { AppRecord, AppSettings, Credential, DialectApp } from '../domain/app.ts'
import type { Details, Device, DeviceKey, Platform, Profile, UserBinding } from '../domain/device.ts'
import type { ClientDeviceFilter, OffsetPage } from '../domain/device-list.ts'
import type { JobItem, JobItemRef, JobProgress } from '../domain/job.ts'
import type { Environment, Provider, WebPushKeys } from '../domain/push-token.ts'
import type { Receipt, ReceiptKind } from '../domain/receipt.ts'
import type { Tag, TagChange } from '../domain/tag.ts'
import type { TopicPage, TopicPolicy } from '../domain/topic.ts'
import type { AuthStore, DocumentStore } from './contract/auth.ts'
import type { CatalogueStore, SubscriptionStore } from './contract/catalogue.ts'
import type { ListingStore, Scope } from './contract/listing.ts'
import type { OutboxStore, WebhookStore } from './contract/webhooks.ts'

/** When a change happens and what asked for it; both go into the history of events. */
export interface Occasion {
  readonly at: Date
  /** The id of the request. */
  readonly cause: string
}

/** A push token as the store takes it: with its identity (R18) computed. */
export interface TokenDraft {
  readonly id: string
  readonly provider: Provider
  readonly hash: string
  readonly token: string
  readonly environment: Environment
  readonly keys: WebPushKeys | null
}

/** What a registration or an update changes: an absent member keeps what is there, null clears it. */
export type DevicePatch = { readonly [Field in keyof Profile]?: Profile[Field] | undefined } & {
  readonly user?: UserBinding | null | undefined
  readonly enabled?: boolean | undefined
  readonly expiresAt?: Date | null | undefined
  /** Each member named here is replaced whole, or taken away where it is null; the others stay. */
  readonly details?: Details | undefined
  /** What goes only where the device has none. */
  readonly ifNone?: { readonly user?: UserBinding; readonly language?: string } | undefined
}

/** A whole registration, decided without reading. */
export interface RegistrationDraft {
  readonly key: DeviceKey
  /** The row id, should the device be new. */
  readonly deviceId: string
  /** `key`: the external id says which device it is. `token`: the push token does, the external id is a proposal. */
  readonly identity: 'key' | 'token'
  /** Only if the device is there and current; else the answer is null and nothing happens. */
  readonly existing: boolean
  /** With `existing`: also if it is superseded. */
  readonly superseded?: boolean
  /** Whether the dialect's webhooks are told. */
  readonly announce?: boolean
  readonly platform: Platform
  /** Whether a device that is there already keeps its platform. */
  readonly keepPlatform: boolean
  readonly token: TokenDraft | null
  readonly patch: DevicePatch
  /** Only where the external id says which device it is. */
  readonly tags: readonly TagChange[]
  /** Tags of a device that it makes, before `tags`. */
  readonly firstTags: readonly Tag[]
  /** The row of a job that is done with it. */
  readonly job: JobItemRef | null
  /** Topics added with it: at every registration, or only when it makes the device. */
  readonly topics: { readonly names: readonly string[]; readonly when: 'always' | 'created' } | null
  /** What the dialect lets a topic be; null for dialects without topics. */
  readonly policy: TopicPolicy | null
  readonly carryOver: boolean
  /** Where it makes the device: puts the user's devices that are alike out of use. */
  readonly replacesAlike: boolean
}

export interface RegistrationOutcome {
  readonly device: Device
  readonly created: boolean
  /** The names of the tag changes that did not fit their tag's type. */
  readonly skippedTags: readonly string[]
}

/** What became of a change of topics. */
export type TopicOutcome = 'done' | 'unknown' | 'limit'

/** A change of one device's topics, applied as sets (identity R17). */
export interface TopicChange {
  readonly key: DeviceKey
  readonly names: readonly string[]
  readonly policy: TopicPolicy
  /** Whether a superseded device's own topics may change (identity R3); not where it is unknown on the wire. */
  readonly superseded: boolean
}

export interface UserRules {
  /** Whether another user is replaced (identity R7); else the change is refused. */
  readonly replace: boolean
  /** Most devices of one user among those platforms, or null. */
  readonly limit: { readonly devices: number; readonly among: readonly Platform[] } | null
}
export type BindOutcome = 'bound' | 'unknown' | 'taken' | 'limit'

/** Devices of one app's dialects: every method is atomic on its own, and none reads before it writes. */
export interface DeviceStore {
  findByKey(key: DeviceKey, now: Date): Promise<Device | null>
  /** The dialect's device that holds the push token. */
  findByToken(
    of: Pick<DeviceKey, 'appId' | 'dialect'>,
    token: Pick<TokenDraft, 'provider' | 'hash'>,
    now: Date,
  ): Promise<Device | null>
  /** Devices whose external id begins so, in byte order. */
  findByPrefix(
    of: Pick<DeviceKey, 'appId' | 'dialect'>,
    prefix: string,
    at: { now: Date; limit: number },
  ): Promise<readonly Device[]>
  /** Identity R1 to R7, R9, R16 and R20 in one write. Null only for `existing`. */
  register(draft: RegistrationDraft, occasion: Occasion): Promise<RegistrationOutcome | null>
  /** Null for an unknown device. `announce`: the dialect's webhooks are told. */
  update(key: DeviceKey, patch: DevicePatch, occasion: Occasion, announce?: boolean): Promise<Device | null>
  /** Moves `lastSeenAt` only. */
  touch(id: string, now: Date): Promise<void>
  /** Takes the token from a device that stays. False for an unknown device. */
  detach(key: DeviceKey, occasion: Occasion): Promise<boolean>
  /** False for an unknown device and, where a user is given, for one that is not this user's. */
  remove(key: DeviceKey, occasion: Occasion, userId?: string): Promise<boolean>
  /** Newest first, then by id; `total` is null where nobody asked for it. */
  list(
    of: Pick<DeviceKey, 'appId' | 'dialect'>,
    filter: ClientDeviceFilter,
    page: OffsetPage,
    now: Date,
  ): Promise<{ devices: readonly Device[]; total: number | null }>
}

export interface TopicStore {
  /** Null for an unknown device. `after` is the last topic of the page before, or empty. */
  page(
    key: DeviceKey,
    page: { after: string; limit: number },
    at: { now: Date; superseded: boolean },
  ): Promise<TopicPage | null>
  replace(change: TopicChange, now: Date): Promise<TopicOutcome>
  add(change: TopicChange, now: Date): Promise<TopicOutcome>
  remove(change: TopicChange, now: Date): Promise<TopicOutcome>
  /** Takes topics away and, with its last one, the device. How many it has left; null for an unknown device. */
  leave(key: DeviceKey, names: readonly string[], occasion: Occasion): Promise<number | null>
  /** As `leave`, for the subscription that has this id. False where there is none. */
  leaveById(of: Pick<DeviceKey, 'appId' | 'dialect'>, id: string, occasion: Occasion): Promise<boolean>
}

/** A user's devices in one dialect of one app. */
export interface UserKey extends Pick<DeviceKey, 'appId' | 'dialect'> {
  readonly userId: string
}

export interface UserStore {
  bind(key: DeviceKey, user: UserBinding, rules: UserRules, occasion: Occasion): Promise<BindOutcome>
  /** Gives the devices of one user to another, as a claim; how many. */
  move(from: UserKey, to: string, occasion: Occasion): Promise<number>
  /** How many devices of the user went, in one dialect. */
  removeDevices(of: Pick<DeviceKey, 'appId' | 'dialect'>, userId: string, occasion: Occasion): Promise<number>
  /** How many devices went, in all dialects, with their history. */
  erase(appId: string, userId: string, occasion: Occasion): Promise<number>
}

export interface TagStore {
  /** Null for an unknown device; else the names of the changes that did not fit the tag's type. */
  change(key: DeviceKey, changes: readonly TagChange[], now: Date): Promise<readonly string[] | null>
  /** Null for an unknown device. */
  read(key: DeviceKey, now: Date): Promise<readonly Tag[] | null>
  /** On every device of a user, with what the profiles then say; the names that did not fit on one of them. */
  changeOfUser(
    key: UserKey,
    changes: readonly TagChange[],
    profile: Partial<Profile>,
    now: Date,
  ): Promise<readonly string[]>
  /** The union of the devices' tags; of one name, the one written last. */
  readOfUser(key: UserKey, now: Date): Promise<readonly Tag[]>
}

export interface ReceiptDraft {
  readonly key: DeviceKey
  readonly messageId: string
  readonly kind: ReceiptKind
  readonly at: Date
  readonly details: Readonly<Record<string, unknown>>
}

export interface ReceiptStore {
  /** False for an unknown device, about which nothing is kept. */
  record(draft: ReceiptDraft): Promise<boolean>
  list(
    appId: string,
    filter: { deviceId?: string; messageId?: string },
    page: { after: string | null; limit: number },
  ): Promise<Page<Receipt, string>>
}

/** One page; `next` is where the one after it begins, null on the last. */
export interface Page<T, At = Cursor> {
  readonly items: readonly T[]
  readonly next: At | null
}
export interface PageRequest {
  readonly cursor: Cursor | null
  readonly limit: number
}
/** Where a page begins: after the row of that time and id. */
export interface Cursor {
  readonly at: number
  readonly id: string
}

/** What an operator may ask of the devices of an app; all combined by AND. */
export interface DeviceFilter {
  readonly dialect?: string | undefined
  readonly platform?: string | undefined
  readonly provider?: string | undefined
  readonly topic?: string | undefined
  readonly user?: string | undefined
  /** The hashes of every form in which the token could be compared. */
  readonly tokenHashes?: readonly string[] | undefined
  readonly active?: boolean | undefined
}

/** Everything that points at one push token, or one device without any. */
export interface Installation {
  readonly id: string
  readonly devices: readonly Device[]
}

export interface TopicCount {
  readonly topic: string
  readonly subscribers: number
}

export interface HistoryEvent {
  readonly kind: string
  readonly cause: string
  readonly detail: Readonly<Record<string, unknown>>
  readonly at: Date
}

export interface AppStats {
  readonly total: number
  readonly active: number
  readonly byDialect: Readonly<Record<string, number>>
  readonly byPlatform: Readonly<Record<string, number>>
  readonly byProvider: Readonly<Record<string, number>>
  readonly perDay: readonly { readonly date: string; readonly registrations: number }[]
}

/** What the administration reads across dialects. */
export interface DirectoryStore {
  devices(appId: string, filter: DeviceFilter, page: PageRequest): Promise<Page<Device>>
  device(appId: string, id: string): Promise<Device | null>
  removeDevice(appId: string, id: string, occasion: Occasion): Promise<boolean>
  history(appId: string, deviceId: string): Promise<readonly HistoryEvent[]>
  installations(appId: string, filter: DeviceFilter, page: PageRequest): Promise<Page<Installation>>
  installation(appId: string, id: string): Promise<Installation | null>
  userDevices(appId: string, userId: string): Promise<readonly Device[]>
  topics(appId: string, page: { after: string; limit: number }): Promise<Page<TopicCount, string>>
  stats(appId: string, now: Date): Promise<AppStats>
}

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

/** One row of a job as it is kept: what is to be registered, or why it cannot be. */
export interface JobItemDraft {
  /** What the row is called in the results. */
  readonly label: string
  /** A JSON document, or null with a reason. */
  readonly input: unknown
  readonly reason: string | null
}

export interface JobStore {
  create(
    job: Pick<DeviceKey, 'appId' | 'dialect'> & {
      readonly id: string
      readonly items: readonly JobItemDraft[]
    },
    now: Date,
  ): Promise<void>
  find(dialect: string, id: string): Promise<JobProgress | null>
  /** The rows of a job from behind a position, in their order. */
  items(id: string, page: { after: number; limit: number }): Promise<readonly JobItem[]>
  /** Leases the oldest job that waits and that nobody works on, with its next rows; null where there is none. */
  lease(of: { lease: string; until: Date; limit: number }, now: Date): Promise<LeasedJob | null>
  /** A row that failed. */
  fail(item: JobItemRef, reason: string): Promise<void>
  /** Ends a lease; a job without waiting rows is completed then. */
  release(lease: string, now: Date): Promise<void>
  /** Ends every lease. */
  endLeases(): Promise<void>
  /** Forgets what was finished before. */
  prune(before: Date): Promise<void>
}

export interface LeasedJob extends Pick<DeviceKey, 'appId' | 'dialect'> {
  readonly id: string
  readonly items: readonly { readonly position: number; readonly input: unknown }[]
}

/** What is done without a request. Every method does a bounded piece and says how much that was. */
export interface UpkeepStore {
  /** Removes devices whose time is over, with an event each. */
  expireDevices(batch: number, occasion: Occasion): Promise<number>
  /** Forgets what happened to devices before a time. */
  dropHistory(before: Date, batch: number): Promise<number>
  /** Forgets what was last reported before a time. */
  dropReceipts(before: Date, batch: number): Promise<number>
  /** Forgets push tokens that nothing has pointed at since before a time. */
  dropTombstones(before: Date, batch: number): Promise<number>
}

/** What an operator should know of the database. */
export interface Health {
  /** What has to be done before it can be used, or null. */
  readonly fault: string | null
  readonly warnings: readonly string[]
}

/** The one store, in domain words. Every method is one statement or one plan. */
export interface Store {
  readonly apps: AppStore
  readonly devices: DeviceStore
  readonly topics: TopicStore
  readonly users: UserStore
  readonly tags: TagStore
  readonly receipts: ReceiptStore
  readonly jobs: JobStore
  readonly directory: DirectoryStore
  readonly upkeep: UpkeepStore
  readonly listings: ListingStore
  readonly catalogue: CatalogueStore
  readonly subscriptions: SubscriptionStore
  readonly webhooks: WebhookStore
  readonly outbox: OutboxStore
  readonly auth: AuthStore
  readonly documents: DocumentStore
  /** Resolves when the database answers. */
  ping(): Promise<Health>
}
