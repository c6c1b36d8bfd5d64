import type { Table, TableName } from './tables.ts'
import { type Any, join, type NamesOf, sql, type Template } from './template.ts'

/** Columns of a table with their values. */
type Filled<Name extends TableName> = {
  readonly [Column in Exclude<keyof Table<Name>, keyof Any | 'as' | 'left'>]?: Any
}

/** The beginning of an INSERT with each column next to its value, up to the source of the values. */
export function insertion<const Name extends TableName, const Row extends Filled<Name>>(
  into: Table<Name>,
  row: Row & Readonly<Record<Exclude<keyof Row, keyof Table<Name>>, never>>,
): Template<NamesOf<Extract<Row[keyof Row], Any>>> {
  const known: Readonly<Record<string, unknown>> = into
  const columns = Object.keys(row).map((name) => known[name] as Any)
  return sql`INSERT INTO ${into} (${join(columns, ', ')}) SELECT ${join(Object.values<Any>(row), ', ')}` as Template<never>
}
