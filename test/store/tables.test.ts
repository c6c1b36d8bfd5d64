import { getTableColumns, getTableName, is, Table } from 'drizzle-orm'
import { expect, test } from 'vitest'
import * as schema from '../../schema/tables.ts'
import { statement } from '../../src/store/sql/statement.ts'
import * as named from '../../src/store/sql/tables.ts'
import { type Any, sql } from '../../src/store/sql/template.ts'

const text = (of: Any) => statement(sql`${of}`).text
const statementTables = new Map(Object.entries(named))
const tables = Object.entries(schema).flatMap(([name, table]) =>
  is(table, Table) ? [{ name, table: table as Table }] : [],
)

test('statements have a name for every table of the schema, and for no other', () => {
  expect([...statementTables.keys()].sort()).toEqual(tables.map(({ name }) => name).sort())
})

test.each(tables)('$name and its columns are called in SQL as the schema calls them', ({ name, table }) => {
  const short = statementTables.get(name)
  if (!short) throw new Error(`no ${name}`)
  expect(text(short)).toBe(getTableName(table))
  expect(text(short.as('x'))).toBe(`${getTableName(table)} x`)
  for (const [key, column] of Object.entries(getTableColumns(table))) {
    const of = (alias: object) => text(Reflect.get(alias, key))
    expect([of(short), of(short.as('x'))]).toEqual([column.name, `x.${column.name}`])
  }
})
