/** Conditions that statements of several subjects share: which device is meant, and whether it is still there. */
import { digest, element, given, greatest, item, members, objectOf } from './forms.ts'
import { statement } from './statement.ts'
import { type Alias, appDialects, clocks, devices, pushTokens, removalSpares, removals } from './tables.ts'
import { type Expression, integer, raw, sql, type Template, text, value } from './template.ts'

type Device = Alias<'devices'>

/** The device with this app, dialect and external id. */
export const keyed = (of: Device) =>
  sql`${of.appId} = ${value('app')} AND ${of.dialect} = ${value('dialect')} AND ${of.externalId} = ${value('externalId')}`

/** The number of the device whose id the plan has drawn; NULL if it does not exist. */
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
/** The app still speaks the dialect: app look-ups are cached, so a write may arrive after the app was removed. */
export const spoken = sql`EXISTS (SELECT 1 FROM ${speaks} WHERE ${speaks.appId} = ${value('app')} AND ${speaks.dialect} = ${value('dialect')})`

/** The clock is not far ahead of the time that maintenance trusts (see `noteTime`), so nothing is old by mistake. */
export const believed = <const Time extends 'now' | 'before'>(time: Time) =>
  sql`NOT EXISTS (SELECT 1 FROM ${clocks} WHERE ${clocks.name} = 'maintenance' AND ${value(time)} > ${clocks.trustedAt} + 86400000)`

const going = removals.as('going')
const anyGoing = removals.as('any_going')
const spared = removalSpares.as('spared')

/** A table other than the devices whose rows belong to a dialect of an app. */
interface OfDialect {
  readonly appId: Expression
  readonly dialect: Expression
  readonly createdAt: Expression
}

/** Whether a removal in progress of the whole app or dialect covers the row. */
export const takenAway = (of: OfDialect) =>
  sql`EXISTS (SELECT 1 FROM ${going} WHERE ${going.appId} = ${of.appId} AND ${going.userId} IS NULL
    AND (${going.dialect} IS NULL OR ${going.dialect} = ${of.dialect}) AND ${of.createdAt} <= ${going.at})`

/**
 * The creation time of a new row: later than all removals in progress of its app, even within one millisecond or after the
 * clock was set back, so that they do not cover it.
 */
export const madeAt = greatest(
  value('now'),
  sql`coalesce((SELECT max(${greatest(anyGoing.at, anyGoing.untilAt)}) + 1 FROM ${anyGoing} WHERE ${anyGoing.appId} = ${value('app')}), 0)`,
)

/**
 * Not covered by a removal in progress of an app, a dialect or a user. The first condition is evaluated once per statement
 * and usually decides.
 */
export const staying = (of: Device) =>
  sql`(NOT EXISTS (SELECT 1 FROM ${anyGoing} WHERE ${anyGoing.appId} = ${value('app')})
    OR NOT EXISTS (SELECT 1 FROM ${going} WHERE ${going.appId} = ${of.appId} AND (${going.dialect} IS NULL OR ${going.dialect} = ${of.dialect})
      AND (${going.userId} IS NULL OR ${going.userId} = ${of.userId}) AND (${of.createdAt}, ${of.id}) <= (${going.untilAt}, ${going.untilId})
      AND NOT EXISTS (SELECT 1 FROM ${spared} WHERE ${spared.removalId} = ${going.id} AND ${spared.deviceId} = ${of.id})))`

/** Neither expired nor covered by a removal in progress. */
export const unexpired = (of: Device) =>
  sql`((${of.expiresAt} IS NULL OR ${of.expiresAt} > ${value('now')}) AND ${staying(of)})`

/** The row itself by its table's name: in an upsert, an unqualified name could mean the proposed row. */
const own = devices.as('devices')
/**
 * Sets the time of a change: always increases, even within one millisecond. A plan that is sent a second time has the same
 * `change` and leaves the time as it is.
 */
export const forward = sql`${devices.updatedBy} = ${value('change')},
    ${devices.updatedAt} = CASE WHEN ${own.updatedBy} = ${value('change')} THEN ${own.updatedAt} ELSE ${greatest(value('now'), sql`${own.updatedAt} + 1`)} END`

/** The device was imported and has not yet called by itself. */
export const isUnmet = sql`${devices.importedAt} IS NOT NULL AND ${devices.liveAt} IS NULL`
/** Records a call of the device, and the first call of an imported one. */
export const seen = sql`${devices.lastSeenAt} = ${value('now')},
    ${devices.liveAt} = CASE WHEN ${devices.importedAt} IS NOT NULL THEN coalesce(${devices.liveAt}, ${value('now')}) END`

/** The device that the plan found unchanged and has updated. */
export const ofChange = (of: Device) =>
  sql`${of.id} = ${value('known')} AND ${of.updatedBy} = ${value('change')}`

/** The id of the push token with this app, provider and hash. */
export const tokenId = text(
  sql`(SELECT ${pushTokens.id} FROM ${pushTokens} WHERE ${pushTokens.appId} = ${value('app')} AND ${pushTokens.provider} = ${value('provider')} AND ${pushTokens.digest} = ${digest(value('hash'))})`,
)

const [old, next, patch] = [item('o'), item('n'), item('p')]
const patchOfDetails = members(value('patch'), '$.details')
/**
 * The stored `details`, in which each member of the patch's `details` is replaced as a whole, or removed if it is null in
 * the patch.
 */
export const patchedDetails = (
  of: Device,
) => sql`CASE WHEN ${given('details')} IS NULL THEN ${of.details} ELSE (
    SELECT ${objectOf(raw('k'), raw('v'))} FROM (
      SELECT ${old.key} AS k, ${element('o')} AS v FROM ${members(of.details)} o
        WHERE ${old.key} NOT IN (SELECT ${patch.key} FROM ${patchOfDetails} p)
      UNION ALL
      SELECT ${next.key}, ${element('n')} FROM ${patchOfDetails} n WHERE ${next.type} <> 'null') merged) END`

/** Whether the patch changes `details`; null members count as absent, and order does not matter. */
export const changesDetails = (of: Device) => sql`EXISTS (SELECT 1 FROM ${patchOfDetails} n
    WHERE ${element('n')} <> coalesce((SELECT ${element('o')} FROM ${members(of.details)} o WHERE ${old.key} = ${next.key}), 'null'))`

const { appId, dialect, identifier, options, createdAt } = appDialects
/**
 * Aborts the whole plan with a unique violation if the app speaks the dialect and a condition holds, for plans that must
 * do nothing then.
 */
export const refuseWhere = <Names extends string>(condition: Template<Names>) =>
  statement(sql`
  INSERT INTO ${appDialects} (${appId}, ${dialect}, ${identifier}, ${options}, ${createdAt})
  SELECT ${appId}, ${dialect}, ${identifier}, ${options}, ${createdAt} FROM ${appDialects}
  WHERE ${appId} = ${value('app')} AND ${dialect} = ${value('dialect')} AND ${condition}`)
