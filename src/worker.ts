import { adapters } from '../adapters/index.ts'
import { bareProblem } from './admin/problem.ts'
import { buildApp, buildGateway } from './build.ts'
import { ConfigError, parseConfig } from './config.ts'
import { GatewayError } from './domain/error.ts'
import type { Gateway } from './gateway/gateway.ts'
import { openD1 } from './store/d1.ts'

type Bindings = Readonly<Record<string, unknown>>

interface Unit {
  readonly app: ReturnType<typeof buildApp>
  readonly gateway: Gateway
}

/** One per isolate: the binding is the same object for all of its requests, so statements are prepared once. */
const units = new WeakMap<object, Unit>()

/** Few enough for the limits of one invocation; what is left waits for the next one. */
const STEPS = 10

async function someSteps({ jobs }: Gateway): Promise<void> {
  for (let step = 0; step < STEPS; step++) if (!(await jobs.step())) return
}

/** Throws `ConfigError` with what to run. */
function unitFor(bindings: Bindings): Unit {
  const d1 = bindings.DB
  if (typeof d1 !== 'object' || d1 === null) {
    throw new ConfigError(
      'Configuration: the D1 binding DB is missing; see [[d1_databases]] in wrangler.toml.',
    )
  }
  const known = units.get(d1)
  if (known) return known
  const config = parseConfig(bindings)
  const adminToken = required(config.adminToken, 'ADMIN_TOKEN')
  const masterKey = required(config.masterKey, 'MASTER_KEY')
  // A binding named DB that is no D1 database fails at its first use.
  const gateway = buildGateway(openD1(d1 as D1Database), { ...config, masterKey })
  const app = buildApp(config, {
    adapters,
    gateway: () => gateway,
    adminToken: () => adminToken,
    address: (c) => c.req.header('cf-connecting-ip') ?? 'unknown',
    wakeJobs: (c) => c.executionCtx.waitUntil(someSteps(c.var.gateway)),
    log({ error, ...record }) {
      if (config.logLevel === 'silent') return
      const fault = error instanceof Error ? { error: error.message, stack: error.stack } : {}
      // biome-ignore lint/suspicious/noConsole: on Workers the console is the log.
      console.log(JSON.stringify({ level: error === undefined ? 'info' : 'error', ...record, ...fault }))
    },
  })
  const unit = { app, gateway }
  units.set(d1, unit)
  return unit
}

function required(value: string | undefined, name: string): string {
  if (value === undefined) {
    throw new ConfigError(`Configuration: ${name} is missing; run \`wrangler secret put ${name}\`.`)
  }
  return value
}

export default {
  /** A fault of the configuration is told in plain words at the first request, never guessed away. */
  async fetch(request: Request, bindings: Bindings, context: ExecutionContext): Promise<Response> {
    try {
      return unitFor(bindings).app.fetch(request, bindings, context)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return bareProblem(new GatewayError('internal', error.message))
    }
  },

  /** The cron trigger: jobs that wait go on. */
  async scheduled(_event: ScheduledController, bindings: Bindings): Promise<void> {
    await someSteps(unitFor(bindings).gateway)
  },
}
