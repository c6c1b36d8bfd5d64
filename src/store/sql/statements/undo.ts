/** Undoes the effects of events on devices: each statement does its part for all events picked in a batch. */
import { PROFILE_FIELDS } from '../../../domain/device.ts'
import {
  bytes,
  element,
  elements,
  inTurn,
  item,
  literal,
  member,
  members,
  numeric,
  object,
  randomId,
} from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import {
  devices,
  events,
  importMarks,
  imports,
  pushTokens,
  receipts,
  removalPicks,
  subscriptions,
  tags,
} from '../tables.ts'
import { join, sql, text, value } from '../template.ts'
import { countRemoved, countWritten } from './counters.ts'
import { eventKind, logged, loggedEnd } from './history.ts'
import { mostOfUser } from './room.ts'
import { dropAdded, noteAdded } from './undo-catalogue.ts'
import { REVIVE, SETTLE } from './undo-kept.ts'
import { device, free, kept, picked, tokenBefore, touched, undone } from './undo-picks.ts'
import {
  fieldTouched,
  listedEvents,
  placeholder,
  tagTouched,
  tokenTouched,
  topicTouched,
  userTouched,
} from './undo-verdicts.ts'

const e = events.as('e')
const g = events.as('g')
const a = devices.as('a')
const b = devices.as('b')
const c = devices.as('c')
const d = devices.as('d')
const own = devices.as('devices')
const k = removalPicks.as('k')
const x = subscriptions.as('x')
const by = member(e.detail, '$.by')

/** The device that lost its token to an imported device and has not called by itself. */
const lender = sql`${inTurn(b, sql`${b.id} = ${e.deviceId} AND ${b.pushTokenId} IS NOT NULL`)}
  ${inTurn(
    g,
    sql`${g.appId} = ${e.appId} AND ${member(g.detail, '$.by')} = ${b.externalId} AND ${g.kind} = ${eventKind('superseded')}
    AND ${g.cause} = ${e.cause} AND ${member(g.detail, '$.pushTokenId')} = ${b.pushTokenId}`,
  )}
  ${inTurn(a, sql`${a.id} = ${g.deviceId} AND ${a.dialect} = ${b.dialect} AND ${a.pushTokenId} IS NULL AND ${a.supersededAt} = ${g.at} AND ${a.liveAt} IS NULL`)}`
const taker = sql`${inTurn(a, sql`${a.id} = ${e.deviceId}`)} ${inTurn(b, sql`${b.appId} = ${e.appId} AND ${b.dialect} = ${a.dialect} AND ${b.externalId} = ${by}`)}`

const picks = sql`INSERT INTO ${removalPicks} (${removalPicks.removalId}, ${removalPicks.deviceId})`
/** Every device that changes, so that it is counted again, with its current token. */
const touch = statement(sql`
  ${picks} SELECT DISTINCT ${value('touched')}, id FROM (
    SELECT ${e.deviceId} AS id ${picked('removed', 'restored', 'undone', 'revived')}
    UNION SELECT ${placeholder} ${picked('restored')} WHERE ${placeholder} IS NOT NULL
    UNION SELECT ${a.id} ${picked('removed')} ${lender}
    UNION SELECT ${a.id} ${picked('restored')} ${lender}
    UNION SELECT ${b.id} ${picked('undone')} ${taker} WHERE ${e.kind} = ${eventKind('superseded')}) touched`)
const countBefore = countRemoved(sql`${d.id} IN ${touched}`)
const countAfter = countWritten(sql`${d.id} IN ${touched}`)
/** For the end of the batch: users to be checked against the limit of devices per user. */
const noteGiven = statement(sql`
  ${picks} SELECT ${value('given')}, id FROM (SELECT ${k.deviceId} AS id FROM ${k} WHERE ${k.removalId} = ${value('touched')} UNION SELECT ${e.deviceId} FROM ${listedEvents}) given
  WHERE ${mostOfUser} IS NOT NULL ON CONFLICT DO NOTHING`)
const noteTokens = statement(sql`
  ${picks} SELECT DISTINCT ${value('tokens')}, ${a.pushTokenId} FROM ${a} WHERE ${a.id} IN ${touched} AND ${a.pushTokenId} IS NOT NULL`)
