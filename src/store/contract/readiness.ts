import type { Page, PageRequest } from '../../domain/page.ts'
import type { Counted, ReadinessRecord, ReadinessStart } from '../../domain/readiness.ts'
import type { AuditEntry } from './audit.ts'

/** The query for a count of an app's devices in a dialect. */
export interface Question {
  readonly appId: string
  readonly dialect: string
  readonly since: Date
  readonly activeDays: number
}

/** A running count. */
export interface OpenCounting extends Question {
  readonly run: number
  /** The id of the last device counted, and the number counted. */
  readonly after: string
  readonly walked: number
  readonly startedAt: Date
}

/** A finished count. */
export interface DoneCounting {
  readonly counted: Counted
  readonly walked: number
  readonly startedAt: Date
  readonly finishedAt: Date
}

export interface ReadinessStore {
  /** Null if the app does not speak the dialect. */
  start(appId: string, dialect: string): Promise<ReadinessStart | null>
  /** The latest result for a query; null without one. */
  last(question: Question): Promise<DoneCounting | null>
  /** Starts a count or joins a running one. Null if the app no longer speaks the dialect. */
  begin(question: Question, now: Date): Promise<OpenCounting | null>
  /** The oldest running count of all apps. */
  open(): Promise<OpenCounting | null>
  /**
   * Counts a batch of at most `limit` devices, and finishes the count with the last one. Null if another process counted
   * the batch meanwhile.
   */
  proceed(counting: OpenCounting, limit: number, now: Date): Promise<OpenCounting | DoneCounting | null>
  /** Deletes unused rows, and counts that began before a time. Returns their number. */
  sweep(before: Date, limit: number): Promise<number>
  /** False if the app no longer speaks the dialect. */
  sign(record: ReadinessRecord, appId: string, entry?: AuditEntry): Promise<boolean>
  record(appId: string, id: string): Promise<ReadinessRecord | null>
  /** Newest first. */
  records(appId: string, page: PageRequest): Promise<Page<ReadinessRecord>>
  /** Deletes all readiness data of an app, or of one of its dialects. */
  drop(appId: string, dialect: string | null): Promise<void>
}
