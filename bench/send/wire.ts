/** The instructions for the push services of the bench. */
export interface Job {
  readonly certificate: { readonly cert: string; readonly key: string }
  /** Whether they count the messages per phone. */
  readonly counts: boolean
}

/** A request as it was received; the bare client sends the same bytes. */
export interface Sample {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** One character per byte. */
  readonly body: string
  readonly token: string
}

/** The requests since the last reset; times in milliseconds since 1970. */
export interface Told {
  readonly requests: number
  readonly first: number
  readonly last: number
  /** The most milliseconds between two requests that followed each other: of a wait that no rate shows. */
  readonly silence: number
  readonly sample: Sample | null
}

export interface About {
  /** The address for HTTP/2. */
  readonly secure: string
}

export interface Phones {
  readonly reached: number
  readonly requests: number
  /** The most messages that one phone received. */
  readonly most: number
}

/** The input of a bare client. */
export interface BareJob {
  readonly origin: string
  readonly protocol: 'http2' | 'http'
  readonly sample: Sample
  readonly requests: number
  readonly sessions: number
  /** Concurrent requests per session. */
  readonly streams: number
}
