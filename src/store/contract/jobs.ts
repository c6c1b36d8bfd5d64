import type { DeviceKey } from '../../domain/device.ts'
import type { JobItem, JobItemRef, JobProgress } from '../../domain/job.ts'
import type { Claim } from './queue.ts'

/** A job row to store: a registration, or the reason why it cannot be registered. */
export interface JobItemDraft {
  /** The row's name in the results. */
  readonly label: string
  /** A JSON document as text, or null with a reason. */
  readonly input: string | null
  readonly reason: string | null
}

export interface JobStore {
  /**
   * Stores the rows in transactions of bounded size, reading `items` on demand. The job becomes visible, and is
   * processed, after the last one. False if the app no longer has the dialect.
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
  /** The rows of an existing job after a position, in order. */
  items(id: string, page: { after: number; limit: number }): Promise<readonly JobItem[]>
  /** Claims the oldest job that is due, with its next rows, up to the limit; null if there is none. */
  claim(claim: Claim, now: Date): Promise<LeasedJob | null>
  /** Extends a lease. */
  renew(lease: string, until: Date): Promise<void>
  /** Marks a row as failed, unless it is done. */
  fail(appId: string, item: JobItemRef, reason: string): Promise<void>
  /** Ends a lease, and completes the job if no row waits. */
  release(appId: string, lease: string, now: Date): Promise<void>
  /** Ends every lease. */
  endLeases(): Promise<void>
  /** Deletes a batch of jobs finished, or left half stored, before a time. Returns whether more may be left. */
  prune(before: Date, limit: number): Promise<boolean>
}

export interface LeasedJob extends Pick<DeviceKey, 'appId' | 'dialect'> {
  readonly id: string
  readonly items: readonly { readonly position: number; readonly input: unknown }[]
}
