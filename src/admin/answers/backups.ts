import * as z from 'zod'
import { count, named, time } from './answer.ts'

const TableHash = z.strictObject({
  rows: count.describe('How many rows it had.'),
  sha256: z.string().describe('The hash of all of them, in the order of their key.'),
})

export const Backup = z
  .strictObject({
    id: z.string().describe('The backup’s id.'),
    state: z
      .enum(['running', 'ready', 'failed'])
      .describe('`ready` can be fetched, for an hour from its start.'),
    createdAt: time.describe('When it was begun.'),
    bytes: count.nullable().describe('The size of the copy; null while that is not known.'),
    done: count.describe('How much of it is copied.'),
    tables: z
      .record(z.string(), TableHash)
      .nullable()
      .describe('What each table held, for whoever fetches it to compare; null until it is ready.'),
    error: z.string().nullable().describe('Why it failed; null otherwise.'),
  })
  .describe('A copy of the database, as it was at one moment.')
  .register(named, { id: 'Backup' })
