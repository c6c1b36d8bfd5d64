import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Adapter, AppEnv, Services } from '../adapter.ts'
import type { Backups } from '../admin/backups.ts'
import { problem } from '../admin/problem.ts'
import { createRefusals, type Refusals } from '../admin/refusals.ts'
import { adminRoutes } from '../admin/routes.ts'
import { GatewayError, StoreUnavailable } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Meter } from '../domain/meter.ts'
import type { Tracer } from '../domain/tracer.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { RotationState } from '../gateway/key-rotation.ts'
import type { Limits } from '../limits/limits.ts'
import type { RateLimits } from '../limits/rate-limit.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { Outbound } from '../outbound/outbound.ts'
import type { Neighbours } from '../transfer/format.ts'
import { VERSION } from '../version.ts'
import { crossOrigin } from '../wire/cross-origin.ts'
import { hasNulInQuery } from '../wire/path.ts'
import { refused } from '../wire/refused.ts'
import { type OutsideOptions, outsideOf, type Seen } from './outside.ts'
import { type LoggedRequests, type RequestLogDeps, type RequestRecord, requestLog } from './request-log.ts'
import { houseBases, routingPath } from './routing.ts'
import { tenancy } from './tenancy.ts'
import { traced } from './traced.ts'

export type { RequestRecord } from './request-log.ts'

/** Dependencies that the runtime provides. */
export interface AppDeps {
  readonly adapters: readonly Adapter[]
  readonly neighbours?: Neighbours | undefined
  /** The gateway for this request's bindings; throws if the set-up is incomplete. */
  readonly gateway: (c: Context<AppEnv>) => Gateway
  /** Throws if none is configured. */
  readonly adminToken: (c: Context<AppEnv>) => string
  readonly limits: Limits
  readonly outbound: Outbound
  /** Shares calls with vendors. If absent, calls are answered locally only. */
  readonly mirror?: Mirror
  /** Records a share of a dialect's calls. */
  readonly recorder?: ((adapter: Adapter) => MiddlewareHandler<AppEnv> | null) | undefined
  readonly rates: RateLimits
  readonly ids: Ids
  readonly now: Clock
  /** The address of the peer that opened the connection, or `unknown`. */
  readonly address: (c: Context<AppEnv>) => string
  readonly outside: OutsideOptions
  /** A reason of the runtime to refuse the request, checked after routing. */
  readonly fault?: (c: Context<AppEnv>) => GatewayError | undefined
  readonly log: (record: RequestRecord) => void
  readonly logRequests?: LoggedRequests
  readonly meter?: Meter | undefined
  readonly tracer?: Tracer | undefined
  readonly houseHeaders?: RequestLogDeps['houseHeaders']
  /** Further routes outside the dialects: those of this runtime only, and the console's. */
  readonly besides?: readonly Hono<AppEnv>[]
  /** Copies of the database, if it is a local file. */
  readonly backups?: Backups | undefined
  /** Continues waiting jobs after the answer; if absent, they wait for the runtime's timer. */
  readonly wakeJobs?: (c: Context<AppEnv>) => void
  /** Keeps the runtime alive for work that continues after the answer. */
  readonly later?: (c: Context<AppEnv>, work: Promise<void>) => void
  readonly arrived?: Services['arrived']
  /** Called after a successful write in a dialect with webhooks; triggers delivery. */
  readonly wakeOutbox?: (c: Context<AppEnv>) => void
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The complete gateway as one Hono app. It knows no vendor: each adapter owns the paths under its bases. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const { adapters } = deps
  const refusals = createRefusals()
  const health = new Hono<AppEnv>().get('/healthz', (c) => c.json({ status: 'ok', version: VERSION }))
  const house = houseRoutes(deps, refusals)
  for (const routes of deps.besides ?? []) house.route('/', routes)
  const own = houseBases([...health.routes, ...house.routes])
  const app = new Hono<AppEnv>({ getPath: routingPath(adapters, own), strict: true })

