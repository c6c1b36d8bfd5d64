import type { Context, Next } from 'hono'
import { routePath } from 'hono/route'
import type { AppEnv, HouseHeaders } from '../adapter.ts'
import type { Refusals } from '../admin/refusals.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Meter } from '../domain/meter.ts'
import type { Reason } from '../domain/refusal.ts'

/** A request's log entry. Contains no secret, no complete push token, and no raw path, which may contain them. */
export interface RequestRecord extends Partial<Reason> {
  /** The value of the answer's `X-Request-Id`. */
  readonly requestId: string
  /** The cause recorded in the history, if `requestId` is the caller's own. */
  readonly cause?: string
  readonly dialect: string | null
  readonly app: string | null
  readonly method: string
  /** The route's pattern. */
  readonly route: string
  readonly status: number
  readonly ms: number
  /** For refused calls: the masked identifier of the app, key or client. */
  readonly identifier?: string | null
  /** The share of successes that are logged, this one among them; absent if all are. */
  readonly sampleRate?: number
  readonly error?: unknown
}

/**
 * The share of successes that are logged; refusals and errors always are. `off`: only errors of the gateway,
 * whose causes are recorded nowhere else.
 */
export type LoggedRequests = number | 'off'

export interface RequestLogDeps {
  readonly ids: Ids
  readonly now: Clock
  readonly log: (record: RequestRecord) => void
  readonly refusals: Refusals
  readonly meter?: Meter | undefined
  /** By default all. */
  readonly logRequests?: LoggedRequests
  /** Headers that the runtime adds to the answer without a `Headers` object, which would be expensive. */
  readonly houseHeaders?: ((c: Context<AppEnv>) => HouseHeaders | undefined) | undefined
}

/** Ids from callers and proxies that are safe to repeat. */
const SANE_ID = /^[A-Za-z0-9._~:+=@/-]{1,128}$/

/** Whether a request is logged, and the sampling share that applies; some dialects refuse with status 200. */
function sampling(status: number, refused: boolean, share: LoggedRequests): number {
  if (status >= 500) return 1
  if (share === 'off') return 0
  if (status >= 400 || refused || share === 1) return 1
  return Math.random() < share ? share : 0
}

/** Assigns request ids, and logs every request with the reasons for a refusal. */
export function requestLog({
  ids,
  now,
  log,
  logRequests = 1,
  refusals,
  houseHeaders,
  meter,
}: RequestLogDeps) {
  return async (c: Context<AppEnv>, next: Next) => {
    const started = performance.now()
    const own = ids.row()
    const sent = c.req.header('x-request-id')
    const requestId = sent !== undefined && SANE_ID.test(sent) ? sent : own
    // The history records our own id as the cause, because callers may reuse theirs.
    c.set('requestId', own)
    const house = houseHeaders?.(c)
    c.set('notes', { answerId: requestId, refused: [], house })
    if (house) house['X-Request-Id'] = requestId
    else c.header('X-Request-Id', requestId)
    await next()
    // A response from elsewhere lacks our id, or has another server's.
    if (!house && c.res.headers.get('X-Request-Id') !== requestId)
      c.res.headers.set('X-Request-Id', requestId)
    const { status } = c.res
    const route = routePath(c)
    const { adapter, app = null, identifier = null, refused: reasons } = c.get('notes')
    const dialect = adapter?.name ?? null
    if (dialect !== null) {
      const at = now()
      // Unset if the request was refused before its variables were set.
      const gateway: AppEnv['Variables']['gateway'] | undefined = c.get('gateway')
      for (const reason of reasons) {
        refusals.note({ at, requestId, dialect, app, route, status, ...reason, identifier })
        gateway?.activity.note({
          ...{ kind: 'refused', app, dialect, facet: reason.code },
          refusal: { reason: reason.reason, identifier, requestId },
        })
      }
    }
    const milliseconds = performance.now() - started
    const { method } = c.req
    meter?.request({ dialect, method, route, status, code: reasons[0]?.code ?? null, milliseconds })
    const sampleRate = sampling(status, reasons.length > 0, logRequests)
    if (sampleRate === 0) return
    log({
      requestId,
      ...(requestId !== own && { cause: own }),
      dialect,
      app,
      method,
      route,
      status,
      ms: Math.round(milliseconds * 1000) / 1000,
      ...(reasons[0] && { ...reasons[0], identifier }),
      ...(sampleRate < 1 && { sampleRate }),
      ...(status >= 500 && { error: c.error }),
    })
  }
}
