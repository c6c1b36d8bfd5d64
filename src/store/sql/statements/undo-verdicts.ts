/** Which events of a batch can be undone, decided by later events, within the plan that undoes them. */

import type { EventKind } from '../../../domain/event.ts'
import {
  aside,
  digits,
  elements,
  formerEvents,
  hasText,
  inTurn,
  item,
  literal,
  member,
  members,
  numeric,
  part,
} from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { devices, events, keptStates, pushTokens, removalPicks, tags, undoCounts, undos } from '../tables.ts'
import { columns, integer, join, orNull, sql, type Template, text, value } from '../template.ts'
import { eventKind } from './history.ts'
import { isPatchedOfUser } from './tags.ts'

const e = events.as('e')
const w = events.as('w')
const l = events.as('l')
const d = devices.left('d')
const g = tags.as('g')
const h = devices.as('h')
const m = devices.as('m')
const o = devices.as('o')
const t = pushTokens.as('t')
const u = undos.as('u')
const z = undos.as('z')
const q = keptStates.as('q')
const k = undoCounts
const known = undoCounts.as('undo_counts')
const more = undoCounts.as('excluded')
const j = item('j')

const kinds = (...of: readonly EventKind[]) => sql`(${join(of.map(eventKind), ', ')})`

/** The next events from the newest to the oldest, and among them those to be undone. */
const walk = formerEvents
export const walkEnd = statement(sql`
  SELECT ${columns({ walked: integer(sql`count(*)`), last: orNull(integer(sql`min(id)`)), newest: orNull(integer(sql`max(at)`)) })} FROM (${walk}) walk`)
export const nextOf = statement(sql`
  SELECT ${columns({ id: e.id, device_id: e.deviceId })} FROM (${walk}) walk ${inTurn(e, sql`${e.id} = walk.id`)}
  WHERE ${e.appId} = ${value('app')} AND (${value('about')} = '' OR ${e.cause} = ${value('about')}) AND (${value('kind')} = '' OR ${e.kind} = ${value('kind')})
    AND ${e.at} BETWEEN ${value('fromAt')} AND ${value('untilAt')} AND ${e.deviceId} <> '' ORDER BY ${e.id} DESC`)
export const lastOfAll = statement(
  sql`SELECT ${columns({ id: integer(sql`coalesce(max(${w.id}), 0)`) })} FROM ${w}`,
)

/** The events of a batch, bound as a list. */
export const listedEvents = sql`${elements(value('list'))} j ${inTurn(e, sql`${e.id} = ${digits(j.value)}`)}`

const since = <Names extends string>(condition: Template<Names>) =>
  sql`EXISTS (SELECT 1 FROM ${l} WHERE ${l.appId} = ${e.appId} AND ${l.deviceId} = ${e.deviceId} AND ${l.id} > ${e.id} AND ${condition})`
/** An event is part of the undo. Its row is read, because D1 allows few values per statement; a single event has no row. */
const ofUndo = sql`EXISTS (SELECT 1 FROM ${z} WHERE ${z.id} = ${value('undo')} AND ${z.appId} = ${e.appId} AND (${z.kind} = '' OR ${z.kind} = ${l.kind})
    AND CASE WHEN ${z.about} = '' THEN ${l.at} BETWEEN ${z.fromAt} AND ${z.untilAt} ELSE ${l.cause} = ${z.about} END)`
/** Later events of the device that are not part of the undo; newer events of the undo are undone first. */
const later = <Names extends string>(condition: Template<Names>) => since(sql`${condition} AND NOT ${ofUndo}`)
const laterOf = (...of: readonly EventKind[]) => later(sql`${l.kind} IN ${kinds(...of)}`)

const namesField = (name: string) =>
  hasText(sql`coalesce(${part(l.detail, '$.fields')}, '[]')`, literal(name))
const namesTag = (name: Template) => hasText(sql`coalesce(${part(l.detail, '$.names')}, '[]')`, name)
const given = item('given')
/** A row of an import or a first call gave the device a tag that it did not have. */
const bringsTag = (name: Template) =>
  sql`EXISTS (SELECT 1 FROM ${members(l.detail, '$.tags')} given WHERE ${given.key} = ${name} AND ${given.type} = 'null')`
const userThen = member(e.detail, '$.userId')
/**
 * A change for all devices of the user since, if the condition holds. Its event names no device, so it is found by the user,
 * and never part of an undo.
 */
