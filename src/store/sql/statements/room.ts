/**
 * Limits on the devices of an app and of a user. An app's limit counts active devices: superseded ones are kept for undos and
 * do not count.
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

/** The number of an app's active devices, from its counters: a few rows, however many devices there are. */
const inUse = <Names extends string>(app: Template<Names> | Expression) =>
  sql`(SELECT coalesce(sum(CASE WHEN ${c.kind} = 'devices' THEN ${c.amount} ELSE -${c.amount} END), 0) FROM ${c}
    WHERE ${c.appId} = ${app} AND ${c.kind} IN ('devices', 'superseded'))`

export const devicesInUse = statement(sql`SELECT ${columns({ n: integer(inUse(value('app'))) })}`)

/** The app may have another device. */
export const hasRoom = sql`${inUse(value('app'))} < ${value('mostDevices')}`

type Own<Names extends string> = Template<Names>
const byKey = keyed(d)
const byToken = sql`${d.pushTokenId} = ${tokenId} AND ${d.dialect} = ${value('dialect')}`

/** The registration takes the token of another device of the dialect, so the number of devices does not grow. */
const takesOver = sql`EXISTS (SELECT 1 FROM ${r} WHERE ${r.pushTokenId} = ${tokenId} AND ${r.dialect} = ${value('dialect')} AND ${r.externalId} <> ${value('externalId')})`
const standing = <Names extends string>(own: Own<Names>) =>
  sql`SELECT 1 FROM ${d} WHERE ${own} AND (${unexpired(d)} OR ${d.id} = ${value('deviceId')})`

/** The registration adds an active device: a new one, or a superseded one that gets a token. Evaluated after counting. */
const oneMore = <Names extends string>(own: Own<Names>) => sql`(
    ${value('existing')} = 0 AND NOT EXISTS (${standing(own)}) AND ${inUse(value('app'))} >= ${value('mostDevices')}
    OR ${value('hash')} IS NOT NULL AND EXISTS (${standing(own)} AND ${d.supersededAt} IS NOT NULL) AND ${inUse(value('app'))} > ${value('mostDevices')})`

const full = {
  key: sql`${oneMore(byKey)} AND NOT ${takesOver}`,
  token: oneMore(byToken),
} as const

/** Runs after the counting of a registration; aborts it if the app is full. */
export const refuseFull = { key: refuseWhere(full.key), token: refuseWhere(full.token) } as const

/** Run afterwards: whether a new device was refused for that reason. */
export const isFull = {
  key: statement(
    sql`SELECT ${columns({ full: flag(sql`NOT EXISTS (${standing(byKey)} AND ${d.supersededAt} IS NULL) AND NOT ${hasRoom}`) })}`,
  ),
  token: statement(
    sql`SELECT ${columns({ full: flag(sql`NOT EXISTS (${standing(byToken)}) AND NOT ${hasRoom}`) })}`,
  ),
} as const

/** Most devices of a user beyond the limit that are read and unbound at a time. */
const AT_A_TIME = sql`50`

/**
 * The devices beyond the limit of a device's current user, least recently seen first; the calling device is not among
 * them. A limit is at most 1,000, so the number of devices read is bounded, however many the user has.
 */
const beyond = sql`(SELECT id FROM (
    SELECT id, row_number() OVER (ORDER BY seen DESC, id DESC) AS place FROM (
      SELECT ${u.id} AS id, ${u.lastSeenAt} AS seen FROM ${u}
      WHERE ${u.appId} = ${value('app')} AND ${u.dialect} = ${value('dialect')}
        AND ${u.userId} = (SELECT ${d.userId} FROM ${d} WHERE ${byKey})
        AND ${u.externalId} <> ${value('externalId')} AND ${u.supersededAt} IS NULL
      ORDER BY ${u.id} LIMIT ${value('mostOfUser')} + ${AT_A_TIME}) others) ranked WHERE place >= ${value('mostOfUser')})`

/** Unbinds devices from their user; they keep token, topics and tags. */
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

/** Runs after a registration or the binding of a user: the devices of the device's user beyond the limit. */
export const letGo = lettingGo(beyond)

const limitOf = <Names extends string>(app: Template<Names> | Expression, path: string) =>
  sql`(SELECT ${numeric(a.settings, path)} FROM ${a} WHERE ${a.id} = ${app})`
const mostOfHome = limitOf(value('home'), '$.limits.devices')
/** The app's limit on the devices of a user; NULL without a limit. */
export const mostOfUser = limitOf(value('app'), '$.limits.devicesPerUser')

