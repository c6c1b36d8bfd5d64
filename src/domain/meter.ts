import type { Activity } from './activity.ts'

/** A request and its answer. Nothing in it is chosen by callers: the route is a pattern, the code one of a closed list. */
export interface MeteredRequest {
  readonly dialect: string | null
  readonly method: string
  readonly route: string
  readonly status: number
  /** Of the first refusal. */
  readonly code: string | null
  readonly milliseconds: number
}

/** The sum of a metric for one set of labels. */
export interface Tally {
  readonly metric: string
  readonly labels: Readonly<Record<string, string>>
  readonly amount: number
}

/** Is told what the gateway does, for metrics. Requests wait for it: each call must cost next to nothing. */
export interface Meter {
  request(of: MeteredRequest): void
  happened(kind: Activity, dialect: string, facet: string, times: number): void
  /** An app was looked up: in the cache or in the store. */
  lookedUp(cached: boolean): void
  /** A plan of the store has ended. */
  stored(what: 'read' | 'commit', milliseconds: number, failed: boolean): void
  /** So many commits shared a transaction. */
  grouped(commits: number): void
}
