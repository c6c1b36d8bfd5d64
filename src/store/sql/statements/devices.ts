import {
  forward,
  isUnmet,
  keyed,
  madeAt,
  numberOfDrawn,
  seen,
  staying,
  tokenId,
  unexpired,
} from '../conditions.ts'
import {
  appended,
  differs,
  digest,
  elements,
  given,
  givenNumber,
  greatest,
  hasOtherThan,
  hasText,
  holds,
  item,
  listed,
  literal,
  member,
  number,
  object,
  randomId,
  same,
} from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { appDialects, catalogue, devices, events, pushTokens, subscriptions } from '../tables.ts'
import { sql, type Template, value } from '../template.ts'
import { countDetached, countPatched, countRegistered, countRegistering } from './counters.ts'
import { changeEvent, patchedColumns } from './device-patch.ts'
import { viewed, viewedAsAsked } from './device-view.ts'
import { eventKind, logged, loggedOnce } from './history.ts'
import { retire } from './removal.ts'
import { spare } from './spares.ts'
import { tokenChange } from './token-change.ts'
import { newlySubscribed } from './topics.ts'

const d = devices.as('d')
const o = devices.as('o')
const a = appDialects.as('a')
const e = devices.as('e')
const h = devices.as('h')
const n = devices.as('n')
const s = subscriptions.as('s')
const p = pushTokens.as('p')
const t = catalogue.as('t')
const logs = events.as('e')
/** The row itself, by the name of its table, and the row that an insertion proposed. */
const own = devices.as('devices')
const token = pushTokens.as('push_tokens')
const proposed = devices.as('excluded')
const sent = pushTokens.as('excluded')

const byKey = keyed(d)
const byToken = sql`${d.pushTokenId} = ${tokenId} AND ${d.dialect} = ${value('dialect')}`

/** One device by its key. */
export const deviceByKey = statement(sql`${viewed} WHERE ${byKey} AND ${unexpired(d)}`)

/** What a registration would meet: the device of its key, or the dialect's device that holds its token. */
export const seenByKey = statement(sql`${viewedAsAsked} WHERE ${byKey} AND ${unexpired(d)}`)
export const seenByToken = statement(sql`${viewedAsAsked} WHERE ${byToken} AND ${unexpired(d)}`)

/** What a registration has just written, even if its time is over already. */
export const registeredByKey = statement(sql`${viewedAsAsked} WHERE ${byKey}`)
export const registeredByToken = statement(sql`${viewedAsAsked} WHERE ${byToken}`)

/** One device by its row id, within its app. */
export const deviceById = statement(
  sql`${viewed} WHERE ${d.appId} = ${value('app')} AND ${d.id} = ${value('id')} AND ${staying(d)}`,
)

/**
 * A plan does something only while the app speaks the dialect (look-ups are cached, so a request may come late) and,
 * where `existing` is 1, only if the device is there and current; at 2, also if it is superseded.
 */
const wanted = sql`EXISTS (SELECT 1 FROM ${a} WHERE ${a.appId} = ${value('app')} AND ${a.dialect} = ${value('dialect')})
  AND (${value('existing')} = 0 OR EXISTS (SELECT 1 FROM ${e} WHERE ${keyed(e)} AND (${value('existing')} = 2 OR ${e.supersededAt} IS NULL) AND ${unexpired(e)}))`

/**
 * Where `holding` names a push token, the plan's own token goes to the device only while it holds that one: what a call
 * derived from the token that it saw never replaces one that was acknowledged since.
 */
const held = sql`(${value('holding')} IS NULL OR EXISTS (SELECT 1 FROM ${h} WHERE ${keyed(h)} AND ${h.pushTokenId} = ${value('holding')}))`

/** A push token as a registration sends it, but for the dialects that it has been in. */
export const sentTokenRow = {
  id: value('tokenId'),
  appId: value('app'),
  provider: value('provider'),
  digest: digest(value('hash')),
  token: value('token'),
  environment: value('environment'),
  keys: value('keys'),
  state: literal('live'),
  stateAt: value('now'),
  createdAt: value('now'),
  registeredAt: value('now'),
} as const
const sentToken = insertion(pushTokens, { ...sentTokenRow, dialects: literal('[]') })

/** It lives, and is as it was sent: else `stateAt` says when it became so. */
const asSent = sql`${token.state} = 'live' AND ${token.token} = ${sent.token}
  AND ${sent.environment} IN ('unknown', ${token.environment}) AND (${sent.keys} IS NULL OR ${same(sent.keys, token.keys)})`

