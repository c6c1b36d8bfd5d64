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
import { countPatched, countRegistered, countRegistering } from './counters.ts'
import { changeEvent, patchedColumns } from './device-patch.ts'
import { viewed, viewedAsAsked } from './device-view.ts'
import { eventKind, logged, loggedOnce } from './history.ts'
import { keepTokens } from './kept.ts'
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
/** The row itself by its table's name, and the row proposed by an INSERT. */
const own = devices.as('devices')
const token = pushTokens.as('push_tokens')
const proposed = devices.as('excluded')
const sent = pushTokens.as('excluded')

const byKey = keyed(d)
const byToken = sql`${d.pushTokenId} = ${tokenId} AND ${d.dialect} = ${value('dialect')}`

/** One device by its key. */
export const deviceByKey = statement(sql`${viewed} WHERE ${byKey} AND ${unexpired(d)}`)

/** The device that a registration concerns: the one with its key, or the dialect's device with its token. */
export const seenByKey = statement(sql`${viewedAsAsked} WHERE ${byKey} AND ${unexpired(d)}`)
export const seenByToken = statement(sql`${viewedAsAsked} WHERE ${byToken} AND ${unexpired(d)}`)

/** The device that a registration has just written, even if it is already expired. */
export const registeredByKey = statement(sql`${viewedAsAsked} WHERE ${byKey}`)
export const registeredByToken = statement(sql`${viewedAsAsked} WHERE ${byToken}`)

/** One device by its row id, within its app. */
export const deviceById = statement(
  sql`${viewed} WHERE ${d.appId} = ${value('app')} AND ${d.id} = ${value('id')} AND ${staying(d)}`,
)

/**
 * A plan has effects only while the app speaks the dialect (look-ups are cached, so a request may arrive late) and,
 * with `existing` 1, only if the device exists and is current; with 2, also if it is superseded.
 */
const wanted = sql`EXISTS (SELECT 1 FROM ${a} WHERE ${a.appId} = ${value('app')} AND ${a.dialect} = ${value('dialect')})
  AND (${value('existing')} = 0 OR EXISTS (SELECT 1 FROM ${e} WHERE ${keyed(e)} AND (${value('existing')} = 2 OR ${e.supersededAt} IS NULL) AND ${unexpired(e)}))`

/**
 * If `holding` names a push token, the device gets the plan's token only while it has that one: a call based on the token
 * that it read never replaces a newer one.
 */
const held = sql`(${value('holding')} IS NULL OR EXISTS (SELECT 1 FROM ${h} WHERE ${keyed(h)} AND ${h.pushTokenId} = ${value('holding')}))`

/** A push token as a registration sends it, without the list of its dialects. */
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

/** The token is live and stored as sent; otherwise `stateAt` is set to the current time. */
const asSent = sql`${token.state} = 'live' AND ${token.token} = ${sent.token}
  AND ${sent.environment} IN ('unknown', ${token.environment}) AND (${sent.keys} IS NULL OR ${same(sent.keys, token.keys)})`

/** Creates the push token, or updates and revives it as sent (identity R12, R18). */
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

/** The first statement of a registration: counts what it will change. */
export const countBefore = {
  key: countRegistering(byKey, { wanted, given: held, takeover: true }),
  tokenless: countRegistering(byKey, { wanted, given: null, takeover: false }),
  token: countRegistering(byToken, { wanted, given: held, takeover: false }),
}
/** Runs after its topics are written: counts the created device. */
export const countAfter = countRegistered(null)

/** A device that an import created from a token alone, and that has not called yet. */
const placeholder = sql`substr(${devices.externalId}, 1, 7) = 'import:' AND ${isUnmet}`
/** Other devices of the dialect with the token (identity R2). A placeholder aborts the plan and is adopted first (R14). */
const rivals = sql`NOT (${placeholder}) AND ${devices.dialect} = ${value('dialect')} AND ${devices.pushTokenId} = ${tokenId} AND ${devices.externalId} <> ${value('externalId')} AND ${wanted} AND ${held}`

/** Records what a takeover removes, before it does. */
export const logSuperseded = statement(sql`
  ${logged}
  SELECT ${devices.appId}, ${devices.id}, ${eventKind('superseded')}, ${value('cause')}, ${object({ pushTokenId: devices.pushTokenId, by: value('externalId') })}, ${value('now')}
  FROM ${devices} WHERE ${rivals}`)

/** Removes the token from the dialect's other devices; their topics, tags and user stay for an undo. */
export const supersede = statement(
  sql`UPDATE ${devices} SET ${devices.pushTokenId} = NULL, ${devices.supersededAt} = ${value('now')} WHERE ${rivals}`,
)

const leaves = sql`(${value('hash')} IS NOT NULL AND ${differs(d.pushTokenId, tokenId)} AND ${held})`
/** Runs before a plan binds a user: a device whose user is being removed is excluded from the removal. */
const boundUser = sql`coalesce(${given('userId')}, ${given('ifNone.userId')})`
export const spareByKey = spare(byKey, boundUser)
export const spareByToken = spare(byToken, boundUser)

const logOf = <Names extends string>(chosen: Template<Names>) =>
  statement(
    sql`${changeEvent(leaves, sql`${chosen} AND ${wanted}`)} UNION ALL ${tokenChange(sql`${wanted} AND ${held}`)}`,
  )