const changedOfUser = <Names extends string>(
  kind: EventKind,
  condition: Template<Names>,
) => sql`EXISTS (SELECT 1 FROM ${m}
  ${inTurn(
    l,
    sql`${l.appId} = ${m.appId} AND ${member(l.detail, '$.userId')} IN (${m.userId}, ${userThen}) AND ${l.id} > ${e.id} AND ${aside(l.deviceId)} = ''
    AND ${l.kind} = ${eventKind(kind)} AND ${l.dialect} = ${m.dialect}`,
  )}
  WHERE ${m.id} = ${e.deviceId} AND ${condition})`
/** Per member: a call has changed it since, for the device or for all devices of the user. */
export const fieldTouched = (name: string) => {
  const ofDevice = later(
    sql`${l.kind} IN ${kinds('profileChanged', 'userChanged', 'rotated', 'attached')} AND ${namesField(name)}`,
  )
  return isPatchedOfUser(name)
    ? sql`(${ofDevice} OR ${changedOfUser('profileChanged', namesField(name))})`
    : ofDevice
}
/** The tag is gone or was written since. */
const isNotAsThen = (name: Template) =>
  sql`NOT EXISTS (SELECT 1 FROM ${g} WHERE ${g.deviceId} = ${m.id} AND ${g.name} = ${name} AND ${g.updatedAt} <= ${e.at})`
export const tagTouched = (name: Template) =>
  sql`(${later(
    sql`(${l.kind} = ${eventKind('tagsChanged')} AND ${namesTag(name)} OR ${l.kind} IN ${kinds('imported', 'adopted')} AND ${bringsTag(name)})`,
  )} OR ${changedOfUser('tagsChanged', sql`${namesTag(name)} AND ${isNotAsThen(name)}`)})`
export const topicTouched = (topic: Template) =>
  later(
    sql`${l.kind} IN ${kinds('subscribed', 'unsubscribed')} AND ${hasText(sql`coalesce(${part(l.detail, '$.topics')}, '[]')`, topic)}`,
  )
export const userTouched = later(
  sql`(${l.kind} = ${eventKind('userChanged')} OR ${l.kind} IN ${kinds('rotated', 'attached')} AND ${namesField('userId')})`,
)
export const tokenTouched = laterOf('rotated', 'attached', 'detached', 'superseded', 'adopted')

const outcome = member(e.detail, '$.outcome')
const isImport = sql`(${e.kind} IN ${kinds('imported', 'adopted')} AND ${outcome} IS NOT NULL)`
/** Events of a device that end it. */
export const ENDS = kinds('unregistered', 'expired', 'forgotten')
/** This undo has made the device exist again: older events are left to another undo, as its preview says. */
const revivedHere = since(
  sql`${l.kind} = ${eventKind('undone')} AND ${l.cause} = ${literal('undo ')} || ${value('undo')} AND ${member(l.detail, '$.kind')} IN ${ENDS}`,
)
const isUndone = since(
  sql`${l.kind} = ${eventKind('undone')} AND ${member(l.detail, '$.of')} IN (${e.cause}, ${literal('event ')} || ${e.id})`,
)
const otherImport = later(
  sql`${l.kind} IN ${kinds('imported', 'adopted')} AND ${l.cause} <> ${e.cause} AND ${member(l.detail, '$.outcome')} IS NOT NULL`,
)
/** The same import named the device before. */
const before = <Names extends string>(condition: Template<Names>) =>
  sql`EXISTS (SELECT 1 FROM ${l} WHERE ${l.appId} = ${e.appId} AND ${l.deviceId} = ${e.deviceId} AND ${l.cause} = ${e.cause}
    AND ${l.id} < ${e.id} AND ${l.kind} IN ${kinds('imported', 'adopted')} AND ${condition})`
const madeBySame = before(sql`${member(l.detail, '$.outcome')} = 'created'`)
const namedBySame = before(sql`true`)

const tokenOf = member(e.detail, '$.pushTokenId')
const by = member(e.detail, '$.by')
const holder = <Names extends string>(condition: Template<Names>) =>
  sql`EXISTS (SELECT 1 FROM ${h} WHERE ${h.appId} = ${e.appId} AND ${h.dialect} = ${d.dialect} AND ${h.externalId} = ${by} AND ${h.pushTokenId} = ${tokenOf} AND ${condition})`
const holderIn = (dialect: Template) =>
  sql`FROM ${h} WHERE ${h.pushTokenId} = ${tokenOf} AND ${h.dialect} = ${dialect}`
