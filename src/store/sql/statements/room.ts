/**
 * How many devices an app may have, and one of its users. A limit on the app's devices counts those in use: a device that
 * another one replaced is kept for undo, and takes nobody's place.
 */
import { keyed, refuseWhere, tokenId, unexpired } from '../conditions.ts'
import { elements, flag, greatest, inTurn, item, member, numeric, object, total } from '../forms.ts'
import { statement } from '../statement.ts'
import { apps, counters, devices, events, importRows, removalPicks } from '../tables.ts'
import { columns, type Expression, integer, sql, type Template, value } from '../template.ts'
import { eventKind, logged } from './history.ts'

const c = counters.as('c')
const d = devices.as('d')
const r = devices.as('r')
const a = apps.as('a')
const s = importRows.as('s')
const own = counters.as('counters')
const excluded = counters.as('excluded')
const u = devices.as('u')
const z = devices.as('z')
const e = events.as('e')
const k = removalPicks.as('k')
const j = item('j')

/** The devices in use of an app, from its counters: a few rows, however many devices there are. */
const inUse = <Names extends string>(app: Template<Names> | Expression) =>
  sql`(SELECT coalesce(sum(CASE WHEN ${c.kind} = 'devices' THEN ${c.amount} ELSE -${c.amount} END), 0) FROM ${c}
    WHERE ${c.appId} = ${app} AND ${c.kind} IN ('devices', 'superseded'))`

export const devicesInUse = statement(sql`SELECT ${columns({ n: integer(inUse(value('app'))) })}`)

/** There is room for one more. */
export const hasRoom = sql`${inUse(value('app'))} < ${value('mostDevices')}`

type Own<Names extends string> = Template<Names>
const byKey = keyed(d)
const byToken = sql`${d.pushTokenId} = ${tokenId} AND ${d.dialect} = ${value('dialect')}`

/** Another device of the dialect gives its token to the one that registers: then there are no more of them than before. */
const takesOver = sql`EXISTS (SELECT 1 FROM ${r} WHERE ${r.pushTokenId} = ${tokenId} AND ${r.dialect} = ${value('dialect')} AND ${r.externalId} <> ${value('externalId')})`
const standing = <Names extends string>(own: Own<Names>) =>
  sql`SELECT 1 FROM ${d} WHERE ${own} AND (${unexpired(d)} OR ${d.id} = ${value('deviceId')})`

/** One device more would be in use: a new one, or one that was replaced and takes a token now. Asked once it is counted. */
const oneMore = <Names extends string>(own: Own<Names>) => sql`(
    ${value('existing')} = 0 AND NOT EXISTS (${standing(own)}) AND ${inUse(value('app'))} >= ${value('mostDevices')}
    OR ${value('hash')} IS NOT NULL AND EXISTS (${standing(own)} AND ${d.supersededAt} IS NOT NULL) AND ${inUse(value('app'))} > ${value('mostDevices')})`

const full = {
  key: sql`${oneMore(byKey)} AND NOT ${takesOver}`,
  token: oneMore(byToken),
} as const

/** Behind the counting of a registration: of one for which the app has no room nothing happens. */
export const refuseFull = { key: refuseWhere(full.key), token: refuseWhere(full.token) } as const

/** Afterwards: whether it was that, of a device that nobody has. */
export const isFull = {
  key: statement(
    sql`SELECT ${columns({ full: flag(sql`NOT EXISTS (${standing(byKey)} AND ${d.supersededAt} IS NULL) AND NOT ${hasRoom}`) })}`,
  ),
  token: statement(
    sql`SELECT ${columns({ full: flag(sql`NOT EXISTS (${standing(byToken)}) AND NOT ${hasRoom}`) })}`,
  ),
} as const

/** Of a user with more devices than the limit no more are looked at, and let go, at a time. */
const AT_A_TIME = sql`50`

/**
 * The devices beyond the limit of the user whom a device has by now, those that were seen longest ago: the one that has just
 * called stays. A limit is at most a thousand, and that many and a few more are looked at, however many the user has.
 */