const lent = (of: 'removed' | 'restored') =>
  statement(sql`
  ${picks} SELECT DISTINCT ${value('lent')}, ${a.id} || ' ' || ${b.pushTokenId} ${picked(of)} ${lender}
  ${of === 'restored' ? sql`WHERE NOT ${tokenTouched}` : sql`WHERE true`} ON CONFLICT DO NOTHING`)

/** Tokens are removed first, so that two devices of a dialect never have the same. */
const changesToken = sql`NOT ${tokenTouched} AND ${own.pushTokenId} IS NOT NULL AND coalesce(${tokenBefore}, '') <> ${own.pushTokenId}
  AND (${tokenBefore} IS NULL OR ${kept} AND ${free})`
const release = [
  statement(
    sql`UPDATE ${devices} SET ${devices.pushTokenId} = NULL WHERE ${devices.id} IN (SELECT ${e.deviceId} ${picked('removed')})`,
  ),
  statement(sql`
    UPDATE ${devices} SET ${devices.pushTokenId} = ${tokenBefore}, ${devices.supersededAt} = ${numeric(e.detail, '$.before.supersededAt')}
    ${picked('restored')} WHERE ${device} AND ${changesToken}`),
] as const
const loan = sql`${value('lent')} = ${k.removalId} AND substr(${k.deviceId}, 1, length(${own.id}) + 1) = ${own.id} || ' '`
const lentToken = sql`(SELECT substr(${k.deviceId}, length(${own.id}) + 2) FROM ${k} WHERE ${loan})`
const giveBack = statement(sql`
  UPDATE ${devices} SET ${devices.pushTokenId} = ${lentToken}, ${devices.supersededAt} = NULL
  WHERE ${own.id} IN ${touched} AND EXISTS (SELECT 1 FROM ${k} WHERE ${loan})
    AND NOT EXISTS (SELECT 1 FROM ${c} WHERE ${c.pushTokenId} = ${lentToken} AND ${c.dialect} = ${own.dialect})`)

/** Reverses a takeover (identity R2, R3): the newer device becomes the superseded one. */
const logTakers = statement(sql`
  ${logged}
  SELECT ${b.appId}, ${b.id}, ${eventKind('superseded')}, ${value('cause')}, ${object({ pushTokenId: b.pushTokenId, by: a.externalId })}, ${value('now')}
  ${picked('undone')} ${taker} WHERE ${e.kind} = ${eventKind('superseded')} AND ${b.pushTokenId} = ${tokenBefore}`)
const takeBack = [
  statement(sql`
    UPDATE ${devices} SET ${devices.pushTokenId} = NULL, ${devices.supersededAt} = ${value('now')}
    WHERE ${own.id} IN (SELECT ${b.id} ${picked('undone')} ${taker} WHERE ${e.kind} = ${eventKind('superseded')} AND ${b.pushTokenId} = ${tokenBefore})`),
  statement(sql`
    UPDATE ${devices} SET ${devices.pushTokenId} = ${tokenBefore}, ${devices.supersededAt} = NULL
    ${undone('superseded')} AND ${device} AND ${own.pushTokenId} IS NULL AND ${free}`),
  statement(sql`
    UPDATE ${devices} SET ${devices.pushTokenId} = ${tokenBefore}
    ${undone('detached')} AND ${device} AND ${own.pushTokenId} IS NULL AND ${free}`),
] as const

const unless = <Names extends string>(
  touchedSince: typeof userTouched,
  now: ReturnType<typeof text<Names>>,
  was: typeof now,
) => sql`CASE WHEN ${touchedSince} THEN ${now} ELSE ${was} END`
const field = (name: (typeof PROFILE_FIELDS)[number] | 'platform' | 'details') =>
  sql`${devices[name]} = ${unless(fieldTouched(name), text(own[name]), text(sql`${name === 'details' ? sql`coalesce(${member(e.detail, '$.before.details')}, '{}')` : member(e.detail, `$.before.${name}`)}`))}`
