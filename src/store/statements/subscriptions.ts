import { sql } from 'drizzle-orm'
import type { DeviceRow } from '../rows.ts'
import { type Statement, statement } from '../statement.ts'
import { viewed } from './devices.ts'
import { removal } from './removal.ts'
import { keyed, unexpired, value } from './shared.ts'
import { chosen } from './topics.ts'

/** The device of a subscription that is known by its id. */
export const subscriptionById: Statement<{ external_id: string }> = statement(sql`
  SELECT d.external_id FROM subscriptions s JOIN devices d ON d.id = s.device_id
  WHERE s.id = ${value('subscription')} AND d.app_id = ${value('app')} AND d.dialect = ${value('dialect')} AND ${unexpired('d')}`)

export const dropById: Statement<{ id: string }> = statement(
  sql`DELETE FROM subscriptions WHERE device_id = (${chosen}) AND id = ${value('subscription')} RETURNING id`,
)

/** One device by its key, if it has no subscription left. */
export const removeUnsubscribed = removal(
  sql`${keyed('d')} AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.device_id = d.id)`,
  { one: true },
)

/** Devices whose external id lies between two bounds. */
export const devicesBetween: Statement<DeviceRow> = statement(sql`
  ${viewed} WHERE d.app_id = ${value('app')} AND d.dialect = ${value('dialect')}
    AND d.external_id >= ${value('from')} AND d.external_id < ${value('to')} AND ${unexpired('d')}
  ORDER BY d.external_id LIMIT ${value('limit')}`)

/** Whether a device is there. */
export const knownDevice: Statement<{ id: string }> = statement(
  sql`SELECT d.id FROM devices d WHERE ${keyed('d')} AND ${unexpired('d')}`,
)
