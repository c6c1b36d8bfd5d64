import { scoped, unexpired } from '../conditions.ts'
import { differs, least, member, number, object, refuse, same } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { type Alias, appDialects, devices, events, userWork } from '../tables.ts'
import { columns, type RowOf, sql, type Template, text, value } from '../template.ts'
import { eventKind, logged } from './history.ts'
import { queue } from './queue.ts'
import { spare } from './spares.ts'

/*
 * A change of all devices of a user is done in pieces of bounded cost, each in one plan: `advance` says which devices
 * the next piece has, the plan's own statements change these, `finish` ends the work behind the oldest device. The
 * place is kept in the row and moved in the same write, so that no piece is done twice, whoever works on it. Whoever does
 * a piece has the lease, but for the first one, which is done with the request.
 */

/** Behind every id: the work begins with the newest device. */
export const LAST = '\u{10ffff}'

/** Most works that wait in a dialect of an app. */
const WAITING = 1000
/** Devices that one piece looks at, and what it may cost: tags of theirs that are counted, and changes of tags. */
const PIECE = { devices: 500, cost: 10_000 }

const a = appDialects.as('a')
const d = devices.as('d')
const w = userWork.as('w')
const own = userWork.as('user_work')
const earlier = userWork.as('earlier')
const other = userWork.as('other')
const joined = events.as('joined')
const { id, appId, dialect, userId, target, input, cause, askedAt, after, upto, turnAt, lease } = userWork

type Work = Alias<'userWork'>

const ofUser = (work: Work) =>
  sql`${d.appId} = ${work.appId} AND ${d.dialect} = ${work.dialect} AND ${d.userId} = ${work.userId}`

/** An older work about one of the same users, which comes first. */
const blocked = (work: Work) => sql`EXISTS (SELECT 1 FROM ${earlier}
  WHERE ${earlier.appId} = ${work.appId} AND ${earlier.dialect} = ${work.dialect}
    AND (${earlier.askedAt}, ${earlier.id}) < (${work.askedAt}, ${work.id})
    AND (${earlier.userId} IN (${work.userId}, ${work.target}) OR ${earlier.target} IN (${work.userId}, ${work.target})))`

/** Of those that no older one holds back, the one that waited longest is next. */
const waiting = queue({
  table: userWork,
  key: (of) => [of.id],
  order: (of) => sql`${of.turnAt}, ${of.id}`,
  open: (of) => sql`NOT ${blocked(of)}`,
})

export const insertWork = statement(sql`
  ${insertion(userWork, {
    id: value('work'),
    appId: value('app'),
    dialect: value('dialect'),
    userId: value('userId'),
    target: value('target'),
    input: value('input'),
    cause: value('cause'),
    askedAt: value('asked'),
    after: value('last'),
    upto: value('last'),
    turnAt: value('now'),
    ...waiting.waiting(number(0)),
  })}
  WHERE EXISTS (SELECT 1 FROM ${a} WHERE ${scoped(a)})
  ON CONFLICT DO NOTHING`)

const mine = (work: Work) => sql`${work.id} = ${value('work')} AND ${same(work.lease, value('lease'))}`

/** Goes on to the next piece, which is empty while an older work comes first. */
export const advance = statement(sql`
  UPDATE ${userWork} SET ${upto} = ${after}, ${turnAt} = ${value('now')}, ${after} = CASE WHEN ${blocked(own)} THEN ${after} ELSE coalesce((
    SELECT min(id) FROM (
      SELECT ${devices.id}, row_number() OVER newest AS place, sum(${devices.tagCount} + ${value('cost')}) OVER newest AS spent FROM (
        SELECT ${d.id}, ${d.tagCount} FROM ${d} WHERE ${ofUser(own)} AND ${d.id} < ${own.after}
        ORDER BY ${d.id} DESC LIMIT ${least(value('most'), number(PIECE.devices))}) newest_first
      WINDOW newest AS (ORDER BY ${devices.id} DESC)) taken
    WHERE place = 1 OR spent <= ${number(PIECE.cost)}), '') END
  WHERE ${mine(own)}`)

/** Who became the user's only after the work was asked for has none of it. */
const joinedLater = sql`EXISTS (SELECT 1 FROM ${joined} WHERE ${joined.appId} = ${d.appId} AND ${joined.deviceId} = ${d.id} AND ${joined.at} > ${w.askedAt}
  AND (${joined.kind} = 'registered' OR (${joined.kind} IN ('userChanged', 'attached', 'rotated') AND ${differs(member(joined.detail, '$.userId'), w.userId)})))`

/** The ids of the devices of the last piece; none once somebody else has the lease. */
export const lastPiece = sql`
  SELECT ${d.id} FROM ${w} CROSS JOIN ${d}
  WHERE ${mine(w)} AND ${ofUser(w)} AND ${d.id} >= ${w.after} AND ${d.id} < ${w.upto}
    AND ${unexpired(d)} AND NOT ${joinedLater}`

export const finish = statement(sql`
  DELETE FROM ${userWork} WHERE ${id} = ${value('work')}
    AND NOT EXISTS (SELECT 1 FROM ${d} WHERE ${ofUser(own)} AND ${d.id} < ${own.after})`)

/** Behind a piece: the next one may be anybody's. */
export const release = statement(sql`
  UPDATE ${userWork} SET ${waiting.free(number(0))} WHERE ${id} = ${value('work')} AND ${lease} = ${value('lease')}`)

/** Whether something is left to do; more of it than may wait ends the plan. */
export const remaining = statement(sql`
  SELECT ${columns({ id: text(sql`CASE WHEN waiting > ${number(WAITING)} THEN CAST(${refuse('waiting', sql`waiting`)} AS TEXT) ELSE id END`) })}
  FROM (SELECT ${w.id}, (SELECT count(*) FROM ${other} WHERE ${other.appId} = ${w.appId} AND ${other.dialect} = ${w.dialect}) AS waiting
    FROM ${w} WHERE ${w.id} = ${value('work')}) counted`)

const workColumns = columns({
  id,
  app_id: appId,
  dialect,
  user_id: userId,
  target,
  input,
  cause,
  asked_at: askedAt,
})
export type WorkRow = RowOf<typeof workColumns>

export const { anyDue } = waiting
export const claimWork = statement(sql`${waiting.claim} RETURNING ${workColumns}`)

/** Keeps whose the devices of the piece were. The time is that of the request: what came later came later. */
export const logMoved = statement(sql`
  ${logged}
  SELECT ${devices.appId}, ${devices.id}, ${eventKind('userChanged')}, ${value('cause')},
    ${object({ userId: devices.userId, userProved: devices.userProved })}, ${value('asked')}
  FROM ${devices} WHERE ${devices.id} IN (${lastPiece})`)

/** Before that: who is still being removed has what comes now for good. */
export const spareMoved = spare(sql`${d.id} IN (${lastPiece})`, value('target'))

/** Gives the devices of the piece to another user, who is not proved by it. */
export const moveUser = statement(sql`
  UPDATE ${devices} SET ${devices.userId} = ${value('target')}, ${devices.userProved} = 0, ${devices.updatedAt} = ${value('now')}
  WHERE ${devices.id} IN (${lastPiece})`)

/** Nothing is kept of what was asked for an erased user. */
export const forgetWork = <Names extends string>(where: Template<Names>) =>
  statement(sql`
  DELETE FROM ${userWork} WHERE ${where} AND ${appId} = ${value('app')} AND (${userId} = ${value('userId')} OR ${target} = ${value('userId')})`)
