import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppEnv } from '../adapter.ts'
import type { Code, GatewayError } from '../domain/error.ts'

/** RFC 9457: `type` is relative to this gateway's documentation and stays the same for the same kind of problem. */
const PROBLEMS = {
  bad_media_type: [415, 'Unsupported media type'],
  bad_path: [400, 'Malformed address'],
  bad_body: [400, 'Malformed body'],
  too_large: [413, 'Body too large'],
  invalid: [400, 'Invalid request'],
  unauthorized: [401, 'Unauthorized'],
  forbidden: [403, 'Forbidden'],
  app_unknown: [404, 'App not found'],
  device_unknown: [404, 'Device not found'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'Method not allowed'],
  conflict: [409, 'Conflict'],
  limit: [409, 'Limit reached'],
  rate_limited: [429, 'Too many requests'],
  unavailable: [503, 'Temporarily unavailable'],
  internal: [500, 'Internal error'],
} satisfies Record<Code, [ContentfulStatusCode, string]>

/** The administration's error form, and that of everything outside the dialects. */
export function problem(error: GatewayError, c: Context<AppEnv>): Response {
  const body = problemBody(error)
  c.header('Content-Type', 'application/problem+json')
  if (error.retryAfter !== undefined) c.header('Retry-After', String(error.retryAfter))
  if (body.status === 401) c.header('WWW-Authenticate', 'Bearer')
  return c.body(JSON.stringify(body), body.status)
}

/** The document of a problem. */
export function problemBody(error: GatewayError) {
  const [status, title] = PROBLEMS[error.code]
  return {
    type: `urn:pushport:problem:${error.code.replaceAll('_', '-')}`,
    title,
    status,
    detail: error.message,
    ...(error.issues.length > 0 && { errors: error.issues }),
  }
}