const beyond = sql`(SELECT id FROM (
    SELECT id, row_number() OVER (ORDER BY seen DESC, id DESC) AS place FROM (
      SELECT ${u.id} AS id, ${u.lastSeenAt} AS seen FROM ${u}
      WHERE ${u.appId} = ${value('app')} AND ${u.dialect} = ${value('dialect')}
        AND ${u.userId} = (SELECT ${d.userId} FROM ${d} WHERE ${byKey})
        AND ${u.externalId} <> ${value('externalId')} AND ${u.supersededAt} IS NULL
      ORDER BY ${u.id} LIMIT ${value('mostOfUser')} + ${AT_A_TIME}) others) ranked WHERE place >= ${value('mostOfUser')})`

/** Devices that a condition names keep token, topics and tags, and have no user any more. */
const lettingGo = <Names extends string>(chosen: Template<Names>) =>
  [
    statement(sql`
    ${logged}
    SELECT ${d.appId}, ${d.id}, ${eventKind('userChanged')}, ${value('cause')},
      ${object({ userId: d.userId, userProved: d.userProved })}, ${value('now')}
    FROM ${d} WHERE ${d.id} IN ${chosen}`),
    statement(sql`
    UPDATE ${devices} SET ${devices.userId} = NULL, ${devices.userProved} = 0,
      ${devices.updatedAt} = ${greatest(value('now'), sql`${devices.as('devices').updatedAt} + 1`)}
    WHERE ${devices.id} IN ${chosen}`),
  ] as const

/** Behind a registration, or the binding of a user: the devices of the device's user beyond the limit. */
export const letGo = lettingGo(beyond)

const limitOf = <Names extends string>(app: Template<Names> | Expression, path: string) =>
  sql`(SELECT ${numeric(a.settings, path)} FROM ${a} WHERE ${a.id} = ${app})`
const mostOfHome = limitOf(value('home'), '$.limits.devices')
/** The limit of each user's devices in the app; NULL without one. */
export const mostOfUser = limitOf(value('app'), '$.limits.devicesPerUser')

/**
 * Of each of these users (`dialect`, `user_id`) the devices beyond the limit, those that were seen longest ago: as many of
 * the newest are looked at as may be, and a thousand more. Devices for which `open` holds neither count nor go.
 */
const beyondOf = <Names extends string, More extends string>(
  users: Template<Names>,
  open: Template<More>,
) => {
  const newest = sql`SELECT ${z.id} FROM ${z} WHERE ${z.appId} = ${value('app')} AND ${z.dialect} = touched.dialect AND ${z.userId} = touched.user_id
    AND ${z.supersededAt} IS NULL AND NOT ${open} ORDER BY ${z.id} DESC LIMIT ${mostOfUser} + 1000`
  return sql`(SELECT id FROM (
    SELECT ${u.id} AS id, row_number() OVER (PARTITION BY ${u.dialect}, ${u.userId} ORDER BY ${u.lastSeenAt} DESC, ${u.id} DESC) AS place
    FROM (${users}) touched ${inTurn(u, sql`${u.id} IN (${newest})`)}) ranked WHERE place > ${mostOfUser})`
}
const none = sql`false`

/** The users that the rows of a step name, and those of replaced devices that have a token again. */
const imported = sql`SELECT dialect, user_id FROM (
    SELECT ${member(j.value, '$[1]')} AS dialect, ${member(j.value, '$[5]')} AS user_id FROM ${elements(value('freshDevices'))} j
    UNION SELECT ${s.dialect}, ${s.userId} FROM ${s} WHERE ${s.number} = ${value('importNumber')}
    UNION SELECT ${d.dialect}, ${d.userId} FROM ${s} CROSS JOIN ${d} WHERE ${s.number} = ${value('importNumber')} AND ${s.takes} = 1 AND ${d.number} = ${s.device}) named
  WHERE user_id IS NOT NULL AND ${mostOfUser} IS NOT NULL`
/** Behind a step of an import: the devices of its users beyond the limit. */
export const letGoOfImport = lettingGo(beyondOf(imported, none))

