import type { DeviceKey } from '../../domain/device.ts'
import type { JobItem, JobItemRef, JobProgress } from '../../domain/job.ts'

/** One row of a job as it is kept: what is to be registered, or why it cannot be. */
export interface JobItemDraft {
  /** What the row is called in the results. */
  readonly label: string
  /** A JSON document, or null with a reason. */
  readonly input: unknown
  readonly reason: string | null
}

export interface JobStore {
  create(
    job: Pick<DeviceKey, 'appId' | 'dialect'> & {
      readonly id: string
      readonly items: readonly JobItemDraft[]
    },
    now: Date,
  ): Promise<void>
  find(dialect: string, id: string): Promise<JobProgress | null>
  /** The rows of a job from behind a position, in their order. */
  items(id: string, page: { after: number; limit: number }): Promise<readonly JobItem[]>
  /** Leases the oldest job that waits and that nobody works on, with its next rows; null where there is none. */
  lease(of: { lease: string; until: Date; limit: number }, now: Date): Promise<LeasedJob | null>
  /** A row that failed. */
  fail(item: JobItemRef, reason: string): Promise<void>
  /** Ends a lease; a job without waiting rows is completed then. */
  release(lease: string, now: Date): Promise<void>
  /** Ends every lease. */
  endLeases(): Promise<void>
  /** Forgets what was finished before. */
  prune(before: Date): Promise<void>
}

export interface LeasedJob extends Pick<DeviceKey, 'appId' | 'dialect'> {
  readonly id: string
  readonly items: readonly { readonly position: number; readonly input: unknown }[]
}
