import { type SQL, sql } from 'drizzle-orm'
import type { Refusal } from '../port.ts'
import { type Statement, statement } from '../statement.ts'

/** A named value, filled at each call. */
export const value = (name: string): SQL => sql`${sql.placeholder(name)}`

/** The elements of a list that is bound as one JSON value: constant text, and no limit of 100 parameters on D1. */
export const listed = (name: string): SQL => sql`(SELECT value FROM json_each(${value(name)}))`

/** The member of the JSON document bound as `patch`, or NULL. */
export const given = (member: string): SQL =>
  sql`json_extract(${value('patch')}, ${sql.raw(`'$.${member}'`)})`

/**
 * The member of the document bound as `patch` where it has one, else the expression: an absent member keeps what is
 * there, null clears it.
 */
export const patched = (member: string, otherwise: SQL): SQL =>
  sql`CASE WHEN json_type(${value('patch')}, ${sql.raw(`'$.${member}'`)}) IS NULL THEN ${otherwise} ELSE ${given(member)} END`

/** The one device that app, dialect and external id name. */
export const keyed = (alias: string): SQL => {
  const of = sql.raw(alias)
  return sql`${of}.app_id = ${value('app')} AND ${of}.dialect = ${value('dialect')} AND ${of}.external_id = ${value('externalId')}`
}

/** The app still speaks the dialect: look-ups of apps are cached, so that a write may come after its app has gone. */
export const spoken: SQL = sql`EXISTS (SELECT 1 FROM app_dialects speaks WHERE speaks.app_id = ${value('app')} AND speaks.dialect = ${value('dialect')})`

/** The clock is not far ahead of what the maintenance believes (see `noteTime`): nothing is old by mistake. */
export const believed = (time: 'now' | 'before'): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM clocks WHERE name = 'maintenance' AND ${value(time)} > trusted_at + 86400000)`

/** What a removal of a whole app or dialect that is still under way has taken, of tables other than the devices. */
export const takenAway = (alias: string): SQL => {
  const of = sql.raw(alias)
  return sql`EXISTS (SELECT 1 FROM removals going WHERE going.app_id = ${of}.app_id AND going.user_id IS NULL
    AND (going.dialect IS NULL OR going.dialect = ${of}.dialect) AND ${of}.created_at <= going.at)`
}

/**
 * Not among the devices of an app, a dialect or a user that was removed and whose rows still go in pieces. The first
 * question is asked once for a statement, and seldom is there more to ask.
 */
export const staying = (alias: string): SQL => {
  const of = sql.raw(alias)
  return sql`(NOT EXISTS (SELECT 1 FROM removals any_going WHERE any_going.app_id = ${value('app')})
    OR NOT EXISTS (SELECT 1 FROM removals going WHERE going.app_id = ${of}.app_id AND (going.dialect IS NULL OR going.dialect = ${of}.dialect)
      AND (going.user_id IS NULL OR going.user_id = ${of}.user_id) AND (${of}.created_at, ${of}.id) <= (going.until_at, going.until_id)
      AND NOT EXISTS (SELECT 1 FROM removal_spares spared WHERE spared.removal_id = going.id AND spared.device_id = ${of}.id)))`
}

/** Its time is not over: neither by its own date nor by a removal that is under way. */
export const unexpired = (alias: string): SQL => {
  const of = sql.raw(alias)
  return sql`((${of}.expires_at IS NULL OR ${of}.expires_at > ${value('now')}) AND ${staying(alias)})`
}

/**
 * Notes the time of a change: always increases, even within one millisecond. A plan that is sent a second time carries
 * the same `change` and leaves the time as it is.
 */
export const forward: SQL = sql`updated_by = ${value('change')},
    updated_at = CASE WHEN updated_by = ${value('change')} THEN updated_at ELSE max(${value('now')}, updated_at + 1) END`

/** The id of the push token that app, provider and hash name. */
export const tokenId: SQL = sql`(SELECT id FROM push_tokens WHERE app_id = ${value('app')} AND provider = ${value('provider')} AND hash = ${value('hash')})`

/** A fraction as JSON text that reads back as the same double; SQLite alone keeps 15 digits, the newest 17. */
export const fraction = (expression: string): string => `printf('%!.17g', ${expression})`

/**
 * An element of `json_each` as JSON text. `json_quote` alone would turn true and false into 1 and 0, and round
 * fractions.
 */
export const element = (alias: string): SQL =>
  sql.raw(
    `CASE WHEN ${alias}.type IN ('true', 'false') THEN ${alias}.type
      WHEN typeof(${alias}.value) = 'real' THEN ${fraction(`${alias}.value`)} ELSE json_quote(${alias}.value) END`,
  )

/**
 * The stored `details` with each member that the patch's `details` names replaced whole, or taken away where it is
 * null there.
 */
export const patchedDetails: SQL = sql`CASE WHEN ${given('details')} IS NULL THEN details ELSE (
    SELECT json_group_object(k, json(v)) FROM (
      SELECT o.key AS k, ${element('o')} AS v FROM json_each(details) o
        WHERE o.key NOT IN (SELECT key FROM json_each(${value('patch')}, '$.details'))
      UNION ALL
      SELECT n.key, ${element('n')} FROM json_each(${value('patch')}, '$.details') n WHERE n.type <> 'null')) END`

/**
 * An expression that ends the whole plan as a refusal where it is evaluated. It depends on a value, so that no engine
 * works it out ahead of the condition around it.
 */
export const refuse = (what: Refusal, dependent: SQL): SQL =>
  sql`json_extract('null', ${sql.raw(`'refused: ${what} '`)} || ${dependent})`

/** A bound of ours, as part of the text. */
export const number = (bound: number): SQL => sql.raw(String(bound))

/** Bytes of a text, whatever the encoding of the database. */
export const bytes = (text: string): SQL => sql.raw(`length(CAST(${text} AS BLOB))`)

/**
 * Breaks the whole plan, by a key that is there already, where the app speaks the dialect and a condition holds: for
 * plans of which nothing may happen then.
 */
export const refuseWhere = (condition: SQL): Statement =>
  statement(sql`
  INSERT INTO app_dialects (app_id, dialect, identifier, options, created_at)
  SELECT app_id, dialect, identifier, options, created_at FROM app_dialects
  WHERE app_id = ${value('app')} AND dialect = ${value('dialect')} AND ${condition}`)