/** A call, and no row of an import, adopted the device. */
const byCall = sql`(${e.kind} = ${eventKind('adopted')} AND ${member(e.detail, '$.outcome')} IS NULL)`
const userBefore = text(
  sql`CASE WHEN ${numeric(e.detail, '$.fillsUser')} = 1 THEN NULL ELSE ${member(e.detail, '$.userId')} END`,
)
const restoreFields = statement(sql`
  UPDATE ${devices} SET
    ${join([...PROFILE_FIELDS, 'platform' as const, 'details' as const].map(field), ', ')},
    ${devices.userId} = CASE WHEN ${userTouched} OR ${own.userProved} = 1 OR ${numeric(e.detail, '$.userProved')} = 1 THEN ${own.userId} ELSE ${userBefore} END,
    ${devices.enabled} = CASE WHEN ${fieldTouched('enabled')} THEN ${own.enabled} ELSE ${numeric(e.detail, '$.before.enabled')} END,
    ${devices.expiresAt} = CASE WHEN ${fieldTouched('expiresAt')} THEN ${own.expiresAt} ELSE ${numeric(e.detail, '$.before.expiresAt')} END,
    ${devices.externalId} = CASE WHEN ${e.kind} = ${eventKind('adopted')} AND (${own.liveAt} IS NULL OR ${byCall}) THEN ${member(e.detail, '$.before.externalId')} ELSE ${own.externalId} END,
    ${devices.importKey} = ${member(e.detail, '$.before.importKey')}, ${devices.importedAt} = ${numeric(e.detail, '$.before.importedAt')},
    ${devices.lastSeenAt} = CASE WHEN ${byCall} AND ${placeholder} IS NULL THEN ${numeric(e.detail, '$.before.lastSeenAt')} ELSE ${own.lastSeenAt} END,
    ${devices.liveAt} = CASE WHEN ${numeric(e.detail, '$.before.importedAt')} IS NULL OR ${byCall} THEN ${numeric(e.detail, '$.before.liveAt')} ELSE ${own.liveAt} END,
    ${devices.updatedAt} = ${own.updatedAt} + 1
  ${picked('restored')} WHERE ${device}`)

const tag = item('tag')
const given = sql`${picked('restored', 'undone')} CROSS JOIN ${members(e.detail, '$.tags')} tag`
const tagsBack = [
  statement(sql`
    DELETE FROM ${tags} WHERE (${tags.deviceId}, ${tags.name}) IN (SELECT ${e.deviceId}, ${tag.key} ${given} WHERE NOT ${tagTouched(tag.key)})`),
  statement(sql`
    ${insertion(tags, {
      deviceId: e.deviceId,
      name: tag.key,
      type: member(element('tag'), '$.type'),
      value: member(element('tag'), '$.value'),
      updatedAt: value('now'),
    })} ${given} WHERE ${tag.type} = 'object' AND NOT ${tagTouched(tag.key)} ON CONFLICT DO NOTHING`),
  statement(sql`
    UPDATE ${devices} SET (${devices.tagCount}, ${devices.tagBytes}) = (
      SELECT count(*), coalesce(sum(${bytes(tags.name)} + ${bytes(tags.value)}), 0) FROM ${tags} WHERE ${tags.deviceId} = ${own.id})
    WHERE ${devices.id} IN ${touched}`),
] as const

const topic = item('topic')
const named = (of: 'restored' | 'undone') =>
  sql`${picked(of)} JOIN ${a} ON ${a.id} = ${e.deviceId} CROSS JOIN ${elements(e.detail, '$.topics')} topic`
const dropTopics = (of: 'restored' | 'undone', kind: 'imported' | 'subscribed') =>
  statement(sql`
  DELETE FROM ${subscriptions} WHERE (${subscriptions.device}, ${subscriptions.topic}) IN (
    SELECT ${a.number}, ${topic.value} ${named(of)} WHERE ${kind === 'imported' ? sql`true` : sql`${e.kind} = ${eventKind(kind)}`} AND NOT ${topicTouched(topic.value)})`)
const topicsBack = [
  dropTopics('restored', 'imported'),
  dropTopics('undone', 'subscribed'),
  statement(sql`
    ${insertion(subscriptions, {
      device: a.number,
      topic: topic.value,
      appId: a.appId,
      id: sql`CASE WHEN EXISTS (SELECT 1 FROM ${x} WHERE ${x.device} = ${a.number} AND ${x.id} IS NOT NULL) THEN ${randomId} END`,
      automatic: sql`0`,
      createdAt: value('now'),
    })} ${named('undone')} WHERE ${e.kind} = ${eventKind('unsubscribed')} AND NOT ${topicTouched(topic.value)} ON CONFLICT DO NOTHING`),
] as const

