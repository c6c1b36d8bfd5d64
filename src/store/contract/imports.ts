import type {
  Import,
  ImportError,
  ImportFault,
  ImportOptions,
  ImportRow,
  RefusedRow,
} from '../../domain/import.ts'
import type { Page, PageRequest } from '../../domain/page.ts'
import type { AuditEntry } from './audit.ts'
import type { Claim } from './queue.ts'

/** A new import, its file already kept. */
export interface ImportDraft {
  readonly id: string
  readonly appId: string
  readonly dialect: string
  readonly format: string
  readonly dryRun: boolean
  readonly options: ImportOptions
  readonly exportedAt: Date | null
  readonly bytes: number
  readonly idempotency: { readonly key: string; readonly until: Date } | null
  /** Why it has failed already. */
  readonly fault?: ImportFault
}

/** Where the files of imports are kept until they are done. */
export interface Spool {
  /** Keeps a file whole, or throws and keeps nothing. Stops, and answers null, after more than `most` bytes. */
  write(id: string, file: AsyncIterable<Uint8Array>, most: number): Promise<number | null>
  /** From a byte on. */
  read(id: string, offset: number): AsyncIterable<Uint8Array>
  remove(id: string): Promise<void>
}

/** An import that a process works on. */
export interface LeasedImport
  extends Pick<Import, 'id' | 'appId' | 'dialect' | 'format' | 'dryRun' | 'options'> {
  readonly number: number
  readonly createdAt: Date
  readonly exportedAt: Date | null
  readonly rowsRead: number
  /** Where its reader goes on, as the last step left it; null at the start. */
  readonly place: unknown
  /** Whether any user of the app was erased. */
  readonly erasures: boolean
}

/** One step: rows that are written, counted and checkpointed together. */
export interface ImportStep {
  readonly import: LeasedImport
  readonly lease: string
  /** Rows in rounds: none of a round shares an id or a token with another of it. */
  readonly rounds: readonly (readonly ImportRow[])[]
  readonly refused: readonly RefusedRow[]
  /** Warnings about the file as a whole. */
  readonly warnings: readonly string[]
  /** Records read by now, and where the next one begins. */
  readonly rowsRead: number
  readonly place: unknown
  readonly exportedAt: Date | null
  /** Until when the lease lasts from now on. */
  readonly until: Date
}

export interface ImportStore {
  /** False if the app has gone; the id of the known import where one has the same key. */
  create(draft: ImportDraft, now: Date, entry?: AuditEntry): Promise<boolean | string>
  find(appId: string, id: string): Promise<Import | null>
  /** By its idempotency key, while that lasts. */
  findByKey(appId: string, key: string, now: Date): Promise<string | null>
  /** Newest first. */
  list(appId: string, page: PageRequest): Promise<Page<Import>>
  /** Rows in their order, after a position. */
  errors(
    appId: string,
    id: string,
    page: { readonly after: number; readonly limit: number; readonly warnings: boolean },
  ): Promise<readonly ImportError[]>
  /** Takes the import that has waited longest; of an app one at a time. */
  claim(claim: Omit<Claim, 'limit'>, now: Date): Promise<LeasedImport | null>
  /**
   * Makes a step ready, which needs no earlier one to have been applied. What it returns applies it, whole or not at all:
   * false, and nothing written, where the import is no longer this lease's.
   */
  ready(step: ImportStep, now: Date): () => Promise<boolean>
  /** Ends a lease; another import has its turn. */
  release(lease: string, now: Date): Promise<void>
  /** Ends the import under a lease; what a dry run would have made is removed later. */
  finish(
    lease: string,
    end: { readonly fault: ImportFault | null; readonly total: number | null },
    now: Date,
  ): Promise<void>
  /** Stops a waiting or running import after its present step, and forgets a finished one. False for an unknown one. */
  remove(appId: string, id: string, now: Date, entry?: AuditEntry): Promise<'cancelled' | 'forgotten' | null>
  /** Ends every lease. */
  endLeases(now: Date): Promise<void>
  /** Removes a batch of what dry runs left; whether more may be left. */
  sweep(limit: number): Promise<boolean>
  /** Forgets the oldest import that finished before a time; its id, if there was one. */
  prune(before: Date): Promise<readonly string[]>
  /** Keyed hashes of an erased user, and of the ids and tokens that go with them: no older import brings them back. */
  noteErased(appId: string, marks: readonly string[], now: Date): Promise<void>
  /** Keeps a piece of a file. */
  putChunk(id: string, place: number, bytes: string): Promise<void>
  chunk(id: string, place: number): Promise<string | null>
  dropChunks(id: string): Promise<void>
}
