/** Conditions that statements of several subjects share: which device is meant, and whether it is still there. */
import { digest, element, given, greatest, item, members, objectOf } from './forms.ts'
import { statement } from './statement.ts'
import { type Alias, appDialects, clocks, devices, pushTokens, removalSpares, removals } from './tables.ts'
import { type Expression, integer, raw, sql, type Template, text, value } from './template.ts'

type Device = Alias<'devices'>

/** The one device that app, dialect and external id name. */
export const keyed = (of: Device) =>
  sql`${of.appId} = ${value('app')} AND ${of.dialect} = ${value('dialect')} AND ${of.externalId} = ${value('externalId')}`

/** The number of the device whose id a plan has drawn; NULL where that is not there. */
const drawn = devices.as('drawn')
export const numberOfDrawn = integer(
  sql`(SELECT ${drawn.number} FROM ${drawn} WHERE ${drawn.id} = ${value('deviceId')})`,
)

/** A row of the app. */
export const ofApp = (of: { readonly appId: Expression }) => sql`${of.appId} = ${value('app')}`

/** A row of one dialect of one app. */
export const scoped = (of: { readonly appId: Expression; readonly dialect: Expression }) =>
  sql`${of.appId} = ${value('app')} AND ${of.dialect} = ${value('dialect')}`

const speaks = appDialects.as('speaks')
/** The app still speaks the dialect: look-ups of apps are cached, so that a write may come after its app has gone. */
export const spoken = sql`EXISTS (SELECT 1 FROM ${speaks} WHERE ${speaks.appId} = ${value('app')} AND ${speaks.dialect} = ${value('dialect')})`

/** The clock is not far ahead of what the maintenance believes (see `noteTime`): nothing is old by mistake. */
export const believed = <const Time extends 'now' | 'before'>(time: Time) =>
  sql`NOT EXISTS (SELECT 1 FROM ${clocks} WHERE ${clocks.name} = 'maintenance' AND ${value(time)} > ${clocks.trustedAt} + 86400000)`

const going = removals.as('going')
const anyGoing = removals.as('any_going')
const spared = removalSpares.as('spared')

/** A row of a table other than the devices, which belongs to a dialect of an app. */
interface OfDialect {
  readonly appId: Expression
  readonly dialect: Expression
  readonly createdAt: Expression
}

/** What a removal of a whole app or dialect that is still under way has taken, of tables other than the devices. */
export const takenAway = (of: OfDialect) =>
  sql`EXISTS (SELECT 1 FROM ${going} WHERE ${going.appId} = ${of.appId} AND ${going.userId} IS NULL
    AND (${going.dialect} IS NULL OR ${going.dialect} = ${of.dialect}) AND ${of.createdAt} <= ${going.at})`

/**
 * When a row is made, as far as removals ask: later than all that are under way in its app, even within one millisecond
 * or behind a clock that was set back. What they take is older.
 */
export const madeAt = greatest(
  value('now'),
  sql`coalesce((SELECT max(${greatest(anyGoing.at, anyGoing.untilAt)}) + 1 FROM ${anyGoing} WHERE ${anyGoing.appId} = ${value('app')}), 0)`,
)

/**
 * Not among the devices of an app, a dialect or a user that was removed and whose rows still go in pieces. The first
 * question is asked once for a statement, and seldom is there more to ask.
 */
export const staying = (of: Device) =>
  sql`(NOT EXISTS (SELECT 1 FROM ${anyGoing} WHERE ${anyGoing.appId} = ${value('app')})
    OR NOT EXISTS (SELECT 1 FROM ${going} WHERE ${going.appId} = ${of.appId} AND (${going.dialect} IS NULL OR ${going.dialect} = ${of.dialect})
      AND (${going.userId} IS NULL OR ${going.userId} = ${of.userId}) AND (${of.createdAt}, ${of.id}) <= (${going.untilAt}, ${going.untilId})
      AND NOT EXISTS (SELECT 1 FROM ${spared} WHERE ${spared.removalId} = ${going.id} AND ${spared.deviceId} = ${of.id})))`

