import { TAG_LIMITS, type TagChange } from '../../../domain/tag.ts'
import { keyed, ofChange, scoped, unexpired } from '../conditions.ts'
import {
  aside,
  bytes,
  changedBefore,
  differs,
  elements,
  greatest,
  inTurn,
  isTrue,
  item,
  json,
  literal,
  member,
  merged,
  number,
  object,
  objectOf,
  part,
  patched,
  sizeOf,
} from '../forms.ts'
import { type Statement, statement } from '../statement.ts'
import { devices, events, tags, tagTypes } from '../tables.ts'
import { columns, join, sql, type Template, value } from '../template.ts'
import { eventKind, loggedApart, loggedOnce } from './history.ts'
import { fixTypes, settled, typeOfName } from './tag-types.ts'
import {
  after,
  boundedList,
  change,
  counted,
  difference,
  held,
  heldType,
  replacement,
  sum,
  t,
  union,
} from './tag-values.ts'
import { lastPiece } from './user-work.ts'

/** The statements for the tags of the chosen devices, one per kind of change. */
export interface TagStatements<Names extends string>
  extends Record<TagChange['do'], Statement<never, Names>> {
  /** Sets the types of new names. */
  readonly fix: Statement<never, Names>
  /** Updates the time of stamped changes whose values fit. */
  readonly stamp: Statement<never, Names>
  /** The names of changes whose value does not fit the tag's type. */
  readonly skipped: Statement<{ name: string }, Names>
  /** Updates `updatedAt` and the size of the tags if the previous statement changed something. */
  readonly bump: Statement<never, Names>
  /** Runs after it: writes one event per plan; null if the device's own event has been written before the changes. */
  readonly log: Statement<never, Names> | null
  /** Runs before each kind of change; undefined if another event covers the changes. `further`: not for the first kind. */
  readonly before: Readonly<Record<TagChange['do'], Logging<Names> | undefined>>
}

interface Logging<Names extends string> {
  readonly first: Statement<never, Names>
  readonly further: Statement<never, Names>
}

interface Choice<
  Chosen extends string,
  Someone extends string,
  At extends string,
  Event extends string = never,
> {
  /** The devices' ids. */
  readonly chosen: Template<Chosen>
  /** Returns a row if there is any device for the tags. */
  readonly someone: Template<Someone>
  /** What records the changes of a device before they are made, from rows like `after_it`. */
  readonly own?: {
    readonly first: (changed: Template) => Template<Event>
    readonly further: (changed: Template) => Template<Event>
  }
  readonly event: Template<Event> | null
  /** The time of the changes. */
  readonly at: Template<At>
  /** Which tags may be changed, by `updated_at`: those not changed since the change was requested. */
  readonly open?: (updatedAt: Template) => Template<At | 'now'>
}

const d = devices.as('d')
const e = events.as('e')
const y = tagTypes.as('y')
const picked = devices.as('chosen')
const excluded = tags.as('excluded')
const j = item('j')
const { deviceId, name, type, updatedAt } = tags
const row = sql`${deviceId}, ${name}, ${type}, ${tags.value}, ${updatedAt}`

const different = sql`(${held} IS NULL OR ${held} <> ${after.value} OR ${heldType} <> ${after.type})`
const shorter = sql`${sizeOf(after.value)} < ${sizeOf(held)}`

function tagStatements<
  Chosen extends string,
  Someone extends string,
  At extends string,
  Event extends string = never,
>({
  chosen,
  someone,
  own,
  event,
  at,
  open = () => sql`true`,
}: Choice<Chosen, Someone, At, Event>): TagStatements<
  Chosen | Someone | At | Event | 'app' | 'dialect' | 'changes' | 'now'
