import type { IncomingMessage } from 'node:http'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { getConnInfo } from '@hono/node-server/conninfo'
import { adapters } from '../adapters/index.ts'
import { neighbours } from '../formats/index.ts'
import { configured } from './adapter.ts'
import { signInLink } from './admin/operator-routes.ts'
import { presentFeedItem } from './admin/present-feed.ts'
import { adminMark } from './admin/sign-in.ts'
import { buildApp, buildCopier, buildOutbound, type Runtime, realChance } from './build.ts'
import { misspelt } from './config/misspelt.ts'
import { type Config, ConfigError, type PostgresConfig, parseConfig, variablesOf } from './config.ts'
import { providers } from './delivery/providers/index.ts'
import { StoreUnavailable } from './domain/error.ts'
import type { Meter } from './domain/meter.ts'
import type { Tracer } from './domain/tracer.ts'
import { createSend } from './events/deliver.ts'
import { createTellFeed } from './events/feed-call.ts'
import type { Gateway } from './gateway/gateway.ts'
import { createMeasures } from './gateway/measures.ts'
import { nativeAes } from './node/aes.ts'
import { Answer } from './node/answer.ts'
import { type Arguments, HELP, parseArguments } from './node/arguments.ts'
import { arrivedBody } from './node/arrived.ts'
import { createBackups } from './node/backup/backups.ts'
import { countersOver } from './node/counters.ts'
import { clientWithin, makeDemo } from './node/demo.ts'
import { watchConnections } from './node/drain.ts'
import { greeting } from './node/greeting.ts'
import { nativeSha256 } from './node/hash.ts'
import { growSlowly } from './node/heap.ts'
import { httpServer, listening } from './node/http-server.ts'
import { liveCalls } from './node/live-calls.ts'
import { createLog, type Log } from './node/log.ts'
import { exposeMetrics } from './node/metrics/exposition.ts'
import { measured } from './node/metrics/measured.ts'
import { createMetrics, type Metrics } from './node/metrics/metrics.ts'
import { openGateway } from './node/open-gateway.ts'
import { pushRuntime } from './node/push-runtime.ts'
import { recorderOf } from './node/recorder/open.ts'
import { createRelay } from './node/relay/relay.ts'
import { headFault } from './node/request-head.ts'
import { openSink } from './node/sink.ts'
import { fileSpool } from './node/spool.ts'
import { builtFiles } from './node/static-files.ts'
import { stopGracefully } from './node/stop.ts'
import { tracedDb, tracedFetch } from './node/telemetry/traced.ts'
import { NO_WORK, startWork } from './node/work.ts'
import { guardedFetch } from './outbound/guarded-fetch.ts'
import type { Fetch } from './outbound/outbound.ts'
import { hashBy } from './secrets/hash.ts'
import { sealBy } from './secrets/vault.ts'
import { type Address, parseAddress } from './store/postgres/address.ts'
import { readOnly } from './store/sql/read-only.ts'
import { sqlStore } from './store/sql/store.ts'
import { openNodeDb } from './store/sqlite/node.ts'
import { ownPace } from './transfer/import/pace.ts'
import { VERSION } from './version.ts'

/** Messages to the operator go to standard error; standard output is the log, one line per request. */
const messages = openSink(process.stderr, { lost: (count) => `(${count} lines could not be shown)` })
const say = (text: string) => messages.write(`${text}\n`)

const beside = (name: string) => join(dirname(fileURLToPath(import.meta.url)), name)

/** Gateways that share a PostgreSQL must have these configured; one alone stores them beside its file. */
function addressOf({ postgres, masterKey, adminToken }: Config & { postgres: PostgresConfig }): Address {
  const fault = (name: string, text: string) => new ConfigError(`Configuration: ${name}: ${text}`)
  const address = parseAddress(postgres.url)
  if (typeof address === 'string') throw fault('DATABASE_URL', address)
  const shared =
    'must be set with PostgreSQL: all gateways on one database need the same value. Generate one with: '
  if (masterKey === undefined) throw fault('MASTER_KEY', `${shared}openssl rand -base64 32`)
  if (adminToken === undefined) throw fault('ADMIN_TOKEN', `${shared}openssl rand -hex 32`)
  return address
}

async function openDatabase(config: Config, meter: Meter, tracer: Tracer | undefined) {
  const opened = tracedDb(tracer, measured(await openWhole(config, meter), meter))
  return config.readOnly ? readOnly(opened) : opened
}

