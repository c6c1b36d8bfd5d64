import { type SQL, sql } from 'drizzle-orm'
import type { DeviceRow } from '../rows.ts'
import { type Statement, statement } from '../statement.ts'
import { listedColumns } from './devices.ts'
import { unexpired, value } from './shared.ts'

// As `isActive` in the domain; the token is looked at only where activity is asked for.
const activity: SQL = sql.raw(
  `(d.enabled = 1 AND EXISTS (SELECT 1 FROM push_tokens p WHERE p.id = d.push_token_id AND p.state = 'live'))`,
)
// A plus keeps the planner from an index: a user's few devices are found and sorted, all of an app's walked in order.
const rest: SQL = sql`+d.dialect = ${value('dialect')} AND d.superseded_at IS NULL AND ${unexpired('d')}
  AND (${value('platform')} IS NULL OR d.platform = ${value('platform')})
  AND (${value('active')} IS NULL OR ${activity} = ${value('active')})`
const ofUser: SQL = sql`FROM devices d WHERE d.app_id = ${value('app')} AND d.user_id = ${value('userId')} AND ${rest}`
const ofAll: SQL = sql`FROM devices d WHERE d.app_id = ${value('app')} AND ${rest}`

/** Rows are skipped by their ids alone: what a device looks like is read only where it is shown. */
const page = (chosen: SQL, order: SQL): Statement<DeviceRow> =>
  statement(sql`
    SELECT ${listedColumns} FROM (
      SELECT d.id ${chosen} ORDER BY ${order} LIMIT ${value('limit')} OFFSET ${value('offset')}) k
    CROSS JOIN devices d ON d.id = k.id LEFT JOIN push_tokens p ON p.id = d.push_token_id
    ORDER BY d.created_at DESC, d.id`)

/** What a client may list of a dialect: one user's devices, or all. */
export const clientPage: Record<'user' | 'all', Statement<DeviceRow>> = {
  user: page(ofUser, sql`+d.created_at DESC, d.id`),
  all: page(ofAll, sql`d.created_at DESC, d.id`),
}
export const clientCount: Record<'user' | 'all', Statement<{ total: number }>> = {
  user: statement(sql`SELECT count(*) AS total ${ofUser}`),
  all: statement(sql`SELECT count(*) AS total ${ofAll}`),
}