/** Makes the push token, or makes it live again with what was sent last (identity R12, R18). */
export const putToken = statement(sql`
  ${sentToken}
  WHERE ${wanted} AND ${held}
  ON CONFLICT (${pushTokens.appId}, ${pushTokens.provider}, ${pushTokens.digest}) DO UPDATE SET
    ${pushTokens.token} = ${sent.token},
    ${pushTokens.environment} = CASE WHEN ${sent.environment} = 'unknown' THEN ${token.environment} ELSE ${sent.environment} END,
    ${pushTokens.keys} = coalesce(${sent.keys}, ${token.keys}),
    ${pushTokens.deliveredAt} = CASE WHEN ${token.state} = 'gone' THEN NULL ELSE ${token.deliveredAt} END,
    ${pushTokens.stateAt} = CASE WHEN ${asSent} THEN ${token.stateAt} ELSE ${sent.stateAt} END,
    ${pushTokens.state} = 'live', ${pushTokens.stateReason} = NULL, ${pushTokens.registeredAt} = ${sent.registeredAt}`)

/** The first statement of a registration: what it will change of the counters. */
export const countBefore = {
  key: countRegistering(byKey, { wanted, given: held, takeover: true }),
  tokenless: countRegistering(byKey, { wanted, given: null, takeover: false }),
  token: countRegistering(byToken, { wanted, given: held, takeover: false }),
}
/** After its topics: the device that it made. */
export const countAfter = countRegistered(null)

/** What an import made of a token alone, and who has not called yet. */
const placeholder = sql`substr(${devices.externalId}, 1, 7) = 'import:' AND ${isUnmet}`
/** Other devices of the dialect on the token (identity R2). A placeholder breaks the plan, which then adopts it first (R14). */
const rivals = sql`NOT (${placeholder}) AND ${devices.dialect} = ${value('dialect')} AND ${devices.pushTokenId} = ${tokenId} AND ${devices.externalId} <> ${value('externalId')} AND ${wanted} AND ${held}`

/** Keeps what a takeover takes away, before it does. */
export const logSuperseded = statement(sql`
  ${logged}
  SELECT ${devices.appId}, ${devices.id}, ${eventKind('superseded')}, ${value('cause')}, ${object({ pushTokenId: devices.pushTokenId, by: value('externalId') })}, ${value('now')}
  FROM ${devices} WHERE ${rivals}`)

/** Takes the token from the dialect's other devices; their topics, tags and user stay for undo. */
export const supersede = statement(
  sql`UPDATE ${devices} SET ${devices.pushTokenId} = NULL, ${devices.supersededAt} = ${value('now')} WHERE ${rivals}`,
)

const leaves = sql`(${value('hash')} IS NOT NULL AND ${differs(d.pushTokenId, tokenId)} AND ${held})`
/** Before a plan binds a user: who is still being removed comes back for good. */
const boundUser = sql`coalesce(${given('userId')}, ${given('ifNone.userId')})`
export const spareByKey = spare(byKey, boundUser)
export const spareByToken = spare(byToken, boundUser)

const logOf = <Names extends string>(chosen: Template<Names>) =>
  statement(
    sql`${changeEvent(leaves, sql`${chosen} AND ${wanted}`)} UNION ALL ${tokenChange(sql`${wanted} AND ${held}`)}`,
  )
export const logChanges = logOf(byKey)
/** As `logChanges`, for the device that holds the token. */
export const logChangesByToken = logOf(byToken)

/** Erases the token that a device is about to leave, if no other device points at it (identity R4). */
export const retireLeft = statement(sql`
  ${retire}
  WHERE ${pushTokens.id} = (SELECT ${d.pushTokenId} FROM ${d} WHERE ${byKey} AND ${wanted} AND ${held})
    AND NOT (${pushTokens.provider} = ${value('provider')} AND ${pushTokens.digest} = ${digest(value('hash'))})
    AND NOT EXISTS (SELECT 1 FROM ${o} WHERE ${o.pushTokenId} = ${token.id}
      AND NOT (${o.dialect} = ${value('dialect')} AND ${o.externalId} = ${value('externalId')}))`)

