import type { Page, PageRequest } from './page.ts'

/** A change by the administration, as it is kept in the same plan. */
export interface AuditEntry {
  readonly id: string
  readonly at: Date
  /** The name of the token. */
  readonly actor: string
  readonly action: string
  readonly appId: string | null
  /** What was changed, where it is not the app as a whole: an id, never a person's. */
  readonly target: string | null
  readonly detail: Readonly<Record<string, unknown>>
  /** The id of the request. */
  readonly cause: string
}

export interface AuditStore {
  /** Newest first; of one app or of all. */
  list(appId: string | null, page: PageRequest): Promise<Page<AuditEntry>>
  /** Forgets what was done before a time, a batch at a time; how much that was. */
  drop(before: Date, batch: number): Promise<number>
}
