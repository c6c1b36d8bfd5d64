import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { countJoined, countLeft, countReplaced } from './counters.ts'
import { forward, keyed, listed, refuseWhere, tokenId, unexpired, value } from './shared.ts'

/** The device that may be changed: current, unless the dialect lets a superseded one go on (identity R3). */
export const chosen: SQL = sql`SELECT d.id FROM devices d WHERE ${keyed('d')} AND ${unexpired('d')} AND (${value('superseded')} = 1 OR d.superseded_at IS NULL)`

export const topicPage: Statement<{ topic: string }> = statement(sql`
  SELECT topic FROM subscriptions WHERE device_id = (${chosen}) AND topic > ${value('after')} ORDER BY topic LIMIT ${value('limit')}`)

/** Whether the device is there, how many topics it has, and how many of the listed ones it has. */
export const topicOutcome: Statement<{ topics: number; held: number }> = statement(sql`
  SELECT (SELECT count(*) FROM subscriptions s WHERE s.device_id = c.id) AS topics,
    (SELECT count(*) FROM subscriptions s WHERE s.device_id = c.id AND s.topic IN ${listed('topics')}) AS held
  FROM (${chosen}) c`)

const wanted: SQL = sql`SELECT DISTINCT value AS topic FROM json_each(${value('topics')})`
/** Whether the device may have the listed topics besides its own. */
const fits = (
  device: string,
): SQL => sql`(SELECT count(*) FROM (SELECT topic FROM subscriptions s WHERE s.device_id = ${sql.raw(device)}.id
      UNION SELECT value FROM json_each(${value('topics')}))) <= ${value('limit')}`

export const countKept = countReplaced(chosen, wanted)
export const keepOnly = statement(
  sql`DELETE FROM subscriptions WHERE device_id = (${chosen}) AND topic NOT IN ${listed('topics')}`,
)

export const countDropped = countLeft(sql`s.device_id = (${chosen}) AND s.topic IN ${listed('topics')}`)
export const dropListed = statement(
  sql`DELETE FROM subscriptions WHERE device_id = (${chosen}) AND topic IN ${listed('topics')}`,
)

/** Not of a device that its registration has just made, which is counted at the end. */
export const countListed = countJoined(
  sql`SELECT d.id FROM (${chosen}) c JOIN devices d ON d.id = c.id WHERE ${fits('d')} AND d.id <> ${value('deviceId')}`,
  wanted,
)

/** Adds the listed topics, all of them or, where the limit would be passed, none. */
export const addListed = statement(sql`
  INSERT INTO subscriptions (device_id, topic, app_id, id, automatic, created_at)
  SELECT d.id, t.value, d.app_id, CASE WHEN ${value('ids')} = 1 THEN lower(hex(randomblob(16))) END,
    t.value IN ${listed('automatic')}, ${value('now')}
  FROM (${chosen}) c JOIN devices d ON d.id = c.id JOIN json_each(${value('topics')}) t
  WHERE ${fits('d')}
  ON CONFLICT DO NOTHING`)

const passesLimit = (device: SQL): SQL => sql`(SELECT count(*) FROM (
  SELECT s.topic FROM subscriptions s WHERE s.device_id = (${device})
  UNION SELECT value FROM json_each(${value('topics')}))) > ${value('limit')}`
/** Of a registration that lists topics, nothing happens where the device would have too many. */
export const refuseTooMany = {
  key: refuseWhere(passesLimit(sql`SELECT d.id FROM devices d WHERE ${keyed('d')}`)),
  token: refuseWhere(
    passesLimit(
      sql`SELECT d.id FROM devices d WHERE d.push_token_id = ${tokenId} AND d.dialect = ${value('dialect')}`,
    ),
  ),
} as const

/** Gives a device that the plan has just made its first topics. */
export const addToCreated = statement(sql`
  INSERT INTO subscriptions (device_id, topic, app_id, id, automatic, created_at)
  SELECT d.id, t.value, d.app_id, CASE WHEN ${value('ids')} = 1 THEN lower(hex(randomblob(16))) END,
    t.value IN ${listed('automatic')}, ${value('now')}
  FROM devices d JOIN json_each(${value('topics')}) t
  WHERE d.id = ${value('deviceId')}
  ON CONFLICT DO NOTHING`)

/** Notes the call of a superseded device, also where it changed nothing: only silence lets it go (identity R3). */
export const noteSuperseded = statement(sql`
  UPDATE devices SET last_seen_at = ${value('now')}
  WHERE id = (${chosen}) AND superseded_at IS NOT NULL AND last_seen_at <= ${value('now')} - 3600000`)

/** Moves `updatedAt` when the statement before changed something. */
export const bumpIfChanged = statement(
  sql`UPDATE devices SET ${forward}, last_seen_at = ${value('now')} WHERE changes() > 0 AND id = (${chosen})`,
)
