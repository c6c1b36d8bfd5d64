import { TAG_LIMITS } from '../../../domain/tag.ts'
import {
  arrayOf,
  bytes,
  element,
  elements,
  fraction,
  item,
  json,
  number,
  refuse,
  sizeOf,
  typeOf,
  whole,
} from '../forms.ts'
import { devices, tags } from '../tables.ts'
import { sql, type Template } from '../template.ts'

/*
 * What a change makes of the value that a tag holds (`tags.value`, NULL where there is none) and of the one that it
 * brings. A held value of another type, from before the name's type was settled, counts for nothing.
 */

/** A tag, and the rows of queries that have the columns of one: a change of it, and what comes after it. */
export const t = tags.as('t')
export const change = tags.as('change')
export const after = tags.as('after_it')
/** What the tag held before, and of which type. */
export const held = sql`after_it.held`
export const heldType = sql`after_it.held_type`

const listOf = (list: Template, from: number) =>
  sql`SELECT ${element('x')} AS e, ${item('x').key} + ${number(from)} AS place FROM ${elements(list)} x`

const heldList = sql`CASE WHEN ${typeOf(t.value)} = 'array' THEN ${t.value} END`
const given = change.value
const collected = arrayOf(json(sql`e`))

/** Behind the places of any list that is held. */
const BEHIND = 1_000_000

/** The elements of both lists in order, each once: sorted, so that the cost is that of the elements. */
export const union = sql`(SELECT ${collected} FROM (
  SELECT e FROM (${listOf(heldList, 0)} UNION ALL ${listOf(given, BEHIND)}) GROUP BY e ORDER BY min(place)))`

/** The held list without the given elements, by the same means. */
export const difference = sql`(SELECT ${collected} FROM (
  SELECT e FROM (SELECT e, place, min(place) OVER (PARTITION BY e) AS first FROM (
    ${listOf(heldList, 0)} UNION ALL ${listOf(given, -BEHIND)}))
  WHERE first >= 0 ORDER BY place))`

const total = sql`(${t.value} + ${given})`
/** The largest whole number that JSON carries unharmed. */
const SAFE = Number.MAX_SAFE_INTEGER

/** A sum that no number can hold leaves the tag as it is: infinity is not JSON, and digits would be lost. */
export const sum = sql`CASE
  WHEN coalesce(${typeOf(t.value)}, '') NOT IN ('integer', 'real') THEN ${given}
  WHEN ${whole(total)} THEN CASE WHEN ${total} BETWEEN ${number(-SAFE)} AND ${number(SAFE)} THEN CAST(${total} AS TEXT) ELSE ${t.value} END
  WHEN abs(${total}) < 9e999 THEN ${fraction(total)} ELSE ${t.value} END`

export const replacement = given

const length = (list: Template) => sql`coalesce(${sizeOf(list)}, 0)`

/** A list that has grown beyond its limit ends the plan; one that was longer before may shrink. */
export const boundedList = sql`CASE WHEN ${length(after.value)} > ${number(TAG_LIMITS.elements)}
  AND ${length(after.value)} > ${length(held)} THEN ${refuse('elements', length(after.value))} ELSE ${after.value} END`

const own = devices.as('devices')
const { tagCount, tagBytes } = devices
/**
 * What the tags of a device take, counted again. Beyond a limit a device may lose tags or change them, but gain
 * nothing: that ends the plan.
 */
export const counted = sql`(${tagCount}, ${tagBytes}) = (SELECT
    CASE WHEN n > ${number(TAG_LIMITS.perDevice)} AND n > ${own.tagCount} THEN ${refuse('tags', sql`n`)} ELSE n END,
    CASE WHEN b > ${number(TAG_LIMITS.bytesPerDevice)} AND b > ${own.tagBytes} THEN ${refuse('tags', sql`b`)} ELSE b END
  FROM (SELECT count(*) AS n, coalesce(sum(${bytes(tags.name)} + ${bytes(tags.value)}), 0) AS b FROM ${tags} WHERE ${tags.deviceId} = ${own.id}))`
