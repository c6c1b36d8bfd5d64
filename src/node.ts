import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getConnInfo } from '@hono/node-server/conninfo'
import { pino } from 'pino'
import { adapters } from '../adapters/index.ts'
import { configured } from './adapter.ts'
import { buildApp, buildGateway, buildOutbound } from './build.ts'
import { type Config, ConfigError, parseConfig } from './config.ts'
import { createSend } from './deliver.ts'
import { createDemo } from './demo.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { drained, httpServer, listening } from './node/http-server.ts'
import { everySoOften } from './node/interval.ts'
import { ADMIN_TOKEN, kept, MASTER_KEY } from './node/kept-secrets.ts'
import { createRunner } from './runner.ts'
import { openNodeDb } from './store/node.ts'
import { StoreUnavailable } from './store/port.ts'

/** How soon a job goes on that was left waiting: by a restart, or by a fault of the store. */
const JOBS_EVERY = 15_000
/** How soon a webhook's call is tried that waits for its next attempt, or was left by a restart. */
const CALLS_EVERY = 1000

/** What the operator reads goes to standard error; standard output is the log, a JSON line per request. */
const say = (text: string) => process.stderr.write(`${text}\n`)

async function start(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  const migrations = join(dirname(fileURLToPath(import.meta.url)), 'migrations')
  const db = openNodeDb(config.databaseFile, migrations)
  const adminToken = config.adminToken ?? kept(config, ADMIN_TOKEN, say)
  const masterKey = config.masterKey ?? kept(config, MASTER_KEY, say)
  const gateway = buildGateway(db, { ...config, masterKey })
  if (!(await gateway.directory.opensSecrets())) {
    throw new ConfigError(
      `The master key is not the one that sealed the secrets in ${config.databaseFile}; set MASTER_KEY to that one.`,
    )
  }

  const spoken = configured(adapters, config)
  const fetch = guardedFetch(config.allowPrivateTargets)
  const send = createSend({ adapters: spoken, outbound: buildOutbound(config, fetch) })
  const runner = createRunner(gateway.jobs.step, (err) => log.error({ err }, 'job'))
  // A call that ends makes room in its webhook's lane.
  const failedDelivery = (err: unknown) => log.error({ err }, 'outbox')
  const deliverer = createRunner(
    () =>
      gateway.outbox.begin(send, (fault) => (fault === undefined ? deliverer.wake() : failedDelivery(fault))),
    failedDelivery,
  )
  const timers = [setInterval(runner.wake, JOBS_EVERY), setInterval(deliverer.wake, CALLS_EVERY)]

  const maintenance = everySoOften(config.maintenanceSeconds, async () => {
    const { done, faults } = await gateway.maintenance.run(BUDGET)
    if (Object.keys(done).length > 0) log.info({ done }, 'maintenance')
    for (const { chore, error } of faults) log.error({ chore, err: error }, 'maintenance')
  })

  const app = buildApp(config, {
    adapters: spoken,
    gateway: () => gateway,
    adminToken: () => adminToken,
    // A call of our own has no socket.
    address: (c) => (c.env.incoming ? getConnInfo(c).remote.address : undefined) ?? 'unknown',
    fetch,
    wakeJobs: runner.wake,
    wakeOutbox: deliverer.wake,
    log: ({ error, ...record }) =>
      error === undefined ? log.info(record, 'request') : log.error({ ...record, err: error }, 'request'),
  })
  const server = httpServer(app.fetch, config, (err) => log.error({ err }, 'no answer'))
  const { port } = await listening(server, config)
  const origin = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`

  let stopping = false
  const stop = async (code: number) => {
    // Once: a terminal signals npm and its child, and npm passes its own signal on.
    if (stopping) return
    stopping = true
    for (const timer of timers) clearInterval(timer)
    const clean = await drained(server)
    await runner.stop()
    await deliverer.stop()
    await gateway.outbox.idle()
    await maintenance.stop()
    await db.close()
    process.exit(clean ? code : 1)
  }
  const failed = (error: unknown) => {
    log.fatal({ err: error }, 'stopping')
    stop(1).catch(() => process.exit(1))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0).catch(failed))
  process.on('uncaughtException', failed)
  // Whoever reads this may send a signal at once.
  say(`Pushport listens on ${origin}`)
  await gateway.jobs.recover()
  runner.wake()

  const demo = await createDemo({ adapters: spoken, origin, admin: adminCalls(app, adminToken) })
  if (demo) say(demo)
}

/** One run of the maintenance; what it leaves waits for the next. Each piece holds the event loop for a few milliseconds. */
const BUDGET = { milliseconds: 5000, steps: 200 }

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

// Last, when every constant of this file has its value.
// The database and the secrets beside it are for the owner alone.
process.umask(0o077)
try {
  await start(parseConfig(process.env))
} catch (error) {
  if (!explainsItself(error)) throw error
  say(error.message)
  process.exit(1)
}
