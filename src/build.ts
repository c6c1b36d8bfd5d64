import type { Context, Hono } from 'hono'
import type { Adapter, AppEnv, Services } from './adapter.ts'
import type { Config } from './config.ts'
import { docsRoutes } from './console/docs.ts'
import { consoleRoutes, type StaticFile } from './console/pages.ts'
import type { Encrypt, LaneDeps } from './delivery/provider.ts'
import { providers } from './delivery/providers/index.ts'
import { webEncrypt } from './delivery/providers/webpush/cipher.ts'
import { fetchTransport, postOver } from './delivery/transport/fetch.ts'
import { relayTransport } from './delivery/transport/relay.ts'
import type { Post, Transport } from './delivery/transport/transport.ts'
import type { GatewayError } from './domain/error.ts'
import type { Clock, Ids } from './domain/ids.ts'
import type { Meter } from './domain/meter.ts'
import type { News } from './domain/news.ts'
import type { Tracer } from './domain/tracer.ts'
import type { CopySender } from './gateway/copies.ts'
import type { FeedPace } from './gateway/feed-calls.ts'
import { createGateway, type Gateway } from './gateway/gateway.ts'
import type { PushServices } from './gateway/lanes.ts'
import type { Pace } from './gateway/outbox.ts'
import { createApp } from './http/app.ts'
import type { RequestLogDeps, RequestRecord } from './http/request-log.ts'
import { parseTrust } from './http/trust.ts'
import { type Counters, createRateLimits } from './limits/rate-limit.ts'
import { Copier } from './mirror/copier.ts'
import { createMirror } from './mirror/mirror.ts'
import { createOutbound, type Fetch, type Outbound } from './outbound/outbound.ts'
import { createVault } from './secrets/vault.ts'
import { createSending, type Sending, type SendingPace } from './sending/sending.ts'
import { appId, rowIds } from './store/row-ids.ts'
import type { Spool, Store } from './store/store.ts'
import { type Neighbours, NO_NEIGHBOURS } from './transfer/format.ts'
import { allFormats } from './transfer/formats/index.ts'
import { createImports, type ImportPace, type Imports } from './transfer/import/imports.ts'
import { storeSpool } from './transfer/import/spool.ts'

/** Time and randomness, replaced in tests. */
export interface Chance {
  readonly now: Clock
  readonly ids: Ids
}

export const realChance: Chance = {
  now: () => new Date(),
  ids: { row: rowIds(), app: appId, secret: () => crypto.randomUUID() },
}

/** For a long-lived process: enough parallel calls that a dozen hanging receivers block only a small part. */
const OWN_PACE: Pace = { atOnce: 200, each: 4, most: 1000, milliseconds: 60_000 }

/** A turn is a page of the feed, so that its calls end before its lease. */
const OWN_FEED: FeedPace = {
  ...{ hooks: 50, each: 8, page: 100, turn: 10_000, most: 1000, milliseconds: 60_000 },
}

/** Half a megabyte per page of 500: at most some 60 MB, whatever the number of recipients. */
const OWN_SENDING: SendingPace = {
  ...{ candidates: 8000, written: 2000, look: 500, page: 500, pages: 64, atOnce: 400 },
  ...{ most: 1000, milliseconds: 60_000 },
}

/** How a runtime connects to push services. */
export interface PushRuntime {
  /** For HTTP/1.1; by default the runtime's own `fetch`. */
  readonly fetch?: Fetch | undefined
  /** For push services that speak HTTP/1.1; by default over `fetch`. */
  readonly post?: Post
  /** For services that speak HTTP/2; by default over `fetch`. */
  readonly transport?: (post: Post) => Transport
  /** Whether it can present a client certificate. */
  readonly certificates?: boolean
  /** Encryption for Web Push; by default with WebCrypto. */
  readonly encrypt?: Encrypt
  readonly log?: LaneDeps['log']
}

