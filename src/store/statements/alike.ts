import { type SQL, sql } from 'drizzle-orm'
import { statement } from '../statement.ts'
import { forward, value } from './shared.ts'

/**
 * Devices in use that a registration replaces, should it have made its own: the same user's in the dialect, with the
 * same platform, name and model. The new row is the one to compare with, as it was just written.
 */
const alike: SQL = sql`(SELECT o.id FROM devices n JOIN devices o
    ON o.app_id = n.app_id AND o.user_id = n.user_id AND +o.dialect = n.dialect
    AND o.platform = n.platform AND o.name = n.name AND o.model = n.model
  WHERE n.id = ${value('deviceId')} AND n.name <> '' AND n.model <> '' AND o.id <> n.id AND o.enabled = 1)`

export const logAlike = statement(sql`
  INSERT INTO events (app_id, device_id, kind, cause, detail, at)
  SELECT app_id, id, 'deactivated', ${value('cause')}, json_object('by', ${value('deviceId')}), ${value('now')}
  FROM devices WHERE id IN ${alike}`)

export const deactivateAlike = statement(
  sql`UPDATE devices SET enabled = 0, updated_at = ${forward} WHERE id IN ${alike}`,
)
