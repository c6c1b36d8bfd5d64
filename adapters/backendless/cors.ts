import type { CrossOrigin } from '../../src/adapter.ts'

/**
 * Any page may call, as with the vendor. Requests are authorized by the key in their path, never by a cookie, so the
 * origin can be echoed with credentials, for apps that set `withCredentials` (section 8).
 */
export const CROSS_ORIGIN: CrossOrigin = {
  credentials: true,
  allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  // Headers of the current SDKs, then of v3.
  allowHeaders: ['content-type', 'user-token', 'application-id', 'secret-key', 'application-type', 'uiState'],
  maxAge: 7200,
}
