import { unexpired } from '../conditions.ts'
import { either, flag, inTurn } from '../forms.ts'
import { statement } from '../statement.ts'
import { devices, pushTokens } from '../tables.ts'
import { columns, integer, sql, type Template, text, value } from '../template.ts'
import { joinedToken, listedColumns } from './device-view.ts'

const d = devices.as('d')
const w = devices.as('w')
const p = pushTokens.as('p')

// Same as `isActive` in the domain; the token is only read if the filter asks for activity.
const activity = sql`(${w.enabled} = 1 AND EXISTS (SELECT 1 FROM ${p} WHERE ${p.id} = ${w.pushTokenId} AND ${p.state} = 'live'))`
const matches = sql`${w.dialect} = ${value('dialect')} AND ${w.supersededAt} IS NULL AND ${unexpired(w)}
  AND (${value('platform')} IS NULL OR ${w.platform} = ${value('platform')})
  AND (${value('active')} IS NULL OR ${flag(activity)} = ${value('active')})`

const OF = {
  user: sql`${d.appId} = ${value('app')} AND ${d.userId} = ${value('userId')}`,
  all: sql`${d.appId} = ${value('app')}`,
}

/**
 * The next places after one, from a single index without sorting. The index order differs from the list's only for devices of
 * the same millisecond, which come in reverse. So the rest of the place's own millisecond comes first, then older
 * ones without the last millisecond, which may be incomplete and starts the next step. No device is read twice,
 * however many share a millisecond.
 */
const window = <Names extends string>(of: Template<Names>) => sql`
  WITH same AS MATERIALIZED (SELECT ${d.id}, ${d.createdAt} FROM ${d}
      WHERE ${of} AND ${d.createdAt} = ${value('afterAt')} AND ${d.id} > ${value('afterId')} ORDER BY ${d.id} LIMIT ${value('scan')}),
    older AS MATERIALIZED (SELECT ${d.id}, ${d.createdAt} FROM ${d} WHERE ${of} AND ${d.createdAt} < ${value('afterAt')}
      ORDER BY ${d.createdAt} DESC, ${d.id} DESC LIMIT ${value('scan')} - (SELECT count(*) FROM same)),
    cut AS MATERIALIZED (SELECT min(created_at) AS at, count(*) = ${value('scan')} - (SELECT count(*) FROM same) AS more FROM older),
    places AS (SELECT id FROM same UNION ALL
      SELECT older.id FROM cut CROSS JOIN older WHERE NOT cut.more OR older.created_at > cut.at)`
const found = sql`FROM places ${inTurn(w, sql`${w.id} = places.id`)} WHERE ${matches}`

/**
 * Steps of a client's list of a dialect, for one user's devices or all: each scans a window of bounded size, whatever the
 * filter and the matches. Only rows to be shown are read whole, without topics and tags.
 */
const step = <Names extends string>(of: Template<Names>) => {
  const rows = statement(sql`${window(of)}
    SELECT ${listedColumns} FROM (SELECT ${w.id}, ${w.createdAt} ${found}
      ORDER BY ${w.createdAt} DESC, ${w.id} LIMIT ${value('limit')} OFFSET ${value('offset')}) k
    ${inTurn(d, sql`${d.id} = k.id`)} ${joinedToken}
    ORDER BY k.created_at DESC, k.id`)
  const count = statement(sql`${window(of)} SELECT ${columns({ matches: integer(sql`count(*)`) })} ${found}`)
  /** The start of the next window; none if the list ends in this one. */
  const end = statement(sql`${window(of)}
    SELECT ${columns({
      at: integer(sql`coalesce(cut.at, ${value('afterAt')})`),
      id: text(either(sql`cut.at IS NULL`, sql`(SELECT max(id) FROM same)`, sql`''`)),
    })} FROM cut WHERE cut.more`)
  return { rows, count, end }
}

export const clientStep = { user: step(OF.user), all: step(OF.all) } as const
