import { type SQL, sql } from 'drizzle-orm'
import type { TagChange } from '../../domain/tag.ts'
import { type Statement, statement } from '../statement.ts'
import { element, fraction, keyed, patched, unexpired, value } from './shared.ts'

/** The statements over the tags of the devices that are chosen; each kind of change has one. */
export interface TagStatements extends Record<TagChange['do'], Statement> {
  /** Notes the time of the changes that are stamped, where they fit. */
  readonly stamp: Statement
  /** The names of the changes whose tag has a type they could not be read in. */
  readonly skipped: Statement<{ name: string }>
  /** Moves `updatedAt` when the statement before changed something. */
  readonly bump: Statement
  readonly owners: Statement<{ id: string }>
  /** Of several devices, each name as it was written last. */
  readonly read: Statement<{ name: string; type: string; value: string }>
}

/** The elements of both lists in order, each once. */
const joined = (lists: SQL): SQL =>
  sql`(SELECT json_group_array(json(e)) FROM (SELECT e FROM (${lists}) GROUP BY e ORDER BY min(place)))`
const elements = (list: string, from: number): SQL =>
  sql`SELECT ${element('j')} AS e, j.key + ${sql.raw(String(from))} AS place FROM json_each(${sql.raw(list)}) j`

const SUM = '(value + excluded.value)'
/** A sum that no number can hold leaves the tag as it is: infinity is not JSON. */
const sum: SQL = sql.raw(
  `CASE WHEN typeof(${SUM}) = 'integer' THEN ${SUM} WHEN abs(${SUM}) < 9e999 THEN ${fraction(SUM)} ELSE value END`,
)

function tagStatements(chosen: SQL): TagStatements {
  /** Each change of one kind with the value of the type that its tag has or, where it is new, of the first type. */
  const resolved = (kind: string): SQL => sql`
    SELECT c.device_id, c.name, c.type, c.value FROM (
      SELECT d.id AS device_id, j.value ->> '$.name' AS name, o.key AS rank, o.value ->> '$.type' AS type, o.value -> '$.value' AS value
      FROM (${chosen}) d, json_each(${value('changes')}) j, json_each(j.value, '$.as') o
      WHERE j.value ->> '$.do' = ${sql.raw(`'${kind}'`)}) c
    LEFT JOIN tags t ON t.device_id = c.device_id AND t.name = c.name
    WHERE (t.type IS NULL AND c.rank = 0) OR t.type = c.type`

  const put = (kind: string, first: SQL, next: SQL | null): Statement => {
    const otherwise = next
      ? sql`UPDATE SET value = ${next}, updated_at = excluded.updated_at WHERE type = excluded.type AND value <> ${next}`
      : sql`NOTHING`
    return statement(sql`
      INSERT INTO tags (device_id, name, type, value, updated_at)
      SELECT r.device_id, r.name, r.type, ${first}, ${value('now')} FROM (${resolved(kind)}) r WHERE true
      ON CONFLICT (device_id, name) DO ${otherwise}`)
  }

  return {
    set: put('set', sql`r.value`, sql`excluded.value`),
    default: put('default', sql`r.value`, null),
    increment: put('increment', sql`r.value`, sum),
    append: put(
      'append',
      joined(elements('r.value', 0)),
      joined(sql`${elements('tags.value', 0)} UNION ALL ${elements('excluded.value', 1000000)}`),
    ),
    subtract: statement(sql`
      UPDATE tags SET updated_at = ${value('now')}, value =
        (SELECT json_group_array(json(e)) FROM (SELECT ${element('j')} AS e FROM json_each(tags.value) j
          WHERE ${element('j')} NOT IN (SELECT ${element('x')} FROM json_each(r.value) x) ORDER BY j.key))
      FROM (${resolved('subtract')}) r WHERE tags.device_id = r.device_id AND tags.name = r.name AND tags.type = r.type
        AND EXISTS (SELECT 1 FROM json_each(tags.value) j WHERE ${element('j')} IN (SELECT ${element('x')} FROM json_each(r.value) x))`),
    remove: statement(sql`
      DELETE FROM tags WHERE device_id IN (${chosen}) AND name IN
        (SELECT j.value ->> '$.name' FROM json_each(${value('changes')}) j WHERE j.value ->> '$.do' = 'remove')`),
    stamp: statement(sql`
      UPDATE tags SET updated_at = ${value('now')} FROM json_each(${value('changes')}) j
      WHERE j.value ->> '$.stamped' AND tags.device_id IN (${chosen}) AND tags.name = j.value ->> '$.name'
        AND EXISTS (SELECT 1 FROM json_each(j.value, '$.as') o WHERE o.value ->> '$.type' = tags.type)`),
    // The cross join has each change look its tag up; the other way round, each tag would read all changes.
    skipped: statement(sql`
      SELECT DISTINCT t.name FROM json_each(${value('changes')}) j CROSS JOIN tags t
      WHERE t.device_id IN (${chosen}) AND t.name = j.value ->> '$.name' AND j.value ->> '$.do' NOT IN ('remove', 'default')
        AND NOT EXISTS (SELECT 1 FROM json_each(j.value, '$.as') o WHERE o.value ->> '$.type' = t.type)`),
    bump: statement(
      sql`UPDATE devices SET updated_at = ${value('now')}, last_seen_at = ${value('now')} WHERE changes() > 0 AND id IN (${chosen})`,
    ),
    owners: statement(chosen),
    read: statement(sql`
      SELECT name, type, value FROM (
        SELECT name, type, value, max(updated_at) FROM tags WHERE device_id IN (${chosen}) GROUP BY name) ORDER BY name`),
  }
}

/** Over the tags of the one device that its key names. */
export const deviceTags = tagStatements(
  sql`SELECT d.id FROM devices d WHERE ${keyed('d')} AND ${unexpired('d')}`,
)

/** Over the tags of every device of a user in one dialect. */
export const userTags = tagStatements(sql`
  SELECT d.id FROM devices d WHERE d.app_id = ${value('app')} AND d.user_id = ${value('userId')}
    AND d.dialect = ${value('dialect')} AND ${unexpired('d')}`)

/** Gives a device that the plan has just made its first tags. */
export const setFirstTags = statement(sql`
  INSERT INTO tags (device_id, name, type, value, updated_at)
  SELECT d.id, j.value ->> '$.name', j.value ->> '$.type', j.value -> '$.value', ${value('now')}
  FROM devices d JOIN json_each(${value('firstTags')}) j WHERE d.id = ${value('deviceId')}
  ON CONFLICT DO NOTHING`)

const column = (name: string, member: string): SQL =>
  sql`${sql.raw(name)} = ${patched(member, sql.raw(name))}`

/** What a change of a user's tags says about the profiles of the devices, in the columns of the same meaning. */
export const patchProfilesOfUser = statement(sql`
  UPDATE devices SET ${column('model', 'model')}, ${column('os_version', 'osVersion')},
    ${column('app_version', 'appVersion')}, ${column('language', 'language')}, updated_at = ${value('now')}
  WHERE app_id = ${value('app')} AND user_id = ${value('userId')} AND dialect = ${value('dialect')}`)