/** Its time is not over: neither by its own date nor by a removal that is under way. */
export const unexpired = (of: Device) =>
  sql`((${of.expiresAt} IS NULL OR ${of.expiresAt} > ${value('now')}) AND ${staying(of)})`

/** The row itself, by the name of its table: in an upsert, a bare name could also be the proposed row's. */
const own = devices.as('devices')
/**
 * Notes the time of a change: always increases, even within one millisecond. A plan that is sent a second time carries
 * the same `change` and leaves the time as it is.
 */
export const forward = sql`${devices.updatedBy} = ${value('change')},
    ${devices.updatedAt} = CASE WHEN ${own.updatedBy} = ${value('change')} THEN ${own.updatedAt} ELSE ${greatest(value('now'), sql`${own.updatedAt} + 1`)} END`

/** The device has been imported and has not called by itself so far. */
export const isUnmet = sql`${devices.importedAt} IS NOT NULL AND ${devices.liveAt} IS NULL`
/** Notes that a device calls: now, and the first time of one that was imported. */
export const seen = sql`${devices.lastSeenAt} = ${value('now')},
    ${devices.liveAt} = CASE WHEN ${devices.importedAt} IS NOT NULL THEN coalesce(${devices.liveAt}, ${value('now')}) END`

/** The device that the plan found as it was seen, and whose time it has moved. */
export const ofChange = (of: Device) =>
  sql`${of.id} = ${value('known')} AND ${of.updatedBy} = ${value('change')}`

/** The id of the push token that app, provider and hash name. */
export const tokenId = text(
  sql`(SELECT ${pushTokens.id} FROM ${pushTokens} WHERE ${pushTokens.appId} = ${value('app')} AND ${pushTokens.provider} = ${value('provider')} AND ${pushTokens.digest} = ${digest(value('hash'))})`,
)

const [old, next, patch] = [item('o'), item('n'), item('p')]
const patchOfDetails = members(value('patch'), '$.details')
/**
 * The stored `details` with each member that the patch's `details` names replaced whole, or taken away where it is
 * null there.
 */
export const patchedDetails = (
  of: Device,
) => sql`CASE WHEN ${given('details')} IS NULL THEN ${of.details} ELSE (
    SELECT ${objectOf(raw('k'), raw('v'))} FROM (
      SELECT ${old.key} AS k, ${element('o')} AS v FROM ${members(of.details)} o
        WHERE ${old.key} NOT IN (SELECT ${patch.key} FROM ${patchOfDetails} p)
      UNION ALL
      SELECT ${next.key}, ${element('n')} FROM ${patchOfDetails} n WHERE ${next.type} <> 'null') merged) END`

/** Whether that changes anything: a member that is null is as good as none, and their order says nothing. */
export const changesDetails = (of: Device) => sql`EXISTS (SELECT 1 FROM ${patchOfDetails} n
    WHERE ${element('n')} <> coalesce((SELECT ${element('o')} FROM ${members(of.details)} o WHERE ${old.key} = ${next.key}), 'null'))`

const { appId, dialect, identifier, options, createdAt } = appDialects
/**
 * Breaks the whole plan, by a key that is there already, where the app speaks the dialect and a condition holds: for
 * plans of which nothing may happen then.
 */
export const refuseWhere = <Names extends string>(condition: Template<Names>) =>
  statement(sql`
  INSERT INTO ${appDialects} (${appId}, ${dialect}, ${identifier}, ${options}, ${createdAt})
  SELECT ${appId}, ${dialect}, ${identifier}, ${options}, ${createdAt} FROM ${appDialects}
  WHERE ${appId} = ${value('app')} AND ${dialect} = ${value('dialect')} AND ${condition}`)
