import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { value } from './shared.ts'

/**
 * Keeps a device from the removal of a user whose it becomes only now: `chosen` names the devices `d`, `user` whose
 * they are about to be.
 */
export const spare = (chosen: SQL, user: SQL): Statement =>
  statement(sql`
    INSERT INTO removal_spares (removal_id, device_id)
    SELECT going.id, d.id FROM removals going CROSS JOIN devices d
    WHERE going.app_id = ${value('app')} AND going.user_id = ${user} AND ${chosen} AND d.user_id IS NOT ${user}
    ON CONFLICT DO NOTHING`)
