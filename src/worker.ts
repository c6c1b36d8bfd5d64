import { adapters } from '../adapters/index.ts'
import journal from '../schema/migrations/meta/_journal.json' with { type: 'json' }
import { problemBody } from './admin/problem.ts'
import { buildApp, buildGateway } from './build.ts'
import { ConfigError, parseConfig } from './config.ts'
import { GatewayError } from './domain/error.ts'
import { openD1 } from './store/d1.ts'

type Bindings = Readonly<Record<string, unknown>>
type App = ReturnType<typeof buildApp>

/** One app per isolate: the binding is the same object for all of its requests, so statements are prepared once. */
const apps = new WeakMap<object, App>()

/** Throws `ConfigError` with what to run. */
function appFor(bindings: Bindings): App {
  const d1 = bindings.DB
  if (typeof d1 !== 'object' || d1 === null) {
    throw new ConfigError(
      'Configuration: the D1 binding DB is missing; see [[d1_databases]] in wrangler.toml.',
    )
  }
  const known = apps.get(d1)
  if (known) return known
  const config = parseConfig(bindings)
  const adminToken = required(config.adminToken, 'ADMIN_TOKEN')
  const masterKey = required(config.masterKey, 'MASTER_KEY')
  // A binding named DB that is no D1 database fails at its first use.
  const db = openD1(d1 as D1Database, {
    migrations: journal.entries.map(({ tag }) => `${tag}.sql`),
    maxBytes: config.maxDatabaseBytes,
  })
  const gateway = buildGateway(db, { ...config, masterKey })
  const app = buildApp(config, {
    adapters,
    gateway: () => gateway,
    adminToken: () => adminToken,
    address: (c) => c.req.header('cf-connecting-ip') ?? 'unknown',
    log({ error, ...record }) {
      if (config.logLevel === 'silent') return
      const fault = error instanceof Error ? { error: error.message, stack: error.stack } : {}
      // biome-ignore lint/suspicious/noConsole: on Workers the console is the log.
      console.log(JSON.stringify({ level: error === undefined ? 'info' : 'error', ...record, ...fault }))
    },
  })
  apps.set(d1, app)
  return app
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
      return appFor(bindings).fetch(request, bindings, context)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return Response.json(problemBody(new GatewayError('internal', error.message)), {
        status: 500,
        headers: { 'Content-Type': 'application/problem+json' },
      })
    }
  },
}
