/** What an undo needs of the states that are kept for it (`kept.ts`): their sizes, the states, and what becomes of them. */
import type { PROFILE_FIELDS } from '../../../domain/device.ts'
import { bytes, elements, inTurn, item, listed, member, numeric, object } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { devices, events, keptStates, pushTokens, subscriptions, tags } from '../tables.ts'
import { columns, integer, orNull, sql, text, value } from '../template.ts'
import { eventKind, logged } from './history.ts'
import { retire } from './removal.ts'
import { device, free, kept, picked, tokenBefore, undone } from './undo-picks.ts'
import { ENDS, listedEvents, placeholder } from './undo-verdicts.ts'

const e = events.as('e')
const k = keptStates.as('k')
const a = devices.as('a')
const c = devices.as('c')
const own = devices.as('devices')
const p = pushTokens.as('p')
const token = pushTokens.as('push_tokens')
const doc = item('doc')

const wanted = inTurn(
  k,
  sql`${k.subject} = CASE WHEN ${e.kind} IN ${ENDS} THEN ${e.deviceId} ELSE coalesce(${placeholder}, ${tokenBefore}) END AND ${k.appId} = ${e.appId} AND ${k.at} > ${value('keptSince')}`,
)
/** The sizes of the states that events need, newest event first. */
export const keptSizes = statement(sql`
  SELECT ${columns({ event: e.id, size: integer(sql`coalesce(${bytes(k.document)}, ${bytes(k.sealed)}, 0)`) })}
  FROM ${listedEvents} ${wanted} ORDER BY ${e.id} DESC`)
/** The states themselves. */
export const keptOf = statement(sql`
  SELECT ${columns({ subject: k.subject, app_id: k.appId, document: orNull(text(k.document)), sealed: orNull(text(k.sealed)), at: k.at })}
  FROM ${listedEvents} ${wanted}`)

const given = elements(value('formerTokens'))
/** Former tokens have their texts again, if an event that names them is undone. */
const reviveTokens = statement(sql`
  UPDATE ${pushTokens} SET ${pushTokens.token} = made.token, ${pushTokens.environment} = made.environment, ${pushTokens.keys} = made.keys,
    ${pushTokens.state} = 'live', ${pushTokens.stateReason} = NULL, ${pushTokens.stateAt} = ${value('now')}
  FROM (SELECT ${member(doc.value, '$.id')} AS id, ${member(doc.value, '$.token')} AS token, ${member(doc.value, '$.environment')} AS environment, ${member(doc.value, '$.keys')} AS keys
    FROM ${given} doc) made
  WHERE ${token.id} = made.id AND ${token.state} = 'gone' AND ${token.id} IN (SELECT ${tokenBefore} ${picked('restored', 'undone', 'revived')})`)

/** Gives a device the token that it had before a rotation; the newer one goes (identity R4). */
const rotateBack = statement(sql`
  UPDATE ${devices} SET ${devices.pushTokenId} = ${tokenBefore}, ${devices.updatedAt} = ${own.updatedAt} + 1
  ${undone('rotated')} AND ${device} AND ${own.pushTokenId} IS NOT NULL AND ${free} AND ${kept}`)

const merged = sql`${picked('restored')} ${inTurn(a, sql`${a.id} = ${e.deviceId} AND ${a.pushTokenId} = ${tokenBefore}`)} WHERE ${placeholder} IS NOT NULL`
/** A placeholder gets its token back from the device that it was merged into, which is superseded. */
const releaseAdopted = [
  statement(sql`
    ${logged}
    SELECT ${a.appId}, ${a.id}, ${eventKind('superseded')}, ${value('cause')}, ${object({ pushTokenId: a.pushTokenId, by: member(e.detail, '$.from') })}, ${value('now')} ${merged}`),
  statement(sql`
    UPDATE ${devices} SET ${devices.pushTokenId} = NULL, ${devices.supersededAt} = ${value('now')} WHERE ${own.id} IN (SELECT ${a.id} ${merged})`),
] as const

