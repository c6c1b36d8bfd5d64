import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppEnv } from '../../src/adapter.ts'
import { type Code, GatewayError } from '../../src/domain/error.ts'

type Row = readonly [status: ContentfulStatusCode, error: string, description: string]

/** The contract's error tables, including its additions (section 4, †). */
export const FAULTS = {
  contentType: ['bad_media_type', 400, 'Invalid content type', 'Only `application/json` is supported.'],
  instanceMissing: ['invalid', 400, 'Incomplete Request', '`instance-id` param is missing from path.'],
  instanceInvalid: ['invalid', 400, 'Bad Request', '`instance-id` given is not valid.'],
  deviceMissing: ['invalid', 400, 'Incomplete Request', '`device-id` param is missing from path.'],
  deviceInvalid: ['invalid', 400, 'Bad Request', '`device-id` given is not valid.'],
  // This row has its own title in the contract.
  removalDeviceInvalid: ['invalid', 400, 'Incomplete Request', '`device-id` given is not valid.'],
  interestMissing: ['invalid', 400, 'Incomplete Request', '`interest-name` param is missing from path.'],
  interestInvalid: ['invalid', 400, 'Invalid interest name', '`interest-name` given is not valid.'],
  interestsMissing: ['invalid', 400, 'Bad request', '`interests` must be an array of strings.'],
  interestsTooMany: [
    'limit',
    400,
    'Interest set too large',
    'Too many interests are being set for this device. Only 5000 interests per device are allowed.',
  ],
  apnsTokenMissing: ['invalid', 400, 'Bad request', 'Missing APNs token.'],
  fcmTokenMissing: ['invalid', 400, 'Bad request', 'Missing FCM token.'],
  webTokenMissing: ['invalid', 400, 'Bad request', 'Missing web token.'],
  bundleMissing: ['invalid', 400, 'Bad request', 'Missing App Bundle Identifier.'],
  credentialsWrong: ['unauthorized', 401, 'Unauthorized', 'Incorrect instance credentials.'],
  apnsTokenWrong: ['unauthorized', 401, 'Unauthorized', 'Incorrect APNs token supplied.'],
  fcmTokenWrong: ['unauthorized', 401, 'Unauthorized', 'Incorrect FCM token supplied.'],
  metadataInvalid: ['invalid', 400, 'Bad request', '`metadata` must be a JSON object.'],
  newTokenMissing: ['invalid', 400, 'Bad request', 'Missing token field with the FCM Registration Id.'],
  limitInvalid: ['invalid', 400, 'Bad Request', '`limit` given is not valid.'],
  cursorInvalid: ['invalid', 400, 'Bad Request', '`cursor` given is not valid.'],
  authorizationMissing: ['unauthorized', 401, 'Unauthorized', '`Authorization` header token is missing.'],
  authorizationMalformed: ['unauthorized', 401, 'Unauthorized', '`Authorization` header token is malformed.'],
  expMissing: ['invalid', 400, 'Bad Request', 'Missing expiration (exp) field in JWT'],
  subMissing: ['invalid', 400, 'Bad Request', 'Missing subject (sub) field in JWT'],
  subLength: ['invalid', 400, 'Bad Request', 'JWT subject (sub) must be between 1-164 characters long'],
  issMissing: ['invalid', 400, 'Bad Request', 'Missing issuer (iss) field in JWT'],
  issForbidden: ['forbidden', 403, 'Forbidden', 'Invalid JWT issuer.'],
  userDeviceInvalid: ['invalid', 400, 'Bad Request', 'Invalid device id.'],
  userTaken: ['conflict', 400, 'Bad Request', 'A User Id is already associated with this device.'],
  userLimit: ['limit', 422, 'Unprocessable Entity', 'User already has reached the maximum of 100 devices.'],
  secretMissing: ['unauthorized', 400, 'Incomplete Request', '`Authorization` header is missing.'],
  secretWrong: ['unauthorized', 401, 'Unauthorized', 'Incorrect Secret Key'],
  publishHeaderMissing: ['unauthorized', 400, 'Incomplete Request', 'Authorization header is missing'],
  publishKeyWrong: ['unauthorized', 401, 'Unauthorized', 'Incorrect API Key'],
  interestsTooLarge: ['too_large', 400, 'Bad request', 'body too large (max 10KiB)'],
  usersTooLarge: ['too_large', 400, 'Bad request', 'body too large (max 200KiB)'],
  // The message of the refusal is used as the description.
  schema: ['invalid', 422, 'Unprocessable Entity', ''],
  userTooLong: ['invalid', 400, 'Bad request', "'User id' is too long, max length is 164"],
  // For reports about an unknown instance: on a 404, the iOS SDK would re-create its device forever (section 1, #5).
  reportInstance: ['app_unknown', 400, 'Bad request', 'Could not find the instance.'],
} as const satisfies Record<string, readonly [Code, ...Row]>
export type Fault = keyof typeof FAULTS

/** Errors by gateway code, for refusals without a row above. The iOS SDK loops on statuses outside section 3's list. */
export const BY_CODE = {
  bad_media_type: [400, 'Invalid content type', 'Only `application/json` is supported.'],
  bad_path: [400, 'Bad request', 'The path is not valid.'],
  bad_body: [400, 'Bad request', 'Failed to read body as a JSON object.'],
  too_large: [400, 'Bad request', 'The body is too large.'],
  // Not 431, on which iOS retries forever.
  header_too_large: [400, 'Bad request', 'The headers are too large.'],
  invalid: [400, 'Bad request', 'The request is not valid.'],
  unauthorized: [401, 'Unauthorized', 'Incorrect credentials.'],
  forbidden: [403, 'Forbidden', 'Not allowed.'],
  app_unknown: [404, 'Instance not found', 'Could not find the instance.'],
  device_unknown: [404, 'Device not found', 'Could not find the device.'],
  not_found: [404, 'Not found', 'Could not find the resource.'],
  method_not_allowed: [404, 'Not found', 'Could not find the resource.'],
  conflict: [400, 'Bad request', 'The request conflicts with what is there.'],
  limit: [400, 'Bad request', 'A limit is reached.'],
  // This status makes iOS and browsers stop until their next start; Android retries any refusal.
  device_limit: [400, 'Bad request', 'The instance has as many devices as its limit allows.'],
  rate_limited: [429, 'Too Many Requests', 'Too many requests. Try again later.'],
  unavailable: [503, 'Service Unavailable', 'The service is unavailable for the moment.'],
  internal: [500, 'Something went wrong', 'Internal server error.'],
} as const satisfies Record<Code, Row>

/** A refusal from one of the rows above, with the row's description or one of its own. */
export function fault(key: Fault, own?: string): GatewayError {
  const [code, , , fixed] = FAULTS[key]
  const description = own ?? fixed
  return new GatewayError(code, description, { at: key })
}

/** Every error is `{error, description}`, both non-empty: an empty body crashes the Node SDK (section 1, #9). */
export function fail(error: GatewayError, c: Context<AppEnv>): Response {
  const [status, title, description] = rowOf(error)
  if (error.retryAfter !== undefined) c.header('Retry-After', String(error.retryAfter))
  return c.json({ error: title, description }, status)
}

function rowOf({ at, code, message }: GatewayError): Row {
  if (at !== undefined && Object.hasOwn(FAULTS, at)) {
    const [, status, title, description] = FAULTS[at as Fault]
    return [status, title, description || message]
  }
  const [status, title, description] = BY_CODE[code]
  // Only `invalid` messages say what is wrong, such as the member of a report.
  return [status, title, code === 'invalid' && message !== '' ? message : description]
}