/** Behind a piece of a move of all devices of a user: those of the user who has them now. */
export const letGoOfMoved = lettingGo(
  beyondOf(
    sql`SELECT ${value('dialect')} AS dialect, ${value('target')} AS user_id WHERE ${mostOfUser} IS NOT NULL`,
    none,
  ),
)

/** The undo has older events of the device yet to come to: what they leave of its user is looked at then. */
const isOpen = sql`EXISTS (SELECT 1 FROM ${e} WHERE ${e.appId} = ${z.appId} AND ${e.deviceId} = ${z.id} AND ${e.id} < ${value('openBefore')}
    AND (${value('about')} = '' OR ${e.cause} = ${value('about')}) AND ${e.at} BETWEEN ${value('fromAt')} AND ${value('untilAt')})`
const givenBack = sql`SELECT DISTINCT ${z.dialect} AS dialect, ${z.userId} AS user_id
  FROM ${k} ${inTurn(z, sql`${z.id} = ${k.deviceId} AND ${z.appId} = ${value('app')}`)}
  WHERE ${k.removalId} = ${value('given')} AND ${z.userId} IS NOT NULL AND NOT ${isOpen}`
/** Behind a piece of an undo: those of the users whom its devices have by now. */
export const letGoOfUndo = lettingGo(beyondOf(givenBack, isOpen))

/** An import has room for all of its step's new devices. */
export const hasRoomForFresh = sql`(${mostOfHome} IS NULL
  OR ${inUse(value('home'))} + (SELECT count(*) FROM ${elements(value('freshDevices'))} j) <= ${mostOfHome})`

/** What a dry run would have added besides what is there. */
const added = sql`CASE WHEN ${value('app')} = ${value('home')} THEN 0 ELSE ${inUse(value('app'))} END`
/** Of a device that another one replaced: it has a token again. */
const revives = sql`(${s.outcome} IN ('updated', 'merged') AND ${s.takes} = 1
  AND EXISTS (SELECT 1 FROM ${d} WHERE ${d.number} = ${s.device} AND ${d.supersededAt} IS NOT NULL))`
/** Rows of the round that make one device more which is in use, and take nobody's token. */
const makers = sql`FROM ${s} WHERE ${s.number} = ${value('importNumber')} AND ${s.round} = ${value('round')} AND ${s.holder} IS NULL
  AND (${s.outcome} = 'created' AND ${s.supersededAt} IS NULL OR ${revives})`

/** Behind the rows of a round: those that make one device more than the app has room for are refused, the last ones first. */
export const refuseBeyond = statement(sql`
  UPDATE ${importRows} SET ${importRows.outcome} = 'rejected', ${importRows.reason} = 'device_limit', ${importRows.takes} = 0
  WHERE ${importRows.number} = ${value('importNumber')} AND ${importRows.round} = ${value('round')} AND ${mostOfHome} IS NOT NULL
    AND ${importRows.position} IN (SELECT position FROM (
      SELECT ${s.position} AS position, row_number() OVER (ORDER BY ${s.position}) AS place ${makers}) made
      WHERE place > ${mostOfHome} - ${inUse(value('home'))} - ${added})`)

/** Of a dry run, which has no counters of its own: the devices that it would have made. */
export const countDryRun = statement(sql`
  INSERT INTO ${counters} (${counters.appId}, ${counters.kind}, ${counters.name}, ${counters.amount})
  SELECT ${value('app')}, 'devices', 'dry run', ${total(sql`1`)} ${makers} AND ${mostOfHome} IS NOT NULL HAVING count(*) > 0
  ON CONFLICT (${counters.appId}, ${counters.kind}, ${counters.name}) DO UPDATE SET ${counters.amount} = ${own.amount} + ${excluded.amount}`)
export const dropDryRun = statement(
  sql`DELETE FROM ${counters} WHERE ${counters.appId} = ${value('app')} AND ${counters.kind} = 'devices' AND ${counters.name} = 'dry run'`,
)