const heldIn = (dialect: Template) => sql`EXISTS (SELECT 1 ${holderIn(dialect)})`
const held = heldIn(d.dialect)
const tokenKept = sql`EXISTS (SELECT 1 FROM ${t} WHERE ${t.id} = ${tokenOf} AND ${t.state} <> 'gone')`
/** A state is kept for an undo (`kept.ts`). */
const keptFor = (subject: Template) =>
  sql`EXISTS (SELECT 1 FROM ${q} WHERE ${q.subject} = ${subject} AND ${q.appId} = ${e.appId} AND ${q.at} > ${value('keptSince')})`
const tokenKnown = sql`EXISTS (SELECT 1 FROM ${t} WHERE ${t.id} = ${tokenOf})`
const tokenUsable = sql`(${tokenKept} OR ${tokenKnown} AND ${keptFor(tokenOf)})`
const from = member(e.detail, '$.from')
const nameTaken = sql`EXISTS (SELECT 1 FROM ${o} WHERE ${o.appId} = ${e.appId} AND ${o.dialect} = ${d.dialect} AND ${o.externalId} = ${from})`
const topic = item('topic')
const topicLeft = sql`EXISTS (SELECT 1 FROM ${elements(e.detail, '$.topics')} topic WHERE NOT ${topicTouched(topic.value)})`

const ofImport = sql`CASE WHEN ${otherImport} THEN 'later_import'
    WHEN ${outcome} = 'created' AND ${d.liveAt} IS NOT NULL THEN 'live_since'
    WHEN ${outcome} = 'created' THEN 'removed'
    WHEN ${part(e.detail, '$.before')} IS NULL THEN 'value_not_kept'
    WHEN ${madeBySame} THEN NULL ELSE 'restored' END`
const tag = item('tag')
const tagLeft = sql`EXISTS (SELECT 1 FROM ${members(e.detail, '$.tags')} tag WHERE NOT ${tagTouched(tag.key)})`
const tagKept = sql`EXISTS (SELECT 1 FROM ${members(e.detail, '$.tags')} tag)`
const ofTags = sql`CASE WHEN NOT ${tagKept} THEN 'value_not_kept' WHEN ${tagLeft} THEN 'undone' ELSE 'changed_since' END`
/** The row id of a placeholder that a call merged into the device. */
export const placeholder = member(e.detail, '$.placeholder')
const ofAdoption = sql`CASE WHEN ${part(e.detail, '$.before')} IS NULL THEN 'value_not_kept'
    WHEN coalesce(${d.pushTokenId}, '') <> ${tokenOf} OR ${nameTaken} OR ${laterOf('renamed', 'adopted')} THEN 'changed_since'
    WHEN ${placeholder} IS NOT NULL AND NOT ${keptFor(placeholder)} THEN 'value_not_kept'
    WHEN ${value('forced')} = 0 AND ${d.lastSeenAt} > ${e.at} THEN 'called_since' ELSE 'restored' END`
const ofTakeover = sql`CASE WHEN substr(${e.cause}, 1, 7) = 'import ' THEN NULL
    WHEN ${d.pushTokenId} IS NOT NULL OR ${d.supersededAt} IS NULL OR ${d.supersededAt} <> ${e.at} OR NOT ${holder(sql`true`)} THEN 'changed_since'
    WHEN ${value('forced')} = 0 AND ${holder(sql`${h.lastSeenAt} > ${e.at}`)} THEN 'called_since' ELSE 'undone' END`
const ofUser = sql`CASE WHEN ${numeric(e.detail, '$.userProved')} IS NULL THEN 'erased'
    WHEN ${numeric(e.detail, '$.userProved')} = 1 THEN 'proved_user' WHEN ${userTouched} THEN 'changed_since' ELSE 'undone' END`
const ofDetached = sql`CASE WHEN ${d.pushTokenId} IS NOT NULL OR ${tokenTouched} OR ${held} THEN 'changed_since'
    WHEN NOT ${tokenUsable} THEN 'token_erased' ELSE 'undone' END`
const ofRotated = sql`CASE WHEN ${tokenOf} = ${d.pushTokenId} THEN 'token_erased'
    WHEN ${d.pushTokenId} IS NULL OR ${tokenTouched} OR ${held} THEN 'changed_since'
    WHEN NOT ${tokenUsable} THEN 'token_erased'
    WHEN ${value('forced')} = 0 AND ${d.lastSeenAt} > ${e.at} THEN 'called_since' ELSE 'undone' END`

