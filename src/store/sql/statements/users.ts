import { sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { keyed, listed, unexpired, value } from './shared.ts'
import { spare } from './spares.ts'

const bindable = sql`${keyed('devices')} AND ${unexpired('devices')} AND superseded_at IS NULL
  AND (user_id IS NOT ${value('userId')} OR user_proved <> ${value('proved')})
  AND (${value('replace')} = 1 OR user_id IS NULL OR user_id = ${value('userId')})
  AND (${value('limit')} IS NULL OR user_id IS ${value('userId')}
    OR (SELECT count(*) FROM (SELECT 1 FROM devices o
      WHERE o.app_id = ${value('app')} AND o.user_id = ${value('userId')} AND o.dialect = ${value('dialect')}
        AND o.superseded_at IS NULL AND ${unexpired('o')} AND o.platform IN ${listed('among')}
      LIMIT ${value('limit')})) < ${value('limit')})`

export const logBound = statement(sql`
  INSERT INTO events (app_id, device_id, kind, cause, detail, at)
  SELECT app_id, id, 'userChanged', ${value('cause')}, json_object('userId', user_id, 'userProved', user_proved), ${value('now')}
  FROM devices WHERE ${bindable}`)

/**
 * Binds a user where the dialect's rules allow it: nobody there (or replacing allowed), and room for one more. The
 * same user again changes at most whether it is proved.
 */
export const bindUser = statement(sql`
  UPDATE devices SET user_id = ${value('userId')}, user_proved = ${value('proved')}, updated_at = ${value('now')}, last_seen_at = ${value('now')}
  WHERE ${bindable}`)

/** Before either: who comes back while they are still being removed comes back for good. */
export const spareBound = spare(
  sql`${keyed('d')} AND ${unexpired('d')} AND d.superseded_at IS NULL`,
  value('userId'),
)

/** Who the device's user is afterwards; no row for an unknown device. */
export const boundUser: Statement<{ user_id: string | null }> = statement(
  sql`SELECT user_id FROM devices d WHERE ${keyed('d')} AND ${unexpired('d')} AND d.superseded_at IS NULL`,
)