async function openWhole(config: Config, { grouped }: Meter) {
  const { databaseFile, postgres } = config
  if (!postgres) {
    const writer = new URL('writer-thread.js', import.meta.url)
    return openNodeDb(databaseFile, beside('migrations'), {
      ...{ writer, grouped, readOnly: config.readOnly },
    })
  }
  const given = addressOf({ ...config, postgres })
  // A move checks for gateways that write.
  const address = config.readOnly ? { ...given, applicationName: 'pushport (read only)' } : given
  // The driver is loaded only if it is used.
  const { openPostgres } = await import('./store/postgres/node.ts')
  const { connections, statementSeconds } = postgres
  return openPostgres(address, beside('postgres'), { connections, statement: statementSeconds * 1000 })
}

/** The packages are loaded only if they are used. */
async function telemetryFor({ telemetry, postgres }: Config, { registry }: Metrics, log: Log) {
  if (!telemetry) return undefined
  const { startTelemetry } = await import('./node/telemetry/telemetry.ts')
  return startTelemetry(telemetry, { registry, log, system: postgres ? 'postgresql' : 'sqlite' })
}

/** While calls arrive, background work yields to them. */
const calls = liveCalls()

/** Files of imports are beside the database; for an in-memory or shared database, they are in it. */
const importing = (config: Config) => ({
  importing: ownPace({ served: calls.served, wait }),
  ...(hasFile(config) && { spool: fileSpool(`${config.databaseFile}.imports`) }),
})

const hasFile = ({ postgres, databaseFile }: Config) => !postgres && databaseFile !== ':memory:'

const backupsOf = (config: Config) =>
  hasFile(config)
    ? createBackups(config.databaseFile, new URL('backup-thread.js', import.meta.url))
    : undefined

