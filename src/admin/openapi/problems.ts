import type { Code } from '../../domain/error.ts'

/** When a call is refused so, in words. Some codes are for dialects alone, and no call of this API has them. */
export const PROBLEM_TEXTS: Readonly<Record<Code, string>> = {
  bad_media_type: 'The body is not said to be `application/json`.',
  bad_path:
    'The address is too long (`MAX_PATH_LENGTH`, 8,192 characters unless set otherwise), or holds U+0000.',
  bad_body: 'The body is not UTF-8, not JSON, nested too deep (more than 32 levels), or broke off.',
  too_large: 'The body is larger than 1 MiB, or 10 MiB for feedback, unless set otherwise.',
  header_too_large: 'The headers are larger than the server takes.',
  invalid: 'A parameter or a member of the body is wrong or unknown; `errors` names each.',
  unauthorized: 'The call has no `Authorization: Bearer` with the admin token.',
  forbidden: 'The caller may not do this.',
  app_unknown: 'There is no app with this id.',
  device_unknown: 'The app has no device with this id.',
  not_found: 'There is nothing by this name.',
  method_not_allowed: 'The address has no such method.',
  conflict:
    'It would break something: an identifier or a secret belongs to another app, or it is the last one. Of messages: it is over, or its idempotency key stands for another one.',
  limit: 'A limit is reached.',
  device_limit: 'The app has as many devices as its limit allows.',
  rate_limited:
    'More than 3,000 calls within a minute from one address or, with wrong tokens, more than 100; `Retry-After` says for how many seconds to wait.',
  unavailable:
    'The store is busy, broken or lacks a migration; where `Retry-After` is there, try again after so many seconds.',
  internal: 'A fault of the gateway, which its log tells more of by the request’s id.',
}