> {
  /**
   * Joins every change to its tags by their key, from changes to tags, never the other way round. The devices are looked
   * up once for all changes, `after_it` is computed once for each, and names are read once, however they are joined.
   */
  const changing = (next: Template) => sql`
      WITH chosen AS MATERIALIZED (${chosen}), change AS MATERIALIZED (${settled}), after_it AS MATERIALIZED (
        SELECT ${picked.id} AS ${deviceId}, ${change.name}, ${change.type}, ${t.type} AS held_type, ${t.value} AS held, ${next} AS value
        FROM change CROSS JOIN chosen
        LEFT JOIN ${t} ON ${t.deviceId} = ${picked.id} AND ${t.name} = ${change.name}
        WHERE ${t.updatedAt} IS NULL OR ${open(t.updatedAt)})`
  const put = (next: Template, when: Template, result: Template = after.value) =>
    statement(sql`
      ${changing(next)}
      INSERT INTO ${tags} (${row})
      SELECT ${after.deviceId}, ${after.name}, ${after.type}, ${result}, ${at} FROM after_it WHERE ${when}
      ON CONFLICT (${deviceId}, ${name}) DO UPDATE SET ${type} = ${excluded.type}, ${tags.value} = ${excluded.value}, ${updatedAt} = ${excluded.updatedAt}`)

  const logged = (changes: Template<Chosen | At | 'app' | 'dialect' | 'changes' | 'now'>, when: Template) =>
    own && {
      first: statement(sql`${changes} ${own.first(sql`after_it WHERE ${when}`)}`),
      further: statement(sql`${changes} ${own.further(sql`after_it WHERE ${when}`)}`),
    }
  const logs = (next: Template, when: Template) => logged(changing(next), when)
  /** A removal reads the tags that exist. */
  const removing = sql`
      WITH chosen AS MATERIALIZED (${chosen}), after_it AS MATERIALIZED (
        SELECT ${t.deviceId}, ${t.name}, ${t.type} AS held_type, ${t.value} AS held FROM chosen ${inTurn(t, sql`${t.deviceId} = ${picked.id}`)}
        WHERE ${open(t.updatedAt)} AND ${t.name} IN (SELECT ${member(j.value, '$.name')} FROM ${elements(value('changes'))} j))`

  return {
    before: {
      set: logs(replacement, different),
      default: logs(replacement, sql`${held} IS NULL`),
      increment: logs(sum, different),
      append: logs(union, different),
      subtract: logs(difference, shorter),
      remove: logged(removing, sql`true`),
    },
    fix: fixTypes(someone),
    set: put(replacement, different),
    default: put(replacement, sql`${held} IS NULL`),
    increment: put(sum, different),
    append: put(union, different, boundedList),
    subtract: put(difference, shorter),
    remove: statement(sql`
      DELETE FROM ${tags} WHERE ${deviceId} IN (${chosen}) AND ${open(updatedAt)}
        AND ${name} IN (SELECT ${member(j.value, '$.name')} FROM ${elements(value('changes'))} j)`),
    // Values written by the change itself already have its time; types are read last, only for unchanged values.
    stamp: statement(sql`
      UPDATE ${tags} SET ${updatedAt} = ${at} WHERE ${deviceId} IN (${chosen}) AND ${updatedAt} < ${at}
        AND ${open(updatedAt)} AND ${name} IN (SELECT ${member(j.value, '$.name')} FROM ${elements(value('changes'))} j)
        AND ${aside(name)} IN (SELECT ${change.name} FROM (${settled}) change)`),
    skipped: statement(sql`
      SELECT DISTINCT ${columns({ name: y.name })} FROM ${elements(value('changes'))} j CROSS JOIN ${y}
      WHERE ${typeOfName} AND ${member(j.value, '$.do')} NOT IN ('remove', 'default') AND NOT ${isTrue(j.value, '$.fixed')}
        AND NOT EXISTS (SELECT 1 FROM ${elements(j.value, '$.as')} o WHERE ${member(item('o').value, '$.type')} = ${y.type})
        AND EXISTS (${someone})`),
    bump: statement(sql`
      UPDATE ${devices} SET ${devices.updatedAt} = ${greatest(value('now'), devices.updatedAt)}, ${devices.lastSeenAt} = ${value('now')}, ${counted}
      WHERE ${changedBefore} AND ${devices.id} IN (${chosen})`),
    log: event && statement(event),
  }
}

