import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppEnv } from '../adapter.ts'
import type { Code, GatewayError } from '../domain/error.ts'

/** Problems of RFC 9457; `type` identifies the kind of problem and is stable. */
export const PROBLEMS = {
  bad_media_type: [415, 'Unsupported media type'],
  bad_path: [400, 'Malformed address'],
  bad_body: [400, 'Malformed body'],
  too_large: [413, 'Body too large'],
  header_too_large: [431, 'Headers too large'],
  invalid: [400, 'Invalid request'],
  unauthorized: [401, 'Unauthorized'],
  forbidden: [403, 'Forbidden'],
  app_unknown: [404, 'App not found'],
  device_unknown: [404, 'Device not found'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'Method not allowed'],
  conflict: [409, 'Conflict'],
  limit: [409, 'Limit reached'],
  device_limit: [409, 'Device limit reached'],
  rate_limited: [429, 'Too many requests'],
  unavailable: [503, 'Temporarily unavailable'],
  internal: [500, 'Internal error'],
} satisfies Record<Code, [ContentfulStatusCode, string]>

/** The `type` of a kind of problem. */
export const problemType = (code: Code): string => `urn:pushport:problem:${code.replaceAll('_', '-')}`

/** Renders errors of the admin API, and of everything else outside the dialects. */
export function problem(error: GatewayError, c: Context<AppEnv>): Response {
  const { status, headers, text } = rendered(error)
  for (const [name, value] of Object.entries(headers)) c.header(name, value)
  return c.body(text, status)
}

/** Same, for requests rejected before routing. */
export function bareProblem(error: GatewayError): Response {
  const { text, status, headers } = rendered(error)
  return new Response(text, { status, headers: { ...headers, 'X-Request-Id': crypto.randomUUID() } })
}

function rendered(error: GatewayError) {
  const [status, title] = PROBLEMS[error.code]
  const body = {
    type: problemType(error.code),
    title,
    status,
    detail: error.message,
    ...(error.issues.length > 0 && { errors: error.issues }),
  }
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json',
    ...(error.retryAfter !== undefined && { 'Retry-After': String(error.retryAfter) }),
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
  }
  return { status, headers, text: JSON.stringify(body) }
}
