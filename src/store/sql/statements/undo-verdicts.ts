/** Which events of a batch can be undone, decided by later events, within the plan that undoes them. */

import type { EventKind } from '../../../domain/event.ts'
import { digits, elements, hasText, inTurn, item, literal, member, numeric, part } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { devices, events, pushTokens, removalPicks, undoCounts, undos } from '../tables.ts'
import { columns, integer, join, orNull, sql, type Template, text, value } from '../template.ts'
import { eventKind } from './history.ts'

const e = events.as('e')
const w = events.as('w')
const l = events.as('l')
const d = devices.left('d')
const h = devices.as('h')
const o = devices.as('o')
const t = pushTokens.as('t')
const u = undos.as('u')
const k = undoCounts
const known = undoCounts.as('undo_counts')
const more = undoCounts.as('excluded')
const j = item('j')

const kinds = (...of: readonly EventKind[]) => sql`(${join(of.map(eventKind), ', ')})`

/** The next events of all apps from the newest to the oldest, and among them those to be undone. */
const walk = sql`SELECT ${w.id}, ${w.at} FROM ${w} WHERE ${w.id} < ${value('fromEvent')} ORDER BY ${w.id} DESC LIMIT ${value('walk')}`
export const walkEnd = statement(sql`
  SELECT ${columns({ walked: integer(sql`count(*)`), last: orNull(integer(sql`min(id)`)), newest: orNull(integer(sql`max(at)`)) })} FROM (${walk}) walk`)
export const nextOf = statement(sql`
  SELECT ${columns({ id: e.id, device_id: e.deviceId })} FROM (${walk}) walk ${inTurn(e, sql`${e.id} = walk.id`)}
  WHERE ${e.appId} = ${value('app')} AND (${value('about')} = '' OR ${e.cause} = ${value('about')})
    AND ${e.at} BETWEEN ${value('fromAt')} AND ${value('untilAt')} AND ${e.deviceId} <> '' ORDER BY ${e.id} DESC`)
export const lastOfAll = statement(
  sql`SELECT ${columns({ id: integer(sql`coalesce(max(${w.id}), 0)`) })} FROM ${w}`,
)

/** The events of a batch, bound as a list. */
export const listedEvents = sql`${elements(value('list'))} j ${inTurn(e, sql`${e.id} = ${digits(j.value)}`)}`

const since = <Names extends string>(condition: Template<Names>) =>
  sql`EXISTS (SELECT 1 FROM ${l} WHERE ${l.appId} = ${e.appId} AND ${l.deviceId} = ${e.deviceId} AND ${l.id} > ${e.id} AND ${condition})`
/** Later events of the device that are not part of the undo; newer events of the undo are undone first. */
const later = <Names extends string>(condition: Template<Names>) =>
  since(
    sql`${condition} AND NOT (CASE WHEN ${value('about')} = '' THEN ${l.at} BETWEEN ${value('fromAt')} AND ${value('untilAt')} ELSE ${l.cause} = ${value('about')} END)`,
  )
const laterOf = (...of: readonly EventKind[]) => later(sql`${l.kind} IN ${kinds(...of)}`)

/** Per member: a call has changed it since. */
export const fieldTouched = (name: string) =>
  later(
    sql`${l.kind} = ${eventKind('profileChanged')} AND ${hasText(sql`coalesce(${part(l.detail, '$.fields')}, '[]')`, literal(name))}`,
  )
export const tagTouched = (name: Template) =>
  later(
    sql`${l.kind} = ${eventKind('tagsChanged')} AND ${hasText(sql`coalesce(${part(l.detail, '$.names')}, '[]')`, name)}`,
  )
export const topicTouched = (topic: Template) =>
  later(
    sql`${l.kind} IN ${kinds('subscribed', 'unsubscribed')} AND ${hasText(sql`coalesce(${part(l.detail, '$.topics')}, '[]')`, topic)}`,
  )
export const userTouched = laterOf('userChanged')
export const tokenTouched = laterOf('rotated', 'attached', 'detached', 'superseded', 'adopted')

