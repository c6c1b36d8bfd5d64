import type { Clock, Ids } from '../domain/ids.ts'
import type { Meter } from '../domain/meter.ts'
import type { News } from '../domain/news.ts'
import type { Retention } from '../domain/retention.ts'
import type { WebhookDialects } from '../domain/webhook.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Spool, Store } from '../store/store.ts'
import { type ActivityLog, createActivity } from './activity.ts'
import { createAdoption, type Offers } from './adoption.ts'
import { answeringAliases } from './aliases.ts'
import { type Apps, createApps } from './apps.ts'
import { type Auth, createAuth } from './auth.ts'
import { type Catalogue, createCatalogue, createSubscriptions, type Subscriptions } from './catalogue.ts'
import { type Copies, createCopies } from './copies.ts'
import { createDevices, type Devices } from './devices.ts'
import { createDirectory, type Directory } from './directory.ts'
import { createDocuments, type Documents } from './documents.ts'
import { createExports, type Exports } from './exports.ts'
import { createFeed, type Feed } from './feed.ts'
import { createFeedCalls, type FeedCalls, type FeedPace } from './feed-calls.ts'
import { createFeedHooks, type FeedHooks } from './feed-hooks.ts'
import { createFeedback, type Feedback } from './feedback.ts'
import { createImportUses, type ImportLimits, type ImportUses } from './imports.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { createKeyRotation, type KeyRotation } from './key-rotation.ts'
import type { PushServices } from './lanes.ts'
import { createListings, type Listings } from './listings.ts'
import { createMaintenance, type Maintenance } from './maintenance.ts'
import { createMessages, type Messages } from './messages.ts'
import { createMirrors, type Mirrors } from './mirrors.ts'
import { createOperatorMessages, type OperatorMessages } from './operator-messages.ts'
import { createOperators, type Operators } from './operators.ts'
import { createOutbox, type Outbox, type Pace } from './outbox.ts'
import { createProviders, type Providers } from './providers.ts'
import { createReadiness, type Readiness } from './readiness.ts'
import { createReceipts, type Receipts } from './receipts.ts'
import { createRemovals } from './removals.ts'
import { createTags, type Tags } from './tags.ts'
import { createTopics, type Topics } from './topics.ts'
import { createUndos, type Undos } from './undos.ts'
import { createUserWork } from './user-work.ts'
import { createUsers, type Users } from './users.ts'
import { createWebhooks, type Webhooks } from './webhooks.ts'

/** Every use case, by subject. Outcomes that some dialect treats as normal are return values; only faults are thrown. */
export interface Gateway {
  readonly apps: Apps
  /** Refreshed by the runtime. */
  readonly mirrors: Mirrors
  /** Calls to be copied to the vendors of mirrored apps. */
  readonly copies: Copies
  readonly devices: Devices
  readonly topics: Topics
  readonly users: Users
  readonly tags: Tags
  readonly receipts: Receipts
  /** Includes pending changes of all devices of a user. */
  readonly jobs: Jobs
  readonly imports: ImportUses
  /** Master key rotation; its steps are run by the runtime. */
  readonly keys: KeyRotation
  /** Messages of dialects and of operators. */
  readonly messages: Messages & OperatorMessages
  readonly catalogue: Catalogue
  readonly subscriptions: Subscriptions
  readonly listings: Listings
  readonly webhooks: Webhooks
  readonly documents: Documents
  readonly providers: Providers
  readonly auth: Auth
  /** Run by the runtime's timer; not for adapters. */
  readonly outbox: Outbox
  /** For the administration; adapters use only `ping`. */
  readonly directory: Directory
  readonly feed: Feed
  /** Receivers of the feed; for the administration. */
  readonly feedHooks: FeedHooks
  /** Calls to receivers of the feed; run by the runtime's timer. */
  readonly feedCalls: FeedCalls
  readonly exports: Exports
  readonly feedback: Feedback
  /** For the administration; counts are run by the runtime's timer. */
  readonly readiness: Readiness
  readonly undos: Undos
  /** For the administration; not for adapters. */
  readonly operators: Operators
  readonly activity: ActivityLog
  /** Run by the runtime's timer; not for adapters. */
  readonly maintenance: Maintenance
}

