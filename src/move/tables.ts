import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as schema from '../../schema/tables.ts'

export interface MovedColumn {
  readonly name: string
  readonly type: 'text' | 'integer' | 'real' | 'blob'
}

/** A table as it is moved: rows of cells, in the order of its key. */
export interface MovedTable {
  readonly name: string
  readonly columns: readonly MovedColumn[]
  /** The columns of its primary key, of which none is ever NULL. */
  readonly key: readonly string[]
  /** Where each column of the key is among the columns. */
  readonly keyAt: readonly number[]
  /** The column of the key whose values the database draws: its next one moves, too. */
  readonly drawn: string | undefined
}

const TYPES = ['text', 'integer', 'real', 'blob'] as const

function moved(of: SQLiteTable): MovedTable {
  const { name, columns, primaryKeys } = getTableConfig(of)
  const own = columns.filter(({ primary }) => primary)
  const key = [...primaryKeys.flatMap((one) => one.columns), ...own].map((one) => one.name)
  if (key.length === 0) throw new Error(`${name} has no key: its rows cannot be read in parts`)
  const listed = columns.map((one) => {
    const type = TYPES.find((known) => known === one.getSQLType())
    if (!type) throw new Error(`no type for ${name}.${one.name}`)
    return { name: one.name, type }
  })
  return {
    ...{ name, key, columns: listed },
    keyAt: key.map((one) => listed.findIndex((column) => column.name === one)),
    drawn: own.find((one) => one.getSQLType() === 'integer')?.name,
  }
}

/** Every table of the schema. None refers to another by a constraint, so that their order does not matter. */
export const TABLES: readonly MovedTable[] = Object.values(schema).map(moved)
