import type { Reason } from '../../domain/import.ts'

/** The position from which a reader resumes after a record, as plain JSON. */
export interface ReaderPlace {
  /** In bytes of the file. */
  readonly offset: number
  readonly line: number
  /** Further state that the reader needs to resume. */
  readonly state?: unknown
}

/** A record of a file. */
export interface FileRecord {
  /** The number of the physical line where it begins, from 1. */
  readonly line: number
  /** The text as it is in the file. */
  readonly raw: string
  /** Cells of a table in header order, or a JSON value. */
  readonly cells?: readonly string[]
  readonly value?: unknown
  /** The list from which a JSON value comes, if pages have several. */
  readonly list?: string
  readonly fault?: Reason
  /** The position of the next record. */
  readonly next: ReaderPlace
}

/** Reads records from bytes as they arrive. */
export interface RecordReader {
  push(bytes: Uint8Array): readonly FileRecord[]
  /** Throws `FileFault` if the file is incomplete. */
  end(): readonly FileRecord[]
}

/** A fault that concerns the whole file. */
export class FileFault extends Error {
  override readonly name = 'FileFault'
  readonly code: 'header' | 'json_syntax'
  /** The records before the fault. */
  readonly before: readonly FileRecord[]

  constructor(code: 'header' | 'json_syntax', message: string, before: readonly FileRecord[] = []) {
    super(message)
    this.code = code
    this.before = before
  }
}

export const START: ReaderPlace = { offset: 0, line: 1 }
