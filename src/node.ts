import type { IncomingMessage } from 'node:http'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getConnInfo } from '@hono/node-server/conninfo'
import { adapters } from '../adapters/index.ts'
import { configured } from './adapter.ts'
import { createDemo } from './admin/demo.ts'
import { buildApp, buildGateway, buildOutbound, realChance } from './build.ts'
import { misspelt } from './config/misspelt.ts'
import { type Config, ConfigError, parseConfig, variablesOf } from './config.ts'
import { StoreUnavailable } from './domain/error.ts'
import { createSend } from './events/deliver.ts'
import { type Arguments, HELP, parseArguments } from './node/arguments.ts'
import { watchConnections } from './node/drain.ts'
import { greeting } from './node/greeting.ts'
import { httpServer, listening } from './node/http-server.ts'
import { everySoOften } from './node/interval.ts'
import { keptAdminToken, keptMasterKey } from './node/kept-secrets.ts'
import { createLog } from './node/log.ts'
import { headFault } from './node/request-head.ts'
import { openSink } from './node/sink.ts'
import { guardedFetch } from './outbound/guarded-fetch.ts'
import { createRunner } from './runner.ts'
import { sqlStore } from './store/sql/store.ts'
import { openNodeDb } from './store/sqlite/node.ts'
import { VERSION } from './version.ts'

/** How soon a job goes on that was left waiting: by a restart, or by a fault of the store. */
const JOBS_EVERY = 15_000
/** How soon a webhook's call is tried that waits for its next attempt, or was left by a restart. */
const CALLS_EVERY = 1000

/** How soon the rest of a large removal follows its answer. */
const REMOVALS_EVERY = 1000
/** One run of the maintenance; what it leaves waits for the next. Each piece holds the event loop for a few milliseconds. */
const BUDGET = { milliseconds: 5000, steps: 200 }
/** After this long, a stop ends whatever has not ended. */
const LONGEST_STOP = 20_000

/** What the operator reads goes to standard error; standard output is the log, a line per request. */
const told = openSink(process.stderr, { lost: (count) => `(${count} lines could not be shown)` })
const say = (text: string) => told.write(`${text}\n`)

/** The store with the secrets that go with it. Throws `ConfigError` where they do not belong together. */
async function openStore(config: Config) {
  const migrations = join(dirname(fileURLToPath(import.meta.url)), 'migrations')
  const db = openNodeDb(config.databaseFile, migrations)
  const store = sqlStore(db, realChance.now)
  const sealed = async () => (await store.apps.anySealed()) !== null
  const masterKey = config.masterKey === undefined ? await keptMasterKey(config, sealed) : undefined
  const adminToken = config.adminToken === undefined ? keptAdminToken(config) : undefined
  const gateway = buildGateway(store, { ...config, masterKey: masterKey?.value ?? config.masterKey ?? '' })
  if (!(await gateway.directory.opensSecrets())) {
    throw new ConfigError(
      `The master key is not the one that sealed the secrets in ${config.databaseFile}; set MASTER_KEY to that one.`,
    )
  }
  return { db, gateway, masterKey, adminToken }
}

type Log = ReturnType<typeof createLog>['log']
type Gateway = Awaited<ReturnType<typeof openStore>>['gateway']

/** What is done without a request: bulk jobs, webhooks, expiry and retention. */
function startWork(config: Config, gateway: Gateway, send: ReturnType<typeof createSend>, log: Log) {
  const jobs = createRunner(gateway.jobs.step, (err) => log.error({ err }, 'job'))
  // A call that ends makes room in its webhook's lane.
  const failed = (err: unknown) => log.error({ err }, 'outbox')
  const calls = createRunner(
    () => gateway.outbox.begin(send, (fault) => (fault === undefined ? calls.wake() : failed(fault))),
    failed,
  )
  const removals = createRunner(gateway.maintenance.remove, (err) => log.error({ err }, 'removals'))
  const timers = [
    setInterval(jobs.wake, JOBS_EVERY),
    setInterval(calls.wake, CALLS_EVERY),
    setInterval(removals.wake, REMOVALS_EVERY),
  ]
  const maintenance = everySoOften(config.maintenanceSeconds, async () => {
    const { done, faults } = await gateway.maintenance.run(BUDGET)
    if (Object.keys(done).length > 0) log.info({ done }, 'maintenance')
    for (const { chore, error } of faults) log.error({ chore, err: error }, 'maintenance')
  })
  return {
    jobs,
    calls,
    /** Resolves once what runs has ended; nothing follows. */
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await Promise.all([jobs.stop(), calls.stop(), removals.stop(), maintenance.stop()])
      await gateway.outbox.idle()
    },
  }
}

