import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { AppEnv } from '../adapter.ts'
import type { Tracer } from '../domain/tracer.ts'

/** Wraps each request, with everything that it does, in a span. */
export const traced =
  (tracer: Tracer): MiddlewareHandler<AppEnv> =>
  (c, next) => {
    const header = (name: string) => c.req.header(name)
    const headers = { traceparent: header('traceparent'), tracestate: header('tracestate') }
    return tracer.request(headers, next, () => {
      const { adapter, refused } = c.get('notes')
      return {
        dialect: adapter?.name ?? null,
        method: c.req.method,
        route: routePath(c),
        status: c.res.status,
        code: refused[0]?.code ?? null,
      }
    })
  }