const originOf = ({ host }: Config, port: number) =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`

/** Services that call other servers after an answer. */
const callers = (
  config: Config,
  gateway: Gateway,
  { hooks, ...options }: Parameters<typeof buildCopier>[2] & { readonly hooks: Fetch },
) => ({
  send: createSend({ ...options, outbound: buildOutbound(config, hooks) }),
  tell: createTellFeed({ outbound: buildOutbound(config, hooks), present: presentFeedItem }),
  copier: buildCopier(config, gateway, options),
})

/** The parts on which all others depend. */
async function foundations(config: Config, log: Log) {
  const metrics = createMetrics(providers.map(({ kind }) => kind))
  const telemetry = await telemetryFor(config, metrics, log)
  const tracer = telemetry?.tracer
  const db = await openDatabase(config, metrics.meter, tracer)
  const plain = guardedFetch(config.allowPrivateTargets)
  const fetch = tracedFetch(tracer, plain, 'vendor')
  const push = { fetch, ...pushRuntime(config, { log, tracer, folder: import.meta.url }) }
  return { metrics, telemetry, db, fetch, hooks: tracedFetch(tracer, plain, 'webhook'), push }
}

async function start(config: Config, { demo }: Arguments): Promise<void> {
  const { log, sink } = createLog(config.logLevel, process.stdout)
  const { metrics, telemetry, db, fetch, hooks, push } = await foundations(config, log)
  const { meter } = metrics
  const dialects = configured(adapters, config)
  const store = sqlStore(db, realChance.now, config.retention)
  const own = {
    meter,
    news: db.news,
    gathers: !config.postgres,
    waiting: calls.waiting,
    ...importing(config),
  }
  const options = { adapters: dialects, neighbours, push, ...own }
  const { gateway, sending, imports, masterKey, adminToken } = await openGateway(config, store, options)
  // Without this, work in progress waits until its leases expire.
  if (!config.readOnly) await sending.recover().catch((err) => log.error({ err }, 'pages of messages'))
  await gateway.mirrors.refresh()
  metrics.over(createMeasures({ store, now: realChance.now }))
  const calling = callers(config, gateway, { adapters: dialects, fetch, hooks })
  const parts = { gateway, sending, imports, ...calling }
  const work = config.readOnly ? NO_WORK : startWork(config, parts, log)

  const { relays } = config
  const relay = relays && createRelay({ ...relays, transport: push.transport() })
  const token = adminToken?.value ?? config.adminToken ?? ''
  const backups = backupsOf(config)
  const runtime = {
    ...{ adapters: dialects, neighbours, counters: countersOver(config, db.counter) },
    gateway: () => gateway,
    adminToken: () => token,
    fetch,
    ...{ besides: [relay?.routes, metrics.routes(() => token)], backups },
    ...builtFiles(import.meta.url),
    ...{ wakeJobs: work.wakeJobs, wakeOutbox: work.wakeCalls, recorder: recorderOf(config, masterKey) },
  }
  const app = served(config, { ...runtime, meter, tracer: telemetry?.tracer }, log)
  const server = httpServer(app.fetch, config, (err) => log.error({ err }, 'no answer'))
  calls.watch(server)
  const connections = watchConnections(server)
  const exposed = await exposeMetrics(metrics.registry, config)
  const { port } = await listening(server, config)
  const origin = originOf(config, port)

  let beginning: Promise<void> | undefined
  stopGracefully(log, async () => {
    const clean = await connections.drained()
    await beginning
    await Promise.all([work.stop(), relay?.close(), backups?.close(), exposed?.close()])
    await telemetry?.close()
    await db.close()
    await Promise.all([sink.close(), messages.close()])
    return clean
  })
  // In the same turn as listening, so that no request is logged before it.
  log.info({ version: VERSION, node: process.versions.node, origin }, 'started')
  const admin = () => {
    // The gateway's own calls to the admin API use no socket and are not logged.
    const own = buildApp(config, { ...runtime, address: () => 'itself', log: () => {} })
    return clientWithin(own, origin, token)
  }
  const inTerminal = process.stdin.isTTY && process.stdout.isTTY && db.opening.made
  const make = () => makeDemo({ adapters: dialects, origin, admin: admin() })
  const demonstrated = (demo ?? inTerminal) ? make : undefined
  const greet = async () => {
    const signIn = db.opening.made ? await firstLink(gateway, token, config.publicUrl ?? origin) : undefined
    // Supervisors may send a signal as soon as they see it.
    say(greeting({ config, origin, port, opening: db.opening, adminToken, masterKey, signIn }))
  }
  const begun = greet().then(() => begin(config, { gateway, wake: work.wakeJobs, demonstrated }))
  beginning = begun.catch((err) => log.error({ err }, 'after the start'))
}

/** The app for calls that arrive over sockets. */
const served = (config: Config, runtime: Omit<Runtime, 'address' | 'log'>, log: Log) =>
  buildApp(config, {
    ...runtime,
    address: (c) => getConnInfo(c).remote.address ?? 'unknown',
    houseHeaders: ({ env: { outgoing } }) => (outgoing instanceof Answer ? outgoing.house : undefined),
    arrived: ({ env: { incoming } }) => arrivedBody(incoming as IncomingMessage),
    fault: (c) => headFault(c.env.incoming as IncomingMessage, config.maxHeaderBytes),
    log: (record) =>
      record.error === undefined
        ? log.info(record, 'request')
        : log.error({ ...record, error: undefined, err: record.error }, 'request'),
  })

interface Beginning {
  readonly gateway: Gateway
  readonly wake: () => void
  readonly demonstrated: (() => Promise<string>) | undefined
}

/** Work of a start after it listens. A stop waits for it; if it fails, calls are still answered. */
async function begin(config: Config, { gateway, wake, demonstrated }: Beginning): Promise<void> {
  if (config.readOnly) return say('  READ_ONLY is on: nothing is written and background work is off')
  await gateway.jobs.recover()
  if (!config.postgres) await gateway.imports.recover()
  wake()
  if (demonstrated) say(await demonstrated())
  else if (await gateway.directory.isEmpty())
    say('  no app yet: see "Move an app" in README.md, or start with --demo')
}

/** A one-time sign-in to the console for the operator, who has no token yet. */
async function firstLink({ operators }: Gateway, adminToken: string, origin: string): Promise<string> {
  const { secret } = await operators.link({ name: 'admin', role: 'admin', parent: adminMark(adminToken) })
  return signInLink(origin, secret)
}

/** Errors whose message is enough for an operator: our own, and system errors such as missing permissions. */
function explainsItself(error: unknown): error is Error {
  return (
    error instanceof ConfigError ||
    error instanceof StoreUnavailable ||
    (error instanceof Error && 'syscall' in error)
  )
}

async function main(): Promise<void> {
  const options = parseArguments(process.argv.slice(2))
  if (options.help) return void process.stdout.write(HELP)
  if (options.version) return void process.stdout.write(`${VERSION}\n`)
  for (const warning of misspelt(process.env, variablesOf(adapters))) say(`Warning: ${warning}`)
  const config = parseConfig({ ...process.env, ...options.environment }, adapters)
  const { forwardTo: to } = config
  if (to !== undefined) {
    const closed = () => messages.close()
    // The client is loaded only if calls are forwarded.
    const { forwardAll } = await import('./node/forwarder.ts')
    const port = await forwardAll(config, { to, adapters: configured(adapters, config), closed })
    return say(`Pushport ${VERSION} listens on ${originOf(config, port)}\n  forwards every call to ${to}`)
  }
  hashBy(nativeSha256)
  sealBy(nativeAes)
  await start(config, options)
}

// At the end of the file, after all constants are initialized.
// The database and the secrets beside it must be readable only by their owner.
process.umask(0o077)
growSlowly()
try {
  await main()
} catch (error) {
  if (!explainsItself(error)) throw error
  say(error.message)
  await messages.close()
  process.exit(1)
}
