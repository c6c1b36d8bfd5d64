import type { Reason } from '../../domain/import.ts'

/** Where a reader goes on behind a record: plain JSON. */
export interface ReaderPlace {
  /** In bytes of the file. */
  readonly offset: number
  readonly line: number
  /** What else the reader must know there. */
  readonly state?: unknown
}

/** A record of a file. */
export interface FileRecord {
  /** The physical line where it begins, from 1. */
  readonly line: number
  /** As it stood. */
  readonly raw: string
  /** Cells of a table, in the order of its header, or a JSON value. */
  readonly cells?: readonly string[]
  readonly value?: unknown
  /** The kind of list that a JSON value stood in, where pages have several. */
  readonly list?: string
  readonly fault?: Reason
  /** Where the next one begins. */
  readonly next: ReaderPlace
}

/** Reads records out of bytes as they come. */
export interface RecordReader {
  push(bytes: Uint8Array): readonly FileRecord[]
  /** Throws `FileFault` where the file breaks off. */
  end(): readonly FileRecord[]
}

/** A fault of the file as a whole. */
export class FileFault extends Error {
  override readonly name = 'FileFault'
  readonly code: 'header' | 'json_syntax'
  /** Records in front of the fault. */
  readonly before: readonly FileRecord[]

  constructor(code: 'header' | 'json_syntax', message: string, before: readonly FileRecord[] = []) {
    super(message)
    this.code = code
    this.before = before
  }
}

export const START: ReaderPlace = { offset: 0, line: 1 }