const sameKey = sql`FROM ${o} WHERE ${o.appId} = ${e.appId} AND ${o.dialect} = ${e.dialect} AND ${o.externalId} = ${e.externalId}`
/** The device that has the place of a removed one: itself, one of its name, or one with its token. */
export const inItsPlace = orNull(
  text(
    sql`CASE WHEN ${e.kind} IN ${ENDS} THEN coalesce(${d.id}, (SELECT ${o.id} ${sameKey}), (SELECT ${h.id} ${holderIn(e.dialect)} LIMIT 1)) END`,
  ),
)
const ofEnd = sql`CASE WHEN ${d.id} IS NOT NULL OR EXISTS (SELECT 1 ${sameKey}) OR ${heldIn(e.dialect)} THEN 'changed_since'
    WHEN NOT ${keptFor(e.deviceId)} OR ${tokenOf} IS NOT NULL AND NOT ${tokenKnown} THEN 'token_erased' ELSE 'revived' END`

/** The outcome for an event; NULL if it is not counted. */
const verdict = text(sql`CASE
  WHEN ${e.kind} IN ${kinds('undone')} OR ${isUndone} THEN NULL
  WHEN ${e.kind} IN ${kinds('erased', 'gone')} THEN 'erased'
  WHEN ${e.kind} IN ${ENDS} THEN ${ofEnd}
  WHEN ${d.id} IS NULL OR ${revivedHere} THEN CASE WHEN ${isImport} OR ${e.kind} = ${eventKind('superseded')} THEN NULL ELSE 'gone' END
  WHEN ${isImport} THEN ${ofImport}
  WHEN ${e.kind} = ${eventKind('superseded')} THEN ${ofTakeover}
  WHEN ${e.kind} = ${eventKind('userChanged')} THEN ${ofUser}
  WHEN ${e.kind} = ${eventKind('detached')} THEN ${ofDetached}
  WHEN ${e.kind} = ${eventKind('rotated')} THEN ${ofRotated}
  WHEN ${e.kind} = ${eventKind('deactivated')} THEN CASE WHEN ${d.enabled} = 1 OR ${fieldTouched('enabled')} THEN 'changed_since' ELSE 'undone' END
  WHEN ${e.kind} = ${eventKind('renamed')} THEN CASE WHEN ${nameTaken} OR ${laterOf('renamed', 'adopted')} THEN 'changed_since' ELSE 'undone' END
  WHEN ${e.kind} IN ${kinds('subscribed', 'unsubscribed')} THEN CASE
    WHEN ${part(e.detail, '$.topics')} IS NULL THEN 'erased' WHEN ${topicLeft} THEN 'undone' ELSE 'changed_since' END
  WHEN ${e.kind} = ${eventKind('adopted')} THEN ${ofAdoption}
  WHEN ${e.kind} = ${eventKind('tagsChanged')} THEN ${ofTags}
  WHEN ${e.kind} = ${eventKind('profileChanged')} THEN 'value_not_kept'
  ELSE 'not_undoable' END`)
/** The device of an event, if it still exists. */
export const joined = sql`LEFT JOIN ${d} ON ${d.id} = ${e.deviceId} AND ${d.appId} = ${e.appId}`

/** The undo is at the start of the batch. */
const here = sql`EXISTS (SELECT 1 FROM ${u} WHERE ${u.id} = ${value('undo')} AND ${u.place} = ${value('fromEvent')} AND ${u.finishedAt} IS NULL)`
/** A device named several times by one import counts once. */
const again = sql`(${verdict} = 'restored' AND ${namedBySame})`
export const countVerdicts = statement(sql`
  INSERT INTO ${k} (${k.undo}, ${k.name}, ${k.amount})
  SELECT ${value('undo')}, name, count(*) FROM (
    SELECT CASE WHEN ${again} THEN NULL ELSE ${verdict} END AS name FROM ${listedEvents} ${joined}) judged
  WHERE name IS NOT NULL AND ${here} GROUP BY name
  ON CONFLICT (${k.undo}, ${k.name}) DO UPDATE SET ${k.amount} = ${known.amount} + ${more.amount}`)

/** Stores the events to be undone before any change. */
export const pickVerdicts = statement(sql`
  ${insertion(removalPicks, { removalId: value('undo'), deviceId: sql`${verdict} || ':' || ${e.id}` })}
  FROM ${listedEvents} ${joined} WHERE ${verdict} IN ('removed', 'restored', 'undone', 'revived') ON CONFLICT DO NOTHING`)

/** The outcome for one event, for a preview. */
export const judgeEvent = statement(sql`
  SELECT ${columns({ id: e.id, kind: e.kind, device_id: e.deviceId, at: e.at, verdict: orNull(verdict) })}
  FROM ${e} ${joined} WHERE ${e.id} = ${value('event')} AND ${e.appId} = ${value('app')}`)
