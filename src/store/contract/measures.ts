import type { Scope } from './listing.ts'

/** Work that waits in the store. */
export interface Backlog {
  readonly queue: 'webhooks' | 'pages' | 'copies' | 'jobs' | 'imports'
  /** No more than the limit is counted. */
  readonly waiting: number
  /** Since when the oldest of those counted waits or is due. */
  readonly since: Date | null
}

/** How many apps' credentials of a push service are in a state. */
export interface ServiceCount {
  readonly provider: string
  readonly state: 'ok' | 'refused' | 'resting'
  readonly count: number
}

/** What metrics ask of the store, in bounded statements. */
export interface MeasureStore {
  backlogs(limit: number): Promise<readonly Backlog[]>
  services(now: Date, limit: number): Promise<readonly ServiceCount[]>
  /** Dialects of apps, behind one of them. */
  scopes(after: Scope | null, limit: number): Promise<readonly Scope[]>
  /** Counts devices whose ids are behind one: up to the limit, and up to which id. */
  devices(scope: Scope, after: string, limit: number): Promise<{ count: number; last: string | null }>
}
