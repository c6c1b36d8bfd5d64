/** Every reason for which the gateway refuses a request. Each dialect answers each of them in its own shape. */
export type Code =
  | 'bad_media_type'
  | 'bad_path'
  | 'bad_body'
  | 'too_large'
  | 'header_too_large'
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'app_unknown'
  | 'device_unknown'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'limit'
  | 'rate_limited'
  | 'unavailable'
  | 'internal'

export interface GatewayErrorOptions extends ErrorOptions {
  /** What is wrong: the name of a field or, in an adapter, the key of its own table of faults. */
  readonly at?: string
  /** Every field that is wrong, where a whole document was checked. */
  readonly issues?: readonly Issue[]
  /** What operators are told instead of the message: it may name no secret, no token and no person. */
  readonly reason?: string
  /** Seconds after which a repetition may succeed. */
  readonly retryAfter?: number
}

/** One fault in a document: a dotted path and a sentence. */
export interface Issue {
  readonly path: string
  readonly message: string
}

/**
 * A refusal: not a bug. The message may be shown to the caller, except with the code `internal`, whose cause is only
 * logged.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: Code
  readonly at: string | undefined
  readonly issues: readonly Issue[]
  readonly retryAfter: number | undefined
  readonly reason: string | undefined

  constructor(code: Code, message: string, options: GatewayErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.at = options.at
    this.issues = options.issues ?? []
    this.retryAfter = options.retryAfter
    this.reason = options.reason
  }
}

/** The store cannot be reached, is locked, full or broken: nothing was done, and the same call may succeed later. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** For a write that comes after its app has gone, or stopped speaking the dialect: look-ups of apps are cached. */
export const appGone = (): GatewayError => new GatewayError('app_unknown', 'There is no such app any more.')
