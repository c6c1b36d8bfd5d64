import { type SQL, sql } from 'drizzle-orm'
import { TAG_LIMITS, type TagChange } from '../../../domain/tag.ts'
import { type Statement, statement } from '../statement.ts'
import { keyed, number, patched, unexpired, value } from './shared.ts'
import { fixTypes, settled, typeOfName } from './tag-types.ts'
import { boundedList, counted, difference, replacement, sum, union } from './tag-values.ts'
import { lastPiece } from './user-work.ts'

/** The statements over the tags of the devices that are chosen; each kind of change has one. */
export interface TagStatements extends Record<TagChange['do'], Statement> {
  /** Settles the types of new names. */
  readonly fix: Statement
  /** Notes the time of the changes that are stamped, where they fit. */
  readonly stamp: Statement
  /** The names of the changes whose tag has a type they could not be read in. */
  readonly skipped: Statement<{ name: string }>
  /** Moves `updatedAt` and counts the tags again when the statement before changed something. */
  readonly bump: Statement
}

interface Choice {
  /** The devices' ids. */
  readonly chosen: SQL
  /** Finds a row where there is a device that the tags could be of. */
  readonly someone: SQL
  /** When the tags were changed. */
  readonly at: SQL
  /** Which tags, by `updated_at`, may be changed: none that was changed since the change was asked for. */
  readonly open?: (updatedAt: SQL) => SQL
}

function tagStatements({ chosen, someone, at, open = () => sql`true` }: Choice): TagStatements {
  /**
   * Every change joined to the tags that it is about: from the changes to the tags by their key, never the other way
   * round. The devices are looked up once for all changes, and `after_it` once for each.
   */
  const put = (next: SQL, when: SQL, result: SQL = sql`after_it.value`): Statement =>
    statement(sql`
      WITH chosen AS MATERIALIZED (${chosen}), after_it AS MATERIALIZED (
        SELECT chosen.id AS device_id, change.name, change.type, t.type AS held_type, t.value AS held, ${next} AS value
        FROM (${settled}) change CROSS JOIN chosen
        LEFT JOIN tags t ON t.device_id = chosen.id AND t.name = change.name
        WHERE t.updated_at IS NULL OR ${open(sql`t.updated_at`)})
      INSERT INTO tags (device_id, name, type, value, updated_at)
      SELECT after_it.device_id, after_it.name, after_it.type, ${result}, ${at} FROM after_it WHERE ${when}
      ON CONFLICT (device_id, name) DO UPDATE SET type = excluded.type, value = excluded.value, updated_at = excluded.updated_at`)

  const differs = sql`(after_it.held IS NULL OR after_it.held <> after_it.value OR after_it.held_type <> after_it.type)`

  return {
    fix: fixTypes(someone),
    set: put(replacement, differs),
    default: put(replacement, sql`after_it.held IS NULL`),
    increment: put(sum, differs),
    append: put(union, differs, boundedList),
    subtract: put(difference, sql`json_array_length(after_it.value) < json_array_length(after_it.held)`),
    remove: statement(sql`
      DELETE FROM tags WHERE device_id IN (${chosen}) AND ${open(sql`updated_at`)}
        AND name IN (SELECT j.value ->> '$.name' FROM json_each(${value('changes')}) j)`),
    stamp: statement(sql`
      UPDATE tags SET updated_at = ${at} WHERE device_id IN (${chosen}) AND updated_at < ${at}
        AND ${open(sql`updated_at`)} AND name IN (SELECT change.name FROM (${settled}) change)`),
    skipped: statement(sql`
      SELECT DISTINCT y.name FROM json_each(${value('changes')}) j CROSS JOIN tag_types y
      WHERE ${typeOfName} AND j.value ->> '$.do' NOT IN ('remove', 'default') AND coalesce(j.value ->> '$.fixed', 0) = 0
        AND NOT EXISTS (SELECT 1 FROM json_each(j.value, '$.as') o WHERE o.value ->> '$.type' = y.type)
        AND EXISTS (${someone})`),
    bump: statement(sql`
      UPDATE devices SET updated_at = max(${value('now')}, updated_at), last_seen_at = ${value('now')}, ${counted}
      WHERE changes() > 0 AND id IN (${chosen})`),
  }
}

const ofUser = sql`SELECT d.id FROM devices d WHERE d.app_id = ${value('app')} AND d.dialect = ${value('dialect')}
  AND d.user_id = ${value('userId')} AND ${unexpired('d')}`
const ofKey = sql`SELECT d.id FROM devices d WHERE ${keyed('d')} AND ${unexpired('d')}`

/** Over the tags of the one device that its key names. */
export const deviceTags = tagStatements({ chosen: ofKey, someone: ofKey, at: value('now') })

/** Not changed since the change was asked for; a time to come is that of a clock that was wrong. */
const asAsked = (updatedAt: SQL): SQL =>
  sql`(${updatedAt} <= ${value('asked')} OR ${updatedAt} > ${value('now')})`

/** Over the tags of those devices of a user in one dialect that are the last piece of a user's work. */
export const userTags = tagStatements({
  chosen: lastPiece,
  someone: ofUser,
  at: value('asked'),
  open: asAsked,
})

const someDevice = (chosen: SQL): Statement<{ id: string }> => statement(sql`${chosen} LIMIT 1`)
export const ownerByKey = someDevice(ofKey)

/** By name, as `name, type, value`; of several devices, each name as it was written last. */
const read = (chosen: SQL): Statement<{ name: string; type: string; value: string }> =>
  statement(sql`
  SELECT name, type, value FROM (
    SELECT t.name, t.type, t.value, max(t.updated_at) FROM (${chosen}) d CROSS JOIN tags t ON t.device_id = d.id GROUP BY t.name)
  ORDER BY name LIMIT ${number(TAG_LIMITS.perDevice)}`)

export const readOfDevice = read(ofKey)

/** Devices of a user whose tags one answer takes together, the newest first: at least one, no more than these. */
const TOGETHER = { devices: 1000, tags: 20_000, bytes: 1_048_576 }

export const readOfUser = read(sql`
  SELECT id FROM (
    SELECT id, row_number() OVER newest AS place, sum(tag_count) OVER newest AS n, sum(tag_bytes) OVER newest AS b FROM (
      SELECT d.id, d.tag_count, d.tag_bytes FROM (${ofUser} ORDER BY d.id DESC LIMIT ${number(TOGETHER.devices)}) newest_ids
      CROSS JOIN devices d ON d.id = newest_ids.id)
    WINDOW newest AS (ORDER BY id DESC))
  WHERE place = 1 OR (n <= ${number(TOGETHER.tags)} AND b <= ${number(TOGETHER.bytes)})`)

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
  WHERE id IN (${lastPiece}) AND ${asAsked(sql`updated_at`)}`)
