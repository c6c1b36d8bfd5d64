import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Adapter, AppEnv } from '../adapter.ts'
import { problem } from '../admin/problem.ts'
import { createRefusals, type Refusals } from '../admin/refusals.ts'
import { adminRoutes } from '../admin/routes.ts'
import { GatewayError, StoreUnavailable } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Limits } from '../limits/limits.ts'
import type { RateLimits } from '../limits/rate-limit.ts'
import type { Outbound } from '../outbound/outbound.ts'
import { VERSION } from '../version.ts'
import { crossOrigin } from '../wire/cross-origin.ts'
import { hasNulInQuery } from '../wire/path.ts'
import { refused } from '../wire/refused.ts'
import { type OutsideOptions, outsideOf } from './outside.ts'
import { type RequestRecord, requestLog } from './request-log.ts'
import { houseBases, routingPath } from './routing.ts'

export type { RequestRecord } from './request-log.ts'

/** What a runtime brings. */
export interface AppDeps {
  readonly adapters: readonly Adapter[]
  /** The gateway for this request's bindings; it may fail where something is not set up. */
  readonly gateway: (c: Context<AppEnv>) => Gateway
  /** Throws where none is configured. */
  readonly adminToken: (c: Context<AppEnv>) => string
  readonly limits: Limits
  readonly outbound: Outbound
  readonly rates: RateLimits
  readonly ids: Ids
  readonly now: Clock
  /** The address of whoever opened the connection, or `unknown`. */
  readonly address: (c: Context<AppEnv>) => string
  readonly outside: OutsideOptions
  /** Why the runtime refuses a request whose path is known. */
  readonly fault?: (c: Context<AppEnv>) => GatewayError | undefined
  readonly log: (record: RequestRecord) => void
  /** Lets waiting jobs go on after the answer; without it they wait for the runtime's timer. */
  readonly wakeJobs?: (c: Context<AppEnv>) => void
  /** Something may wait in the outbox: a dialect with webhooks answered a request that changes things. */
  readonly wakeOutbox?: (c: Context<AppEnv>) => void
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The whole gateway as one Hono app. It knows no vendor: each adapter owns what is under its bases. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const { adapters } = deps
  const refusals = createRefusals()
  const health = new Hono<AppEnv>().get('/healthz', (c) => c.json({ status: 'ok', version: VERSION }))
  const house = houseRoutes(deps, refusals)
  const own = houseBases([...health.routes, ...house.routes])
  const app = new Hono<AppEnv>({ getPath: routingPath(adapters, own), strict: true })

  app.use(requestLog({ ...deps, refusals }))
  app.route('/', health)
  for (const adapter of adapters) {
    for (const base of adapter.bases) app.use(`${base}/*`, spokenBy(adapter))
  }
  app.use(prepared(deps))
  app.route('/', house)
  for (const adapter of adapters) {
    // Before route(): a handler set later is not seen; and notFound of a sub-app is not carried (style.md, pitfalls 3, 4).
    app.route('/', adapter.routes().onError(answer))
    for (const base of adapter.bases) {
      app.all(`${base}/*`, (c) => answer(new GatewayError('not_found', 'No such endpoint.'), c))
    }
  }

  app.notFound((c) => answer(new GatewayError('not_found', 'No such endpoint.'), c))
  app.onError(answer)
  return app
}

/** What is not any dialect's, and needs a gateway. */
const houseRoutes = (deps: AppDeps, refusals: Refusals) =>
  new Hono<AppEnv>()
    .get('/readyz', async (c) => {
      const { warnings } = await c.var.gateway.directory.ping()
      return c.json({ status: 'ready', ...(warnings.length > 0 && { warnings }) })
    })
    .route('/admin/v1', adminRoutes({ ...deps, refusals }))

/**
 * Notes whose request it is, before anything else: a page must be able to read what follows, and a preflight is neither
 * limited nor looked into.
 */
const spokenBy =
  (adapter: Adapter): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    c.set('adapter', adapter)
    if (adapter.crossOrigin) return crossOrigin(c, next, adapter.crossOrigin)
    await next()
    return undefined
  }

/** Gives a request what its handler needs, unless it is refused before. */
const prepared =
  (deps: AppDeps): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    c.set('limits', deps.limits)
    c.set('outbound', deps.outbound)
    c.set('outside', seenFromOutside(c, deps))
    c.set('now', deps.now)
    c.set('wakeJobs', () => deps.wakeJobs?.(c))
    c.set('rates', deps.rates)
    const fault = deps.fault?.(c)
    if (fault) throw fault
    if (c.req.url.length > deps.limits.pathLength)
      throw new GatewayError('bad_path', 'The address is too long.')
    if (hasNulInQuery(c.req.url)) throw new GatewayError('bad_path', 'The query holds U+0000.')
    if (c.get('adapter') && deps.rates.perAddress.counts)
      await deps.rates.perAddress.consume(c.var.outside.address)
    c.set('gateway', deps.gateway(c))
    await next()
    const changed = c.res.ok && !READS.has(c.req.method)
    if (changed && c.get('adapter')?.webhookBody) deps.wakeOutbox?.(c)
  }

const seenFromOutside = (c: Context<AppEnv>, { address, outside }: AppDeps) =>
  outsideOf({ header: (name) => c.req.header(name), url: c.req.url, peer: address(c) }, outside)

/** Any thrown thing, answered in the shape of the dialect whose request it is. */
function answer(error: unknown, c: Context<AppEnv>): Response {
  const refusal = refusalFor(error, c)
  refused(c, refusal)
  return c.get('adapter')?.fail(refusal, c) ?? problem(refusal, c)
}

/** Any thrown thing as a refusal; what is not one becomes `internal`, or `unavailable` where the store gave up. */
function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  if (error instanceof HTTPException) {
    if (error.status === 413) return new GatewayError('too_large', 'The body is too large.', { cause: error })
    if (error.status < 500) return new GatewayError('bad_body', 'The request is malformed.', { cause: error })
  }
  if (error instanceof StoreUnavailable) {
    return new GatewayError('unavailable', 'Try again later.', { cause: error, retryAfter: 1 })
  }
  return new GatewayError('internal', 'Internal error.', { cause: error })
}

/** As `toGatewayError`; a fault of ours is kept for the log, where the caller is told nothing of it. */
function refusalFor(error: unknown, c: Context<AppEnv>): GatewayError {
  const refusal = toGatewayError(error)
  if (refusal.code === 'internal' || refusal.code === 'unavailable')
    c.error = (refusal.cause as Error) ?? refusal
  return refusal
}
