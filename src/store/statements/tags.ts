import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { element, fraction, keyed, unexpired, value } from './shared.ts'

const chosen: SQL = sql`SELECT d.id FROM devices d WHERE ${keyed('d')} AND ${unexpired('d')}`

/** Each change of one kind with the value of the type that its tag has or, where it is new, of the first type. */
const resolved = (kind: string): SQL => sql`
  SELECT c.device_id, c.name, c.type, c.value FROM (
    SELECT d.id AS device_id, j.value ->> '$.name' AS name, o.key AS rank, o.value ->> '$.type' AS type, o.value -> '$.value' AS value
    FROM (${chosen}) d, json_each(${value('changes')}) j, json_each(j.value, '$.as') o
    WHERE j.value ->> '$.do' = ${sql.raw(`'${kind}'`)}) c
  LEFT JOIN tags t ON t.device_id = c.device_id AND t.name = c.name
  WHERE (t.type IS NULL AND c.rank = 0) OR t.type = c.type`

const put = (kind: string, first: SQL, next: SQL): Statement =>
  statement(sql`
  INSERT INTO tags (device_id, name, type, value, updated_at)
  SELECT r.device_id, r.name, r.type, ${first}, ${value('now')} FROM (${resolved(kind)}) r WHERE true
  ON CONFLICT (device_id, name) DO UPDATE SET value = ${next}, updated_at = excluded.updated_at
    WHERE type = excluded.type AND value <> ${next}`)

/** The elements of both lists in order, each once. */
const joined = (lists: SQL): SQL =>
  sql`(SELECT json_group_array(json(e)) FROM (SELECT e FROM (${lists}) GROUP BY e ORDER BY min(place)))`
const elements = (list: string, from: number): SQL =>
  sql`SELECT ${element('j')} AS e, j.key + ${sql.raw(String(from))} AS place FROM json_each(${sql.raw(list)}) j`

export const setTags = put('set', sql`r.value`, sql`excluded.value`)
const SUM = '(value + excluded.value)'
/** A sum that no number can hold leaves the tag as it is: infinity is not JSON. */
export const incrementTags = put(
  'increment',
  sql`r.value`,
  sql.raw(
    `CASE WHEN typeof(${SUM}) = 'integer' THEN ${SUM} WHEN abs(${SUM}) < 9e999 THEN ${fraction(SUM)} ELSE value END`,
  ),
)
export const appendTags = put(
  'append',
  joined(elements('r.value', 0)),
  joined(sql`${elements('tags.value', 0)} UNION ALL ${elements('excluded.value', 1000000)}`),
)

export const subtractTags = statement(sql`
  UPDATE tags SET updated_at = ${value('now')}, value =
    (SELECT json_group_array(json(e)) FROM (SELECT ${element('j')} AS e FROM json_each(tags.value) j
      WHERE ${element('j')} NOT IN (SELECT ${element('x')} FROM json_each(r.value) x) ORDER BY j.key))
  FROM (${resolved('subtract')}) r WHERE tags.device_id = r.device_id AND tags.name = r.name AND tags.type = r.type
    AND EXISTS (SELECT 1 FROM json_each(tags.value) j WHERE ${element('j')} IN (SELECT ${element('x')} FROM json_each(r.value) x))`)

export const removeTags = statement(sql`
  DELETE FROM tags WHERE device_id = (${chosen}) AND name IN
    (SELECT j.value ->> '$.name' FROM json_each(${value('changes')}) j WHERE j.value ->> '$.do' = 'remove')`)

/**
 * The names of the changes whose tag has a type they could not be read in. The cross join has each change look its tag
 * up; the other way round, each tag would read all changes.
 */
export const skippedTags: Statement<{ name: string }> = statement(sql`
  SELECT t.name FROM json_each(${value('changes')}) j CROSS JOIN tags t
  WHERE t.device_id = (${chosen}) AND t.name = j.value ->> '$.name' AND j.value ->> '$.do' <> 'remove'
    AND NOT EXISTS (SELECT 1 FROM json_each(j.value, '$.as') o WHERE o.value ->> '$.type' = t.type)`)

/** Moves `updatedAt` when the statement before changed something. */
export const bumpOwner = statement(
  sql`UPDATE devices SET updated_at = ${value('now')}, last_seen_at = ${value('now')} WHERE changes() > 0 AND id = (${chosen})`,
)

export const tagOwner: Statement<{ id: string }> = statement(chosen)

export const readTags: Statement<{ name: string; type: string; value: string }> = statement(
  sql`SELECT name, type, value FROM tags WHERE device_id = (${chosen}) ORDER BY name`,
)
