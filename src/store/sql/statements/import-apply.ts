/**
 * Applies a round of an import after its rows were staged with their outcomes (`import-stage.ts`): each statement does its
 * part for all rows. No statement overwrites values of a device that has called by itself.
 */
import { PROFILE_FIELDS } from '../../../domain/device.ts'
import {
  appended,
  array,
  bytes,
  elements,
  greatest,
  item,
  literal,
  member,
  merged,
  numeric,
  object,
  part,
  randomId,
} from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import {
  catalogue,
  devices,
  importMarks,
  importRows,
  pushTokens,
  subscriptions,
  tags,
  tagTypes,
} from '../tables.ts'
import { join, sql, type Template, value } from '../template.ts'
import { countRemoved, countWritten } from './counters.ts'
import { eventKind, logged } from './history.ts'
import { foundBefore } from './import-before.ts'
import { endedSince, fitting, leftByPhone } from './import-stage.ts'
import { keepTokens } from './kept.ts'
import { retire } from './removal.ts'

const s = importRows.as('s')
const d = devices.as('d')
const o = devices.as('o')
const n = subscriptions.as('n')
const x = item('x')
const own = devices.as('devices')
const token = pushTokens.as('push_tokens')
const held = tags.as('g')
const topicRow = subscriptions.as('subscriptions')

/** The rows of this round with these outcomes. */
const rows = (...outcomes: readonly ('created' | 'updated' | 'merged' | 'unchanged')[]) =>
  sql`${s.number} = ${value('importNumber')} AND ${s.round} = ${value('round')}
    AND ${s.outcome} IN (${join(
      outcomes.map((one) => literal(one)),
      ', ',
    )})`
const CHANGED = rows('updated', 'merged')
const WRITTEN = rows('created', 'updated', 'merged')
const TAKEN = rows('created', 'updated', 'merged', 'unchanged')
const from = sql`FROM ${importRows.as('s')}`

const losing = sql`SELECT ${s.holder} ${from} WHERE ${s.number} = ${value('importNumber')} AND ${s.round} = ${value('round')} AND ${s.holder} IS NOT NULL`
const affected = <Names extends string>(those: Template<Names>) =>
  sql`${d.number} IN (SELECT ${s.device} ${from} WHERE ${those} UNION ALL ${losing})`

/** Runs before and after all others: removes and adds the counts of the devices. */
export const countBeforeRound = countRemoved(affected(CHANGED))
export const countAfterRound = countWritten(affected(WRITTEN))

/** Devices that lose their token to one of the rows; their topics, tags and user stay. */
export const logLosing = statement(sql`
  ${logged}
  SELECT ${d.appId}, ${d.id}, ${eventKind('superseded')}, ${value('cause')}, ${object({ pushTokenId: d.pushTokenId, by: s.externalId })}, ${value('now')}
  ${from} JOIN ${d} ON ${d.number} = ${s.holder} WHERE ${WRITTEN}`)
export const supersedeLosing = statement(
  sql`UPDATE ${devices} SET ${devices.pushTokenId} = NULL, ${devices.supersededAt} = ${value('now')} WHERE ${devices.number} IN (${losing})`,
)

/** Records the state of devices before the rows change them, so that the event alone can undo the change. */
export const logImported = statement(sql`
  ${logged}
  SELECT ${d.appId}, ${d.id}, CASE WHEN ${s.adopted} = 1 THEN ${eventKind('adopted')} ELSE ${eventKind('imported')} END, ${value('cause')},
    ${object({
      ...{
        row: s.position,
        outcome: s.outcome,
        pushTokenId: d.pushTokenId,
        userId: d.userId,
        userProved: d.userProved,
      },
      ...foundBefore,
    })}, ${value('now')}
  ${from} JOIN ${d} ON ${d.number} = ${s.device} WHERE ${CHANGED} ORDER BY ${s.position}`)

