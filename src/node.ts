import type { IncomingMessage } from 'node:http'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getConnInfo } from '@hono/node-server/conninfo'
import { adapters } from '../adapters/index.ts'
import { configured } from './adapter.ts'
import { buildApp, buildOutbound, realChance } from './build.ts'
import { misspelt } from './config/misspelt.ts'
import { type Config, ConfigError, parseConfig, variablesOf } from './config.ts'
import { StoreUnavailable } from './domain/error.ts'
import { createSend } from './events/deliver.ts'
import { type Arguments, HELP, parseArguments } from './node/arguments.ts'
import { clientWithin, makeDemo } from './node/demo.ts'
import { watchConnections } from './node/drain.ts'
import { greeting } from './node/greeting.ts'
import { httpServer, listening } from './node/http-server.ts'
import { createLog } from './node/log.ts'
import { openGateway } from './node/open-gateway.ts'
import { headFault } from './node/request-head.ts'
import { openSink } from './node/sink.ts'
import { stopWell } from './node/stop.ts'
import { startWork } from './node/work.ts'
import { guardedFetch } from './outbound/guarded-fetch.ts'
import { sqlStore } from './store/sql/store.ts'
import { openNodeDb } from './store/sqlite/node.ts'
import { VERSION } from './version.ts'

/** What the operator reads goes to standard error; standard output is the log, a line per request. */
const told = openSink(process.stderr, { lost: (count) => `(${count} lines could not be shown)` })
const say = (text: string) => told.write(`${text}\n`)

async function start(config: Config, { demo }: Arguments): Promise<void> {
  const { log, sink } = createLog(config.logLevel, process.stdout)
  const db = openNodeDb(config.databaseFile, join(dirname(fileURLToPath(import.meta.url)), 'migrations'))
  const { gateway, masterKey, adminToken } = await openGateway(config, sqlStore(db, realChance.now), adapters)
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
    wakeJobs: work.wakeJobs,
    wakeOutbox: work.wakeCalls,
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
  work.wakeJobs()

  // The gateway's own calls have no socket, and no line in the log.
  const own = buildApp(config, { ...runtime, address: () => 'itself', log: () => {} })
  const inTerminal = process.stdin.isTTY && process.stdout.isTTY && db.opening.made
  const admin = clientWithin(own, origin, token)
  if (demo ?? inTerminal) say(await makeDemo({ adapters: spoken, origin, admin }))
  else if (await gateway.directory.isEmpty())
    say('  no app yet: see "Move an app" in README.md, or start with --demo')
}

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
