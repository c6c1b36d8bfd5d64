import type { ImportRow, RefusedRow } from '../../domain/import.ts'
import type { Environment } from '../../domain/push-token.ts'
import type { LeasedImport } from '../../store/store.ts'
import { type FileLine, type Format, type ImportTerms, isFileLine, type RawRow } from '../format.ts'
import { type Cleaning, cleaned, refusedRow } from '../rows/clean.ts'
import { timeOf } from '../rows/times.ts'
import type { FileRecord } from '../text/record.ts'

/** The file's own data about itself in our format, as far as it was read. */
export interface FileState {
  readonly begun: boolean
  readonly devices: number
  /** The content of its last line; null if there was none. */
  readonly said: number | null
}
export const NO_FILE: FileState = { begun: false, devices: 0, said: null }

export interface RowDeps {
  readonly now: () => Date
  readonly newId: () => string
  readonly uuid: () => string
  /** The dialects of the app. */
  readonly terms: ReadonlyMap<string, ImportTerms>
}

/** Converts the records of one import to rows. */
export function rowMaker(of: LeasedImport, format: Format, header: readonly string[] | null, deps: RowDeps) {
  const now = deps.now().getTime()
  const read = format.read({ options: of.options, header, now })
  let exportedAt = of.exportedAt?.getTime() ?? null

  /** By dialect; rebuilt when the file states its own time. */
  const known = new Map<string, Cleaning>()
  function cleaning(dialect: string, terms: ImportTerms): Cleaning {
    const before = known.get(dialect)
    if (before?.exportedAt === exportedAt) return before
    const { environment } = of.options
    const made: Cleaning = {
      ...{ terms, dialect, exportedAt, now, environment: environment as Environment },
      ...{ foreign: format.foreign, begunAt: of.createdAt.getTime(), newId: deps.newId, uuid: deps.uuid },
    }
    known.set(dialect, made)
    return made
  }

  function row(raw: RawRow, record: FileRecord, position: number): ImportRow | RefusedRow {
    if (raw.fault !== undefined && raw.platform === undefined)
      return refusedRow(raw, record, position, raw.fault, raw.faultField)
    if (raw.skip !== undefined && raw.platform === undefined)
      return refusedRow(raw, record, position, raw.skip)
    const dialect = of.dialect === '' ? (raw.dialect ?? '') : of.dialect
    const terms = deps.terms.get(dialect)
    if (!terms || (raw.dialect !== undefined && raw.dialect !== dialect)) {
      return refusedRow(raw, record, position, 'other_dialect')
    }
    return cleaned(raw, record, position, cleaning(dialect, terms))
  }

  const fits = ({ cells = [] }: FileRecord) =>
    format.mostCells === undefined ? cells.length === header?.length : cells.length <= format.mostCells

  return {
    exportedAt: () => (exportedAt === null ? null : new Date(exportedAt)),

    /** A row, or a line about the file. */
    of(record: FileRecord, position: number): ImportRow | RefusedRow | FileLine {
      if (header && !record.fault && !fits(record)) {
        return refusedRow({}, record, position, 'columns')
      }
      const raw = record.fault ? { fault: record.fault } : read(record)
      if (!isFileLine(raw)) return row(raw, record, position)
      const said = 'exportedAt' in raw ? timeOf(raw.exportedAt, now, 300_000) : undefined
      if (typeof said === 'number') exportedAt ??= said
      return raw
    },
  }
}

export const isRefused = (row: ImportRow | RefusedRow): row is RefusedRow => 'reason' in row
