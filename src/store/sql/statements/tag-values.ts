import { type SQL, sql } from 'drizzle-orm'
import { TAG_LIMITS } from '../../../domain/tag.ts'
import { bytes, element, fraction, number, refuse } from './shared.ts'

/*
 * What a change makes of the value that a tag holds (`tags.value`, NULL where there is none) and of the one that it
 * brings. A held value of another type, from before the name's type was settled, counts for nothing.
 */

const elements = (list: SQL, from: number): SQL =>
  sql`SELECT ${element('x')} AS e, x.key + ${number(from)} AS place FROM json_each(${list}) x`

const heldList: SQL = sql.raw(`CASE WHEN json_type(t.value) = 'array' THEN t.value END`)
const given: SQL = sql.raw('change.value')

/** Behind the places of any list that is held. */
const BEHIND = 1_000_000

/** The elements of both lists in order, each once: sorted, so that the cost is that of the elements. */
export const union: SQL = sql`(SELECT json_group_array(json(e)) FROM (
  SELECT e FROM (${elements(heldList, 0)} UNION ALL ${elements(given, BEHIND)}) GROUP BY e ORDER BY min(place)))`

/** The held list without the given elements, by the same means. */
export const difference: SQL = sql`(SELECT json_group_array(json(e)) FROM (
  SELECT e FROM (SELECT e, place, min(place) OVER (PARTITION BY e) AS first FROM (
    ${elements(heldList, 0)} UNION ALL ${elements(given, -BEHIND)}))
  WHERE first >= 0 ORDER BY place))`

const SUM = '(t.value + change.value)'
/** The largest whole number that JSON carries unharmed. */
const SAFE = Number.MAX_SAFE_INTEGER

/** A sum that no number can hold leaves the tag as it is: infinity is not JSON, and digits would be lost. */
export const sum: SQL = sql.raw(`CASE
  WHEN coalesce(json_type(t.value), '') NOT IN ('integer', 'real') THEN change.value
  WHEN typeof(${SUM}) = 'integer' THEN CASE WHEN ${SUM} BETWEEN -${SAFE} AND ${SAFE} THEN CAST(${SUM} AS TEXT) ELSE t.value END
  WHEN abs(${SUM}) < 9e999 THEN ${fraction(SUM)} ELSE t.value END`)

export const replacement: SQL = given

const length = (list: string): SQL => sql.raw(`coalesce(json_array_length(${list}), 0)`)

/** A list that has grown beyond its limit ends the plan; one that was longer before may shrink. */
export const boundedList: SQL = sql`CASE WHEN ${length('after_it.value')} > ${number(TAG_LIMITS.elements)}
  AND ${length('after_it.value')} > ${length('after_it.held')} THEN ${refuse('elements', sql`${length('after_it.value')}`)} ELSE after_it.value END`

/**
 * What the tags of a device take, counted again. Beyond a limit a device may lose tags or change them, but gain
 * nothing: that ends the plan.
 */
export const counted: SQL = sql`(tag_count, tag_bytes) = (SELECT
    CASE WHEN n > ${number(TAG_LIMITS.perDevice)} AND n > devices.tag_count THEN ${refuse('tags', sql`n`)} ELSE n END,
    CASE WHEN b > ${number(TAG_LIMITS.bytesPerDevice)} AND b > devices.tag_bytes THEN ${refuse('tags', sql`b`)} ELSE b END
  FROM (SELECT count(*) AS n, coalesce(sum(${bytes('name')} + ${bytes('value')}), 0) AS b FROM tags WHERE device_id = devices.id))`
