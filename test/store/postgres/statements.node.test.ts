import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresPlan } from '../../../src/store/sql/engines/postgres.ts'
import { call } from '../../../src/store/sql/statement.ts'
import { postgresMissing, skipWhere } from '../../harness/postgres/owner.ts'
import { freshDatabase } from '../../harness/postgres/shared.ts'
import { catalogue } from '../catalogue.ts'

const missing = postgresMissing()

/** PostgreSQL's plan for a statement if it could use any index: the tables that it still reads completely. */
async function walked(client: Client, text: string, values: number): Promise<readonly string[]> {
  await client.query(`PREPARE asked AS ${text}`)
  const nulls = Array.from({ length: values }, () => 'NULL').join(', ')
  const { rows } = await client.query(`EXPLAIN EXECUTE asked${values > 0 ? `(${nulls})` : ''}`)
  await client.query('DEALLOCATE asked')
  return rows.flatMap((row) => /Seq Scan on (\w+)/.exec(row['QUERY PLAN'])?.[1] ?? [])
}

/** Statements that read a table from its beginning, and why they may. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  // Its first row, at a start.
  'apps.anySealed': ['apps'],
  // One row for each import of the last days; queried occasionally for the lease.
  'imports.startImport': ['imports'],
  'imports.releaseImport': ['imports'],
  'imports.finishImport': ['imports'],
  // Each webhook once, in maintenance.
  'outbox.dropAbandoned': ['webhooks'],
  // Only used with SQLite, in the gateway's own thread: with PostgreSQL the claim itself uses an index.
  'removals.anyDue': ['removals'],
}

describe('the catalogue of statements on PostgreSQL', () => {
  skipWhere(missing)
  let client: Client
  beforeAll(async () => {
    if (missing !== undefined) return
    client = new Client(await freshDatabase())
    await client.connect()
    await client.query('SET enable_seqscan = off')
    await client.query('SET plan_cache_mode = force_generic_plan')
  })
  afterAll(() => client?.end())

  test.each(catalogue)('prepares %s, and finds its rows by an index', async (name, statement) => {
    const prepared = postgresPlan([call(statement as never, {} as never)])
    for (const { text, binds } of prepared) {
      const tables = await walked(client, text, binds.length)
      expect(tables, `${name}: ${text}`).toEqual(MAY[name] ?? [])
    }
  })
})
