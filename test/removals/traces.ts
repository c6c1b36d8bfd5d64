import { is, sql, Table } from 'drizzle-orm'
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as tables from '../../schema/tables.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { value } from '../../src/store/sql/statements/shared.ts'
import type { Harness } from '../harness/harness.ts'

/** Every column of every table that can hold text. */
const columns = Object.values(tables)
  .filter((one) => is(one, Table))
  .flatMap((table: SQLiteTable) => {
    const { name, columns } = getTableConfig(table)
    return columns
      .filter((column) => column.getSQLType() === 'text')
      .map((column) => ({
        name: `${name}.${column.name}`,
        found: statement<{ n: number }>(
          sql`SELECT count(*) AS n FROM ${sql.raw(`"${name}"`)} WHERE instr(${sql.raw(`"${column.name}"`)}, ${value('text')}) > 0`,
        ),
      }))
  })

/** Where in the whole store a text is found. */
export async function traces(h: Pick<Harness, 'db'>, text: string): Promise<string[]> {
  const results = await h.db.read(columns.map(({ found }) => call(found, { text })))
  return columns.filter((_, at) => (results[at]?.[0]?.n ?? 0) > 0).map(({ name }) => name)
}
