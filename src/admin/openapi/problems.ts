import type { Code } from '../../domain/error.ts'

/** When a call is refused with each code. Some codes occur only in dialects, never in this API. */
export const PROBLEM_TEXTS: Readonly<Record<Code, string>> = {
  bad_media_type: 'The content type is not `application/json`.',
  bad_path: 'The URL is too long (`MAX_PATH_LENGTH`, 8,192 characters by default) or contains U+0000.',
  bad_body: 'The body is not UTF-8, not JSON, nested too deeply (more than 32 levels), or incomplete.',
  too_large: 'The body is larger than the limit: by default 1 MiB, and 10 MiB for feedback.',
  header_too_large: 'The headers are larger than the server accepts.',
  invalid: 'A parameter or a field of the body is invalid or unknown; `errors` lists each.',
  unauthorized: 'The call has no valid admin token in `Authorization: Bearer`.',
  forbidden: 'The caller may not do this.',
  app_unknown: 'There is no app with this id.',
  device_unknown: 'The app has no device with this id.',
  not_found: 'The resource does not exist.',
  method_not_allowed: 'The resource does not support this method.',
  conflict:
    'The change conflicts with existing data: an identifier or a secret belongs to another app, or it is the last credential. For messages: the message is finished, or its idempotency key belongs to another one.',
  limit: 'A limit is reached.',
  device_limit: 'The app has as many devices as its limit allows.',
  rate_limited:
    'More than 3,000 calls in a minute from one address, or more than 100 with wrong tokens; `Retry-After` is the number of seconds to wait.',
  unavailable:
    'The database is busy or damaged, or a migration is missing; if there is a `Retry-After`, retry after that many seconds.',
  internal: 'An error in the gateway; the log has the cause under the request id.',
}
