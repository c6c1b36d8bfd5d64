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

/** A new import whose file is already stored. */
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
  /** The fault, if it has already failed. */
  readonly fault?: ImportFault
}

/** Storage for files of imports until they are processed. */
export interface Spool {
  /** Stores the whole file, or throws and stores nothing. Stops and returns null after more than `most` bytes. */
  write(id: string, file: AsyncIterable<Uint8Array>, most: number): Promise<number | null>
  /** Reads from a byte offset. */
  read(id: string, offset: number): AsyncIterable<Uint8Array>
  remove(id: string): Promise<void>
}

/** An import that one process has claimed. */
export interface LeasedImport
  extends Pick<Import, 'id' | 'appId' | 'dialect' | 'format' | 'dryRun' | 'options'> {
  readonly number: number
  readonly createdAt: Date
  readonly exportedAt: Date | null
  readonly rowsRead: number
  /** The reader's position after the last step; null at the start. */
  readonly place: unknown
  /** Whether the app has erased any user. */
  readonly erasures: boolean
}

/** One step: its rows, counts and checkpoint are written together. */
export interface ImportStep {
  readonly import: LeasedImport
  readonly lease: string
  /** Rows in rounds: no two rows of a round share an id or a token. */
  readonly rounds: readonly (readonly ImportRow[])[]
  readonly refused: readonly RefusedRow[]
  /** Warnings about the whole file. */
  readonly warnings: readonly string[]
  /** Records read so far, and the position of the next one. */
  readonly rowsRead: number
  readonly place: unknown
  readonly exportedAt: Date | null
  /** The new end of the lease. */
  readonly until: Date
}

export interface ImportStore {
  /** False if the app was removed; the id of the existing import if the idempotency key is in use. */
  create(draft: ImportDraft, now: Date, entry?: AuditEntry): Promise<boolean | string>
  find(appId: string, id: string): Promise<Import | null>
  /** By its idempotency key, until that expires. */
  findByKey(appId: string, key: string, now: Date): Promise<string | null>
  /** Newest first. */
  list(appId: string, page: PageRequest): Promise<Page<Import>>
  /** Rows in their order, after a position. */
  errors(
    appId: string,
    id: string,
    page: { readonly after: number; readonly limit: number; readonly warnings: boolean },
  ): Promise<readonly ImportError[]>
  /** Claims the import that has waited longest; one per app at a time. */
  claim(claim: Omit<Claim, 'limit'>, now: Date): Promise<LeasedImport | null>
  /**
   * Prepares a step, possibly before earlier ones are applied. The returned function applies it, all or nothing: false, and
   * nothing written, if the import is no longer held by this lease.
   */
  ready(step: ImportStep, now: Date): () => Promise<boolean>
  /** Ends a lease, so that another import can be claimed. */
  release(lease: string, now: Date): Promise<void>
  /** Finishes the import under a lease; data of a dry run is deleted later. */
  finish(
    lease: string,
    end: { readonly fault: ImportFault | null; readonly total: number | null },
    now: Date,
  ): Promise<void>
  /** Cancels a waiting or running import after its current step, or deletes a finished one. False for an unknown import. */
  remove(appId: string, id: string, now: Date, entry?: AuditEntry): Promise<'cancelled' | 'forgotten' | null>
  /** Ends every lease. */
  endLeases(now: Date): Promise<void>
  /** Deletes a batch of dry run data; returns whether more may be left. */
  sweep(limit: number): Promise<boolean>
  /** Deletes the oldest import that finished before a time; returns its id, if there was one. */
  prune(before: Date): Promise<readonly string[]>
  /** Stores keyed hashes of an erased user and of their ids and tokens; older imports do not restore them. */
  noteErased(appId: string, marks: readonly string[], now: Date): Promise<void>
  /** Stores a chunk of a file. */
  putChunk(id: string, place: number, bytes: string): Promise<void>
  chunk(id: string, place: number): Promise<string | null>
  dropChunks(id: string): Promise<void>
}
