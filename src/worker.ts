import type { Context } from 'hono'
import { adapters } from '../adapters/index.ts'
import { type AppEnv, configured } from './adapter.ts'
import { buildApp, buildGateway } from './build.ts'
import { type Config, ConfigError, parseConfig } from './config.ts'
import { createDelivery } from './deliver.ts'
import type { Gateway } from './gateway/gateway.ts'
import { createOutbound } from './outbound.ts'
import { openD1 } from './store/d1.ts'

type Bindings = Record<string, unknown>

/** Statements are prepared once per isolate: the binding is the same object for all of its requests. */
const gateways = new WeakMap<object, Gateway>()
let app: ReturnType<typeof buildApp> | undefined

function gatewayOf(bindings: Bindings, config: Config): Gateway {
  const d1 = bindings.DB
  if (typeof d1 !== 'object' || d1 === null || !('batch' in d1)) {
    throw new ConfigError(
      'Configuration: the D1 binding DB is missing; see [[d1_databases]] in wrangler.toml.',
    )
  }
  const known = gateways.get(d1)
  if (known) return known
  if (config.masterKey === undefined) {
    throw new ConfigError('Configuration: MASTER_KEY is missing; run `wrangler secret put MASTER_KEY`.')
  }
  // Checked just above, as far as a binding can be told from the outside.
  const gateway = buildGateway(openD1(d1 as D1Database), { ...config, masterKey: config.masterKey })
  gateways.set(d1, gateway)
  return gateway
}

function adminTokenOf(c: Context<AppEnv>): string {
  const token = parseConfig(c.env).adminToken
  if (token === undefined) {
    throw new ConfigError('Configuration: ADMIN_TOKEN is missing; run `wrangler secret put ADMIN_TOKEN`.')
  }
  return token
}

/** Few enough for the limits of one invocation; what is left waits for the next one. */
const BATCHES = 2

async function deliverSome(gateway: Gateway, config: Config): Promise<void> {
  const fetcher = globalThis.fetch.bind(globalThis)
  const outbound = createOutbound({ allowPrivate: config.allowPrivateTargets, fetch: fetcher })
  const deliver = createDelivery({ adapters: configured(adapters, config), outbound })
  for (let batch = 0; batch < BATCHES; batch++) if ((await deliver(gateway)) === 0) return
}

function build(config: Config) {
  return buildApp(config, {
    wakeOutbox: (c) => c.executionCtx.waitUntil(deliverSome(c.var.gateway, config)),
    adapters: configured(adapters, config),
    gateway: (c) => gatewayOf(c.env, config),
    adminToken: adminTokenOf,
    address: (c) => c.req.header('cf-connecting-ip') ?? 'unknown',
    log: ({ error, ...record }) => {
      if (config.logLevel === 'silent') return
      const fault = error instanceof Error ? { error: error.message, stack: error.stack } : {}
      // biome-ignore lint/suspicious/noConsole: on Workers the console is the log.
      console.log(JSON.stringify({ level: error === undefined ? 'info' : 'error', ...record, ...fault }))
    },
  })
}

export default {
  /** A configuration fault is answered and logged in plain words at the first request, never guessed away. */
  async fetch(request: Request, bindings: Bindings, context: ExecutionContext): Promise<Response> {
    try {
      app ??= build(parseConfig(bindings))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return Response.json(
        { type: 'about:blank', title: 'Not configured', status: 500, detail: error.message },
        { status: 500 },
      )
    }
    return app.fetch(request, bindings, context)
  },

  /** The cron trigger: calls that wait for their next attempt are made. */
  async scheduled(_event: ScheduledController, bindings: Bindings): Promise<void> {
    const config = parseConfig(bindings)
    await deliverSome(gatewayOf(bindings, config), config)
  },
}
