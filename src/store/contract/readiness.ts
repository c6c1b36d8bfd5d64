import type { Page, PageRequest } from '../../domain/page.ts'
import type { Counted, ReadinessRecord, ReadinessStart } from '../../domain/readiness.ts'
import type { AuditEntry } from './audit.ts'

/** What is asked of the devices of an app in a dialect. */
export interface Question {
  readonly appId: string
  readonly dialect: string
  readonly since: Date
  readonly activeDays: number
}

/** A counting that is under way. */
export interface OpenCounting extends Question {
  readonly run: number
  /** The id of the last device that was counted, and how many were. */
  readonly after: string
  readonly walked: number
  readonly startedAt: Date
}

/** One that is finished. */
export interface DoneCounting {
  readonly counted: Counted
  readonly walked: number
  readonly startedAt: Date
  readonly finishedAt: Date
}

export interface ReadinessStore {
  /** Null where the app does not speak the dialect. */
  start(appId: string, dialect: string): Promise<ReadinessStart | null>
  /** The newest answer to a question; null before there is one. */
  last(question: Question): Promise<DoneCounting | null>
  /** Begins to count or joins who does. Null where the app does not speak the dialect any more. */
  begin(question: Question, now: Date): Promise<OpenCounting | null>
  /** The oldest counting of all apps that is under way. */
  open(): Promise<OpenCounting | null>
  /**
   * Counts a piece of at most so many devices, and finishes the counting with the last one. Null where somebody else
   * counted it meanwhile.
   */
  proceed(counting: OpenCounting, limit: number, now: Date): Promise<OpenCounting | DoneCounting | null>
  /** Removes rows that nobody reads any more, and countings that began before a time. Returns their number. */
  sweep(before: Date, limit: number): Promise<number>
  /** False where the app does not speak the dialect any more. */
  sign(record: ReadinessRecord, appId: string, entry?: AuditEntry): Promise<boolean>
  record(appId: string, id: string): Promise<ReadinessRecord | null>
  /** Newest first. */
  records(appId: string, page: PageRequest): Promise<Page<ReadinessRecord>>
  /** Drops all that an app, or one of its dialects, has here. */
  drop(appId: string, dialect: string | null): Promise<void>
}