/** A new device, column by column. */
const fresh = {
  id: value('deviceId'),
  appId: value('app'),
  dialect: value('dialect'),
  externalId: value('externalId'),
  platform: value('platform'),
  pushTokenId: sql`CASE WHEN ${held} THEN ${tokenId} END`,
  userId: boundUser,
  userProved: sql`coalesce(${givenNumber('userProved')}, ${givenNumber('ifNone.userProved')}, 0)`,
  enabled: sql`coalesce(${givenNumber('enabled')}, 1)`,
  supersededAt: sql`NULL`,
  expiresAt: givenNumber('expiresAt'),
  name: given('name'),
  model: given('model'),
  osVersion: given('osVersion'),
  appVersion: given('appVersion'),
  sdkVersion: given('sdkVersion'),
  language: sql`coalesce(${given('language')}, ${given('ifNone.language')})`,
  timezone: given('timezone'),
  details: sql`coalesce(${given('details')}, '{}')`,
  createdAt: madeAt,
  updatedAt: value('now'),
  lastSeenAt: value('now'),
  updatedBy: value('change'),
}
const insertFresh = sql`${insertion(devices, fresh)} WHERE ${wanted}`

/** What a repeated registration or an update replaces. */
const merged = sql`${patchedColumns}, ${forward}, ${seen}`

/** The same of a registration; bulk calls are none of the device's own. */
const registered = sql`${patchedColumns}, ${forward}, ${devices.lastSeenAt} = ${value('now')}, ${devices.liveAt} =
    CASE WHEN ${own.importedAt} IS NULL OR ${value('job')} IS NOT NULL THEN ${own.liveAt} ELSE coalesce(${own.liveAt}, ${value('now')}) END`

/** Makes or updates the device that its external id names; an absent token keeps the one it has. */
export const putDeviceByKey = statement(sql`
  ${insertFresh}
  ON CONFLICT (${devices.appId}, ${devices.dialect}, ${devices.externalId}) DO UPDATE SET
    ${devices.platform} = CASE WHEN ${value('keepPlatform')} = 1 THEN ${own.platform} ELSE ${proposed.platform} END,
    ${devices.pushTokenId} = coalesce(${proposed.pushTokenId}, ${own.pushTokenId}),
    ${devices.supersededAt} = CASE WHEN ${proposed.pushTokenId} IS NULL THEN ${own.supersededAt} END, ${registered}`)

/** Makes the device of a token, or updates the one that holds it, for dialects in which a device is its token. */
export const putDeviceByToken = statement(sql`
  ${insertFresh}
  ON CONFLICT (${devices.pushTokenId}, ${devices.dialect}) WHERE ${devices.pushTokenId} IS NOT NULL DO UPDATE SET
    ${devices.platform} = CASE WHEN ${value('keepPlatform')} = 1 THEN ${own.platform} ELSE ${proposed.platform} END, ${registered}`)

/** Whether the plan made a new device: its proposed row id is in use. */
const created = sql`EXISTS (SELECT 1 FROM ${n} WHERE ${n.id} = ${value('deviceId')})`

/** Once for a device, even where its plan is sent again. */
const creation = sql`
  ${loggedOnce}
  SELECT ${value('app')}, ${value('deviceId')}, ${eventKind('registered')}, ${value('cause')}, ${object({ pushTokenId: tokenId })}, ${value('now')}, ${value('change')}
  WHERE ${created} AND NOT EXISTS (SELECT 1 FROM ${logs} WHERE ${logs.appId} = ${value('app')} AND ${logs.deviceId} = ${value('deviceId')} AND ${logs.kind} = ${eventKind('registered')})`
export const logCreated = statement(creation)

/** The same of a plan that gives its topics to a device that is there, too: what is new to it. */
export const logCreatedOrSubscribed = statement(sql`${creation}
  UNION ALL ${newlySubscribed}`)

/**
 * Gives a new device a copy of the topics of the phone's other devices (identity R6): once per dialect and token, only
 * names that this dialect allows, up to its limit, none that a dialect gives by itself.
 */