/** Marks devices as imported. A device not imported so far has called by itself since it was created. */
export const noteImported = statement(sql`
  UPDATE ${devices} SET ${devices.importedAt} = ${value('now')}, ${devices.liveAt} = coalesce(${devices.liveAt}, ${devices.createdAt})
  WHERE ${devices.importedAt} IS NULL AND ${devices.number} IN (SELECT ${s.device} ${from}
    WHERE ${s.number} = ${value('importNumber')} AND ${s.round} = ${value('round')} AND ${s.device} IS NOT NULL AND ${s.outcome} <> 'rejected')`)

const wins = sql`${s.wins} = 1`
const filled = (name: (typeof PROFILE_FIELDS)[number]) =>
  sql`${devices[name]} = CASE WHEN ${wins} THEN coalesce(${s[name]}, ${own[name]}) ELSE coalesce(${own[name]}, ${s[name]}) END`
const replaced = (name: 'userId' | 'expiresAt' | 'enabled') =>
  sql`${devices[name]} = CASE WHEN ${wins} THEN coalesce(${s[name]}, ${own[name]}) ELSE ${own[name]} END`

/** Fills in empty columns or, for a device that has not called yet, takes the values of the newer row. */
export const updateImported = statement(sql`
  UPDATE ${devices} SET
    ${devices.externalId} = CASE WHEN ${s.adopted} = 1 THEN ${s.externalId} ELSE ${own.externalId} END,
    ${devices.pushTokenId} = CASE WHEN ${s.takes} = 1 THEN ${s.tokenId} ELSE ${own.pushTokenId} END,
    ${devices.supersededAt} = CASE WHEN ${s.takes} = 1 THEN NULL ELSE ${own.supersededAt} END,
    ${devices.platform} = CASE WHEN ${wins} THEN ${s.platform} ELSE ${own.platform} END,
    ${replaced('userId')},
    ${devices.userProved} = CASE WHEN ${wins} AND ${s.userId} IS NOT NULL THEN ${s.userProved} ELSE ${own.userProved} END,
    ${replaced('enabled')}, ${replaced('expiresAt')},
    ${join(PROFILE_FIELDS.map(filled), ', ')},
    ${devices.details} = CASE WHEN ${wins} AND ${s.details} IS NOT NULL THEN ${merged(own.details, s.details)} ELSE ${own.details} END,
    ${devices.lastSeenAt} = CASE WHEN ${wins} THEN ${greatest(own.lastSeenAt, s.lastSeenAt)} ELSE ${own.lastSeenAt} END,
    ${devices.importKey} = CASE WHEN ${wins} THEN ${s.orderKey} ELSE ${own.importKey} END,
    ${devices.updatedAt} = CASE WHEN ${s.outcome} = 'unchanged' THEN ${own.updatedAt} ELSE ${greatest(value('now'), sql`${own.updatedAt} + 1`)} END
  ${from} WHERE ${own.number} = ${s.device} AND (${CHANGED} OR ${rows('unchanged')} AND ${wins} AND ${s.orderKey} > coalesce(${own.importKey}, ''))`)

export const insertImported = statement(sql`
  ${insertion(devices, {
    id: s.deviceId,
    appId: value('app'),
    dialect: s.dialect,
    externalId: s.externalId,
    platform: s.platform,
    pushTokenId: s.tokenId,
    userId: s.userId,
    userProved: s.userProved,
    enabled: sql`coalesce(${s.enabled}, 1)`,
    expiresAt: s.expiresAt,
    supersededAt: s.supersededAt,
    name: s.name,
    model: s.model,
    osVersion: s.osVersion,
    appVersion: s.appVersion,
    sdkVersion: s.sdkVersion,
    language: s.language,
    timezone: s.timezone,
    details: sql`coalesce(${s.details}, '{}')`,
    createdAt: s.createdAt,
    updatedAt: value('now'),
    lastSeenAt: s.lastSeenAt,
    importedAt: value('now'),
    importKey: s.orderKey,
  })}
  ${from} WHERE ${rows('created')} ORDER BY ${s.position}`)

/** From here on, rows that write refer to their device by its number. */
export const numberImported = statement(sql`
  UPDATE ${importRows} SET ${importRows.device} = (SELECT ${d.number} FROM ${d} WHERE ${d.id} = ${importRows.deviceId})
  WHERE ${importRows.number} = ${value('importNumber')} AND ${importRows.round} = ${value('round')} AND ${importRows.outcome} = 'created'`)

