/** What the push services of the bench are told. */
export interface Job {
  readonly certificate: { readonly cert: string; readonly key: string }
  /** Whether they count how often each phone was reached. */
  readonly counts: boolean
}

/** A request as it came: the bare client sends the same bytes. */
export interface Sample {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Each byte a character. */
  readonly body: string
  readonly token: string
}

/** What came since the last reset; times in milliseconds since 1970. */
export interface Told {
  readonly requests: number
  readonly first: number
  readonly last: number
  readonly sample: Sample | null
}

export interface About {
  /** Where HTTP/2 is spoken. */
  readonly secure: string
}

export interface Phones {
  readonly reached: number
  readonly requests: number
  /** How often the phone that was reached most often was. */
  readonly most: number
}

/** What a bare client is told. */
export interface BareJob {
  readonly origin: string
  readonly protocol: 'http2' | 'http'
  readonly sample: Sample
  readonly requests: number
  readonly sessions: number
  /** Requests at once, on each session. */
  readonly streams: number
}
