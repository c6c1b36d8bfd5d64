/** One request to a service: always a POST. */
export interface Call {
  /** The path below the base of the connection, with the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer>
  /** Milliseconds from sending the request to the end of its answer; 10 s by default. */
  readonly milliseconds?: number
}

/** The answer, as far as it arrived in time. */
export interface Answer {
  readonly status: number
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** At most 64 KiB of the body, as text. */
  readonly text: string
  /** Whether the body is complete: the service may have stopped early, been too slow or sent too much. */
  readonly whole: boolean
}

/**
 * `timeout` and `lost`: the request may have arrived. `unreachable`: it did not. `private`: the address is
 * forbidden. `local`: this runtime cannot make the call. `relay`: the relay instance has a fault, independent
 * of the request's target.
 */
export type NoAnswer = 'timeout' | 'lost' | 'unreachable' | 'private' | 'local' | 'relay'

/** No HTTP status was received. The message contains no host, path or secret. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
  readonly kind: NoAnswer

  constructor(kind: NoAnswer, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/**
 * A request to any URL over the guarded `fetch`; redirects are returned, never followed. Throws `Unanswered`.
 */
export type Post = (url: URL, call: Omit<Call, 'path'>) => Promise<Answer>

/** A client for one service; the first request opens connections. */
export interface Connection {
  /** Most requests that are combined if they start together; absent if each is sent by itself. */
  readonly together?: number
  /**
   * Throws `Unanswered`. Requests that the service certainly did not process are sent again transparently.
   */
  send(call: Call): Promise<Answer>
  /** New requests use new connections; those in flight finish on the old ones. */
  replace(): void
  close(): Promise<void>
}

/** A client certificate, in PEM. */
export interface ClientCertificate {
  readonly chain: string
  readonly key: string
}

export interface ConnectOptions {
  /** For a service that requires HTTP/2; without TLS, it is used without negotiation (h2c). */
  readonly http2Only?: boolean
  readonly certificate?: ClientCertificate
  /** Most concurrent requests per connection, if the service allows more. */
  readonly streams?: number
  /** Most connections. */
  readonly sessions?: number
}

/** The connections of a runtime to push services. */
export interface Transport {
  connect(base: URL, options?: ConnectOptions): Connection
}

export const REQUEST_MILLISECONDS = 10_000
export const ANSWER_BYTES = 64 * 1024