export const logChanges = logOf(byKey)
/** Like `logChanges`, for the device that has the token. */
export const logChangesByToken = logOf(byToken)

/** The token that a device is about to lose, if no other device has it (identity R4). */
const left = sql`${pushTokens.id} = (SELECT ${d.pushTokenId} FROM ${d} WHERE ${byKey} AND ${wanted} AND ${held})
    AND NOT (${pushTokens.provider} = ${value('provider')} AND ${pushTokens.digest} = ${digest(value('hash'))})
    AND NOT EXISTS (SELECT 1 FROM ${o} WHERE ${o.pushTokenId} = ${token.id}
      AND NOT (${o.dialect} = ${value('dialect')} AND ${o.externalId} = ${value('externalId')}))`
/** Keeps it for an undo, and erases it. */
export const keepLeft = keepTokens(sql`SELECT ${d.id} FROM ${d} WHERE ${byKey}`, left)
export const retireLeft = statement(sql`${retire} WHERE ${left}`)

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

/** The columns that a repeated registration or an update sets. */
const merged = sql`${patchedColumns}, ${forward}, ${seen}`

/** The same for a registration; bulk calls do not count as calls of the device. */
const registered = sql`${patchedColumns}, ${forward}, ${devices.lastSeenAt} = ${value('now')}, ${devices.liveAt} =
    CASE WHEN ${own.importedAt} IS NULL OR ${value('job')} IS NOT NULL THEN ${own.liveAt} ELSE coalesce(${own.liveAt}, ${value('now')}) END`

/** Creates or updates the device with the external id; without a token in the call, it keeps its own. */
export const putDeviceByKey = statement(sql`
  ${insertFresh}
  ON CONFLICT (${devices.appId}, ${devices.dialect}, ${devices.externalId}) DO UPDATE SET
    ${devices.platform} = CASE WHEN ${value('keepPlatform')} = 1 THEN ${own.platform} ELSE ${proposed.platform} END,
    ${devices.pushTokenId} = coalesce(${proposed.pushTokenId}, ${own.pushTokenId}),
    ${devices.supersededAt} = CASE WHEN ${proposed.pushTokenId} IS NULL THEN ${own.supersededAt} END, ${registered}`)

/** Creates the device of a token or updates the one that has it, in dialects whose devices are identified by token. */
export const putDeviceByToken = statement(sql`
  ${insertFresh}
  ON CONFLICT (${devices.pushTokenId}, ${devices.dialect}) WHERE ${devices.pushTokenId} IS NOT NULL DO UPDATE SET
    ${devices.platform} = CASE WHEN ${value('keepPlatform')} = 1 THEN ${own.platform} ELSE ${proposed.platform} END, ${registered}`)

/** Whether the plan created a device: its proposed row id exists. */
const created = sql`EXISTS (SELECT 1 FROM ${n} WHERE ${n.id} = ${value('deviceId')})`

/** Written once per device, even if its plan is sent again. */
const creation = sql`
  ${loggedOnce}
  SELECT ${value('app')}, ${value('deviceId')}, ${eventKind('registered')}, ${value('cause')}, ${object({ pushTokenId: tokenId })}, ${value('now')}, ${value('change')}
  WHERE ${created} AND NOT EXISTS (SELECT 1 FROM ${logs} WHERE ${logs.appId} = ${value('app')} AND ${logs.deviceId} = ${value('deviceId')} AND ${logs.kind} = ${eventKind('registered')})`
export const logCreated = statement(creation)

/** The same for a plan that also adds topics to an existing device: records the new ones. */
export const logCreatedOrSubscribed = statement(sql`${creation}
  UNION ALL ${newlySubscribed}`)

/**
 * Copies topics of the phone's other devices to a new device (identity R6): once per dialect and token, only
 * names that this dialect allows, up to its limit, and no automatic topics.
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

/** Records for the lifetime of the app that the dialect had a device with the token. */
export const markDialect = statement(sql`
  UPDATE ${pushTokens} SET ${pushTokens.dialects} = ${appended(pushTokens.dialects, value('dialect'))}
  WHERE ${pushTokens.id} = ${tokenId} AND NOT ${hasText(pushTokens.dialects, value('dialect'))}
    AND EXISTS (SELECT 1 FROM ${d} WHERE ${d.pushTokenId} = ${token.id} AND ${d.dialect} = ${value('dialect')})`)

export const countUpdated = countPatched(sql`${byKey} AND ${unexpired(d)}`)

/** Updates the patched members of an existing device. */
export const updateDevice = statement(
  sql`UPDATE ${devices} SET ${merged} WHERE ${keyed(own)} AND ${unexpired(own)}`,
)

/** Records a registration of a device's token (identity R11). */
export const touchToken = statement(sql`
  UPDATE ${pushTokens} SET ${pushTokens.registeredAt} = ${value('now')}
  WHERE ${pushTokens.id} = (SELECT ${devices.pushTokenId} FROM ${devices} WHERE ${devices.id} = ${value('id')}) AND ${pushTokens.registeredAt} < ${value('now')}`)

/** Records a call of a device (identity R1). */
export const touchDevice = statement(
  sql`UPDATE ${devices} SET ${seen} WHERE ${devices.id} = ${value('id')} AND (${devices.lastSeenAt} < ${value('now')} OR ${isUnmet})`,
)
