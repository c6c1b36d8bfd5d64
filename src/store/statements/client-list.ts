import { type SQL, sql } from 'drizzle-orm'
import type { DeviceRow } from '../rows.ts'
import { type Statement, statement } from '../statement.ts'
import { deviceColumns } from './devices.ts'
import { activity } from './directory.ts'
import { unexpired, value } from './shared.ts'

const joined: SQL = sql`FROM devices d LEFT JOIN push_tokens p ON p.id = d.push_token_id`
// A plus keeps the planner from an index: a user's few devices are found and sorted, all of an app's walked in order.
const rest: SQL = sql`+d.dialect = ${value('dialect')} AND d.superseded_at IS NULL AND ${unexpired('d')}
  AND (${value('platform')} IS NULL OR d.platform = ${value('platform')})
  AND (${value('active')} IS NULL OR ${activity} = ${value('active')})`
const ofUser: SQL = sql`d.app_id = ${value('app')} AND d.user_id = ${value('userId')} AND ${rest}`
const ofAll: SQL = sql`d.app_id = ${value('app')} AND ${rest}`
const paged: SQL = sql`LIMIT ${value('limit')} OFFSET ${value('offset')}`

/** What a client may list of a dialect: one user's devices, or all. */
export const clientPage: Record<'user' | 'all', Statement<DeviceRow>> = {
  user: statement(
    sql`SELECT ${deviceColumns} ${joined} WHERE ${ofUser} ORDER BY +d.created_at DESC, d.id ${paged}`,
  ),
  all: statement(
    sql`SELECT ${deviceColumns} ${joined} WHERE ${ofAll} ORDER BY d.created_at DESC, d.id ${paged}`,
  ),
}
export const clientCount: Record<'user' | 'all', Statement<{ total: number }>> = {
  user: statement(sql`SELECT count(*) AS total ${joined} WHERE ${ofUser}`),
  all: statement(sql`SELECT count(*) AS total ${joined} WHERE ${ofAll}`),
}
