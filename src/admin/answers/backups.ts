import * as z from 'zod'
import { count, named, time } from './answer.ts'

const TableHash = z.strictObject({
  rows: count.describe('The number of rows.'),
  sha256: z.string().describe('The hash of all rows, in the order of their key.'),
})

export const Backup = z
  .strictObject({
    id: z.string().describe('The backup’s id.'),
    state: z
      .enum(['running', 'ready', 'failed'])
      .describe('Once `ready`, the copy can be downloaded until one hour after its start.'),
    createdAt: time.describe('When it was started.'),
    bytes: count.nullable().describe('The size of the copy; null until it is known.'),
    done: count.describe('How much has been copied.'),
    tables: z
      .record(z.string(), TableHash)
      .nullable()
      .describe('What each table contained, to verify the download; null until it is ready.'),
    error: z.string().nullable().describe('Why it failed; null otherwise.'),
  })
  .describe('A copy of the database at one moment.')
  .register(named, { id: 'Backup' })
