import type { Context, MiddlewareHandler } from 'hono'
import type { AppEnv } from '../../src/adapter.ts'
import { crossOrigin as allow } from '../../src/wire/cross-origin.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
/** Those of the current SDKs, then those of v3 (section 8). */
const HEADERS = ['content-type', 'user-token', 'application-id', 'secret-key', 'application-type', 'uiState']

const of = { allowMethods: METHODS, allowHeaders: HEADERS, maxAge: 7200 }
const forAll = allow({ ...of, origin: '*' })
const forOne = allow({ ...of, origin: (origin) => origin, credentials: true })

/**
 * Any page may call, as it always could: a request acts by the key in its path, never by a cookie, so the origin may be
 * echoed with credentials for apps that set `withCredentials` (section 8).
 */
export const crossOrigin: MiddlewareHandler<AppEnv> = (c, next) =>
  c.req.header('origin') === undefined ? forAll(c, next) : forOne(c, next)

/** For answers that are made before `crossOrigin` was reached. */
export function allowOrigin(c: Context<AppEnv>): void {
  const origin = c.req.header('origin')
  c.header('Access-Control-Allow-Origin', origin ?? '*')
  if (origin !== undefined) c.header('Access-Control-Allow-Credentials', 'true')
}
