import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { keyed, listed, unexpired, value } from './shared.ts'

const chosen: SQL = sql`SELECT d.id FROM devices d WHERE ${keyed('d')} AND ${unexpired('d')}`
const name: SQL = sql.raw(`j.value ->> '$.name'`)
const known: SQL = sql`(${name} IN ${listed('automatic')} OR EXISTS (SELECT 1 FROM catalogue t
  WHERE t.app_id = ${value('app')} AND t.dialect = ${value('dialect')} AND t.name = ${name}))`

/** Subscribes to those of the wanted topics that exist. */
export const subscribe = statement(sql`
  INSERT INTO subscriptions (device_id, topic, app_id, id, automatic, created_at)
  SELECT c.id, ${name}, ${value('app')}, j.value ->> '$.id', ${name} IN ${listed('automatic')}, ${value('now')}
  FROM (${chosen}) c JOIN json_each(${value('wanted')}) j WHERE ${known}
  ON CONFLICT DO NOTHING`)

/** What there is of the wanted topics; no row for an unknown device. */
export const subscribed: Statement<{ topic: string; proposed: string; id: string | null; known: number }> =
  statement(sql`
  SELECT ${name} AS topic, j.value ->> '$.id' AS proposed, s.id AS id, ${known} AS known
  FROM (${chosen}) c JOIN json_each(${value('wanted')}) j
  LEFT JOIN subscriptions s ON s.device_id = c.id AND s.topic = ${name} ORDER BY j.key`)

export const unsubscribe = statement(sql`
  DELETE FROM subscriptions WHERE device_id = (${chosen}) AND topic IN (SELECT ${name} FROM json_each(${value('wanted')}) j)`)

export const removeSubscription: Statement<{ id: string }> = statement(sql`
  DELETE FROM subscriptions WHERE id = ${value('id')} AND app_id = ${value('app')}
    AND EXISTS (SELECT 1 FROM devices d WHERE d.id = subscriptions.device_id AND d.dialect = ${value('dialect')})
  RETURNING id`)