const of = (name: string) => member(doc.value, `$.device.${name}`)
const profile = (name: (typeof PROFILE_FIELDS)[number]) => member(doc.value, `$.profile.${name}`)
const number = (name: string) => numeric(doc.value, `$.device.${name}`)
const formerToken = member(doc.value, '$.token.id')
const documents = sql`${elements(value('formerDevices'))} doc`
const revived = sql`${picked('revived', 'restored')} CROSS JOIN ${documents}`
/** The event's device, or the placeholder that was merged into it. */
const subject = sql`coalesce(${placeholder}, ${e.deviceId})`
const ofEvent = sql`${of('id')} = ${subject}`

/** A removed device, under its former row id. One that had expired has no end any more, since it would go at once. */
const reviveDevices = statement(sql`
  ${insertion(devices, {
    id: of('id'),
    appId: of('appId'),
    dialect: of('dialect'),
    externalId: of('externalId'),
    platform: of('platform'),
    pushTokenId: sql`CASE WHEN EXISTS (SELECT 1 FROM ${p} WHERE ${p.id} = ${formerToken} AND ${p.state} <> 'gone')
      AND NOT EXISTS (SELECT 1 FROM ${c} WHERE ${c.pushTokenId} = ${formerToken} AND ${c.dialect} = ${of('dialect')}) THEN ${formerToken} END`,
    userId: of('userId'),
    userProved: number('userProved'),
    enabled: number('enabled'),
    supersededAt: number('supersededAt'),
    expiresAt: sql`CASE WHEN ${number('expiresAt')} > ${value('now')} THEN ${number('expiresAt')} END`,
    name: profile('name'),
    model: profile('model'),
    osVersion: profile('osVersion'),
    appVersion: profile('appVersion'),
    sdkVersion: profile('sdkVersion'),
    language: profile('language'),
    timezone: profile('timezone'),
    details: of('details'),
    createdAt: number('createdAt'),
    updatedAt: sql`${number('updatedAt')} + 1`,
    lastSeenAt: number('lastSeenAt'),
    importedAt: number('importedAt'),
    liveAt: number('liveAt'),
    importKey: of('importKey'),
    updatedBy: value('change'),
  })}
  ${revived} WHERE ${ofEvent} ON CONFLICT DO NOTHING`)

/** Of devices that this plan has made. */
const made = inTurn(a, sql`${a.id} = ${subject} AND ${a.updatedBy} = ${value('change')}`)
const topic = item('topic')
const reviveTopics = statement(sql`
  ${insertion(subscriptions, {
    device: a.number,
    topic: member(topic.value, '$[0]'),
    appId: a.appId,
    id: member(topic.value, '$[1]'),
    automatic: numeric(topic.value, '$[2]'),
    createdAt: numeric(topic.value, '$[3]'),
  })}
  ${revived} ${made} CROSS JOIN ${elements(doc.value, '$.topics')} topic WHERE ${ofEvent} ON CONFLICT DO NOTHING`)
const tag = item('tag')
const reviveTags = statement(sql`
  ${insertion(tags, {
    deviceId: a.id,
    name: member(tag.value, '$[0]'),
    type: member(tag.value, '$[1]'),
    value: member(tag.value, '$[2]'),
    updatedAt: numeric(tag.value, '$[3]'),
  })}
  ${revived} ${made} CROSS JOIN ${elements(doc.value, '$.tags')} tag WHERE ${ofEvent} ON CONFLICT DO NOTHING`)

/** At the end of a round: tokens that no device took are erased again, and states that were used go. */
const eraseUnused = statement(sql`
  ${retire}
  WHERE ${token.id} IN (SELECT ${member(doc.value, '$.id')} FROM ${given} doc) AND ${token.state} <> 'gone'
    AND NOT EXISTS (SELECT 1 FROM ${c} WHERE ${c.pushTokenId} = ${token.id})`)
const dropUsed = statement(sql`
  DELETE FROM ${keptStates} WHERE ${keptStates.subject} IN ${listed('formerSubjects')}
    AND (EXISTS (SELECT 1 FROM ${c} WHERE ${c.pushTokenId} = ${keptStates.as('kept_states').subject}) OR EXISTS (SELECT 1 FROM ${c} WHERE ${c.id} = ${keptStates.as('kept_states').subject}))`)

export const REVIVE = {
  tokens: reviveTokens,
  rotated: rotateBack,
  adopted: releaseAdopted,
  devices: [reviveDevices, reviveTopics, reviveTags],
} as const
export const SETTLE = [eraseUnused, dropUsed] as const
