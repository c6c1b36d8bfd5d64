import type { ActivityCount } from '../../domain/activity.ts'

/** Event counts by the hour, for statistics. */
export interface ActivityStore {
  /** Adds to the stored counts. */
  add(counts: readonly ActivityCount[]): Promise<void>
  /** From an hour on, at most 20,000 rows; of one app, or summed over all apps if `appId` is null. */
  since(appId: string | null, hour: number): Promise<readonly ActivityCount[]>
  /** Deletes a batch of counts from before an hour; returns their number. */
  drop(hour: number, batch: number): Promise<number>
}
