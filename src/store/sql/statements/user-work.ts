import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { unchecked } from '../template.ts'
import { number, refuse, unexpired, value } from './shared.ts'
import { spare } from './spares.ts'

/*
 * A change of all devices of a user is done in pieces of bounded cost, each in one plan: `advance` says which devices
 * the next piece has, the plan's own statements change these, `finish` ends the work behind the oldest device. The
 * place is kept in the row and moved in the same write, so that no piece is done twice, whoever works on it.
 */

/** Behind every id: the work begins with the newest device. */
export const LAST = '\u{10ffff}'

/** Most works that wait in a dialect of an app. */
const WAITING = 1000
/** Devices that one piece looks at, and what it may cost: tags of theirs that are counted, and changes of tags. */
const PIECE = { devices: 500, cost: 10_000 }

const ofUser = (work: SQL): SQL =>
  sql`d.app_id = ${work}.app_id AND d.dialect = ${work}.dialect AND d.user_id = ${work}.user_id`

/** An older work about one of the same users, which comes first. */
const blocked = (work: SQL): SQL => sql`EXISTS (SELECT 1 FROM user_work earlier
  WHERE earlier.app_id = ${work}.app_id AND earlier.dialect = ${work}.dialect
    AND (earlier.asked_at, earlier.id) < (${work}.asked_at, ${work}.id)
    AND (earlier.user_id IN (${work}.user_id, ${work}.target) OR earlier.target IN (${work}.user_id, ${work}.target)))`

export const insertWork = statement(sql`
  INSERT INTO user_work (id, app_id, dialect, user_id, target, input, cause, asked_at, after, upto, turn_at)
  SELECT ${value('work')}, ${value('app')}, ${value('dialect')}, ${value('userId')}, ${value('target')}, ${value('input')},
    ${value('cause')}, ${value('asked')}, ${value('last')}, ${value('last')}, ${value('now')}
  WHERE EXISTS (SELECT 1 FROM app_dialects a WHERE a.app_id = ${value('app')} AND a.dialect = ${value('dialect')})
  ON CONFLICT DO NOTHING`)

/** Goes on to the next piece, unless an older work comes first. */
export const advance = statement(sql`
  UPDATE user_work SET upto = after, turn_at = ${value('now')}, after = coalesce((
    SELECT min(id) FROM (
      SELECT id, row_number() OVER newest AS place, sum(tag_count + ${value('cost')}) OVER newest AS spent FROM (
        SELECT d.id, d.tag_count FROM devices d WHERE ${ofUser(sql.raw('user_work'))} AND d.id < user_work.after
        ORDER BY d.id DESC LIMIT min(${value('most')}, ${number(PIECE.devices)}))
      WINDOW newest AS (ORDER BY id DESC))
    WHERE place = 1 OR spent <= ${number(PIECE.cost)}), '')
  WHERE id = ${value('work')} AND NOT ${blocked(sql.raw('user_work'))}`)

/** Who became the user's only after the work was asked for has none of it. */
const joinedLater = sql`EXISTS (SELECT 1 FROM events joined WHERE joined.app_id = d.app_id AND joined.device_id = d.id AND joined.at > w.asked_at
  AND (joined.kind = 'registered' OR (joined.kind IN ('userChanged', 'attached', 'rotated') AND joined.detail ->> '$.userId' IS NOT w.user_id)))`

/** The ids of the devices of the last piece. */
export const lastPiece: SQL = sql`
  SELECT d.id FROM user_work w CROSS JOIN devices d
  WHERE w.id = ${value('work')} AND ${ofUser(sql.raw('w'))} AND d.id >= w.after AND d.id < w.upto
    AND ${unexpired('d')} AND NOT ${joinedLater}`

export const finish = statement(sql`
  DELETE FROM user_work WHERE id = ${value('work')}
    AND NOT EXISTS (SELECT 1 FROM devices d WHERE ${ofUser(sql.raw('user_work'))} AND d.id < user_work.after)`)

/** Whether something is left to do; more of it than may wait ends the plan. */
export const remaining: Statement<{ id: string }> = statement(sql`
  SELECT CASE WHEN waiting > ${number(WAITING)} THEN ${refuse('waiting', sql`waiting`)} ELSE id END AS id
  FROM (SELECT w.id, (SELECT count(*) FROM user_work other WHERE other.app_id = w.app_id AND other.dialect = w.dialect) AS waiting
    FROM user_work w WHERE w.id = ${value('work')})`)

export interface WorkRow {
  id: string
  app_id: string
  dialect: string
  user_id: string
  target: string | null
  input: string
  cause: string
  asked_at: number
}

/** The work whose turn it is: of those that no older one holds back, the one that waited longest. */
export const nextWork: Statement<WorkRow> = statement(sql`
  SELECT id, app_id, dialect, user_id, target, input, cause, asked_at FROM user_work
  WHERE NOT ${blocked(sql.raw('user_work'))} ORDER BY turn_at, id LIMIT 1`)

/** Keeps whose the devices of the piece were. The time is that of the request: what came later came later. */
export const logMoved = statement(sql`
  INSERT INTO events (app_id, device_id, kind, cause, detail, at)
  SELECT app_id, id, 'userChanged', ${value('cause')}, json_object('userId', user_id, 'userProved', user_proved), ${value('asked')}
  FROM devices WHERE id IN (${lastPiece})`)

/** Before that: who is still being removed has what comes now for good. */
export const spareMoved = spare(unchecked(sql`d.id IN (${lastPiece})`), unchecked(value('target')))

/** Gives the devices of the piece to another user, who is not proved by it. */
export const moveUser: Statement<{ id: string }> = statement(sql`
  UPDATE devices SET user_id = ${value('target')}, user_proved = 0, updated_at = ${value('now')} WHERE id IN (${lastPiece})`)

/** Nothing is kept of what was asked for an erased user. */
export const forgetWork = statement(sql`
  DELETE FROM user_work WHERE app_id = ${value('app')} AND (user_id = ${value('userId')} OR target = ${value('userId')})`)
