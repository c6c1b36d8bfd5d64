import { adapters } from '../adapters/index.ts'
import { neighbours } from '../formats/index.ts'
import { configured } from './adapter.ts'
import { metricsRoutes } from './admin/metrics-routes.ts'
import { presentFeedItem } from './admin/present-feed.ts'
import { bareProblem } from './admin/problem.ts'
import {
  buildApp,
  buildCopier,
  buildGateway,
  buildImports,
  buildOutbound,
  buildSending,
  realChance,
} from './build.ts'
import { misspelt } from './config/misspelt.ts'
import { type Config, ConfigError, parseConfig, variablesOf } from './config.ts'
import { providers } from './delivery/providers/index.ts'
import { GatewayError } from './domain/error.ts'
import { createDelivery } from './events/deliver.ts'
import { createTellFeed } from './events/feed-call.ts'
import type { Gateway } from './gateway/gateway.ts'
import { createMeasures, type Measures } from './gateway/measures.ts'
import { workTable } from './gateway/work.ts'
import type { Db } from './store/sql/port.ts'
import { sqlStore } from './store/sql/store.ts'
import { VERSION } from './version.ts'
import type { Work } from './work/work.ts'
import { allMeters, analyticsOf } from './worker/analytics.ts'
import { assetsOf } from './worker/assets.ts'
import { countersOf } from './worker/counters.ts'
import { type Log, logger } from './worker/log.ts'
import { createTallyMeter, type TallyMeter } from './worker/meter.ts'
import { createMetrics } from './worker/metrics.ts'
import { knowsMirrors } from './worker/mirrors.ts'
import {
  BUDGET,
  bellOf,
  FEED_PACE,
  IMPORTING,
  PACE,
  runAfterAnswer,
  sendingPace,
  someOf,
} from './worker/work.ts'

type Bindings = Readonly<Record<string, unknown>>

interface Entry {
  readonly within: <T>(work: () => T) => T
  readonly app: ReturnType<typeof buildApp>
  /**
   * Does due sending work for a message of the queue. Throws if the database failed, so that the message is
   * delivered again.
   */
  readonly answer: () => Promise<void>
  /** Runs maintenance for the cron trigger. Throws if any part failed, so that the run counts as failed. */
  readonly maintain: () => Promise<void>
  /** After an answer: stores noted uses of credentials, because the cron trigger may run in another isolate, and sends. */
  readonly follow: () => Promise<void>
  /** Whether any of these are due. Uses are stored at most hourly per credential. */
  readonly follows: () => boolean
}

/** The database of a Worker. */
export interface WorkerStore {
  /**
   * Returns the binding; throws `ConfigError` if it is missing. A binding of another kind fails at its first
   * use.
   */
  bound(bindings: Bindings): object
  /** Called once per isolate for each binding. */
  open(bound: object, config: Config): WorkerDb
}

interface WorkerDb {
  readonly db: Db
  /** Runs the work of an invocation, for connections that must not outlive it. */
  readonly within?: <T>(work: () => T) => T
}

/** The gateway over a database, and its work. */
function parts(db: Db, config: Config & { masterKey: string }, bindings: Bindings, log: Log) {
  const dialects = configured(adapters, config)
  const store = sqlStore(db, realChance.now, config.retention)
  const measures = createMeasures({ store, now: realChance.now })
  const seconds = config.metricsSeconds
  const meter = seconds > 0 ? createTallyMeter({ seconds, add: measures.add, now: Date.now }) : undefined
  const counting = allMeters([meter, analyticsOf(bindings)])
  const options = {
    meter: counting,
    adapters: dialects,
    neighbours,
    pace: PACE,
    feedPace: FEED_PACE,
    push: { log },
    importing: IMPORTING,
  }
  const gateway = buildGateway(store, config, options)
  const sending = buildSending(store, config, {
    ...{ ...options, sending: sendingPace(config.maxSubrequests), activity: gateway.activity },
  })
  const imports = buildImports(store, config, gateway, options)
  const deliver = createDelivery({ adapters: dialects, outbound: buildOutbound(config) })
  const tell = createTellFeed({ outbound: buildOutbound(config), present: presentFeedItem })
  const copier = buildCopier(config, gateway, { adapters: dialects })
  const work = workTable(gateway, {
    deliver: () => deliver(gateway),
    plan: sending.plan,
    send: sending.deliver,
    import: imports.step,
    copy: () => gateway.copies.deliver(copier),
    tell: () => gateway.feedCalls.deliver(tell),
  })
  /** Work of a request that should not wait for the cron trigger. */
  const news = new Set<Work>()
  gateway.messages.whenAccepted(() => void news.add(work.planning).add(work.sending))
  gateway.imports.whenQueued(() => void news.add(work.imports))
  gateway.copies.whenAdded(() => void news.add(work.copies))
  return { dialects, gateway, work, news, measures, meter, counting }
}

