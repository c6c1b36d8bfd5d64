import * as z from 'zod'
import { OUTCOMES } from '../../domain/import.ts'
import { count, named, nextCursor, time } from './answer.ts'

const counted = (what: string) => z.record(z.string(), count).describe(what)

export const Import = z
  .strictObject({
    id: z.string().describe('The import’s id.'),
    dialect: z.string().nullable().describe('The dialect of its devices; null if each row names its own.'),
    format: z.string().describe('The format of its file.'),
    dryRun: z.boolean().describe('Whether it only counts what would change.'),
    state: z
      .enum(['queued', 'running', 'completed', 'failed', 'cancelled'])
      .describe('The state of the import. If it failed, the rows before the fault have been imported.'),
    createdAt: time.describe('When its file was received.'),
    startedAt: time.nullable().describe('When it started; null while it is queued.'),
    finishedAt: time.nullable().describe('When it ended; null until then.'),
    exportedAt: time.nullable().describe('When the vendor exported the file; null if not given.'),
    bytes: count.describe('The size of its file in bytes, uncompressed.'),
    rows: z
      .strictObject({
        read: count.describe('Records that were read.'),
        done: count.describe('Records with a known outcome.'),
        total: count.nullable().describe('All records; null until the end.'),
      })
      .describe('The numbers of rows.'),
    outcomes: z
      .strictObject(
        Object.fromEntries(OUTCOMES.map((one) => [one, count.describe(`Rows that were ${one}.`)])) as Record<
          (typeof OUTCOMES)[number],
          typeof count
        >,
      )
      .describe('The rows by outcome; each row has exactly one.'),
    reasons: counted('Rows that were rejected or skipped, by their reason.'),
    warnings: counted('Rows by warning; a warning about the whole file counts as 1.'),
    error: z
      .strictObject({
        code: z
          .enum(['header', 'json_syntax', 'too_large', 'storage', 'internal'])
          .describe('The kind of fault.'),
        message: z.string().describe('A sentence that describes the fault.'),
      })
      .nullable()
      .describe('Why it failed; null if it did not.'),
  })
  .describe('An import of a file.')
  .register(named, { id: 'Import' })

export const ImportPage = z
  .strictObject({ imports: z.array(Import).describe('The imports, newest first.'), nextCursor })
  .describe('A page of imports.')
  .register(named, { id: 'ImportPage' })

export const ImportQueued = z
  .strictObject({
    id: z.string().describe('The import’s id.'),
    state: z
      .enum(['queued', 'running', 'completed', 'failed', 'cancelled'])
      .describe('The state of the import.'),
  })
  .describe('An import that was accepted.')
  .register(named, { id: 'ImportQueued' })

/** One line of the error list. */
export const ImportError = z
  .strictObject({
    row: z.int().min(1).describe('The number of the record; the first is 1, and a header does not count.'),
    line: z.int().min(1).optional().describe('The line of the file where it begins.'),
    outcome: z.enum(OUTCOMES).describe('The outcome.'),
    reason: z.string().optional().describe('Why it was rejected or skipped.'),
    message: z.string().describe('A sentence that says what to do.'),
    field: z.string().optional().describe('The column or member of the file concerned.'),
    externalId: z.string().optional().describe('The id in the row.'),
    token: z.string().optional().describe('The token, masked.'),
    warnings: z.array(z.string()).optional().describe('Problems despite which it was imported.'),
    raw: z.string().optional().describe('With `raw`: the original record, with tokens masked.'),
  })
  .describe('A row that was rejected, skipped or imported with warnings.')
  .register(named, { id: 'ImportError' })