/** Inserts new tokens; existing ones are updated next. */
export const insertTokens = statement(sql`
  ${insertion(pushTokens, {
    id: s.tokenId,
    appId: value('app'),
    provider: s.provider,
    digest: s.digest,
    token: s.token,
    environment: s.environment,
    keys: s.keys,
    state: literal('live'),
    stateAt: value('now'),
    dialects: array(s.dialect),
    createdAt: value('now'),
    registeredAt: s.lastSeenAt,
  })}
  ${from} WHERE ${WRITTEN} AND ${s.takes} = 1
  ON CONFLICT DO NOTHING`)

const revived = sql`(${token.state} = 'gone' OR (${token.state} = 'dead' AND ${s.revives} = 1))`
const spelt = sql`(${token.state} = 'gone' OR ${s.live} = 0 AND ${wins})`
export const updateTokens = statement(sql`
  UPDATE ${pushTokens} SET
    ${pushTokens.token} = CASE WHEN ${spelt} THEN coalesce(${s.token}, ${token.token}) ELSE ${token.token} END,
    ${pushTokens.environment} = CASE WHEN ${s.environment} = 'unknown' OR (${s.live} = 1 AND ${token.environment} <> 'unknown') THEN ${token.environment} ELSE ${s.environment} END,
    ${pushTokens.keys} = CASE WHEN ${s.live} = 1 THEN coalesce(${token.keys}, ${s.keys}) ELSE coalesce(${s.keys}, ${token.keys}) END,
    ${pushTokens.stateAt} = CASE WHEN ${revived} THEN ${value('now')} ELSE ${token.stateAt} END,
    ${pushTokens.stateReason} = CASE WHEN ${revived} THEN NULL ELSE ${token.stateReason} END,
    ${pushTokens.state} = CASE WHEN ${revived} THEN 'live' ELSE ${token.state} END,
    ${pushTokens.dialects} = CASE WHEN EXISTS (SELECT 1 FROM ${elements(token.dialects)} x WHERE ${x.value} = ${s.dialect}) THEN ${token.dialects}
      ELSE ${appended(token.dialects, s.dialect)} END
  ${from} WHERE ${token.id} = ${s.tokenId} AND ${s.digest} IS NOT NULL AND ${WRITTEN}`)

/** Tokens that devices have lost, if no other device has them: kept for an undo, and erased. */
const lost = sql`${token.id} IN (SELECT ${s.leftId} ${from} WHERE ${CHANGED} AND ${s.leftId} IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM ${o} WHERE ${o.pushTokenId} = ${token.id})`
export const keepReplaced = keepTokens(
  sql`SELECT max(${s.deviceId}) ${from} WHERE ${CHANGED} AND ${s.leftId} = ${token.id}`,
  lost,
)
export const retireReplaced = statement(sql`${retire} WHERE ${lost}`)

const name = member(x.value, '$.t')
/** Parenthesized, because `||` does not bind less tightly than member access. */
const given = sql`(${member(x.value, '$.i')})`
const taken = sql`EXISTS (SELECT 1 FROM ${n} WHERE ${n.id} IN (${given}, ${value('prefix')} || ${given}))`
const listed = sql`${from} CROSS JOIN ${elements(s.topics)} x`
const ended = sql`(${s.outcome} <> 'created' AND ${endedSince(s)})`

/** Adds the rows' topics, except those that the phone itself has left since. */
export const insertImportedTopics = statement(sql`
  ${insertion(subscriptions, {
    device: s.device,
    topic: name,
    appId: value('app'),
    id: sql`CASE WHEN ${s.ids} = 0 THEN NULL WHEN ${given} IS NULL OR ${taken} THEN ${randomId} ELSE ${value('prefix')} || ${given} END`,
    automatic: numeric(x.value, '$.a'),
    createdAt: value('now'),
  })}
  ${listed} WHERE ${WRITTEN} AND NOT (${s.live} = 1 AND ${leftByPhone(s.deviceId, s.asOf, name)}) AND NOT ${ended}
  ON CONFLICT DO NOTHING`)