export const carryOver = statement(sql`
  INSERT INTO ${subscriptions} (${subscriptions.device}, ${subscriptions.topic}, ${subscriptions.appId}, ${subscriptions.id}, ${subscriptions.automatic}, ${subscriptions.createdAt})
  SELECT ${numberOfDrawn}, ${s.topic}, ${value('app')},
    CASE WHEN ${value('withIds')} = 1 THEN ${randomId} END, 0, ${value('now')}
  FROM ${o} JOIN ${s} ON ${s.device} = ${o.number}
  WHERE ${o.pushTokenId} = ${tokenId} AND ${o.id} <> ${value('deviceId')} AND ${unexpired(o)} AND ${created}
    AND NOT EXISTS (SELECT 1 FROM ${p} WHERE ${p.id} = ${o.pushTokenId} AND ${hasText(p.dialects, value('dialect'))})
    AND ${s.automatic} = 0 AND ${s.topic} NOT IN ${listed('automatic')}
    AND length(${s.topic}) BETWEEN 1 AND ${value('maxLength')}
    AND NOT EXISTS (SELECT 1 FROM ${elements(value('refused'))} r
      WHERE ${holds(s.topic, member(item('r').value, '$.holds'))} OR ${hasOtherThan(s.topic, member(item('r').value, '$.holdsOtherThan'))})
    AND ${s.topic} NOT IN (SELECT ${subscriptions.topic} FROM ${subscriptions} WHERE ${subscriptions.device} = ${numberOfDrawn})
    AND (${value('catalogued')} = 0 OR EXISTS (SELECT 1 FROM ${t}
      WHERE ${t.appId} = ${value('app')} AND ${t.dialect} = ${value('dialect')} AND ${t.name} = ${s.topic}))
  GROUP BY ${s.topic} ORDER BY ${s.topic}
  LIMIT ${greatest(number(0), sql`${value('limit')} - (SELECT count(*) FROM ${subscriptions} WHERE ${subscriptions.device} = ${numberOfDrawn})`)}
  ON CONFLICT DO NOTHING`)

/** Remembers that the dialect had a device on the token, for as long as the app lives. */
export const markDialect = statement(sql`
  UPDATE ${pushTokens} SET ${pushTokens.dialects} = ${appended(pushTokens.dialects, value('dialect'))}
  WHERE ${pushTokens.id} = ${tokenId} AND NOT ${hasText(pushTokens.dialects, value('dialect'))}
    AND EXISTS (SELECT 1 FROM ${d} WHERE ${d.pushTokenId} = ${token.id} AND ${d.dialect} = ${value('dialect')})`)

export const countUpdated = countPatched(sql`${byKey} AND ${unexpired(d)}`)

/** Updates a device that exists: what the patch names. */
export const updateDevice = statement(
  sql`UPDATE ${devices} SET ${merged} WHERE ${keyed(own)} AND ${unexpired(own)}`,
)

/** Notes that a device's token was registered (identity R11). */
export const touchToken = statement(sql`
  UPDATE ${pushTokens} SET ${pushTokens.registeredAt} = ${value('now')}
  WHERE ${pushTokens.id} = (SELECT ${devices.pushTokenId} FROM ${devices} WHERE ${devices.id} = ${value('id')}) AND ${pushTokens.registeredAt} < ${value('now')}`)

/** Notes that a device was seen (identity R1). */
export const touchDevice = statement(
  sql`UPDATE ${devices} SET ${seen} WHERE ${devices.id} = ${value('id')} AND (${devices.lastSeenAt} < ${value('now')} OR ${isUnmet})`,
)

export const countDetaching = countDetached(sql`${byKey} AND ${d.pushTokenId} IS NOT NULL`)

export const logDetached = statement(sql`
  ${logged}
  SELECT ${d.appId}, ${d.id}, ${eventKind('detached')}, ${value('cause')}, ${object({ pushTokenId: d.pushTokenId })}, ${value('now')}
  FROM ${d} WHERE ${byKey} AND ${d.pushTokenId} IS NOT NULL`)

/** Takes the pointer to the token from a device that stays (identity R10 in dialects that keep the device). */
export const detachToken = statement(
  sql`UPDATE ${devices} SET ${devices.pushTokenId} = NULL, ${devices.updatedAt} = ${greatest(value('now'), devices.updatedAt)} WHERE ${keyed(own)} AND ${devices.pushTokenId} IS NOT NULL`,
)

/** Erases the token that a device is about to give up, if no other device points at it. */
export const retireDetached = statement(sql`
  ${retire}
  WHERE ${pushTokens.id} = (SELECT ${d.pushTokenId} FROM ${d} WHERE ${byKey})
    AND NOT EXISTS (SELECT 1 FROM ${o} WHERE ${o.pushTokenId} = ${token.id}
      AND NOT (${o.dialect} = ${value('dialect')} AND ${o.externalId} = ${value('externalId')}))`)