export interface GatewayOptions {
  readonly adapters: readonly Adapter[]
  readonly neighbours?: Neighbours
  readonly chance?: Chance
  readonly pace?: Pace
  readonly feedPace?: FeedPace
  readonly push?: PushRuntime
  /** Where files are stored until they are imported; by default in the store. */
  readonly spool?: Spool
  /** Where sent messages are counted: the gateway's own counts. */
  readonly activity?: Gateway['activity']
  /** Whether live calls wait for their answers, so that sending takes less of the event loop. */
  readonly waiting?: () => boolean
  /** Notifications from other gateways over the same store. */
  readonly news?: News | undefined
  readonly meter?: Meter | undefined
  /** Whether this process is long-lived and is the only writer of the store. */
  readonly gathers?: boolean
}

const vaultOf = (store: Store, { masterKey, previousMasterKey: previous }: Config & { masterKey: string }) =>
  createVault(masterKey, { previous, marks: () => store.vault.marks() })

/** Builds the use cases over a store. */
export function buildGateway(
  store: Store,
  config: Config & { masterKey: string },
  {
    adapters,
    chance = realChance,
    pace = OWN_PACE,
    feedPace = OWN_FEED,
    push = {},
    spool = storeSpool(store.imports),
    news,
    meter,
    gathers,
  }: GatewayOptions,
): Gateway {
  return createGateway({
    store,
    vault: vaultOf(store, config),
    rotates: config.previousMasterKey !== undefined,
    appCacheSeconds: config.appCacheSeconds,
    retention: config.retention,
    webhookDialects: new Map(
      adapters.flatMap(({ name, capabilities: { webhooks } }) => (webhooks ? [[name, webhooks]] : [])),
    ),
    renaming: new Set(
      adapters.flatMap(({ name, capabilities: { mirror } }) => (mirror?.renames ? [name] : [])),
    ),
    offers: new Map(
      adapters.flatMap(({ name, capabilities: { offers } }) => (offers ? [[name, offers]] : [])),
    ),
    pace,
    feedPace,
    push: pushServices(config, push, chance.now),
    spool,
    importLimits: config.imports,
    readyShare: config.readyShare,
    news,
    meter,
    gathers,
    ...chance,
  })
}

/** Builds the sender of messages, over the same store. */
export function buildSending(
  store: Store,
  config: Config & { masterKey: string },
  options: GatewayOptions & { readonly sending?: SendingPace },
): Sending {
  const { adapters, chance = realChance, push = {}, sending: pace = OWN_SENDING, activity, waiting } = options
  return createSending({
    ...{ store, pace, adapters, activity, waiting, push: pushServices(config, push, chance.now) },
    vault: vaultOf(store, config),
    ...chance,
  })
}

/** Builds the importer of files, over the same store. */
export function buildImports(
  store: Store,
  config: Config,
  gateway: Gateway,
  options: GatewayOptions & { readonly importing: Omit<ImportPace, 'maxRows'> },
): Imports {
  const {
    adapters,
    neighbours = NO_NEIGHBOURS,
    chance = realChance,
    spool = storeSpool(store.imports),
    importing,
  } = options
  return createImports({
    ...{
      store,
      spool,
      formats: allFormats(adapters, neighbours.formats),
      now: chance.now,
      newId: chance.ids.row,
    },
    terms: new Map(
      adapters.flatMap(({ name, capabilities: { imports } }) => (imports ? [[name, imports]] : [])),
    ),
    fingerprint: gateway.imports.erasureMark,
    pace: { ...importing, maxRows: config.imports.rows },
  })
}

/** Builds the copier of calls to vendors. */
export const buildCopier = (
  config: Config,
  gateway: Gateway,
  {
    adapters,
    fetch,
    now = realChance.now,
  }: { adapters: readonly Adapter[]; fetch?: Fetch | undefined; now?: Clock },
): CopySender => new Copier({ adapters, gateway, outbound: buildOutbound(config, fetch), now })

