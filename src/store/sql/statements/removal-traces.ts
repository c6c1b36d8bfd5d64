import type { Alias, Table, TableName } from '../tables.ts'
import type { Expression, Template } from '../template.ts'

/** What a removal binds; a user or a dialect that it does not name is null. */
export type Names =
  | 'removal'
  | 'lease'
  | 'app'
  | 'dialect'
  | 'userId'
  | 'subject'
  | 'now'
  | 'cause'
  | 'batch'
  | 'rows'
export type Part = Template<Names>

/** The rows of a table, which are `t` where they are looked for, and their key. */
export const rowsOf = <Name extends TableName>(
  table: Table<Name>,
  key: (of: Alias<Name>) => readonly Expression[],
) => {
  const t = table.as('t')
  return { table: table as Template, rows: t as Template, key: key(table), of: key(t) }
}
/** Rows of one table that go with an extent; `set` where the row stays and only says less. */
export interface Trace extends ReturnType<typeof rowsOf> {
  readonly from: Part
  readonly set?: Part
}

/** `d` is one of the devices that are looked at; what an index finds by it. */
export type Hanging = Omit<Trace, 'from'> & { readonly on: Template }
