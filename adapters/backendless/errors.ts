import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppEnv } from '../../src/adapter.ts'
import { type Code, GatewayError } from '../../src/domain/error.ts'
import { faultBody, pendingCall } from './binary-message.ts'

type Row = readonly [status: ContentfulStatusCode, code: number]

/** Errors of this dialect beyond the gateway's codes (section 6). */
export const FAULTS = {
  retrieveUnknown: [
    'device_unknown',
    400,
    5000,
    'Unable to retrieve device registration - unknown device ID.',
  ],
  cancelUnknown: ['device_unknown', 400, 5001, 'Unable to cancel device registration - unknown device ID.'],
  deviceToken: ['invalid', 400, 5002, 'Unable to register device. Invalid device token.'],
  deviceId: ['invalid', 400, 5003, 'Unable to register device. Invalid device id.'],
  expiration: ['invalid', 400, 5004, 'Unable to register device. Invalid expiration date.'],
  channels: ['invalid', 400, 5005, 'Unable to register device. Invalid channels.'],
  member: ['invalid', 400, 8003, 'The request has a member of a wrong type.'],
  tooManyChannels: ['limit', 400, 5005, 'Unable to register device. It has too many channels.'],
  messageMissing: ['invalid', 400, 5030, 'Unable to publish the message. It has no message.'],
  option: ['invalid', 400, 5031, 'Unable to publish the message. It has an invalid option.'],
  templateUnknown: ['not_found', 400, 5032, 'There is no push template with this name.'],
  scheduleOver: ['invalid', 400, 5033, 'Unable to publish the message. Its schedule has expired.'],
  messageUnknown: ['not_found', 400, 5040, 'Unable to cancel the message. It is unknown, or sent already.'],
  rowUnknown: ['device_unknown', 400, 1000, 'Entity with the given ID is not found.'],
  wrongApp: [
    'app_unknown',
    400,
    2002,
    'Wrong application info: the application id or the API key is unknown.',
  ],
  unboundHost: ['app_unknown', 400, 2002, 'Wrong application info: no application is bound to this domain.'],
} as const satisfies Record<string, readonly [Code, ...Row, string]>
export type Fault = keyof typeof FAULTS

/** The JavaScript SDK rejects only on a status outside 2xx (section 6); 5xx is reserved for real faults. */
export const BY_CODE = {
  bad_media_type: [400, 8003],
  bad_path: [400, 8003],
  bad_body: [400, 8003],
  too_large: [413, 8003],
  header_too_large: [431, 8003],
  invalid: [400, 8003],
  unauthorized: [400, 2002],
  forbidden: [403, 2002],
  app_unknown: [400, 2002],
  device_unknown: [400, 5000],
  not_found: [404, 404],
  method_not_allowed: [404, 404],
  conflict: [400, 8003],
  // The vendor's own only limit is that on channels.
  limit: [400, 5005],
  // As any argument: 5002 and 5003 would blame the token or the id, and no SDK repeats a 400.
  device_limit: [400, 8003],
  rate_limited: [429, 429],
  unavailable: [503, 503],
  internal: [500, 500],
} as const satisfies Record<Code, Row>

/**
 * A refusal from one of the rows above; `message` replaces the row's message, `reason` is shown only to operators.
 */
export function fault(key: Fault, message: string = FAULTS[key][3], reason?: string): GatewayError {
  return new GatewayError(FAULTS[key][0], message, { at: key, ...(reason !== undefined && { reason }) })
}

/** `{code, message, errorData}` or, for a parsed binary call, an AMF fault (sections 6 and 9.4). */
export function fail(error: GatewayError, c: Context<AppEnv>): Response {
  const [status, code] = rowOf(error)
  if (error.retryAfter !== undefined) c.header('Retry-After', String(error.retryAfter))
  const message = error.code === 'internal' ? 'Internal server error.' : error.message
  const call = status < 500 ? pendingCall(c) : undefined
  // With any other status, the Java client returns null (section 9.4).
  if (call) return c.body(faultBody(call, code, message), 200, { 'Content-Type': 'application/x-amf' })
  return c.json({ code, message, errorData: {} }, status)
}

function rowOf({ at, code }: GatewayError): Row {
  if (at !== undefined && Object.hasOwn(FAULTS, at)) {
    const [, status, number] = FAULTS[at as Fault]
    return [status, number]
  }
  return BY_CODE[code]
}
