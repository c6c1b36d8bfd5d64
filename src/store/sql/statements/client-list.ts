import { type SQL, sql } from 'drizzle-orm'
import type { DeviceRow } from '../rows.ts'
import { type Statement, statement } from '../statement.ts'
import { listedColumns } from './devices.ts'
import { unexpired, value } from './shared.ts'

// As `isActive` in the domain; the token is looked at only where activity is asked for.
const activity: SQL = sql.raw(
  `(w.enabled = 1 AND EXISTS (SELECT 1 FROM push_tokens p WHERE p.id = w.push_token_id AND p.state = 'live'))`,
)
const matches: SQL = sql`w.dialect = ${value('dialect')} AND w.superseded_at IS NULL AND ${unexpired('w')}
  AND (${value('platform')} IS NULL OR w.platform = ${value('platform')})
  AND (${value('active')} IS NULL OR ${activity} = ${value('active')})`

/** What is asked of a row, and its place. */
const tested =
  sql.raw(`d.id, d.created_at, d.app_id, d.dialect, d.platform, d.user_id, d.superseded_at, d.expires_at,
  d.enabled, d.push_token_id`)

const OF = {
  user: sql`d.app_id = ${value('app')} AND d.user_id = ${value('userId')}`,
  all: sql`d.app_id = ${value('app')}`,
}
/** Behind a place, in the order of the list, which one index gives. */
const behind = (of: SQL): SQL => sql`FROM devices d WHERE ${of}
  AND d.created_at <= ${value('at')} AND (d.created_at < ${value('at')} OR d.id > ${value('id')})
  ORDER BY d.created_at DESC, d.id`

/**
 * What a client may list of a dialect, one user's devices or all, in steps: each looks at a window `w` of so many rows,
 * whatever is asked and found. Of the rows only those that are shown are read whole, without topics and tags.
 */
const step = (of: SQL) => {
  const window = sql`(SELECT ${tested} ${behind(of)} LIMIT ${value('scan')})`
  const rows: Statement<DeviceRow> = statement(sql`
    SELECT ${listedColumns} FROM (SELECT w.id, w.created_at FROM ${window} w WHERE ${matches}
      ORDER BY w.created_at DESC, w.id LIMIT ${value('limit')} OFFSET ${value('offset')}) k
    CROSS JOIN devices d ON d.id = k.id LEFT JOIN push_tokens p ON p.id = d.push_token_id
    ORDER BY k.created_at DESC, k.id`)
  const count: Statement<{ matches: number }> = statement(
    sql`SELECT count(*) AS matches FROM ${window} w WHERE ${matches}`,
  )
  /** The last row of a full window; none where the list ends in it. */
  const end: Statement<{ at: number; id: string }> = statement(
    sql`SELECT d.created_at AS at, d.id ${behind(of)} LIMIT 1 OFFSET ${value('scan')} - 1`,
  )
  return { rows, count, end }
}

export const clientStep = { user: step(OF.user), all: step(OF.all) } as const
