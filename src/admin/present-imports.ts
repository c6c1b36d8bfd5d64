import type { Import, ImportError } from '../domain/import.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'
import { messageOf } from './import-messages.ts'

const time = (date: Date | null) => date?.toISOString() ?? null

export function presentImport(of: Import): Answer<typeof A.Import> {
  const { id, dialect, format, dryRun, state, bytes, rows, outcomes, reasons, warnings, error } = of
  return {
    ...{ id, dialect: dialect === '' ? null : dialect, format, dryRun, state },
    createdAt: of.createdAt.toISOString(),
    startedAt: time(of.startedAt),
    finishedAt: time(of.finishedAt),
    exportedAt: time(of.exportedAt),
    ...{ bytes, rows, outcomes, reasons, warnings, error },
  }
}

export function presentError(error: ImportError, raw: boolean): Answer<typeof A.ImportError> {
  const { row, outcome, reason, warnings, shown } = error
  return {
    row,
    ...(shown.line !== undefined && { line: shown.line }),
    outcome,
    ...(reason !== null && { reason }),
    message: messageOf(error),
    ...(shown.field !== undefined && { field: shown.field }),
    ...(shown.externalId !== undefined && { externalId: shown.externalId }),
    ...(shown.token !== undefined && { token: shown.token }),
    ...(warnings.length > 0 && { warnings }),
    ...(raw && shown.raw !== undefined && { raw: shown.raw }),
  }
}