export interface GatewayDeps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  /** Whether a previous master key is configured. */
  readonly rotates: boolean
  /** How long an app look-up may be stale, in seconds. */
  readonly appCacheSeconds: number
  readonly retention: Retention
  readonly webhookDialects: WebhookDialects
  /** The dialects in which a mirror replaces device ids with the vendor's. */
  readonly renaming: ReadonlySet<string>
  /** Per dialect, the push credentials that its settings contain. */
  readonly offers: ReadonlyMap<string, Offers>
  /** Limits on webhook calls. */
  readonly pace: Pace
  readonly feedPace: FeedPace
  readonly push: PushServices
  /** Storage for uploaded files until they are imported, and its limits. */
  readonly spool: Spool
  readonly importLimits: ImportLimits
  /** The share of active devices at which the vendor can be turned off. */
  readonly readyShare: number
  /** Whether this process keeps running after an answer and is the only writer: then writes that can wait are batched. */
  readonly gathers?: boolean | undefined
  /** Notifications between gateways of the same store. */
  readonly news?: News | undefined
  readonly meter?: Meter | undefined
}

export function createGateway(deps: GatewayDeps): Gateway {
  const cacheSeconds = deps.appCacheSeconds
  const apps = createApps({ ...deps, cacheSeconds, alsoForget: () => auth.forget() })
  const auth = createAuth({ ...deps, apps, cacheSeconds })
  const activity = createActivity(deps)
  const operators = createOperators(deps)
  const devices = createDevices({ ...deps, activity })
  const [outbox, mirrors, copies] = [createOutbox(deps), createMirrors(deps), createCopies(deps)]
  const [documents, providers] = [createDocuments(deps), createProviders(deps)]
  const userWork = createUserWork(deps)
  const jobs = createJobs({ ...deps, devices })
  const imports = createImportUses({ ...deps, limits: deps.importLimits })
  const [readiness, undos] = [createReadiness({ ...deps, reports: mirrors.reports }), createUndos(deps)]
  const answering = answeringAliases(
    { devices, topics: createTopics(deps), users: createUsers({ ...deps, userWork }) },
    { dialects: deps.renaming, aliased: mirrors.aliased },
  )
  const accepting = { ...deps, listeners: [] }
  const feeding = feedOf(deps)
  return {
    apps,
    mirrors,
    copies,
    ...answering,
    tags: createTags({ ...deps, userWork }),
    receipts: createReceipts(deps),
    jobs: {
      ...jobs,
      // One step of each, so that neither waits for the other to finish.
      async step() {
        const did = await userWork.step()
        return (await jobs.step()) || did
      },
    },
    imports,
    messages: { ...createMessages(accepting), ...createOperatorMessages(accepting) },
    catalogue: createCatalogue(deps),
    subscriptions: createSubscriptions(deps),
    listings: createListings(deps),
    webhooks: createWebhooks(deps),
    documents,
    providers,
    auth,
    outbox,
    directory: createDirectory({ ...deps, apps, mirrors, copies, erasureMark: imports.erasureMark }),
    ...feeding,
    keys: createKeyRotation(deps),
    exports: createExports(deps),
    feedback: createFeedback(deps),
    readiness,
    undos,
    operators,
    activity,
    maintenance: createMaintenance({
      ...deps,
      apps,
      outbox,
      ...feeding,
      operators,
      activity,
      removals: createRemovals(deps),
      imports,
      copies,
      readiness,
      undos,
      adopt: createAdoption({ ...deps, apps, documents, providers }),
    }),
  }
}

/** The history of apps and its receivers. */
function feedOf(deps: GatewayDeps): Pick<Gateway, 'feed' | 'feedHooks' | 'feedCalls'> {
  const feed = createFeed(deps)
  return {
    feed,
    feedHooks: createFeedHooks({ ...deps, feed }),
    feedCalls: createFeedCalls({ ...deps, feed, pace: deps.feedPace }),
  }
}
