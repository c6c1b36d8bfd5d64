import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppEnv } from '../../src/adapter.ts'
import type { Code, GatewayError, Issue } from '../../src/domain/error.ts'

/** Status, code and a fixed message of an error; null stands for the refusal's own message. */
type Row = readonly [status: ContentfulStatusCode, code: string, message: string | null]

/** Errors of section 9; `type` is the code in capitals. */
export const ROWS = {
  bad_media_type: [400, 'bad_request', 'Content-Type must be application/json.'],
  bad_path: [400, 'bad_request', null],
  bad_body: [400, 'bad_request', null],
  header_too_large: [431, 'headers_too_large', 'The headers are too large.'],
  too_large: [413, 'payload_too_large', null],
  invalid: [422, 'validation_error', null],
  unauthorized: [401, 'unauthorized', 'Missing or invalid API key.'],
  forbidden: [403, 'forbidden', null],
  app_unknown: [404, 'not_found', 'Workspace not found.'],
  device_unknown: [404, 'not_found', 'Device not found.'],
  not_found: [404, 'not_found', 'Resource not found.'],
  method_not_allowed: [405, 'method_not_allowed', 'Method not allowed.'],
  conflict: [409, 'conflict', 'The request conflicts with what is there.'],
  limit: [429, 'rate_limited', 'A limit is reached.'],
  // Not 429, which clients retry: the limit holds until an operator raises it.
  device_limit: [403, 'device_limit', 'The workspace has as many devices as its limit allows.'],
  rate_limited: [429, 'rate_limited', 'Too many requests. Try again later.'],
  unavailable: [503, 'unavailable', 'The service is unavailable for the moment.'],
  internal: [500, 'internal_error', 'Internal server error.'],
} as const satisfies Record<Code, Row>

/** A body that satisfies both formats documented by the vendor (section 9), on every path of this dialect. */
export function fail(error: GatewayError, c: Context<AppEnv>): Response {
  const [status, code, fixed] = ROWS[error.code]
  const message = fixed ?? error.message
  if (error.retryAfter !== undefined) c.header('Retry-After', String(error.retryAfter))
  if (status === 401) c.header('WWW-Authenticate', 'Bearer')
  // The vendor documents a third format, only for 429.
  if (status === 429) return c.json({ error: 'Too Many Requests', message }, status)
  const details = error.issues.length > 0 && { details: { fields: fieldsOf(error.issues) } }
  return c.json(
    {
      success: false,
      error: { type: code.toUpperCase(), code, message, ...details },
      request_id: `req_${c.get('notes').answerId}`,
    },
    status,
  )
}

/** The first error of each field. */
function fieldsOf(issues: readonly Issue[]): Record<string, string> {
  const fields = [...issues].reverse().map(({ path, message }) => [path, message] as const)
  return Object.fromEntries(fields)
}
