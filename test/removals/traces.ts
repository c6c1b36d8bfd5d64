import { is, Table } from 'drizzle-orm'
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as tables from '../../schema/tables.ts'
import { holds } from '../../src/store/sql/forms.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { columns, integer, raw, sql, value } from '../../src/store/sql/template.ts'
import type { Harness } from '../harness/harness.ts'

/** Every column of every table that can contain text. */
const texts = Object.values(tables)
  .filter((one) => is(one, Table))
  .flatMap((table: SQLiteTable) => {
    const { name, columns: all } = getTableConfig(table)
    return all
      .filter((column) => column.getSQLType() === 'text')
      .map((column) => ({
        name: `${name}.${column.name}`,
        found: statement(
          sql`SELECT ${columns({ n: integer(sql`count(*)`) })} FROM ${raw(`"${name}"`)} WHERE ${holds(raw(`"${column.name}"`), value('text'))}`,
        ),
      }))
  })

/** Where in the whole store a text occurs. */
export async function traces(h: Pick<Harness, 'db'>, text: string): Promise<string[]> {
  const results = await h.db.read(texts.map(({ found }) => call(found, { text })))
  return texts.filter((_, at) => (results[at]?.[0]?.n ?? 0) > 0).map(({ name }) => name)
}
