import { BY_CODE, FAULTS } from './errors.ts'
import { ApiError } from './reference-schemas.ts'

const fault = (status: number, code: number, message: string) => ({
  status,
  schema: ApiError,
  example: { code, message, errorData: {} },
})
const WORDS: Readonly<Record<string, string>> = {
  bad_media_type: 'Content-Type must be application/json.',
  bad_path: 'The path has a broken escape.',
  bad_body: 'The body is not a JSON object.',
  too_large: 'The body is too large.',
  header_too_large: 'The headers are too large.',
  invalid: 'The request is not valid.',
  not_found: 'No such endpoint.',
  device_limit: 'The app has as many devices as its limit allows.',
  rate_limited: 'Too many requests.',
  unavailable: 'The service is unavailable for the moment.',
  internal: 'Internal server error.',
}
/** Every error, from the table of errors. */
export const faults = Object.fromEntries([
  ...Object.entries(BY_CODE).map(([name, [status, code]]) => [
    name,
    fault(status, code, WORDS[name] ?? name),
  ]),
  ...Object.entries(FAULTS).map(([name, [, status, code, message]]) => [name, fault(status, code, message)]),
])

/** Errors of a registration. */
export const REGISTRATION_FAULTS = [
  ...['deviceToken', 'deviceId', 'expiration', 'channels', 'member', 'tooManyChannels'],
  'device_limit',
]