const others = [
  statement(sql`
    UPDATE ${devices} SET ${devices.userId} = ${member(e.detail, '$.userId')}, ${devices.userProved} = 0, ${devices.updatedAt} = ${own.updatedAt} + 1
    ${undone('userChanged')} AND ${device}`),
  statement(
    sql`UPDATE ${devices} SET ${devices.enabled} = 1, ${devices.updatedAt} = ${own.updatedAt} + 1 ${undone('deactivated')} AND ${device}`,
  ),
  statement(sql`
    UPDATE ${devices} SET ${devices.externalId} = ${member(e.detail, '$.from')}, ${devices.updatedAt} = ${own.updatedAt} + 1
    ${undone('renamed')} AND ${device}`),
] as const

const of = sql`CASE WHEN ${value('about')} = '' THEN ${literal('event ')} || ${e.id} ELSE ${value('about')} END`
const logUndone = (of_: 'restored' | 'undone' | 'revived') =>
  statement(sql`
  ${logged} SELECT ${e.appId}, ${e.deviceId}, ${eventKind('undone')}, ${value('cause')}, ${object({ kind: e.kind, of })}, ${value('now')} ${picked(of_)}`)

/** Imported devices that never called; they are deleted completely, except for their history. */
const gone = sql`(SELECT ${e.deviceId} ${picked('removed')})`
const goneNumbers = sql`(SELECT ${a.number} ${picked('removed')} JOIN ${a} ON ${a.id} = ${e.deviceId})`
const remove = [
  statement(sql`
    ${loggedEnd} SELECT ${a.appId}, ${a.id}, ${eventKind('undone')}, ${value('cause')}, ${object({ kind: e.kind, of, dialect: a.dialect })}, ${value('now')}, ${a.dialect}, ${a.externalId}
    ${picked('removed')} JOIN ${a} ON ${a.id} = ${e.deviceId}`),
  statement(sql`DELETE FROM ${subscriptions} WHERE ${subscriptions.device} IN ${goneNumbers}`),
  statement(sql`DELETE FROM ${tags} WHERE ${tags.deviceId} IN ${gone}`),
  statement(sql`DELETE FROM ${importMarks} WHERE ${importMarks.device} IN ${goneNumbers}`),
  statement(sql`DELETE FROM ${receipts} WHERE ${receipts.deviceId} IN ${gone}`),
  statement(sql`DELETE FROM ${devices} WHERE ${devices.id} IN ${gone}`),
] as const
/** Removes the mark, so that the same file can be imported again. */
const unmark = statement(sql`
  DELETE FROM ${importMarks} WHERE (${importMarks.device}, ${importMarks.number}) IN (
    SELECT ${a.number}, ${imports.as('i').number} ${picked('restored')} JOIN ${a} ON ${a.id} = ${e.deviceId}
      JOIN ${imports.as('i')} ON ${literal('import ')} || ${imports.as('i').id} = ${e.cause})`)
/** Leaves no tombstone, since the device was not deleted by its user. */
const dropTokens = statement(sql`
  DELETE FROM ${pushTokens} WHERE ${pushTokens.id} IN (SELECT ${k.deviceId} FROM ${k} WHERE ${k.removalId} = ${value('tokens')})
    AND NOT EXISTS (SELECT 1 FROM ${c} WHERE ${c.pushTokenId} = ${pushTokens.as('push_tokens').id})`)
const clear = statement(sql`
  DELETE FROM ${removalPicks} WHERE ${removalPicks.removalId} IN (${value('undo')}, ${value('touched')}, ${value('tokens')}, ${value('lent')})`)

/** Run after the events of a round are picked. */
export const TAKE_BACK = [
  ...[touch, countBefore, noteTokens, REVIVE.tokens, lent('removed'), lent('restored')],
  ...[...release, giveBack, logTakers, ...takeBack, REVIVE.rotated, ...REVIVE.adopted, ...REVIVE.devices],
  ...[noteAdded, ...tagsBack.slice(0, 2), ...topicsBack, restoreFields, ...others, tagsBack[2]],
  ...[
    logUndone('restored'),
    logUndone('undone'),
    logUndone('revived'),
    unmark,
    ...remove,
    ...dropAdded,
    dropTokens,
    ...SETTLE,
    countAfter,
    noteGiven,
    clear,
  ],
]
