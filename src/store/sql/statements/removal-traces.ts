import type { Alias, Table, TableName } from '../tables.ts'
import type { Expression, Template } from '../template.ts'

/** The values bound by a removal; a user or dialect that it does not name is null. */
export type Names =
  | 'removal'
  | 'lease'
  | 'app'
  | 'dialect'
  | 'userId'
  | 'subject'
  | 'now'
  | 'cause'
  | 'keeps'
  | 'batch'
  | 'rows'
export type Part = Template<Names>

/** Rows of a table (alias `t`), and their key. */
export const rowsOf = <Name extends TableName>(
  table: Table<Name>,
  key: (of: Alias<Name>) => readonly Expression[],
) => {
  const t = table.as('t')
  return { table: table as Template, rows: t as Template, key: key(table), of: key(t) }
}
/** Rows of one table that a removal deletes, or clears with `set`. */
export interface Trace extends ReturnType<typeof rowsOf> {
  readonly from: Part
  readonly set?: Part
}

/** `d` is one of the devices; `on` uses an index. */
export type Hanging = Omit<Trace, 'from'> & {
  readonly on: Template
  /** Another statement deletes the rows; the devices wait for it. */
  readonly apart?: boolean
}
