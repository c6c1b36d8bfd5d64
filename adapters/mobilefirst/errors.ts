import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppEnv } from '../../src/adapter.ts'
import { type Code, GatewayError } from '../../src/domain/error.ts'
import { masked } from '../../src/wire/refused.ts'
import { type Language, languageOf, message } from './messages.ts'
import type { MessageKey } from './texts.ts'

type Row = readonly [code: Code, status: ContentfulStatusCode, vendorCode: string, message: MessageKey]

/** The errors of section 4. Codes that it leaves open are plain words instead of the vendor's numbers. */
export const FAULTS = {
  badJson: ['bad_body', 400, 'FPWSE0004E', 'badJson'],
  badValue: ['invalid', 400, 'FPWSE0005E', 'badValue'],
  badKind: ['bad_body', 400, 'FPWSE0013E', 'badKind'],
  missingQuery: ['invalid', 400, 'FPWSE0008E', 'missingQuery'],
  badOffset: ['invalid', 400, 'FPWSE1079E', 'badOffset'],
  badSize: ['invalid', 400, 'FPWSE1080E', 'badSize'],
  reserved: ['invalid', 400, 'FPWSE0005E', 'reserved'],
  notFound: ['not_found', 404, 'FPWSE0001E', 'notFound'],
  subscriptionUnknown: ['not_found', 404, 'FPWSE0012E', 'notFound'],
  certificateUnknown: ['not_found', 404, 'FPWSE0003E', 'notFound'],
  mediaType: ['bad_media_type', 405, 'UNSUPPORTED_MEDIA_TYPE', 'mediaType'],
  notAcceptable: ['bad_media_type', 406, 'NOT_ACCEPTABLE', 'notAcceptable'],
  disabled: ['forbidden', 403, 'FPWSE1007E', 'disabled'],
  exists: ['conflict', 409, 'FPWSE0002E', 'exists'],
} as const satisfies Record<string, Row>
export type Fault = keyof typeof FAULTS

/** Errors without a row above, by code. */
export const BY_CODE = {
  bad_media_type: FAULTS.mediaType,
  bad_path: ['bad_path', 400, 'FPWSE0005E', 'badPath'],
  bad_body: FAULTS.badJson,
  too_large: ['too_large', 413, 'REQUEST_TOO_LARGE', 'tooLarge'],
  header_too_large: ['header_too_large', 431, 'REQUEST_TOO_LARGE', 'tooLarge'],
  invalid: FAULTS.badValue,
  unauthorized: ['unauthorized', 401, 'UNAUTHORIZED', 'unauthorized'],
  forbidden: ['forbidden', 403, 'FORBIDDEN', 'forbidden'],
  app_unknown: FAULTS.notFound,
  device_unknown: FAULTS.notFound,
  not_found: FAULTS.notFound,
  method_not_allowed: FAULTS.notFound,
  conflict: FAULTS.exists,
  limit: ['limit', 403, 'FORBIDDEN', 'forbidden'],
  // Apps get this status: a 401 or 403 would make the SDKs request a new token, a 429 or 503 would make them
  // retry.
  device_limit: ['device_limit', 400, 'DEVICE_LIMIT', 'full'],
  rate_limited: ['rate_limited', 429, 'FPWSE0025E', 'busy'],
  unavailable: ['unavailable', 503, 'FPWSE0025E', 'busy'],
  internal: ['internal', 500, 'FPWSE0010E', 'internal'],
} as const satisfies Record<Code, Row>

/** A refusal from one of the rows; `name` is the parameter or resource in its message. */
export function fault(key: Fault, name = ''): GatewayError {
  const [code, , number, text] = FAULTS[key]
  // A resource's name may be a device's id.
  const shown = code === 'not_found' || code === 'conflict' ? masked(name) : name
  const reason = `${number} ${message(text, shown, 'en-US')}`
  return new GatewayError(code, key, { at: key, issues: [{ path: name, message: key }], reason })
}

/** A 401 or 403 that names what is missing (section 4): always one header with one Bearer challenge. */
export class Challenge extends GatewayError {
  readonly challenge: string
  constructor(code: 'unauthorized' | 'forbidden', challenge: string) {
    super(code, code, { reason: challenge })
    this.challenge = challenge
  }
}

/** A refusal by the authorization server, in the formats of OAuth clients and of the mobile SDKs (sections 7, 8). */
export class OAuthRefusal extends GatewayError {
  readonly status: 400 | 401
  readonly error: string
  readonly errorCode: string
  constructor(error: string, description: string, status: 400 | 401 = 400, errorCode = error.toUpperCase()) {
    super(status === 401 ? 'unauthorized' : 'invalid', description)
    this.error = error
    this.errorCode = errorCode
    this.status = status
  }
}

/** Every error of this dialect: a JSON object with `message` and `code` (section 4). */
export function fail(error: GatewayError, c: Context<AppEnv>): Response {
  if (error.retryAfter !== undefined) c.header('Retry-After', String(error.retryAfter))
  if (error instanceof OAuthRefusal) return refuse(error, c)
  const { status, code, text } = described(error, localized(c), c.req.path)
  if (status === 401) c.header('WWW-Authenticate', 'Bearer')
  if (error instanceof Challenge) c.header('WWW-Authenticate', error.challenge)
  return c.json({ message: text, code, docUrl: '' }, status)
}

/** Chooses the language of an answer and sets its headers (section 4). */
export function localized(c: Context<AppEnv, string>): Language {
  const language = languageOf(c.req.header('accept-language'))
  c.header('Content-Language', language)
  c.header('Vary', 'Accept-Language', { append: true })
  return language
}

/** Renders one error; a missing resource without a name is identified by its address. */
export function described(error: GatewayError, language: Language, address = '') {
  const [, status, code, key] = rowOf(error)
  const name = error.issues[0]?.path || (key === 'notFound' ? address : '')
  return { status, code, text: message(key, name, language) }
}

function rowOf({ at, code }: GatewayError): Row {
  return at !== undefined && Object.hasOwn(FAULTS, at) ? FAULTS[at as Fault] : BY_CODE[code]
}

function refuse({ error, errorCode, status, message: text }: OAuthRefusal, c: Context<AppEnv>): Response {
  c.header('Cache-Control', 'no-store')
  if (status === 401) c.header('WWW-Authenticate', 'Bearer')
  return c.json(
    { error, error_description: text, errorCode, errorMsg: text, message: text, code: errorCode },
    status,
  )
}