/** The plan of the last event of a device, or of events about no device. */
const lastChange = <Names extends string>(app: Template<Names>, device: Template) =>
  sql`(SELECT ${events.change} FROM ${events} WHERE ${events.appId} = ${app} AND ${events.deviceId} = ${device} ORDER BY ${events.id} DESC LIMIT 1)`
const firstOfPlan = <Names extends string>(app: Template<Names>, device: Template) =>
  sql`${changedBefore} AND ${differs(lastChange(app, device), value('change'))}`
const names = json(value('names'))

/** Former values beyond this size are not kept in an event. */
const MOST_BYTES = number(4096)
/** The values of tags before a change, up to that size; `false` for a tag that did not exist. */
const boundedFormer = (
  changed: Template,
) => sql`(SELECT CASE WHEN ${bytes(sql`former`)} <= ${MOST_BYTES} THEN former ELSE '{}' END FROM (
  SELECT ${objectOf(
    after.name,
    sql`CASE WHEN ${held} IS NULL THEN 'false' ELSE ${object({ type: heldType, value: held })} END`,
  )} AS former FROM ${changed}) changed)`
const ofChanged = (changed: Template) => sql`${d.id} IN (SELECT ${after.deviceId} FROM ${changed})`
/** The event of a device whose tags a plan changes first. */
const first = (changed: Template) => sql`
  ${loggedOnce}
  SELECT ${d.appId}, ${d.id}, ${eventKind('tagsChanged')}, ${value('cause')},
    ${object({ names, userId: d.userId, tags: json(boundedFormer(changed)) })}, ${value('now')}, ${value('change')}
  FROM ${d} WHERE ${ofChanged(changed)} AND ${differs(lastChange(d.appId, d.id), value('change'))}`
/** Further changes of the same plan: the oldest value of each tag stays. */
const further = (changed: Template) => sql`
  UPDATE ${events} SET ${events.detail} = ${merged(object({ names, tags: json(boundedFormer(changed)) }), events.detail)}
  WHERE ${events.id} IN (SELECT (SELECT max(${e.id}) FROM ${e} WHERE ${e.appId} = ${d.appId} AND ${e.deviceId} = ${d.id}) FROM ${d} WHERE ${ofChanged(changed)})
    AND ${events.change} = ${value('change')} AND ${events.kind} = ${eventKind('tagsChanged')}`

const ofUser = sql`SELECT ${d.id} FROM ${d} WHERE ${scoped(d)}
  AND ${d.userId} = ${value('userId')} AND ${unexpired(d)}`
const known = sql`FROM ${d} WHERE ${keyed(d)} AND ${unexpired(d)}`

/** For the tags of one device, found by `from`, with its own event. */
const tagsOf = <Names extends string>(from: Template<Names>) => {
  const chosen = sql`SELECT ${d.id} ${from}`
  return tagStatements({ chosen, someone: chosen, own: { first, further }, event: null, at: value('now') })
}
/** For the tags of a device by its key. */
export const deviceTags = tagsOf(known)
/** The same for a device that the plan has just updated (`known.ts`); nothing if it has not. */
export const tagsOfKnown = tagsOf(sql`FROM ${d} WHERE ${ofChange(d)}`)

const ofMade = sql`SELECT ${d.id} FROM ${d} WHERE ${d.id} = ${value('deviceId')}`
/** The same for a device that the plan has just created. */
export const tagsOfMade = tagStatements({ chosen: ofMade, someone: ofMade, event: null, at: value('now') })

/** Not changed since the request; times in the future come from a wrong clock. */
const asAsked = (at: Template) => sql`(${at} <= ${value('asked')} OR ${at} > ${value('now')})`

