import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { getRequestListener, RequestError } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { pino } from 'pino'
import { adapters } from '../adapters/index.ts'
import { configured } from './adapter.ts'
import { bareProblem } from './admin/problem.ts'
import { buildApp, buildGateway, buildOutbound } from './build.ts'
import { type Config, ConfigError, parseConfig } from './config.ts'
import { createDelivery } from './deliver.ts'
import { createDemo } from './demo.ts'
import { GatewayError } from './domain/error.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { createRunner } from './runner.ts'
import { openNodeDb } from './store/node.ts'
import { StoreUnavailable } from './store/port.ts'

/** How soon a job goes on that was left waiting: by a restart, or by a fault of the store. */
const JOBS_EVERY = 15_000
/** How soon a webhook's call is tried that waits for its next attempt, or was left by a restart. */
const CALLS_EVERY = 1000

/** What the operator reads goes to standard error; standard output is the log, a JSON line per request. */
const say = (text: string) => process.stderr.write(`${text}\n`)

/** How long a stop waits for what is in flight. */
const GRACE = 10_000

/** A secret that is made where nobody configured it. */
interface KeptSecret {
  readonly file: string
  readonly encoding: 'hex' | 'base64'
  readonly form: RegExp
  /** What the operator is told: the admin token itself, once; of the master key only where it is. */
  readonly told: (file: string, secret: string) => string
}
const ADMIN_TOKEN: KeptSecret = {
  file: 'admin-token',
  encoding: 'hex',
  form: /^\S{16,}$/,
  told: (file, secret) => `ADMIN_TOKEN (made now, kept in ${file}): ${secret}`,
}
const MASTER_KEY: KeptSecret = {
  file: 'master-key',
  encoding: 'base64',
  form: /^[A-Za-z0-9+/_-]{43}=?$/,
  told: (file) => `MASTER_KEY was made and is kept in ${file}; back it up.`,
}

async function start(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  const migrations = join(dirname(fileURLToPath(import.meta.url)), 'migrations')
  const db = openNodeDb(config.databaseFile, migrations)
  const adminToken = config.adminToken ?? kept(config, ADMIN_TOKEN)
  const masterKey = config.masterKey ?? kept(config, MASTER_KEY)
  const gateway = buildGateway(db, { ...config, masterKey })
  if (!(await gateway.directory.opensSecrets())) {
    throw new ConfigError(
      `The master key is not the one that sealed the secrets in ${config.databaseFile}; set MASTER_KEY to that one.`,
    )
  }

  const spoken = configured(adapters, config)
  const fetch = guardedFetch(config.allowPrivateTargets)
  const deliver = createDelivery({ adapters: spoken, outbound: buildOutbound(config, fetch) })
  const runner = createRunner(gateway.jobs.step, (err) => log.error({ err }, 'job'))
  const deliverer = createRunner(
    () => deliver(gateway),
    (err) => log.error({ err }, 'outbox'),
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
  const answer = getRequestListener(app.fetch, {
    hostname: config.host,
    errorHandler(error) {
      // No dialect has seen the request: its address or its Host is no part of a URL.
      if (error instanceof RequestError) return bareProblem(new GatewayError('bad_path', `${error.message}.`))
      log.error({ err: error }, 'no answer')
      return bareProblem(new GatewayError('internal', 'Internal error.'))
    },
  })
  const server = createServer((incoming, outgoing) => {
    // In a URL a backslash counts as a slash; here it is a character of an id or a name like others.
    if (incoming.url?.includes('\\')) incoming.url = incoming.url.replaceAll('\\', '%5C')
    void answer(incoming, outgoing)
  })
  server.on('clientError', refuse)
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

/** Runs something at intervals, never twice at once. */
function everySoOften(seconds: number, run: () => Promise<void>) {
  let running: Promise<void> | undefined
  const timer = setInterval(() => {
    running ??= run().finally(() => {
      running = undefined
    })
  }, seconds * 1000).unref()
  return {
    /** Resolves once what runs has ended; nothing follows. */
    async stop() {
      clearInterval(timer)
      await running
    },
  }
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

function listening(server: Server, { host, port }: Config): Promise<AddressInfo> {
  return new Promise((resolved, rejected) => {
    server.once('error', (error) =>
      rejected(new ConfigError(`Cannot listen on ${host}:${port}: ${error.message}`)),
    )
    // A TCP server's address is never a string.
    server.listen(port, host, () => resolved(server.address() as AddressInfo))
  })
}

/** Answers bytes that are no HTTP request, in the form of everything outside the dialects. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const large = error.code === 'HPE_HEADER_OVERFLOW'
  const status = late
    ? '408 Request Timeout'
    : large
      ? '431 Request Header Fields Too Large'
      : '400 Bad Request'
  const [code, title] = [Number(status.slice(0, 3)), status.slice(4)]
  const body = JSON.stringify({
    type: 'about:blank',
    title,
    status: code,
    detail: 'This is no HTTP request.',
  })
  const head = [
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${body.length}`,
  ]
  socket.end(`HTTP/1.1 ${[status, ...head].join('\r\n')}\r\n\r\n${body}`)
}

/** Accepts nothing more and answers what is in flight; whether that was done within the grace. */
async function drained(server: Server): Promise<boolean> {
  let clean = true
  // Connections that stay open after their answer would be waited for.
  server.prependListener('request', (_, outgoing) => outgoing.setHeader('Connection', 'close'))
  const idle = setInterval(() => server.closeIdleConnections(), 20)
  const late = setTimeout(() => {
    clean = false
    server.closeAllConnections()
  }, GRACE)
  await new Promise<void>((resolved) => server.close(() => resolved()))
  clearInterval(idle)
  clearTimeout(late)
  return clean
}

/** Faults whose message is all that an operator needs: ours, and those of the system, such as a folder without rights. */
function explainsItself(error: unknown): error is Error {
  return (
    error instanceof ConfigError ||
    error instanceof StoreUnavailable ||
    (error instanceof Error && 'syscall' in error)
  )
}

/** Made once, kept beside the database for its owner only, and named once. */
function kept({ databaseFile }: Config, { file: name, encoding, form, told }: KeptSecret): string {
  const made = randomBytes(32).toString(encoding)
  if (databaseFile === ':memory:') {
    say(told('memory', made))
    return made
  }
  const file = resolve(dirname(databaseFile), name)
  if (existsSync(file)) {
    const secret = readFileSync(file, 'utf8').trim()
    if (!form.test(secret)) throw new ConfigError(`${file} is damaged: it does not hold what was put there.`)
    return secret
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // On the disk before anything is sealed with it.
  writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx', flush: true })
  say(told(file, made))
  return made
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
