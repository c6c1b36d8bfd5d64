import { type SQL, sql } from 'drizzle-orm'
import { statement } from '../statement.ts'
import { spoken, value } from './shared.ts'

/*
 * A tag's name has one type in a dialect of an app. Where a change of tags meets it, the type is a look-up per change:
 * no change reads the others, and none asks a second time.
 */

/** The type of the name of the change `j`. */
export const typeOfName: SQL = sql`y.app_id = ${value('app')} AND y.dialect = ${value('dialect')} AND y.name = j.value ->> '$.name'`

/** Each change of the list with its value in the type of its name, as rows of `name, type, value`. */
export const settled: SQL = sql`
  SELECT j.value ->> '$.name' AS name, o.value ->> '$.type' AS type, o.value -> '$.value' AS value
  FROM json_each(${value('changes')}) j CROSS JOIN json_each(j.value, '$.as') o LEFT JOIN tag_types y ON ${typeOfName}
  WHERE CASE WHEN j.value ->> '$.fixed' THEN o.key = 0 ELSE o.value ->> '$.type' = y.type END`

/** Gives new names the type of their first value, if there is a device to have it. A guess of an import gives way. */
export const fixTypes = (someone: SQL) =>
  statement(sql`
  INSERT INTO tag_types (app_id, dialect, name, type, source)
  SELECT ${value('app')}, ${value('dialect')}, j.value ->> '$.name', j.value ->> '$.as[0].type', 'value'
  FROM json_each(${value('changes')}) j WHERE EXISTS (${someone}) AND ${spoken} ORDER BY j.key
  ON CONFLICT (app_id, dialect, name) DO UPDATE SET type = excluded.type, source = 'value' WHERE tag_types.source = 'import'`)

/** What an operator declares in the `tagTypes` of a dialect's options, whatever the names' types were. */
export const declareTypes = statement(sql`
  INSERT INTO tag_types (app_id, dialect, name, type, source)
  SELECT a.app_id, a.dialect, j.key, j.value, 'operator'
  FROM app_dialects a CROSS JOIN json_each(a.options, '$.tagTypes') j
  WHERE a.app_id = ${value('app')} AND a.dialect = ${value('dialect')}
  ON CONFLICT (app_id, dialect, name) DO UPDATE SET type = excluded.type, source = 'operator'`)
