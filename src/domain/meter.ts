import type { Activity } from './activity.ts'

/** A request and its answer. Callers cannot choose any value: the route is a pattern, the code is from a closed list. */
export interface MeteredRequest {
  readonly dialect: string | null
  readonly method: string
  readonly route: string
  readonly status: number
  /** The code of the first refusal; null without one. */
  readonly code: string | null
  readonly milliseconds: number
}

/** The sum of a metric for one set of labels. */
export interface Tally {
  readonly metric: string
  readonly labels: Readonly<Record<string, string>>
  readonly amount: number
}

/** Receives measurements. Requests wait for each call, so calls must be cheap. */
export interface Meter {
  request(of: MeteredRequest): void
  happened(kind: Activity, dialect: string, facet: string, times: number): void
  /** An app look-up, answered from the cache or the store. */
  lookedUp(cached: boolean): void
  /** A plan of the store has ended. */
  stored(what: 'read' | 'commit', milliseconds: number, failed: boolean): void
  /** The number of commits that shared one transaction. */
  grouped(commits: number): void
}
