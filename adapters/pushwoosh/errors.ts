import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppEnv } from '../../src/adapter.ts'
import { type Code, GatewayError } from '../../src/domain/error.ts'

type Row = readonly [http: ContentfulStatusCode, statusCode: number, message: string | null]

/**
 * Section 3: an argument error is HTTP 200 with status 210 and always a message, because iOS shows nothing else. Null
 * stands for the refusal's own message.
 */
export const ENVELOPE = {
  bad_media_type: [400, 400, 'Malformed request string'],
  bad_path: [400, 400, 'Malformed request address'],
  bad_body: [400, 400, 'Malformed request string'],
  too_large: [400, 400, null],
  header_too_large: [431, 431, 'Request header fields too large'],
  invalid: [200, 210, null],
  unauthorized: [401, 401, null],
  forbidden: [403, 403, null],
  app_unknown: [200, 210, 'Application not found'],
  device_unknown: [200, 210, 'Device not found'],
  not_found: [404, 404, 'Method not found'],
  method_not_allowed: [405, 405, 'Method not allowed'],
  conflict: [200, 210, null],
  limit: [200, 210, null],
  // No SDK retries a 210, and iOS shows its message; SDKs would retry any 429 or 5xx.
  device_limit: [200, 210, null],
  rate_limited: [429, 429, 'Too many requests'],
  unavailable: [503, 503, 'Service unavailable'],
  internal: [500, 500, 'Internal error'],
} as const satisfies Record<Code, Row>

/** Errors of the Audience API (section 10). */
export const AUDIENCE = {
  bad_media_type: [400, 'invalid request'],
  bad_path: [400, 'invalid request'],
  bad_body: [400, 'invalid request'],
  too_large: [400, null],
  header_too_large: [431, 'request header fields too large'],
  invalid: [400, null],
  unauthorized: [401, 'unauthorized'],
  forbidden: [403, 'forbidden'],
  app_unknown: [400, 'application not found'],
  device_unknown: [404, 'not found'],
  not_found: [404, 'not found'],
  method_not_allowed: [405, 'method not allowed'],
  conflict: [409, null],
  limit: [400, null],
  device_limit: [400, null],
  rate_limited: [429, 'too many requests'],
  unavailable: [503, 'service unavailable'],
  internal: [500, 'internal error'],
} as const satisfies Record<Code, readonly [ContentfulStatusCode, string | null]>

export const AUDIENCE_BASE = '/api/v2/audience'
export const MESSAGING_BASE = '/messaging/v2'

/** gRPC codes by HTTP status (sending.md 5.5). */
export const GRPC: Readonly<Record<number, number>> = {
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  429: 8,
  500: 13,
  503: 14,
}

/** Errors of calls from back ends, whose clients look only at the body (sending.md 5.2). */
export const SERVER = {
  ...ENVELOPE,
  unauthorized: [200, 210, 'Account not found'],
  forbidden: [200, 403, 'Token restrictions forbid this operation'],
  rate_limited: [200, 429, 'Too many requests'],
} as const satisfies Record<Code, Row>
const SERVER_METHOD =
  /\/(?:create(?:Targeted)?Message|deleteMessage|cancelMessage|getM[a-zA-Z]+|getResults|getPushHistory)$/

/**
 * The error for a missing or invalid member; nothing of the request is applied. `reason` replaces the message for
 * operators if the message contains a person's address.
 */
export const argument = (message: string, reason?: string): GatewayError =>
  new GatewayError('invalid', message, reason === undefined ? {} : { reason })

/** Every answer is JSON, and under `/json/1.3` it has a numeric `status_code` (section 1, #6). */
export function fail(error: GatewayError, c: Context<AppEnv>): Response {
  if (error.retryAfter !== undefined) c.header('Retry-After', String(error.retryAfter))
  if (error.code === 'method_not_allowed') c.header('Allow', 'POST')
  if (c.req.path.startsWith(AUDIENCE_BASE)) {
    const [status, message] = AUDIENCE[error.code]
    return c.json({ message: message ?? error.message }, status)
  }
  if (c.req.path.startsWith(MESSAGING_BASE)) {
    const status = error.code === 'app_unknown' ? 404 : AUDIENCE[error.code][0]
    return c.json({ code: GRPC[status] ?? 3, message: error.message, details: [] }, status)
  }
  const [status, code, message] = (SERVER_METHOD.test(c.req.path) ? SERVER : ENVELOPE)[error.code]
  return c.json({ status_code: code, status_message: message ?? error.message, response: null }, status)
}