async function start(config: Config, { demo }: Arguments): Promise<void> {
  const { log, sink } = createLog(config.logLevel, process.stdout)
  const { db, gateway, masterKey, adminToken } = await openStore(config)
  const spoken = configured(adapters, config)
  const fetch = guardedFetch(config.allowPrivateTargets)
  const send = createSend({ adapters: spoken, outbound: buildOutbound(config, fetch) })
  const work = startWork(config, gateway, send, log)

  const token = adminToken?.value ?? config.adminToken ?? ''
  const runtime = {
    adapters: spoken,
    gateway: () => gateway,
    adminToken: () => token,
    fetch,
    wakeJobs: work.jobs.wake,
    wakeOutbox: work.calls.wake,
  }
  const app = buildApp(config, {
    ...runtime,
    address: (c) => getConnInfo(c).remote.address ?? 'unknown',
    fault: (c) => headFault(c.env.incoming as IncomingMessage, config.maxHeaderBytes),
    log: ({ error, ...record }) =>
      error === undefined ? log.info(record, 'request') : log.error({ ...record, err: error }, 'request'),
  })
  const server = httpServer(app.fetch, config, (err) => log.error({ err }, 'no answer'))
  const connections = watchConnections(server)
  const { port } = await listening(server, config)
  const origin = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`

  stopWell(log, async () => {
    const clean = await connections.drained()
    await work.stop()
    await db.close()
    await Promise.all([sink.close(), told.close()])
    return clean
  })
  log.info({ version: VERSION, node: process.versions.node, origin }, 'started')
  // Whoever reads this may send a signal at once.
  say(greeting({ config, origin, port, opening: db.opening, adminToken, masterKey }))
  await gateway.jobs.recover()
  work.jobs.wake()

  // The gateway's own calls have no socket, and no line in the log.
  const own = buildApp(config, { ...runtime, address: () => 'itself', log: () => {} })
  const inTerminal = process.stdin.isTTY && process.stdout.isTTY && db.opening.made
  if (demo ?? inTerminal) await makeDemo({ adapters: spoken, origin, admin: adminCalls(own, token) })
  else if (await gateway.directory.isEmpty())
    say('  no app yet: see "Move an app" in README.md, or start with --demo')
}

/** Without a demo the gateway is whole. */
async function makeDemo(of: Parameters<typeof createDemo>[0]): Promise<void> {
  try {
    say((await createDemo(of)) ?? '  no demo app: there is an app already')
  } catch (error) {
    say(`  no demo app: ${error instanceof Error ? error.message : error}`)
  }
}

/** Ends the process at a signal, or after a fault that nobody caught: with everything answered, within a bounded time. */
function stopWell(log: Log, close: () => Promise<boolean>): void {
  let stopping = false
  const stop = (code: number) => {
    // Once: a terminal signals npm and its child, and npm passes its own signal on.
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), LONGEST_STOP).unref()
    close().then(
      (clean) => process.exit(clean ? code : 1),
      (err) => {
        log.fatal({ err }, 'stopped')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0))
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'stopping')
    stop(1)
  })
}

/** The admin API without a socket. */
const adminCalls =
  (app: ReturnType<typeof buildApp>, token: string) => async (method: string, path: string, body?: unknown) =>
    app.request(
      `/admin/v1${path}`,
      {
        method,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
      {},
    )

/** Faults whose message is all that an operator needs: ours, and those of the system, such as a folder without rights. */
function explainsItself(error: unknown): error is Error {
  return (
    error instanceof ConfigError ||
    error instanceof StoreUnavailable ||
    (error instanceof Error && 'syscall' in error)
  )
}

async function main(): Promise<void> {
  const given = parseArguments(process.argv.slice(2))
  if (given.help) return void process.stdout.write(HELP)
  if (given.version) return void process.stdout.write(`${VERSION}\n`)
  for (const warning of misspelt(process.env, variablesOf(adapters))) say(`Warning: ${warning}`)
  await start(parseConfig({ ...process.env, ...given.environment }, adapters), given)
}

// Last, when every constant of this file has its value.
// The database and the secrets beside it are for the owner alone.
process.umask(0o077)
try {
  await main()
} catch (error) {
  if (!explainsItself(error)) throw error
  say(error.message)
  await told.close()
  process.exit(1)
}
