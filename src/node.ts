import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { pino } from 'pino'
import { adapters } from '../adapters/index.ts'
import { configured } from './adapter.ts'
import { buildApp, buildGateway } from './build.ts'
import { type Config, ConfigError, parseConfig } from './config.ts'
import { createDeliverer, createDelivery } from './deliver.ts'
import { createDemo } from './demo.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { createOutbound } from './outbound.ts'
import { openNodeDb } from './store/node.ts'
import { StoreUnavailable } from './store/port.ts'

/** How soon a webhook's call is tried that waits for its next attempt, or was left by a restart. */
const OUTBOX_EVERY = 1000

/** What the operator reads goes to standard error; standard output is the log, a JSON line per request. */
const say = (text: string) => process.stderr.write(`${text}\n`)

try {
  await start(parseConfig(process.env))
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StoreUnavailable)) throw error
  say(error.message)
  process.exitCode = 1
}

async function start(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  const migrations = join(dirname(fileURLToPath(import.meta.url)), 'migrations')
  const db = openNodeDb(config.databaseFile, migrations)
  const adminToken = config.adminToken ?? kept(config, 'admin-token', 'hex', 'ADMIN_TOKEN')
  const masterKey = config.masterKey ?? kept(config, 'master-key', 'base64', null)
  const gateway = buildGateway(db, { ...config, masterKey })

  const spoken = configured(adapters, config)
  const allowPrivate = config.allowPrivateTargets
  const outbound = createOutbound({ allowPrivate, fetch: guardedFetch(allowPrivate) })
  const deliver = createDelivery({ adapters: spoken, outbound })
  const deliverer = createDeliverer(
    () => deliver(gateway),
    (err) => log.error({ err }, 'outbox'),
  )
  const outboxTimer = setInterval(deliverer.wake, OUTBOX_EVERY)

  const app = buildApp(config, {
    adapters: spoken,
    gateway: () => gateway,
    adminToken: () => adminToken,
    wakeOutbox: deliverer.wake,
    address: (c) => getConnInfo(c).remote.address ?? 'unknown',
    log: ({ error, ...record }) =>
      error === undefined ? log.info(record, 'request') : log.error({ ...record, err: error }, 'request'),
  })

  const server = serve({ fetch: app.fetch, hostname: config.host, port: config.port }, async ({ port }) => {
    const origin = `http://${config.host}:${port}`
    say(`Pushport listens on ${origin}`)
    const demo = await createDemo(gateway, spoken, origin)
    if (demo) say(demo)
  })
  server.on('error', (error: Error) => {
    say(`cannot listen on ${config.host}:${config.port}: ${error.message}`)
    process.exit(1)
  })

  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    clearInterval(outboxTimer)
    // Stops accepting and answers what is in flight; then the log is checkpointed and the file closed.
    server.close(async () => {
      await deliverer.stop()
      await db.close()
      process.exit(0)
    })
    if ('closeIdleConnections' in server) server.closeIdleConnections()
    setTimeout(() => process.exit(1), 10_000).unref()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

/** A secret that nobody configured: made once, kept beside the database for its owner only, and named once. */
function kept(config: Config, name: string, encoding: 'hex' | 'base64', variable: string | null): string {
  const made = randomBytes(32).toString(encoding)
  if (config.databaseFile === ':memory:') {
    if (variable) say(`${variable} for this run: ${made}`)
    return made
  }
  const file = resolve(dirname(config.databaseFile), name)
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx' })
  say(
    variable
      ? `${variable} (made now, kept in ${file}): ${made}`
      : `A master key was made and is kept in ${file}; back it up.`,
  )
  return made
}
