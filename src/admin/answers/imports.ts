import * as z from 'zod'
import { OUTCOMES } from '../../domain/import.ts'
import { count, named, nextCursor, time } from './answer.ts'

const counted = (what: string) => z.record(z.string(), count).describe(what)

export const Import = z
  .strictObject({
    id: z.string().describe('The import’s id.'),
    dialect: z.string().nullable().describe('The dialect of its devices; null where each row says its own.'),
    format: z.string().describe('The format of its file.'),
    dryRun: z.boolean().describe('Whether it only counts what it would do.'),
    state: z
      .enum(['queued', 'running', 'completed', 'failed', 'cancelled'])
      .describe('How far it is. Of one that failed, the rows before the fault are imported.'),
    createdAt: time.describe('When its file had arrived.'),
    startedAt: time.nullable().describe('When it began; null while it is queued.'),
    finishedAt: time.nullable().describe('When it ended; null before.'),
    exportedAt: time.nullable().describe('When its file was true; null where nobody said so.'),
    bytes: count.describe('Bytes of its file, unpacked.'),
    rows: z
      .strictObject({
        read: count.describe('Records that were read.'),
        done: count.describe('Records of which it is known what became of them.'),
        total: count.nullable().describe('All records; null before the end.'),
      })
      .describe('How many rows.'),
    outcomes: z
      .strictObject(
        Object.fromEntries(OUTCOMES.map((one) => [one, count.describe(`Rows that were ${one}.`)])) as Record<
          (typeof OUTCOMES)[number],
          typeof count
        >,
      )
      .describe('What became of the rows; each has one outcome.'),
    reasons: counted('Rows that were rejected or skipped, by their reason.'),
    warnings: counted('Rows by what they were taken in spite of; of the file as a whole, 1.'),
    error: z
      .strictObject({
        code: z
          .enum(['header', 'json_syntax', 'too_large', 'storage', 'internal'])
          .describe('What kind of fault.'),
        message: z.string().describe('The fault in a sentence.'),
      })
      .nullable()
      .describe('Why it failed; null where it did not.'),
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
    state: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']).describe('How far it is.'),
  })
  .describe('An import that was taken.')
  .register(named, { id: 'ImportQueued' })

/** One line of the error list. */
export const ImportError = z
  .strictObject({
    row: z.int().min(1).describe('The number of the record; the first is 1, and a header does not count.'),
    line: z.int().min(1).optional().describe('The physical line where it begins.'),
    outcome: z.enum(OUTCOMES).describe('What became of it.'),
    reason: z.string().optional().describe('Why it was rejected or skipped.'),
    message: z.string().describe('What to do, in a sentence.'),
    field: z.string().optional().describe('The column or member of the file that it is about.'),
    externalId: z.string().optional().describe('The id that the row names.'),
    token: z.string().optional().describe('The token, masked.'),
    warnings: z.array(z.string()).optional().describe('What it was taken in spite of.'),
    raw: z.string().optional().describe('With `raw`: the record as it stood, tokens masked.'),
  })
  .describe('A row that was rejected, skipped or taken with warnings.')
  .register(named, { id: 'ImportError' })
