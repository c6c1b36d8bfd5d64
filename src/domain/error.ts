/** Every reason to refuse a request. Each dialect renders every code in its own format. */
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
  | 'device_limit'
  | 'rate_limited'
  | 'unavailable'
  | 'internal'

export interface GatewayErrorOptions extends ErrorOptions {
  /** The invalid field or, in an adapter, a key of its own fault table. */
  readonly at?: string
  /** All invalid fields, if a whole document was checked. */
  readonly issues?: readonly Issue[]
  /** Shown to operators instead of the message; must contain no secret, token or personal data. */
  readonly reason?: string
  /** Seconds after which a retry may succeed. */
  readonly retryAfter?: number
}

/** One fault in a document: a dotted path and a sentence. */
export interface Issue {
  readonly path: string
  readonly message: string
}

/**
 * A refused request, as opposed to a bug. The message may be shown to the caller, except with the code `internal`, whose
 * cause is only logged.
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

/** The store is unreachable, locked, full or broken. Nothing was written; a retry may succeed. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** For writes to an app, or a dialect of it, that was removed after the (cached) look-up. */
export const appGone = (): GatewayError => new GatewayError('app_unknown', 'The app no longer exists.')
