import type { Tally } from '../../domain/meter.ts'

/** Work waiting in a queue. */
export interface Backlog {
  readonly queue: 'webhooks' | 'pages' | 'copies' | 'jobs' | 'imports'
  /** Counted up to the limit. */
  readonly waiting: number
  /** Since when the oldest counted item has been waiting or due. */
  readonly since: Date | null
}

/** The number of apps whose credential for a push service is in a state. */
export interface ServiceCount {
  readonly provider: string
  readonly state: 'ok' | 'refused' | 'resting'
  readonly count: number
}

/** The number of receivers in a state: `resting` after failures, or `stopped` until an operator restarts them. */
export interface ReceiverCount {
  readonly kind: 'dialect' | 'feed'
  readonly state: 'ok' | 'resting' | 'stopped'
  readonly count: number
}

/** Data for metrics, read in bounded statements. */
export interface MeasureStore {
  backlogs(limit: number): Promise<readonly Backlog[]>
  services(now: Date, limit: number): Promise<readonly ServiceCount[]>
  /** At most `limit` receivers of each kind are counted. */
  receivers(now: Date, limit: number): Promise<readonly ReceiverCount[]>
  /** Devices by dialect, of a number of apps after one, with the id of the last app; null at the end. */
  devices(
    after: string,
    limit: number,
  ): Promise<{ readonly counts: ReadonlyMap<string, number>; readonly last: string | null }>
  /** Adds to sums shared by all isolates. Once there are 5,000, new ones are dropped. */
  add(tallies: readonly Tally[]): Promise<void>
  tallies(): Promise<readonly Tally[]>
}