const outcome = member(e.detail, '$.outcome')
const isImport = sql`(${e.kind} IN ${kinds('imported', 'adopted')} AND ${outcome} IS NOT NULL)`
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
const held = sql`EXISTS (SELECT 1 FROM ${h} WHERE ${h.pushTokenId} = ${tokenOf} AND ${h.dialect} = ${d.dialect})`
const tokenKept = sql`EXISTS (SELECT 1 FROM ${t} WHERE ${t.id} = ${tokenOf} AND ${t.state} <> 'gone')`
const from = member(e.detail, '$.from')
const nameTaken = sql`EXISTS (SELECT 1 FROM ${o} WHERE ${o.appId} = ${e.appId} AND ${o.dialect} = ${d.dialect} AND ${o.externalId} = ${from})`
const topic = item('topic')
const topicLeft = sql`EXISTS (SELECT 1 FROM ${elements(e.detail, '$.topics')} topic WHERE NOT ${topicTouched(topic.value)})`

const ofImport = sql`CASE WHEN ${otherImport} THEN 'later_import'
    WHEN ${outcome} = 'created' AND ${d.liveAt} IS NOT NULL THEN 'live_since'
    WHEN ${outcome} = 'created' THEN 'removed'
    WHEN ${part(e.detail, '$.before')} IS NULL THEN 'value_not_kept'
    WHEN ${madeBySame} THEN NULL ELSE 'restored' END`
const ofTakeover = sql`CASE WHEN substr(${e.cause}, 1, 7) = 'import ' THEN NULL
    WHEN ${d.pushTokenId} IS NOT NULL OR ${d.supersededAt} IS NULL OR ${d.supersededAt} <> ${e.at} OR NOT ${holder(sql`true`)} THEN 'changed_since'
    WHEN ${value('forced')} = 0 AND ${holder(sql`${h.lastSeenAt} > ${e.at}`)} THEN 'called_since' ELSE 'undone' END`
const ofUser = sql`CASE WHEN ${numeric(e.detail, '$.userProved')} IS NULL THEN 'erased'
    WHEN ${numeric(e.detail, '$.userProved')} = 1 THEN 'proved_user' WHEN ${userTouched} THEN 'changed_since' ELSE 'undone' END`
const ofDetached = sql`CASE WHEN ${d.pushTokenId} IS NOT NULL OR ${tokenTouched} OR ${held} THEN 'changed_since'
    WHEN NOT ${tokenKept} THEN 'token_erased' ELSE 'undone' END`

/** The outcome for an event; NULL if it is not counted. */
const verdict = text(sql`CASE
  WHEN ${e.kind} IN ${kinds('undone')} OR ${isUndone} THEN NULL
  WHEN ${e.kind} IN ${kinds('erased', 'gone')} THEN 'erased'
  WHEN ${e.kind} IN ${kinds('rotated', 'unregistered', 'expired', 'forgotten')} THEN 'token_erased'
  WHEN ${d.id} IS NULL THEN CASE WHEN ${isImport} OR ${e.kind} = ${eventKind('superseded')} THEN NULL ELSE 'gone' END
  WHEN ${isImport} THEN ${ofImport}
  WHEN ${e.kind} = ${eventKind('superseded')} THEN ${ofTakeover}
  WHEN ${e.kind} = ${eventKind('userChanged')} THEN ${ofUser}
  WHEN ${e.kind} = ${eventKind('detached')} THEN ${ofDetached}
  WHEN ${e.kind} = ${eventKind('deactivated')} THEN CASE WHEN ${d.enabled} = 1 OR ${fieldTouched('enabled')} THEN 'changed_since' ELSE 'undone' END
  WHEN ${e.kind} = ${eventKind('renamed')} THEN CASE WHEN ${nameTaken} OR ${laterOf('renamed', 'adopted')} THEN 'changed_since' ELSE 'undone' END
  WHEN ${e.kind} IN ${kinds('subscribed', 'unsubscribed')} THEN CASE
    WHEN ${part(e.detail, '$.topics')} IS NULL THEN 'erased' WHEN ${topicLeft} THEN 'undone' ELSE 'changed_since' END
  WHEN ${e.kind} IN ${kinds('tagsChanged', 'profileChanged', 'adopted')} THEN 'value_not_kept'
  ELSE 'not_undoable' END`)
/** The device of an event, if it still exists. */
const joined = sql`LEFT JOIN ${d} ON ${d.id} = ${e.deviceId} AND ${d.appId} = ${e.appId}`

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
  FROM ${listedEvents} ${joined} WHERE ${verdict} IN ('removed', 'restored', 'undone') ON CONFLICT DO NOTHING`)

/** The outcome for one event, for a preview. */
export const judgeEvent = statement(sql`
  SELECT ${columns({ id: e.id, kind: e.kind, device_id: e.deviceId, at: e.at, verdict: orNull(verdict) })}
  FROM ${e} ${joined} WHERE ${e.id} = ${value('event')} AND ${e.appId} = ${value('app')}`)
