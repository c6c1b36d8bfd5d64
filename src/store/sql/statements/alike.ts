import { type SQL, sql } from 'drizzle-orm'
import { statement } from '../statement.ts'
import { unchecked } from '../template.ts'
import { countRegistered } from './counters.ts'
import { forward, value } from './shared.ts'

/**
 * Devices in use that a registration replaces, should it have made its own: the same user's in the dialect, with the
 * same platform, name and model. The new row is the one to compare with, as it was just written. What is said of `o`
 * alone lets the index of such devices be used; a bound keeps one registration from the work of thousands.
 */
const alike: SQL = sql`(SELECT o.id FROM devices n JOIN devices o
    ON o.app_id = n.app_id AND o.dialect = n.dialect AND o.user_id = n.user_id
    AND o.platform = n.platform AND o.name = n.name AND o.model = n.model
    AND o.enabled = 1 AND o.user_id IS NOT NULL AND o.name <> '' AND o.model <> ''
  WHERE n.id = ${value('deviceId')} AND o.id <> n.id ORDER BY o.id LIMIT 200)`

/** After a registration that makes its device and, with the next two, puts those that are alike out of use. */
export const countRegisteredAlike = countRegistered(unchecked(sql`d.id IN ${alike}`))

export const logAlike = statement(sql`
  INSERT INTO events (app_id, device_id, kind, cause, detail, at)
  SELECT app_id, id, 'deactivated', ${value('cause')}, json_object('by', ${value('deviceId')}), ${value('now')}
  FROM devices WHERE id IN ${alike}`)

export const deactivateAlike = statement(sql`UPDATE devices SET enabled = 0, ${forward} WHERE id IN ${alike}`)
