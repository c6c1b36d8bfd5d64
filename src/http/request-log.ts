import type { Context, Next } from 'hono'
import { routePath } from 'hono/route'
import type { AppEnv } from '../adapter.ts'
import type { Refusals } from '../admin/refusals.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Reason } from '../domain/refusal.ts'

/** One request, as the log tells it: never a secret, a whole push token or a raw path, which may hold either. */
export interface RequestRecord extends Partial<Reason> {
  /** As the answer's `X-Request-Id` has it. */
  readonly requestId: string
  /** The cause in the history of what the request changed, where the caller's id stands above. */
  readonly cause?: string
  readonly dialect: string | null
  readonly app: string | null
  readonly method: string
  /** The route's pattern. */
  readonly route: string
  readonly status: number
  readonly ms: number
  /** Of a refused call: what it named its app, key or client by; only its ends. */
  readonly identifier?: string | null
  readonly error?: unknown
}

export interface RequestLogDeps {
  readonly ids: Ids
  readonly now: Clock
  readonly log: (record: RequestRecord) => void
  readonly refusals: Refusals
}

/** An id that a caller or a proxy gave: one that says more than an id is not repeated. */
const SANE_ID = /^[A-Za-z0-9._~:+=@/-]{1,128}$/

/** Names each request, in its answer too, and tells the log of it and of why it was refused. */
export function requestLog({ ids, now, log, refusals }: RequestLogDeps) {
  return async (c: Context<AppEnv>, next: Next) => {
    const started = performance.now()
    const own = ids.row()
    const given = c.req.header('x-request-id')
    const requestId = given !== undefined && SANE_ID.test(given) ? given : own
    // Ours is the cause in the history: a caller may give one id to many calls.
    c.set('requestId', own)
    c.set('answerId', requestId)
    c.header('X-Request-Id', requestId)
    await next()
    // An answer that was made elsewhere has none, or that of where it was made.
    if (c.res.headers.get('X-Request-Id') !== requestId) c.res.headers.set('X-Request-Id', requestId)
    const { status } = c.res
    const route = routePath(c)
    const dialect = c.get('adapter')?.name ?? null
    const app = c.get('appId') ?? null
    const identifier = c.get('identifier') ?? null
    const reasons = c.get('refused') ?? []
    if (dialect !== null) {
      const at = now()
      for (const reason of reasons) {
        refusals.note({ at, requestId, dialect, app, route, status, ...reason, identifier })
      }
    }
    log({
      requestId,
      ...(requestId !== own && { cause: own }),
      dialect,
      app,
      method: c.req.method,
      route,
      status,
      ms: Math.round((performance.now() - started) * 1000) / 1000,
      ...(reasons[0] && { ...reasons[0], identifier }),
      ...(status >= 500 && { error: c.error }),
    })
  }
}
