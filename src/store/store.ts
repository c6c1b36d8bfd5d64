import type { ActivityStore } from './contract/activity.ts'
import type { AppStore } from './contract/apps.ts'
import type { AuditStore } from './contract/audit.ts'
import type { AuthStore, DocumentStore } from './contract/auth.ts'
import type { CatalogueStore, SubscriptionStore } from './contract/catalogue.ts'
import type { DeviceStore } from './contract/devices.ts'
import type { DirectoryStore } from './contract/directory.ts'
import type { ExportStore } from './contract/exports.ts'
import type { FeedStore } from './contract/feed.ts'
import type { FeedHookStore } from './contract/feed-hooks.ts'
import type { FeedbackStore } from './contract/feedback.ts'
import type { Health } from './contract/health.ts'
import type { HeldStore } from './contract/held.ts'
import type { ImportStore } from './contract/imports.ts'
import type { JobStore } from './contract/jobs.ts'
import type { ListingStore } from './contract/listing.ts'
import type { MeasureStore } from './contract/measures.ts'
import type { MessageStore } from './contract/messages.ts'
import type { CopyStore } from './contract/mirror-copies.ts'
import type { MirrorStore } from './contract/mirrors.ts'
import type { OperatorStore } from './contract/operators.ts'
import type { ProviderStore } from './contract/providers.ts'
import type { ReadinessStore } from './contract/readiness.ts'
import type { ReceiptStore } from './contract/receipts.ts'
import type { RemovalStore } from './contract/removals.ts'
import type { SweepStore } from './contract/sweeps.ts'
import type { TagStore } from './contract/tags.ts'
import type { TopicStore } from './contract/topics.ts'
import type { UndoStore } from './contract/undos.ts'
import type { UpkeepStore } from './contract/upkeep.ts'
import type { UserWorkStore } from './contract/user-work.ts'
import type { UserStore } from './contract/users.ts'
import type { VaultStore } from './contract/vault.ts'
import type { OutboxStore, WebhookStore } from './contract/webhooks.ts'

export type * from './contract/activity.ts'
export type * from './contract/apps.ts'
export type * from './contract/audit.ts'
export type * from './contract/devices.ts'
export type * from './contract/directory.ts'
export type * from './contract/exports.ts'
export type * from './contract/feed.ts'
export type * from './contract/feed-hooks.ts'
export type * from './contract/feedback.ts'
export type * from './contract/health.ts'
export type * from './contract/held.ts'
export type * from './contract/imports.ts'
export type * from './contract/jobs.ts'
export type * from './contract/measures.ts'
export type * from './contract/messages.ts'
export type * from './contract/mirror-copies.ts'
export type * from './contract/mirrors.ts'
export type * from './contract/occasion.ts'
export type * from './contract/operators.ts'
export type * from './contract/providers.ts'
export type * from './contract/readiness.ts'
export type * from './contract/receipts.ts'
export type * from './contract/removals.ts'
export type * from './contract/sweeps.ts'
export type * from './contract/tags.ts'
export type * from './contract/topics.ts'
export type * from './contract/undos.ts'
export type * from './contract/upkeep.ts'
export type * from './contract/user-work.ts'
export type * from './contract/users.ts'
export type * from './contract/vault.ts'

/** The store in domain terms. Methods are atomic unless stated otherwise. */
export interface Store {
  readonly apps: AppStore
  readonly devices: DeviceStore
  readonly topics: TopicStore
  readonly users: UserStore
  readonly tags: TagStore
  readonly userWork: UserWorkStore
  readonly receipts: ReceiptStore
  readonly jobs: JobStore
  readonly imports: ImportStore
  readonly exports: ExportStore
  readonly messages: MessageStore
  readonly directory: DirectoryStore
  readonly upkeep: UpkeepStore
  readonly sweeps: SweepStore
  readonly removals: RemovalStore
  readonly held: HeldStore
  readonly audit: AuditStore
  readonly listings: ListingStore
  readonly catalogue: CatalogueStore
  readonly subscriptions: SubscriptionStore
  readonly vault: VaultStore
  readonly webhooks: WebhookStore
  readonly outbox: OutboxStore
  readonly auth: AuthStore
  readonly documents: DocumentStore
  readonly providers: ProviderStore
  readonly feed: FeedStore
  readonly feedHooks: FeedHookStore
  readonly feedback: FeedbackStore
  readonly mirrors: MirrorStore
  readonly copies: CopyStore
  readonly readiness: ReadinessStore
  readonly undos: UndoStore
  readonly operators: OperatorStore
  readonly activity: ActivityStore
  readonly measures: MeasureStore
  /** Resolves if the database answers. */
  ping(): Promise<Health>
  /** The size of the database in bytes; null if unknown. */
  size(): Promise<number | null>
}
