/** One request to a service: always a POST. */
export interface Call {
  /** Below the base of the connection, with its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer>
  /** From the moment at which the request is sent to the end of its answer; 10 s by default. */
  readonly milliseconds?: number
}

/** Whatever the service said in time. */
export interface Answer {
  readonly status: number
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** At most 64 KiB of the body, as text. */
  readonly text: string
  /** Whether that is all of it: the service may have broken off, been too slow or said too much. */
  readonly whole: boolean
}

/**
 * `timeout` and `lost`: the request may have arrived. `unreachable`: it has not. `private`: the address is forbidden.
 * `local`: this runtime cannot make the call. `relay`: the instance that makes it in its place is in trouble, whoever the
 * request is for.
 */
export type NoAnswer = 'timeout' | 'lost' | 'unreachable' | 'private' | 'local' | 'relay'

/** There is no status. The message names no host, path or secret. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
  readonly kind: NoAnswer

  constructor(kind: NoAnswer, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/** A request to any URL over the guarded `fetch`: redirects are answers, and followed by nobody. Throws `Unanswered`. */
export type Post = (url: URL, call: Omit<Call, 'path'>) => Promise<Answer>

/** A way to one service; connections are opened by the first request. */
export interface Connection {
  /** Requests that begin together and go out as one, so many at most; left out where each goes by itself. */
  readonly together?: number
  /** Throws `Unanswered`. Requests that the service surely did not process are sent again without telling. */
  send(call: Call): Promise<Answer>
  /** New requests use new connections; those in flight end where they are. */
  replace(): void
  close(): Promise<void>
}

/** A client certificate, in PEM. */
export interface ClientCertificate {
  readonly chain: string
  readonly key: string
}

export interface ConnectOptions {
  /** For a service that speaks HTTP/2 alone: without TLS, it is spoken without asking (h2c). */
  readonly http2Only?: boolean
  readonly certificate?: ClientCertificate
  /** Most requests at once on one connection, where the service allows more. */
  readonly streams?: number
  /** Most connections. */
  readonly sessions?: number
}

/** How a runtime speaks to push services. */
export interface Transport {
  connect(base: URL, options?: ConnectOptions): Connection
}

export const REQUEST_MILLISECONDS = 10_000
export const ANSWER_BYTES = 64 * 1024