function pushServices(config: Config, runtime: PushRuntime, now: Clock): PushServices {
  const outbound = buildOutbound(config, runtime.fetch)
  const { post = postOver(outbound) } = runtime
  const { transport = fetchTransport, certificates = false, encrypt = webEncrypt, log = () => {} } = runtime
  const { apnsRelay } = config
  const own = transport(post)
  return {
    all: providers,
    rules: { allows: outbound.allows, certificates, now },
    reach: {
      ...{ post, encrypt, log },
      transport: apnsRelay ? relayTransport({ ...apnsRelay, post, otherwise: own }) : own,
      allowPrivate: config.allowPrivateTargets,
      publicUrl: config.publicUrl,
    },
  }
}

/** Builds the client for other servers; by default with the runtime's own `fetch`. */
export const buildOutbound = (
  { allowPrivateTargets }: Config,
  fetch: Fetch = globalThis.fetch.bind(globalThis),
): Outbound => createOutbound({ allowPrivate: allowPrivateTargets, fetch })

/** Dependencies that a runtime provides to the app. */
export interface Runtime {
  readonly adapters: readonly Adapter[]
  readonly neighbours?: Neighbours | undefined
  readonly gateway: (c: Context<AppEnv>) => Gateway
  readonly adminToken: (c: Context<AppEnv>) => string
  /** The address of the peer that opened the connection. */
  readonly address: (c: Context<AppEnv>) => string
  /** A reason of the runtime to refuse the request, checked after routing. */
  readonly fault?: (c: Context<AppEnv>) => GatewayError | undefined
  /** Rate-limit counters of the platform. */
  readonly counters?: Counters
  /** The default of `TRUST_PROXY`: whose forwarding headers are trusted; loopback if absent. */
  readonly trustProxy?: string
  readonly log: (record: RequestRecord) => void
  readonly houseHeaders?: RequestLogDeps['houseHeaders']
  readonly meter?: Meter | undefined
  readonly tracer?: Tracer | undefined
  readonly besides?: readonly (Hono<AppEnv> | undefined)[]
  readonly backups?: Parameters<typeof createApp>[0]['backups']
  /** The files of the console; without them, there is no console. */
  readonly consoleFile?: StaticFile | undefined
  /** The files of the documentation site. */
  readonly docsFile?: StaticFile | undefined
  readonly wakeJobs?: (c: Context<AppEnv>) => void
  readonly wakeOutbox?: (c: Context<AppEnv>) => void
  readonly later?: (c: Context<AppEnv>, work: Promise<void>) => void
  readonly arrived?: Services['arrived']
  readonly recorder?: Parameters<typeof createApp>[0]['recorder']
  /** Makes sure that the list of mirrored apps is loaded, if the runtime does not do so itself. */
  readonly mirrorsKnown?: (c: Context<AppEnv>) => Promise<void> | undefined
  /** For calls to other servers; by default the runtime's own `fetch`. */
  readonly fetch?: Fetch | undefined
  readonly chance?: Chance
}

/** Builds the Hono app for either runtime. */
export function buildApp(config: Config, runtime: Runtime) {
  const {
    chance = realChance,
    fetch,
    counters,
    trustProxy = 'loopback',
    mirrorsKnown,
    besides = [],
    ...more
  } = runtime
  const { consoleFile, docsFile, ...rest } = more
  const { adminToken } = runtime
  const pages = consoleFile && consoleRoutes({ adminToken, file: consoleFile })
  const docs = docsFile && docsRoutes(docsFile)
  const { limits, publicUrl, logRequests } = config
  const outbound = buildOutbound(config, fetch)
  const rates = createRateLimits(config, chance.now, counters)
  const trust = parseTrust(config.trustProxy ?? trustProxy) ?? { kind: 'off' }
  return createApp({
    ...rest,
    ...chance,
    besides: [...besides, docs, pages].filter((routes) => routes !== undefined),
    outbound,
    mirror: createMirror({ outbound, now: chance.now, known: mirrorsKnown }),
    limits,
    rates,
    logRequests,
    outside: { trust, publicUrl },
  })
}