  if (deps.tracer) app.use(traced(deps.tracer))
  app.use(requestLog({ ...deps, refusals }))
  app.route('/', health)
  for (const adapter of adapters) {
    const tenant = tenancy(adapter, deps.rates.perApp)
    for (const base of adapter.bases) app.use(`${base}/*`, spokenBy(adapter, tenant))
  }
  app.use(prepared(deps))
  for (const adapter of adapters) {
    const recorded = deps.recorder?.(adapter)
    if (recorded) for (const base of adapter.bases) app.use(`${base}/*`, recorded)
    const mirrored = deps.mirror?.before(adapter)
    if (mirrored) for (const base of adapter.bases) app.use(`${base}/*`, mirrored)
  }
  app.route('/', house)
  for (const adapter of adapters) {
    // Hono ignores an onError that is set after route(), and drops a sub-app's notFound (style.md, pitfalls 3, 4).
    app.route('/', adapter.routes().onError(answer))
    for (const base of adapter.bases) {
      app.all(`${base}/*`, (c) => answer(new GatewayError('not_found', 'No such endpoint.'), c))
    }
  }

  app.notFound((c) => answer(new GatewayError('not_found', 'No such endpoint.'), c))
  app.onError(answer)
  return app
}

/** A change of the master key: nothing of it is secret. */
const presentRotation = ({ state, columns, of, failed, previousNeeded }: RotationState) => ({
  ...{ state, columnsLeft: of - columns, failed, previousNeeded },
})

/** Routes outside the dialects that need a gateway. */
const houseRoutes = (deps: AppDeps, refusals: Refusals) =>
  new Hono<AppEnv>()
    .get('/readyz', async (c) => {
      const { directory, keys } = c.get('gateway')
      const { warnings, server } = await directory.ping()
      const rotation = await keys.underWay()
      return c.json({
        status: 'ready',
        ...(warnings.length > 0 && { warnings }),
        ...(server && { database: server }),
        ...(rotation && { masterKey: presentRotation(rotation) }),
      })
    })
    .route('/admin/v1', adminRoutes({ ...deps, refusals }))

/**
 * Sets the request's dialect first, with its CORS headers: web pages must be able to read every later answer, and
 * preflights must be neither limited nor checked.
 */
const spokenBy =
  (adapter: Adapter, tenant: MiddlewareHandler<AppEnv>): MiddlewareHandler<AppEnv> =>
  (c, next) => {
    c.get('notes').adapter = adapter
    const policy = adapter.capabilities.crossOrigin
    return policy ? crossOrigin(c, async () => void (await tenant(c, next)), policy) : tenant(c, next)
  }

/** Sets the variables that handlers need; refuses invalid and limited requests first. */
function prepared(deps: AppDeps): MiddlewareHandler<AppEnv> {
  const { outbound, rates, wakeJobs = () => {}, later = () => {}, arrived } = deps
  const services: Services = { outbound, rates, wakeJobs, later, arrived }
  return async (c, next) => {
    c.set('limits', deps.limits)
    c.set('services', services)
    c.set('outside', outsideOf(new SeenRequest(c, deps), deps.outside))
    c.set('now', deps.now)
    const fault = deps.fault?.(c)
    if (fault) throw fault
    if (c.req.url.length > deps.limits.pathLength)
      throw new GatewayError('bad_path', 'The address is too long.')
    if (hasNulInQuery(c.req.url)) throw new GatewayError('bad_path', 'The query holds U+0000.')
    if (c.get('notes').adapter && deps.rates.perAddress.counts)
      await deps.rates.perAddress.consume(c.get('outside').address)
    c.set('gateway', deps.gateway(c))
    await next()
    const changed = c.res.ok && !READS.has(c.req.method)
    if (changed && c.get('notes').adapter?.capabilities.webhooks) deps.wakeOutbox?.(c)
  }
}

class SeenRequest implements Seen {
  readonly #c: Context<AppEnv>
  readonly #address: AppDeps['address']
  readonly header = (name: string) => this.#c.req.header(name)

  constructor(c: Context<AppEnv>, { address }: AppDeps) {
    this.#c = c
    this.#address = address
  }

  get url() {
    return this.#c.req.url
  }

  get peer() {
    return this.#address(this.#c)
  }
}

/** Answers any thrown error in the format of the request's dialect. */
function answer(error: unknown, c: Context<AppEnv>): Response {
  const refusal = refusalFor(error, c)
  refused(c, refusal)
  return c.get('notes').adapter?.fail(refusal, c) ?? problem(refusal, c)
}

/** Converts any error: `StoreUnavailable` becomes `unavailable`, an unexpected error becomes `internal`. */
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

/** Like `toGatewayError`; keeps the cause of `internal` and `unavailable` for the log, hidden from the caller. */
function refusalFor(error: unknown, c: Context<AppEnv>): GatewayError {
  const refusal = toGatewayError(error)
  if (refusal.code === 'internal' || refusal.code === 'unavailable')
    c.error = (refusal.cause as Error) ?? refusal
  return refusal
}