/** For the tags of the devices in the last batch of work on a user in one dialect. */
export const userTags = tagStatements({
  chosen: lastPiece,
  someone: ofUser,
  // One event, however many devices the batch has.
  event: sql`
    ${loggedApart}
    SELECT ${value('app')}, '', ${eventKind('tagsChanged')}, ${value('cause')}, ${object({ names, userId: value('userId') })},
      ${value('now')}, ${value('dialect')}, ${value('change')}
    WHERE ${firstOfPlan(value('app'), literal(''))}`,
  at: value('asked'),
  open: asAsked,
})

export const ownerByKey = statement(sql`SELECT ${columns({ id: d.id })} ${known} LIMIT 1`)

/** By name, as `name, type, value`; for several devices, the value written last for each name. */
const read = <Chosen extends string>(chosen: Template<Chosen>) =>
  statement(sql`
  SELECT ${columns({ name, type, value: tags.value })} FROM (
    SELECT ${t.name}, ${t.type}, ${t.value}, row_number() OVER (PARTITION BY ${t.name} ORDER BY ${t.updatedAt} DESC) AS place
    FROM (${chosen}) d ${inTurn(t, sql`${t.deviceId} = ${d.id}`)}) held
  WHERE place = 1 ORDER BY ${name} LIMIT ${number(TAG_LIMITS.perDevice)}`)

export const readOfDevice = read(sql`SELECT ${d.id} ${known}`)

/** Most newest devices of a user whose tags are combined in one answer, always at least one. */
const TOGETHER = { devices: 1000, tags: 20_000, bytes: 1_048_576 }

const newest = devices.as('newest_ids')
const { id, tagCount, tagBytes } = devices
export const readOfUser = read(sql`
  SELECT ${id} FROM (
    SELECT ${id}, row_number() OVER newest AS place, sum(${tagCount}) OVER newest AS n, sum(${tagBytes}) OVER newest AS b FROM (
      SELECT ${d.id}, ${d.tagCount}, ${d.tagBytes} FROM (${ofUser} ORDER BY ${d.id} DESC LIMIT ${number(TOGETHER.devices)}) newest_ids
      ${inTurn(d, sql`${d.id} = ${newest.id}`)}) newest_ids
    WINDOW newest AS (ORDER BY ${id} DESC)) newest_ids
  WHERE place = 1 OR (n <= ${number(TOGETHER.tags)} AND b <= ${number(TOGETHER.bytes)})`)

/** Sets the first tags of a device that the plan has just created. */
export const setFirstTags = statement(sql`
  INSERT INTO ${tags} (${row})
  SELECT ${d.id}, ${member(j.value, '$.name')}, ${member(j.value, '$.type')}, ${part(j.value, '$.value')}, ${value('now')}
  FROM ${d} CROSS JOIN ${elements(value('firstTags'))} j WHERE ${d.id} = ${value('deviceId')}
  ON CONFLICT DO NOTHING`)

const PATCHED_OF_USER = ['model', 'osVersion', 'appVersion', 'language'] as const
/** Whether a change for a user can change this member of its devices. */
export const isPatchedOfUser = (name: string): boolean => PATCHED_OF_USER.some((one) => one === name)
const patchedOfUser = PATCHED_OF_USER.map((name) => sql`${devices[name]} = ${patched(name, devices[name])}`)

/** Applies the profile part of a change for a user to the devices' columns. */
export const patchProfilesOfUser = statement(sql`
  UPDATE ${devices} SET ${join(patchedOfUser, ', ')}, ${devices.updatedAt} = ${value('now')}
  WHERE ${id} IN (${lastPiece}) AND ${asAsked(devices.updatedAt)}`)
/** Runs after it: one event, however many devices the batch has. */
export const logProfilesOfUser = statement(sql`
  ${loggedApart}
  SELECT ${value('app')}, '', ${eventKind('profileChanged')}, ${value('cause')}, ${object({ userId: value('userId'), fields: json(value('fields')) })}, ${value('now')}, ${value('dialect')}, NULL
  WHERE ${changedBefore}`)
