import type { Tally } from '../../domain/meter.ts'

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

/** How many receivers are in a state: `resting` after failures, or `stopped` until somebody starts them again. */
export interface ReceiverCount {
  readonly kind: 'dialect' | 'feed'
  readonly state: 'ok' | 'resting' | 'stopped'
  readonly count: number
}

/** What metrics ask of the store, in bounded statements. */
export interface MeasureStore {
  backlogs(limit: number): Promise<readonly Backlog[]>
  services(now: Date, limit: number): Promise<readonly ServiceCount[]>
  /** No more than the limit of each kind are looked at. */
  receivers(now: Date, limit: number): Promise<readonly ReceiverCount[]>
  /** Devices by dialect, of up to so many apps behind one, with the last of them; null where there is none. */
  devices(
    after: string,
    limit: number,
  ): Promise<{ readonly counts: ReadonlyMap<string, number>; readonly last: string | null }>
  /** Adds to sums that all isolates share. Beyond 5,000 of them, unknown ones are dropped. */
  add(tallies: readonly Tally[]): Promise<void>
  tallies(): Promise<readonly Tally[]>
}
