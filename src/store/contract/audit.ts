import type { Page, PageRequest } from '../../domain/page.ts'

/** The record of a change by the administration, written in the same transaction. */
export interface AuditEntry {
  readonly id: string
  readonly at: Date
  /** The admin token's name. */
  readonly actor: string
  readonly action: string
  readonly appId: string | null
  /** The id of what was changed, null for the app as a whole; never a plain user id. */
  readonly target: string | null
  readonly detail: Readonly<Record<string, unknown>>
  /** The request id. */
  readonly cause: string
}

export interface AuditStore {
  /** Stores an entry for an action without a change. */
  note(entry: AuditEntry): Promise<void>
  /** Newest first; of all apps if `appId` is null. */
  list(appId: string | null, page: PageRequest): Promise<Page<AuditEntry>>
  /** Deletes a batch of entries older than `before`; returns their number. */
  drop(before: Date, batch: number): Promise<number>
}
