import { TAG_LIMITS } from '../../../domain/tag.ts'
import {
  added,
  arrayOf,
  bytes,
  element,
  elements,
  isList,
  item,
  json,
  number,
  refuse,
  sizeOf,
  total,
} from '../forms.ts'
import { devices, tags } from '../tables.ts'
import { sql, type Template } from '../template.ts'

/*
 * The new value of a tag, from the stored value (`tags.value`, NULL if there is none) and the value of the
 * change. A stored value of another type, from before the name had a type, is ignored.
 */

/** A tag, and the rows of queries with a tag's columns: a change, and its result. */
export const t = tags.as('t')
export const change = tags.as('change')
export const after = tags.as('after_it')
/** The previous value of the tag, and its type. */
export const held = sql`after_it.held`
export const heldType = sql`after_it.held_type`

const listOf = (list: Template, from: number) =>
  sql`SELECT ${element('x')} AS e, ${item('x').key} + ${number(from)} AS place FROM ${elements(list)} x`

const heldList = sql`CASE WHEN ${isList(t.value)} THEN ${t.value} END`
const given = change.value
const collected = arrayOf(json(sql`e`))

/** Greater than every index of a stored list. */
const BEHIND = 1_000_000

/** The distinct elements of both lists in order; sorted, so that the cost is proportional to the elements. */
export const union = sql`(SELECT ${collected} FROM (
  SELECT e FROM (${listOf(heldList, 0)} UNION ALL ${listOf(given, BEHIND)}) listed GROUP BY e ORDER BY min(place)) listed)`

/** The stored list without the given elements, computed likewise. */
export const difference = sql`(SELECT ${collected} FROM (
  SELECT e FROM (SELECT e, place, min(place) OVER (PARTITION BY e) AS first FROM (
    ${listOf(heldList, 0)} UNION ALL ${listOf(given, -BEHIND)}) listed) listed
  WHERE first >= 0 ORDER BY place) listed)`

export const sum = added(t.value, given)

export const replacement = given

const length = (list: Template) => sql`coalesce(${sizeOf(list)}, 0)`

/** A list that grows beyond its limit aborts the plan; one that was longer before may shrink. */
export const boundedList = sql`CASE WHEN ${length(after.value)} > ${number(TAG_LIMITS.elements)}
  AND ${length(after.value)} > ${length(held)} THEN CAST(${refuse('elements', length(after.value))} AS TEXT) ELSE ${after.value} END`

const own = devices.as('devices')
const { tagCount, tagBytes } = devices
/**
 * Recomputes the size of a device's tags. Beyond a limit a device may lose or change tags; gaining any
 * aborts the plan.
 */
export const counted = sql`(${tagCount}, ${tagBytes}) = (SELECT
    CASE WHEN n > ${number(TAG_LIMITS.perDevice)} AND n > ${own.tagCount} THEN ${refuse('tags', sql`n`)} ELSE n END,
    CASE WHEN b > ${number(TAG_LIMITS.bytesPerDevice)} AND b > ${own.tagBytes} THEN ${refuse('tags', sql`b`)} ELSE b END
  FROM (SELECT count(*) AS n, coalesce(${total(sql`${bytes(tags.name)} + ${bytes(tags.value)}`)}, 0) AS b FROM ${tags} WHERE ${tags.deviceId} = ${own.id}) held)`
