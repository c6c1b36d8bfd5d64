import { type SQL, sql } from 'drizzle-orm'
import type { DeviceRow } from '../rows.ts'
import { type Statement, statement } from '../statement.ts'
import { type Template, unchecked } from '../template.ts'
import { countJoined, countLeft } from './counters.ts'
import { viewed } from './device-view.ts'
import { removal } from './removal.ts'
import { keyed, listed, unexpired, value } from './shared.ts'
import { chosen } from './topics.ts'

/** The device of a subscription that is known by its id. */
export const subscriptionById: Statement<{ external_id: string }> = statement(sql`
  SELECT d.external_id FROM subscriptions s JOIN devices d ON d.id = s.device_id
  WHERE s.id = ${value('subscription')} AND d.app_id = ${value('app')} AND d.dialect = ${value('dialect')} AND ${unexpired('d')}`)

export const countById = countLeft(
  unchecked(sql`s.device_id = (${chosen}) AND s.id = ${value('subscription')}`),
)
export const dropById: Statement<{ id: string }> = statement(
  sql`DELETE FROM subscriptions WHERE device_id = (${chosen}) AND id = ${value('subscription')} RETURNING id`,
)

/** One device by its key, if it has no subscription left. */
export const removeUnsubscribed = removal(
  unchecked(sql`${keyed('d')} AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.device_id = d.id)`),
  { one: true },
)

/** Devices whose external id lies between two bounds. */
export const devicesBetween: Statement<DeviceRow> = statement(sql`
  ${viewed} WHERE d.app_id = ${value('app')} AND d.dialect = ${value('dialect')}
    AND d.external_id >= ${value('from')} AND d.external_id < ${value('to')} AND ${unexpired('d')}
  ORDER BY d.external_id LIMIT ${value('limit')}`)

/** The device of the first of some subscriptions that is there. */
export const deviceOfSubscriptions: Statement<DeviceRow> = statement(sql`
  ${viewed} WHERE d.id = (SELECT o.id FROM json_each(${value('ids')}) j CROSS JOIN subscriptions s ON s.id = j.value
      CROSS JOIN devices o ON o.id = s.device_id
      WHERE o.app_id = ${value('app')} AND o.dialect = ${value('dialect')} AND ${unexpired('o')} ORDER BY j.key LIMIT 1)`)

/** Whether a device is there. */
export const knownDevice: Statement<{ id: string }> = statement(
  sql`SELECT d.id FROM devices d WHERE ${keyed('d')} AND ${unexpired('d')}`,
)

/** `wanted` is a list of topics, each with the id that its subscription gets, should it be new. */
const name: SQL = sql.raw(`j.value ->> '$.name'`)
const known: SQL = sql`(${name} IN ${listed('automatic')} OR EXISTS (SELECT 1 FROM catalogue t
  WHERE t.app_id = ${value('app')} AND t.dialect = ${value('dialect')} AND t.name = ${name}))`

export const countSubscribed = countJoined(
  chosen,
  unchecked(
    sql`SELECT DISTINCT ${name} AS topic FROM json_each(${value('wanted')}) j WHERE ${known}`,
  ) as Template<string, { topic: string }>,
)

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

const unwanted: SQL = sql`(SELECT ${name} FROM json_each(${value('wanted')}) j)`
export const countUnsubscribed = countLeft(
  unchecked(sql`s.device_id = (${chosen}) AND s.topic IN ${unwanted}`),
)
export const unsubscribe = statement(
  sql`DELETE FROM subscriptions WHERE device_id = (${chosen}) AND topic IN ${unwanted}`,
)

export const countSubscription = countLeft(
  unchecked(sql`s.id = ${value('id')} AND s.app_id = ${value('app')} AND d.dialect = ${value('dialect')}`),
)

/** Takes the subscription that has this id; its device stays. */
export const removeSubscription: Statement<{ id: string }> = statement(sql`
  DELETE FROM subscriptions WHERE id = ${value('id')} AND app_id = ${value('app')}
    AND EXISTS (SELECT 1 FROM devices d WHERE d.id = subscriptions.device_id AND d.dialect = ${value('dialect')})
  RETURNING id`)
