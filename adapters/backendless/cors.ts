import type { CrossOrigin } from '../../src/adapter.ts'

/**
 * Any page may call, as it always could: a request acts by the key in its path, never by a cookie, so the origin may be
 * echoed with credentials for apps that set `withCredentials` (section 8).
 */
export const CROSS_ORIGIN: CrossOrigin = {
  credentials: true,
  allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  // Those of the current SDKs, then those of v3.
  allowHeaders: ['content-type', 'user-token', 'application-id', 'secret-key', 'application-type', 'uiState'],
  maxAge: 7200,
}