/**
 * For each of these users (`dialect`, `user_id`), the devices beyond the limit, least recently seen first: the limit and a
 * thousand more devices are read. Devices for which `open` holds neither count nor are unbound.
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

/** The users named by the rows of a step, and those of superseded devices that have a token again. */
const imported = sql`SELECT dialect, user_id FROM (
    SELECT ${member(j.value, '$[1]')} AS dialect, ${member(j.value, '$[5]')} AS user_id FROM ${elements(value('freshDevices'))} j
    UNION SELECT ${s.dialect}, ${s.userId} FROM ${s} WHERE ${s.number} = ${value('importNumber')}
    UNION SELECT ${d.dialect}, ${d.userId} FROM ${s} CROSS JOIN ${d} WHERE ${s.number} = ${value('importNumber')} AND ${s.takes} = 1 AND ${d.number} = ${s.device}) named
  WHERE user_id IS NOT NULL AND ${mostOfUser} IS NOT NULL`
/** Runs after a step of an import: the devices of its users beyond the limit. */
export const letGoOfImport = lettingGo(beyondOf(imported, none))

/** Runs after a batch of a move of all devices of a user: the devices of the new user beyond the limit. */
export const letGoOfMoved = lettingGo(
  beyondOf(
    sql`SELECT ${value('dialect')} AS dialect, ${value('target')} AS user_id WHERE ${mostOfUser} IS NOT NULL`,
    none,
  ),
)

/** The undo has not reached older events of the device, which may change its user again. */
const isOpen = sql`EXISTS (SELECT 1 FROM ${e} WHERE ${e.appId} = ${z.appId} AND ${e.deviceId} = ${z.id} AND ${e.id} < ${value('openBefore')}
    AND (${value('about')} = '' OR ${e.cause} = ${value('about')}) AND ${e.at} BETWEEN ${value('fromAt')} AND ${value('untilAt')})`
const givenBack = sql`SELECT DISTINCT ${z.dialect} AS dialect, ${z.userId} AS user_id
  FROM ${k} ${inTurn(z, sql`${z.id} = ${k.deviceId} AND ${z.appId} = ${value('app')}`)}
  WHERE ${k.removalId} = ${value('given')} AND ${z.userId} IS NOT NULL AND NOT ${isOpen}`
/** Runs after a batch of an undo: the devices of its devices' current users beyond the limit. */
export const letGoOfUndo = lettingGo(beyondOf(givenBack, isOpen))

/** The app has room for all new devices of an import's step. */
export const hasRoomForFresh = sql`(${mostOfHome} IS NULL
  OR ${inUse(value('home'))} + (SELECT count(*) FROM ${elements(value('freshDevices'))} j) <= ${mostOfHome})`

/** Devices that a dry run would have added so far. */
const added = sql`CASE WHEN ${value('app')} = ${value('home')} THEN 0 ELSE ${inUse(value('app'))} END`
/** A superseded device gets a token again. */
const revives = sql`(${s.outcome} IN ('updated', 'merged') AND ${s.takes} = 1
  AND EXISTS (SELECT 1 FROM ${d} WHERE ${d.number} = ${s.device} AND ${d.supersededAt} IS NOT NULL))`
/** Rows of the round that add an active device and take over no token. */
const makers = sql`FROM ${s} WHERE ${s.number} = ${value('importNumber')} AND ${s.round} = ${value('round')} AND ${s.holder} IS NULL
  AND (${s.outcome} = 'created' AND ${s.supersededAt} IS NULL OR ${revives})`

/** Runs after the rows of a round: refuses the last rows that exceed the app's limit. */
export const refuseBeyond = statement(sql`
  UPDATE ${importRows} SET ${importRows.outcome} = 'rejected', ${importRows.reason} = 'device_limit', ${importRows.takes} = 0
  WHERE ${importRows.number} = ${value('importNumber')} AND ${importRows.round} = ${value('round')} AND ${mostOfHome} IS NOT NULL
    AND ${importRows.position} IN (SELECT position FROM (
      SELECT ${s.position} AS position, row_number() OVER (ORDER BY ${s.position}) AS place ${makers}) made
      WHERE place > ${mostOfHome} - ${inUse(value('home'))} - ${added})`)

/** For a dry run, which has no counters: counts the devices that it would have created. */
export const countDryRun = statement(sql`
  INSERT INTO ${counters} (${counters.appId}, ${counters.kind}, ${counters.name}, ${counters.amount})
  SELECT ${value('app')}, 'devices', 'dry run', ${total(sql`1`)} ${makers} AND ${mostOfHome} IS NOT NULL HAVING count(*) > 0
  ON CONFLICT (${counters.appId}, ${counters.kind}, ${counters.name}) DO UPDATE SET ${counters.amount} = ${own.amount} + ${excluded.amount}`)
export const dropDryRun = statement(
  sql`DELETE FROM ${counters} WHERE ${counters.appId} = ${value('app')} AND ${counters.kind} = 'devices' AND ${counters.name} = 'dry run'`,
)
