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

/*
 * A topic that goes may have any number of subscriptions, which go in pieces. Its row stands under a dialect that nobody
 * speaks meanwhile: so it is out of everybody's sight, nobody can subscribe to it, and whoever makes it anew knows that
 * others' subscriptions are still there. Its description says which devices the last piece had: those behind the first
 * id, up to the second.
 */
const GOING = '/going'
const going: SQL = sql`app_id = ${value('app')} AND dialect = ${value('dialect')} || ${sql.raw(`'${GOING}'`)} AND name = ${value('name')}`
/** Behind every id. */
const last: SQL = sql.raw(`'\u{10ffff}'`)

export const createCatalogued: Statement<CatalogueRow> = statement(sql`
  INSERT INTO catalogue (app_id, dialect, name, id, description, created_at, updated_at)
  SELECT ${value('app')}, ${value('dialect')}, ${value('name')}, ${value('id')}, ${value('description')}, ${value('now')}, ${value('now')}
  WHERE ${spoken} AND NOT EXISTS (SELECT 1 FROM catalogue WHERE ${going})
  ON CONFLICT DO NOTHING RETURNING ${catalogueColumns}`)

export const updateCatalogued: Statement<CatalogueRow> = statement(sql`
  UPDATE catalogue SET description = coalesce(${value('description')}, description), updated_at = ${value('now')}
  WHERE ${named} RETURNING ${catalogueColumns}`)

export const findCatalogued: Statement<CatalogueRow> = statement(
  sql`SELECT ${catalogueColumns} FROM catalogue WHERE ${named}`,
)

export const beginGoing = statement(sql`
  UPDATE catalogue SET dialect = dialect || ${sql.raw(`'${GOING}'`)}, description = '["",""]' WHERE ${named}`)

/** Goes on to the next piece; no row where the topic is not going. */
const advanceGoing: Statement<{ id: string }> = statement(sql`
  UPDATE catalogue SET description = json_array(description ->> '$[1]', coalesce((
    SELECT s.device_id FROM subscriptions s
    WHERE s.app_id = ${value('app')} AND s.topic = ${value('name')} AND s.device_id > catalogue.description ->> '$[1]'
    ORDER BY s.device_id LIMIT 1 OFFSET ${value('rows')} - 1), ${last}))
  WHERE ${going} RETURNING id`)

const end = (place: 0 | 1): SQL =>
  sql`(SELECT description ->> ${sql.raw(`'$[${place}]'`)} FROM catalogue WHERE ${going})`
const inPiece = (alias: string): SQL => {
  const of = sql.raw(alias)
  return sql`${of}.app_id = ${value('app')} AND ${of}.topic = ${value('name')}
    AND ${of}.device_id > ${end(0)} AND ${of}.device_id <= ${end(1)}`
}

/** The subscriptions of the dialect's devices. */
const countGoing = countLeft(unchecked(sql`${inPiece('s')} AND d.dialect = ${value('dialect')}`))
const dropGoing = statement(sql`
  DELETE FROM subscriptions WHERE ${inPiece('subscriptions')}
    AND EXISTS (SELECT 1 FROM devices d WHERE d.id = subscriptions.device_id AND d.dialect = ${value('dialect')})`)

/** No row while something is left. */
const finishGoing: Statement<{ id: string }> = statement(
  sql`DELETE FROM catalogue WHERE ${going} AND description ->> '$[1]' = ${last} RETURNING id`,
)

export const goingPiece = { advanceGoing, countGoing, dropGoing, finishGoing } as const

export const findGoing: Statement<{ id: string }> = statement(sql`SELECT id FROM catalogue WHERE ${going}`)

/** All of a dialect, with what is going. */
export const clearCatalogue = statement(
  sql`DELETE FROM catalogue WHERE app_id = ${value('app')} AND dialect IN (${value('dialect')}, ${value('dialect')} || ${sql.raw(`'${GOING}'`)})`,
)
