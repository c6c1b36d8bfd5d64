import type { DeviceKey } from '../../domain/device.ts'
import type { JobItem, JobItemRef, JobProgress } from '../../domain/job.ts'

/** One row of a job as it is kept: what is to be registered, or why it cannot be. */
export interface JobItemDraft {
  /** What the row is called in the results. */
  readonly label: string
  /** A JSON document as text, or null with a reason. */
  readonly input: string | null
  readonly reason: string | null
}

export interface JobStore {
  /**
   * Keeps the rows in commits of bounded size, taking them from `items` as it goes. The job is there, and worked on, from
   * the last of them on. False where the app no longer speaks the dialect.
   */
  create(
    job: Pick<DeviceKey, 'appId' | 'dialect'> & {
      readonly id: string
      readonly total: number
      readonly items: Iterable<JobItemDraft>
    },
    now: Date,
  ): Promise<boolean>
  find(dialect: string, id: string): Promise<JobProgress | null>
  /** The rows of a job that is there, from behind a position, in their order. */
  items(id: string, page: { after: number; limit: number }): Promise<readonly JobItem[]>
  /**
   * Leases the oldest job that waits and that nobody works on, with its next rows; null where there is none. A lease that
   * ends behind the horizon was taken before the clock was set back, and is over.
   */
  lease(
    of: { lease: string; until: Date; horizon: Date; limit: number },
    now: Date,
  ): Promise<LeasedJob | null>
  /** A row that failed; one that is done stays so. */
  fail(item: JobItemRef, reason: string): Promise<void>
  /** Ends a lease; a job without waiting rows is completed then. */
  release(lease: string, now: Date): Promise<void>
  /** Ends every lease. */
  endLeases(): Promise<void>
  /** Forgets a batch of what was finished, or left half kept, before. Whether more may be left. */
  prune(before: Date, limit: number): Promise<boolean>
}

export interface LeasedJob extends Pick<DeviceKey, 'appId' | 'dialect'> {
  readonly id: string
  readonly items: readonly { readonly position: number; readonly input: unknown }[]
}