/** Existing subscriptions take the ids from the vendor's API, unless a phone has been given other ids. */
export const renameTopics = statement(sql`
  UPDATE ${subscriptions} SET ${subscriptions.id} = ${value('prefix')} || ${given}
  ${listed} WHERE ${topicRow.device} = ${s.device} AND ${topicRow.topic} = ${name} AND ${CHANGED} AND ${s.live} = 0 AND ${s.ids} = 1
    AND ${given} IS NOT NULL AND ${topicRow.id} <> ${value('prefix')} || ${given} AND NOT ${taken}`)

/** Topics missing from the catalogue; `catalogued`: the dialects that have one. */
export const catalogueImported = statement(sql`
  ${insertion(catalogue, {
    appId: value('app'),
    dialect: s.dialect,
    name,
    id: randomId,
    description: literal(''),
    createdAt: value('now'),
    updatedAt: value('now'),
  })}
  ${listed} WHERE ${WRITTEN} AND ${numeric(x.value, '$.a')} = 0
    AND ${s.dialect} IN (SELECT ${item('k').value} FROM ${elements(value('cataloguing'))} k)
  ON CONFLICT DO NOTHING`)

const tag = member(x.value, '$.name')
const fit = fitting(s.dialect, tag, x.value)
const tagged = sql`${from} CROSS JOIN ${elements(s.tags)} x`
/** Whether a row contributes more than topics. */
const whole = sql`(${s.outcome} = 'created' OR ${s.live} = 1 OR ${wins} OR ${s.adopted} = 1)`

/** Guesses the type of a new name; the first live value overrules it. */
export const guessTypes = statement(sql`
  ${insertion(tagTypes, {
    appId: value('app'),
    dialect: s.dialect,
    name: tag,
    type: member(x.value, '$.as[0].type'),
    source: literal('import'),
  })}
  ${tagged} WHERE ${WRITTEN} AND ${whole}
  ON CONFLICT DO NOTHING`)

/** Tags that a newer row replaces. */
export const dropReplacedTags = statement(sql`
  DELETE FROM ${tags} WHERE (${tags.deviceId}, ${tags.name}) IN (
    SELECT ${s.deviceId}, ${tag} ${tagged} WHERE ${CHANGED} AND ${s.live} = 0 AND ${wins} AND ${fit} IS NOT NULL
      AND EXISTS (SELECT 1 FROM ${held} WHERE ${held.deviceId} = ${s.deviceId} AND ${held.name} = ${tag} AND ${held.value} <> ${part(fit, '$.value')}))`)

export const insertImportedTags = statement(sql`
  ${insertion(tags, {
    deviceId: s.deviceId,
    name: tag,
    type: member(fit, '$.type'),
    value: part(fit, '$.value'),
    updatedAt: value('now'),
  })}
  ${tagged} WHERE ${WRITTEN} AND ${whole} AND ${fit} IS NOT NULL AND NOT ${ended}
  ON CONFLICT DO NOTHING`)

export const countImportedTags = statement(sql`
  UPDATE ${devices} SET (${devices.tagCount}, ${devices.tagBytes}) = (
    SELECT count(*), coalesce(sum(${bytes(tags.name)} + ${bytes(tags.value)}), 0) FROM ${tags} WHERE ${tags.deviceId} = ${own.id})
  WHERE ${devices.number} IN (SELECT ${s.device} ${from} WHERE ${WRITTEN} AND ${s.tags} <> '[]')`)

/** Marks the rows, so that they are recognized in later imports. */
export const markRows = statement(sql`
  ${insertion(importMarks, { appId: value('app'), mark: s.mark, device: s.device, number: value('importNumber') })}
  ${from} WHERE ${TAKEN} AND ${s.device} IS NOT NULL
  ON CONFLICT DO NOTHING`)

export const logCreatedByImport = statement(sql`
  ${logged}
  SELECT ${value('app')}, ${s.deviceId}, ${eventKind('imported')}, ${value('cause')},
    ${object({ row: s.position, outcome: s.outcome, pushTokenId: s.tokenId })}, ${value('now')}
  ${from} WHERE ${rows('created')} ORDER BY ${s.position}`)
