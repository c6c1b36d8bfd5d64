import type { ActivityCount } from '../../domain/activity.ts'

/** Counts by the hour, for plots. */
export interface ActivityStore {
  /** Adds to what is there. */
  add(counts: readonly ActivityCount[]): Promise<void>
  /** From an hour on, no more than 20,000; those of one app, or of all if `appId` is null, added up. */
  since(appId: string | null, hour: number): Promise<readonly ActivityCount[]>
  /** Deletes a batch of counts of hours before one; returns their number. */
  drop(hour: number, batch: number): Promise<number>
}
