import { scoped, spoken } from '../conditions.ts'
import { elements, isTrue, item, member, members, part } from '../forms.ts'
import { statement } from '../statement.ts'
import { appDialects, tags, tagTypes } from '../tables.ts'
import { sql, type Template, value } from '../template.ts'

/*
 * A tag name has one type in a dialect of an app. For each change, the type is a single look-up: changes do not read each
 * other, and no type is read twice.
 */

const a = appDialects.as('a')
const y = tagTypes.as('y')
const given = tags.as('given')
const own = tagTypes.as('tag_types')
const excluded = tagTypes.as('excluded')
const j = item('j')
const o = item('o')
const { appId, dialect, name, type, source } = tagTypes
const row = sql`${appId}, ${dialect}, ${name}, ${type}, ${source}`

/** The type of the name of the change `j`. */
export const typeOfName = sql`${scoped(y)} AND ${y.name} = ${member(j.value, '$.name')}`

/**
 * Each change with its value in the type of its name, as rows of `name, type, value`. The changes are read once, before they
 * are joined: PostgreSQL may compare each with every name, and must not read a document for each comparison.
 */
export const settled = sql`
  WITH given AS MATERIALIZED (
    SELECT ${member(j.value, '$.name')} AS name, ${member(o.value, '$.type')} AS type, ${part(o.value, '$.value')} AS value,
      ${o.key} AS place, ${isTrue(j.value, '$.fixed')} AS fixed
    FROM ${elements(value('changes'))} j CROSS JOIN ${elements(j.value, '$.as')} o)
  SELECT ${given.name}, ${given.type}, ${given.value} FROM given LEFT JOIN ${y} ON ${scoped(y)} AND ${y.name} = ${given.name}
  WHERE CASE WHEN fixed THEN place = 0 ELSE ${given.type} = ${y.type} END`

/** Sets the types of new names to those of their first values, if a device gets them. Replaces types guessed by imports. */
export const fixTypes = <Names extends string>(someone: Template<Names>) =>
  statement(sql`
  INSERT INTO ${tagTypes} (${row})
  SELECT ${value('app')}, ${value('dialect')}, ${member(j.value, '$.name')}, ${member(j.value, '$.as[0].type')}, 'value'
  FROM ${elements(value('changes'))} j WHERE EXISTS (${someone}) AND ${spoken} ORDER BY ${j.key}
  ON CONFLICT (${appId}, ${dialect}, ${name}) DO UPDATE SET ${type} = ${excluded.type}, ${source} = 'value' WHERE ${own.source} = 'import'`)

/** Sets the types that an operator declares in `tagTypes` of a dialect's options, replacing existing ones. */
export const declareTypes = statement(sql`
  INSERT INTO ${tagTypes} (${row})
  SELECT ${a.appId}, ${a.dialect}, ${j.key}, ${j.value}, 'operator'
  FROM ${a} CROSS JOIN ${members(a.options, '$.tagTypes')} j
  WHERE ${scoped(a)}
  ON CONFLICT (${appId}, ${dialect}, ${name}) DO UPDATE SET ${type} = ${excluded.type}, ${source} = 'operator'`)
