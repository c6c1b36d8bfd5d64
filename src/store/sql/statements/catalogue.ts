import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { unchecked } from '../template.ts'
import { countLeft } from './counters.ts'
import { spoken, value } from './shared.ts'

export interface CatalogueRow {
  id: string
  name: string
  description: string
  created_at: number
  updated_at: number
}

export const catalogueColumns: SQL = sql.raw('id, name, description, created_at, updated_at')
/** One dialect of one app. */
export const scoped: SQL = sql`app_id = ${value('app')} AND dialect = ${value('dialect')}`
const named: SQL = sql`${scoped} AND name = ${value('name')}`

export const createCatalogued: Statement<CatalogueRow> = statement(sql`
  INSERT INTO catalogue (app_id, dialect, name, id, description, created_at, updated_at)
  SELECT ${value('app')}, ${value('dialect')}, ${value('name')}, ${value('id')}, ${value('description')}, ${value('now')}, ${value('now')}
  WHERE ${spoken}
  ON CONFLICT DO NOTHING RETURNING ${catalogueColumns}`)

export const updateCatalogued: Statement<CatalogueRow> = statement(sql`
  UPDATE catalogue SET description = coalesce(${value('description')}, description), updated_at = ${value('now')}
  WHERE ${named} RETURNING ${catalogueColumns}`)

export const findCatalogued: Statement<CatalogueRow> = statement(
  sql`SELECT ${catalogueColumns} FROM catalogue WHERE ${named}`,
)

/** The subscriptions of the dialect's devices to a topic that goes. */
export const countSubscribers = countLeft(
  unchecked(sql`s.app_id = ${value('app')} AND s.topic = ${value('name')}
    AND EXISTS (SELECT 1 FROM catalogue WHERE ${named}) AND d.dialect = ${value('dialect')}`),
)
export const dropSubscribers = statement(sql`
  DELETE FROM subscriptions WHERE app_id = ${value('app')} AND topic = ${value('name')}
    AND EXISTS (SELECT 1 FROM catalogue WHERE ${named})
    AND EXISTS (SELECT 1 FROM devices d WHERE d.id = subscriptions.device_id AND d.dialect = ${value('dialect')})`)

export const removeCatalogued: Statement<{ id: string }> = statement(
  sql`DELETE FROM catalogue WHERE ${named} RETURNING id`,
)
