import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as schema from '../../schema/tables.ts'

export interface MovedColumn {
  readonly name: string
  readonly type: 'text' | 'integer' | 'real' | 'blob'
}

/** A table to move: rows of values, in key order. */
export interface MovedTable {
  readonly name: string
  readonly columns: readonly MovedColumn[]
  /** The columns of its primary key, none of which is ever NULL. */
  readonly key: readonly string[]
  /** The positions of the key columns among the columns. */
  readonly keyAt: readonly number[]
  /** The key column whose values the database generates; its next value is moved too. */
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

/** Every table of the schema. No constraint refers to another table, so their order does not matter. */
export const TABLES: readonly MovedTable[] = Object.values(schema).map(moved)
