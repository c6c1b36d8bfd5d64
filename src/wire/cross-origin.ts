import type { Context, MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { AppEnv } from '../adapter.ts'

export interface CrossOrigin {
  /** `*`, or the origin to answer an origin with. */
  readonly origin: '*' | ((origin: string, c: Context<AppEnv>) => string)
  readonly allowMethods: readonly string[]
  /** By name: `*` does not cover Authorization (Fetch standard, "CORS-preflight fetch"). */
  readonly allowHeaders: readonly string[]
  readonly exposeHeaders?: readonly string[]
  readonly credentials?: boolean
  /** Seconds for which a browser may remember a preflight. */
  readonly maxAge: number
}

/**
 * CORS for a dialect's paths, errors and unknown paths included; preflights are answered without looking further.
 *
 * Hono's middleware makes a response before there is one, and copying it costs more than the rest of the HTTP side
 * (`npm run bench`). So it serves browsers, which say where they come from; other clients get the same headers without.
 */
export function crossOrigin(options: CrossOrigin): MiddlewareHandler<AppEnv> {
  const { origin, allowMethods, allowHeaders, exposeHeaders = [], credentials, maxAge } = options
  const forBrowsers = cors({
    origin,
    allowMethods: [...allowMethods],
    allowHeaders: [...allowHeaders],
    exposeHeaders: [...exposeHeaders],
    ...(credentials !== undefined && { credentials }),
    maxAge,
  })
  return async (c, next) => {
    if (c.req.method === 'OPTIONS' || c.req.header('origin') !== undefined) return forBrowsers(c, next)
    if (origin === '*') c.header('Access-Control-Allow-Origin', '*')
    else c.header('Vary', 'Origin')
    if (credentials) c.header('Access-Control-Allow-Credentials', 'true')
    if (exposeHeaders.length > 0) c.header('Access-Control-Expose-Headers', exposeHeaders.join())
    await next()
  }
}
