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
 * Changes of all devices of a user are made in batches of bounded cost, each in one plan: `advance` picks the devices of
 * the next batch, the plan's own statements change these, `finish` ends the work after the oldest device. The
 * position is in the row and updated in the same write, so that no batch is processed twice. Whoever processes a
 * batch holds the lease, except for the first batch, which is part of the request.
 */

/** Greater than every id: the work begins with the newest device. */
export const LAST = '\u{10ffff}'

/** Most waiting work items of an app in a dialect. */
const WAITING = 1000
/** Most devices read per batch, and its largest cost: their tags that are counted, plus tag changes. */
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

/** Older work on one of the same users, which must finish first. */
const blocked = (work: Work) => sql`EXISTS (SELECT 1 FROM ${earlier}
  WHERE ${earlier.appId} = ${work.appId} AND ${earlier.dialect} = ${work.dialect}
    AND (${earlier.askedAt}, ${earlier.id}) < (${work.askedAt}, ${work.id})
    AND (${earlier.userId} IN (${work.userId}, ${work.target}) OR ${earlier.target} IN (${work.userId}, ${work.target})))`

/** Of the unblocked work, the least recently processed is next. */
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

/** Advances to the next batch, which is empty while older work is unfinished. */
export const advance = statement(sql`
  UPDATE ${userWork} SET ${upto} = ${after}, ${turnAt} = ${value('now')}, ${after} = CASE WHEN ${blocked(own)} THEN ${after} ELSE coalesce((
    SELECT min(id) FROM (
      SELECT ${devices.id}, row_number() OVER newest AS place, sum(${devices.tagCount} + ${value('cost')}) OVER newest AS spent FROM (
        SELECT ${d.id}, ${d.tagCount} FROM ${d} WHERE ${ofUser(own)} AND ${d.id} < ${own.after}
        ORDER BY ${d.id} DESC LIMIT ${least(value('most'), number(PIECE.devices))}) newest_first
      WINDOW newest AS (ORDER BY ${devices.id} DESC)) taken
    WHERE place = 1 OR spent <= ${number(PIECE.cost)}), '') END
  WHERE ${mine(own)}`)

/** The device was bound to the user after the request, so it is not changed. */
const joinedLater = sql`EXISTS (SELECT 1 FROM ${joined} WHERE ${joined.appId} = ${d.appId} AND ${joined.deviceId} = ${d.id} AND ${joined.at} > ${w.askedAt}
  AND (${joined.kind} = 'registered' OR (${joined.kind} IN ('userChanged', 'attached', 'rotated') AND ${differs(member(joined.detail, '$.userId'), w.userId)})))`

/** The ids of the devices of the last batch; none if another process has the lease. */
export const lastPiece = sql`
  SELECT ${d.id} FROM ${w} CROSS JOIN ${d}
  WHERE ${mine(w)} AND ${ofUser(w)} AND ${d.id} >= ${w.after} AND ${d.id} < ${w.upto}
    AND ${unexpired(d)} AND NOT ${joinedLater}`

export const finish = statement(sql`
  DELETE FROM ${userWork} WHERE ${id} = ${value('work')}
    AND NOT EXISTS (SELECT 1 FROM ${d} WHERE ${ofUser(own)} AND ${d.id} < ${own.after})`)

/** Runs after a batch: any process may do the next one. */
export const release = statement(sql`
  UPDATE ${userWork} SET ${waiting.free(number(0))} WHERE ${id} = ${value('work')} AND ${lease} = ${value('lease')}`)

/** Whether work is left; aborts the plan if too much is waiting. */
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

/** Records the previous user of the batch's devices, with the time of the request. */
export const logMoved = statement(sql`
  ${logged}
  SELECT ${devices.appId}, ${devices.id}, ${eventKind('userChanged')}, ${value('cause')},
    ${object({ userId: devices.userId, userProved: devices.userProved })}, ${value('asked')}
  FROM ${devices} WHERE ${devices.id} IN (${lastPiece})`)

/** Runs before it: the devices are excluded from a pending removal of the new user. */
export const spareMoved = spare(sql`${d.id} IN (${lastPiece})`, value('target'))

/** Moves the devices of the batch to another user, as a claim (not proved). */
export const moveUser = statement(sql`
  UPDATE ${devices} SET ${devices.userId} = ${value('target')}, ${devices.userProved} = 0, ${devices.updatedAt} = ${value('now')}
  WHERE ${devices.id} IN (${lastPiece})`)

/** Deletes all work requested for an erased user. */
export const forgetWork = <Names extends string>(where: Template<Names>) =>
  statement(sql`
  DELETE FROM ${userWork} WHERE ${where} AND ${appId} = ${value('app')} AND (${userId} = ${value('userId')} OR ${target} = ${value('userId')})`)
