import { type SQL, sql } from 'drizzle-orm'
import type { DeviceRow } from '../rows.ts'
import { type Statement, statement } from '../statement.ts'
import { listedColumns } from './device-view.ts'
import { unexpired, value } from './shared.ts'

// As `isActive` in the domain; the token is looked at only where activity is asked for.
const activity: SQL = sql.raw(
  `(w.enabled = 1 AND EXISTS (SELECT 1 FROM push_tokens p WHERE p.id = w.push_token_id AND p.state = 'live'))`,
)
const matches: SQL = sql`w.dialect = ${value('dialect')} AND w.superseded_at IS NULL AND ${unexpired('w')}
  AND (${value('platform')} IS NULL OR w.platform = ${value('platform')})
  AND (${value('active')} IS NULL OR ${activity} = ${value('active')})`

const OF = {
  user: sql`d.app_id = ${value('app')} AND d.user_id = ${value('userId')}`,
  all: sql`d.app_id = ${value('app')}`,
}

/**
 * The next so many places behind one, from one index alone and unsorted: its order is the list's but for devices of one
 * millisecond, which it gives backwards. So what is left of the place's own millisecond comes first, then the older
 * ones without the last of them, which may be cut: the next step begins with it. However many share one, none is read
 * twice.
 */
const window = (of: SQL): SQL => sql`
  WITH same AS MATERIALIZED (SELECT d.id, d.created_at FROM devices d
      WHERE ${of} AND d.created_at = ${value('at')} AND d.id > ${value('id')} ORDER BY d.id LIMIT ${value('scan')}),
    older AS MATERIALIZED (SELECT d.id, d.created_at FROM devices d WHERE ${of} AND d.created_at < ${value('at')}
      ORDER BY d.created_at DESC, d.id DESC LIMIT ${value('scan')} - (SELECT count(*) FROM same)),
    cut AS MATERIALIZED (SELECT min(created_at) AS at, count(*) = ${value('scan')} - (SELECT count(*) FROM same) AS more FROM older),
    places AS (SELECT id FROM same UNION ALL
      SELECT older.id FROM cut CROSS JOIN older WHERE NOT cut.more OR older.created_at > cut.at)`
const found: SQL = sql`FROM places CROSS JOIN devices w ON w.id = places.id WHERE ${matches}`

/**
 * What a client may list of a dialect, one user's devices or all, in steps: each looks at a window of so many rows,
 * whatever is asked and found. Of the rows only those that are shown are read whole, without topics and tags.
 */
const step = (of: SQL) => {
  const rows: Statement<DeviceRow> = statement(sql`${window(of)}
    SELECT ${listedColumns} FROM (SELECT w.id, w.created_at ${found}
      ORDER BY w.created_at DESC, w.id LIMIT ${value('limit')} OFFSET ${value('offset')}) k
    CROSS JOIN devices d ON d.id = k.id LEFT JOIN push_tokens p ON p.id = d.push_token_id
    ORDER BY k.created_at DESC, k.id`)
  const count: Statement<{ matches: number }> = statement(
    sql`${window(of)} SELECT count(*) AS matches ${found}`,
  )
  /** Where the next window begins; none where the list ends in this one. */
  const end: Statement<{ at: number; id: string }> = statement(sql`${window(of)}
    SELECT coalesce(cut.at, ${value('at')}) AS at, iif(cut.at IS NULL, (SELECT max(id) FROM same), '') AS id FROM cut WHERE cut.more`)
  return { rows, count, end }
}

export const clientStep = { user: step(OF.user), all: step(OF.all) } as const