function openEntry({ bound, open }: WorkerStore, bindings: Bindings): Entry {
  const config = parseConfig(bindings, adapters)
  const warnings = misspelt(bindings, variablesOf(adapters))
  const adminToken = required(config.adminToken, 'ADMIN_TOKEN')
  const masterKey = required(config.masterKey, 'MASTER_KEY')
  const { db, within = (work) => work() } = open(bound(bindings), config)
  const log = logger(config)
  const { dialects, gateway, work, news, measures, meter, counting } = parts(
    db,
    { ...config, masterKey },
    bindings,
    log,
  )
  log({ msg: 'started', version: VERSION })
  for (const warning of warnings) log({ level: 'warn', msg: warning })
  const ring = bellOf(bindings, log)
  return {
    within,
    app: buildApp(config, {
      adapters: dialects,
      neighbours,
      gateway: () => gateway,
      adminToken: () => adminToken,
      // Set by Cloudflare; callers cannot forge it.
      address: (c) => c.req.header('cf-connecting-ip') ?? 'unknown',
      trustProxy: 'cloudflare',
      consoleFile: assetsOf(bindings, 'console'),
      docsFile: assetsOf(bindings, 'docs'),
      counters: countersOf(bindings),
      meter: counting,
      besides: [metricsRoutes(() => adminToken, metricsOf(measures, meter))],
      mirrorsKnown: knowsMirrors(gateway, log),
      wakeJobs: (c) => c.executionCtx.waitUntil(runAfterAnswer(work.jobs, log)),
      later: (c, work) => c.executionCtx.waitUntil(work),
      wakeOutbox: (c) => c.executionCtx.waitUntil(runAfterAnswer(work.calls, log)),
      log: (record) => log({ ...record, msg: 'request' }),
    }),

    follows: () => gateway.apps.used() || news.size > 0 || gateway.activity.due() || meter?.due() === true,
    async follow() {
      await flush(gateway, meter, log)
      if (news.size === 0) return
      const begun = [...news]
      news.clear()
      for (const one of begun) await runAfterAnswer(one, log)
      await ring()
    },

    async answer() {
      const imported = await someOf(work.imports)
      const copied = await someOf(work.copies)
      const told = await someOf(work.feed)
      const planned = await someOf(work.planning)
      const sent = await someOf(work.sending)
      // One invocation looks for more work; planned pages are sent by several at once.
      if (planned || sent || imported || copied || told) await ring()
      if (planned) await ring()
    },

    async maintain() {
      await flushMeter(meter, log)
      const { done, faults } = await gateway.maintenance.run(BUDGET, work.all)
      if (Object.keys(done).length > 0) log({ msg: 'maintenance', done })
      if (done.planning || done.sending || done.imports || done.copies || done.feed) await ring()
      for (const { chore, error } of faults) log({ msg: 'maintenance', chore, error })
      if (faults.length > 0) throw new Error(`maintenance failed: ${faults.map(({ chore }) => chore).join()}`)
    },
  }
}

/** The isolate's own counts are written too. */
function metricsOf(measures: Measures, meter: TallyMeter | undefined): () => Promise<string> {
  const metrics = createMetrics({
    measures,
    services: providers.map(({ kind }) => kind),
    now: realChance.now,
  })
  return async () => {
    await meter?.flush()
    return metrics()
  }
}

/** State in memory that would be lost with the isolate. */
async function flush(gateway: Gateway, meter: TallyMeter | undefined, log: Log): Promise<void> {
  await gateway.apps.flushUsed().catch((error) => log({ msg: 'credentials', error }))
  if (gateway.activity.due()) await gateway.activity.flush().catch((error) => log({ msg: 'activity', error }))
  await flushMeter(meter, log)
}

async function flushMeter(meter: TallyMeter | undefined, log: Log): Promise<void> {
  if (meter?.due()) await meter.flush().catch((error) => log({ msg: 'metrics', error }))
}

function required(value: string | undefined, name: string): string {
  if (value === undefined) {
    throw new ConfigError(`Configuration: ${name} is missing; run \`wrangler secret put ${name}\`.`)
  }
  return value
}

/** The handlers of a Worker over the given store. */
export function workerOver(store: WorkerStore) {
  /** One entry per isolate: the binding is the same object in all its requests, so statements are prepared only once. */
  const entries = new WeakMap<object, Entry>()

  /** Throws `ConfigError` with the command to run. */
  function entryFor(bindings: Bindings): Entry {
    const bound = store.bound(bindings)
    const entry = entries.get(bound) ?? openEntry(store, bindings)
    entries.set(bound, entry)
    return entry
  }

  return {
    /** Invalid configuration is answered with its message instead of falling back to a guess. */
    async fetch(request: Request, bindings: Bindings, context: ExecutionContext): Promise<Response> {
      try {
        const { within, app, follows, follow } = entryFor(bindings)
        return await within(async () => {
          const answer = await app.fetch(request, bindings, context)
          if (follows()) context.waitUntil(follow())
          return answer
        })
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        return bareProblem(new GatewayError('internal', error.message))
      }
    },

    /** The cron trigger of wrangler.toml. */
    async scheduled(_: ScheduledController, bindings: Bindings): Promise<void> {
      const { within, maintain } = entryFor(bindings)
      await within(maintain)
    },

    /** The consumer of the queue bound as DOORBELL. The number of messages does not matter. */
    async queue(_: MessageBatch, bindings: Bindings): Promise<void> {
      const { within, answer } = entryFor(bindings)
      await within(answer)
    },
  }
}
