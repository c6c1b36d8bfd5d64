import { type SQL, sql } from 'drizzle-orm'
import type { DeviceRow } from '../rows.ts'
import { type Statement, statement } from '../statement.ts'
import { unchecked } from '../template.ts'
import { countDetached, countPatched, countRegistered, countRegistering } from './counters.ts'
import {
  forward,
  given,
  keyed,
  listed,
  number,
  patched,
  patchedDetails,
  staying,
  tokenId,
  unexpired,
  value,
} from './shared.ts'
import { spare } from './spares.ts'

/** The columns of a device with its push token, by distinct names. */
const bareColumns: SQL = sql.raw(`
  d.id, d.app_id, d.dialect, d.external_id, d.platform, d.user_id, d.user_proved, d.enabled, d.superseded_at,
  d.expires_at, d.name, d.model, d.os_version, d.app_version, d.sdk_version, d.language, d.timezone, d.details,
  d.created_at, d.updated_at, d.last_seen_at,
  p.id AS token_id, p.provider, p.token, p.environment, p.keys, p.state, p.state_at, p.registered_at, p.delivered_at`)

/**
 * Bytes of tags that one value holds. The limits keep devices below; of one that an earlier build filled beyond them
 * this much is shown, since a larger value can be no row's on D1.
 */
const SHOWN = 524_288

/** Those, and the device's topics and tags. */
export const deviceColumns: SQL = sql`${bareColumns},
  (SELECT json_group_array(topic) FROM (SELECT topic FROM subscriptions WHERE device_id = d.id ORDER BY topic)) AS topics,
  CASE WHEN (SELECT id FROM subscriptions WHERE device_id = d.id LIMIT 1) IS NULL THEN '[]' ELSE
    (SELECT json_group_array(id) FROM (SELECT id FROM subscriptions WHERE device_id = d.id ORDER BY topic)) END AS topic_ids,
  CASE WHEN d.tag_bytes <= ${number(SHOWN)} THEN
    (SELECT json_group_object(name, json(value)) FROM (SELECT name, value FROM tags WHERE device_id = d.id ORDER BY name))
  ELSE (SELECT json_group_object(name, json(value)) FROM (
    SELECT name, value, sum(length(name) + length(value)) OVER (ORDER BY name) AS upto FROM tags WHERE device_id = d.id)
    WHERE upto <= ${number(SHOWN)}) END AS tags`

/** Those of a device in a page, which must not cost what hangs on its devices. */
export const listedColumns: SQL = sql`${bareColumns}, '[]' AS topics, '[]' AS topic_ids, '{}' AS tags`

/** Devices with all of that. */
export const viewed: SQL = sql`SELECT ${deviceColumns} FROM devices d LEFT JOIN push_tokens p ON p.id = d.push_token_id`

/** One device by its key. */
export const deviceByKey: Statement<DeviceRow> = statement(
  sql`${viewed} WHERE ${keyed('d')} AND ${unexpired('d')}`,
)

/** The dialect's device that holds a token. */
export const deviceByToken: Statement<DeviceRow> = statement(
  sql`${viewed} WHERE d.push_token_id = ${tokenId} AND d.dialect = ${value('dialect')} AND ${unexpired('d')}`,
)

/** What a registration has just written, even if its time is over already. */
export const registeredByKey: Statement<DeviceRow> = statement(sql`${viewed} WHERE ${keyed('d')}`)
export const registeredByToken: Statement<DeviceRow> = statement(
  sql`${viewed} WHERE d.push_token_id = ${tokenId} AND d.dialect = ${value('dialect')}`,
)

/** One device by its row id, within its app. */
export const deviceById: Statement<DeviceRow> = statement(
  sql`${viewed} WHERE d.app_id = ${value('app')} AND d.id = ${value('id')} AND ${staying('d')}`,
)

/**
 * A plan does something only while the app speaks the dialect (look-ups are cached, so a request may come late) and,
 * where `existing` is 1, only if the device is there and current; at 2, also if it is superseded.
 */
const wanted: SQL = sql`EXISTS (SELECT 1 FROM app_dialects a WHERE a.app_id = ${value('app')} AND a.dialect = ${value('dialect')})
  AND (${value('existing')} = 0 OR EXISTS (SELECT 1 FROM devices e WHERE ${keyed('e')} AND (${value('existing')} = 2 OR e.superseded_at IS NULL) AND ${unexpired('e')}))`

/**
 * Where `holding` names a push token, the plan's own token goes to the device only while it holds that one: what a call
 * derived from the token that it saw never replaces one that was acknowledged since.
 */
const held: SQL = sql`(${value('holding')} IS NULL OR EXISTS (SELECT 1 FROM devices h WHERE ${keyed('h')} AND h.push_token_id = ${value('holding')}))`

/** Makes the push token, or makes it live again with what was sent last (identity R12, R18). */
export const putToken = statement(sql`
  INSERT INTO push_tokens (id, app_id, provider, hash, token, environment, keys, state, state_reason, state_at, dialects, created_at, registered_at)
  SELECT ${value('tokenId')}, ${value('app')}, ${value('provider')}, ${value('hash')}, ${value('token')}, ${value('environment')},
    ${value('keys')}, 'live', NULL, ${value('now')}, '[]', ${value('now')}, ${value('now')}
  WHERE ${wanted} AND ${held}
  ON CONFLICT (app_id, provider, hash) DO UPDATE SET
    token = excluded.token,
    environment = CASE WHEN excluded.environment = 'unknown' THEN environment ELSE excluded.environment END,
    keys = coalesce(excluded.keys, keys),
    delivered_at = CASE WHEN state = 'gone' THEN NULL ELSE delivered_at END,
    state_at = CASE WHEN state = 'live' THEN state_at ELSE excluded.state_at END,
    state = 'live', state_reason = NULL, registered_at = excluded.registered_at`)

const byKey = keyed('d')
const byToken = sql`d.push_token_id = ${tokenId} AND d.dialect = ${value('dialect')}`

/** The first statement of a registration: what it will change of the counters. */
export const countBefore = {
  key: countRegistering(unchecked(byKey), {
    wanted: unchecked(wanted),
    given: unchecked(held),
    takeover: true,
  }),
  tokenless: countRegistering(unchecked(byKey), { wanted: unchecked(wanted), given: null, takeover: false }),
  token: countRegistering(unchecked(byToken), {
    wanted: unchecked(wanted),
    given: unchecked(held),
    takeover: false,
  }),
}
/** After its topics: the device that it made. */
export const countAfter = countRegistered(null)

/** Other devices of the dialect on the token: the ones that a takeover concerns (identity R2). */
const rivals: SQL = sql`dialect = ${value('dialect')} AND push_token_id = ${tokenId} AND external_id <> ${value('externalId')} AND ${wanted} AND ${held}`

/** Keeps what a takeover takes away, before it does. */
export const logSuperseded = statement(sql`
  INSERT INTO events (app_id, device_id, kind, cause, detail, at)
  SELECT app_id, id, 'superseded', ${value('cause')}, json_object('pushTokenId', push_token_id, 'by', ${value('externalId')}), ${value('now')}
  FROM devices WHERE ${rivals}`)

/** Takes the token from the dialect's other devices; their topics, tags and user stay for undo. */
export const supersede = statement(
  sql`UPDATE devices SET push_token_id = NULL, superseded_at = ${value('now')} WHERE ${rivals}`,
)

const leaves: SQL = sql`(${value('hash')} IS NOT NULL AND d.push_token_id IS NOT ${tokenId} AND ${held})`
const changesUser: SQL = sql`(json_type(${value('patch')}, '$.userId') IS NOT NULL AND d.user_id IS NOT ${given('userId')})`

/** Before a plan binds a user: who is still being removed comes back for good. */
const boundUser: SQL = sql`coalesce(${given('userId')}, ${given('ifNone.userId')})`
export const spareByKey = spare(unchecked(keyed('d')), unchecked(boundUser))
export const spareByToken = spare(
  unchecked(sql`d.push_token_id = ${tokenId} AND d.dialect = ${value('dialect')}`),
  unchecked(boundUser),
)

/** Keeps what a plan is about to change of a device that exists: its token, its user. */
const logOf = (chosen: SQL): Statement =>
  statement(sql`
  INSERT INTO events (app_id, device_id, kind, cause, detail, at)
  SELECT d.app_id, d.id,
    CASE WHEN NOT ${leaves} THEN 'userChanged' WHEN d.push_token_id IS NULL THEN 'attached' ELSE 'rotated' END,
    ${value('cause')}, json_object('pushTokenId', d.push_token_id, 'userId', d.user_id, 'userProved', d.user_proved), ${value('now')}
  FROM devices d WHERE ${chosen} AND ${wanted} AND (${leaves} OR ${changesUser})`)

export const logChanges = logOf(byKey)
/** As `logChanges`, for the device that holds the token. */
export const logChangesByToken = logOf(byToken)

/** Erases the token that a device is about to leave, if no other device points at it (identity R4). */
export const retireLeft = statement(sql`
  UPDATE push_tokens SET state = 'gone', token = '', keys = NULL, state_at = ${value('now')}
  WHERE id = (SELECT d.push_token_id FROM devices d WHERE ${keyed('d')} AND ${wanted} AND ${held})
    AND NOT (provider = ${value('provider')} AND hash = ${value('hash')})
    AND NOT EXISTS (SELECT 1 FROM devices o WHERE o.push_token_id = push_tokens.id
      AND NOT (o.dialect = ${value('dialect')} AND o.external_id = ${value('externalId')}))`)

const columns =
  sql.raw(`id, app_id, dialect, external_id, platform, push_token_id, user_id, user_proved, enabled, superseded_at,
  expires_at, name, model, os_version, app_version, sdk_version, language, timezone, details, created_at, updated_at, last_seen_at, updated_by`)

const fresh: SQL = sql`
  SELECT ${value('deviceId')}, ${value('app')}, ${value('dialect')}, ${value('externalId')}, ${value('platform')},
    CASE WHEN ${held} THEN ${tokenId} END, coalesce(${given('userId')}, ${given('ifNone.userId')}), coalesce(${given('userProved')}, ${given('ifNone.userProved')}, 0), coalesce(${given('enabled')}, 1), NULL, ${given('expiresAt')},
    ${given('name')}, ${given('model')}, ${given('osVersion')}, ${given('appVersion')}, ${given('sdkVersion')},
    coalesce(${given('language')}, ${given('ifNone.language')}), ${given('timezone')}, coalesce(${given('details')}, '{}'), ${value('now')}, ${value('now')}, ${value('now')}, ${value('change')}
  WHERE ${wanted}`

/** What a repeated registration or an update replaces; `existing` is the row's own column. */
const merged: SQL = sql`
    user_id = ${patched('userId', sql`coalesce(user_id, ${given('ifNone.userId')})`)},
    user_proved = ${patched('userProved', sql`CASE WHEN user_id IS NULL THEN coalesce(${given('ifNone.userProved')}, user_proved) ELSE user_proved END`)},
    enabled = ${patched('enabled', sql`enabled`)}, expires_at = ${patched('expiresAt', sql`expires_at`)},
    name = ${patched('name', sql`name`)}, model = ${patched('model', sql`model`)},
    os_version = ${patched('osVersion', sql`os_version`)}, app_version = ${patched('appVersion', sql`app_version`)},
    sdk_version = ${patched('sdkVersion', sql`sdk_version`)}, language = ${patched('language', sql`coalesce(language, ${given('ifNone.language')})`)},
    timezone = ${patched('timezone', sql`timezone`)}, details = ${patchedDetails},
    ${forward}, last_seen_at = ${value('now')}`

/** Makes or updates the device that its external id names; an absent token keeps the one it has. */
export const putDeviceByKey = statement(sql`
  INSERT INTO devices (${columns}) ${fresh}
  ON CONFLICT (app_id, dialect, external_id) DO UPDATE SET
    platform = CASE WHEN ${value('keepPlatform')} = 1 THEN platform ELSE excluded.platform END,
    push_token_id = coalesce(excluded.push_token_id, push_token_id),
    superseded_at = CASE WHEN excluded.push_token_id IS NULL THEN superseded_at END, ${merged}`)

/** Makes the device of a token, or updates the one that holds it, for dialects in which a device is its token. */
export const putDeviceByToken = statement(sql`
  INSERT INTO devices (${columns}) ${fresh}
  ON CONFLICT (push_token_id, dialect) WHERE push_token_id IS NOT NULL DO UPDATE SET
    platform = CASE WHEN ${value('keepPlatform')} = 1 THEN platform ELSE excluded.platform END, ${merged}`)

/** Whether the plan made a new device: its proposed row id is in use. */
const created: SQL = sql`EXISTS (SELECT 1 FROM devices n WHERE n.id = ${value('deviceId')})`

/** Once for a device, even where its plan is sent again. */
export const logCreated = statement(sql`
  INSERT INTO events (app_id, device_id, kind, cause, detail, at)
  SELECT ${value('app')}, ${value('deviceId')}, 'registered', ${value('cause')}, json_object('pushTokenId', ${tokenId}), ${value('now')}
  WHERE ${created} AND NOT EXISTS (SELECT 1 FROM events e WHERE e.app_id = ${value('app')} AND e.device_id = ${value('deviceId')} AND e.kind = 'registered')`)

/**
 * Gives a new device a copy of the topics of the phone's other devices (identity R6): once per dialect and token, only
 * names that this dialect allows, up to its limit, none that a dialect gives by itself.
 */
export const carryOver = statement(sql`
  INSERT INTO subscriptions (device_id, topic, app_id, id, automatic, created_at)
  SELECT ${value('deviceId')}, s.topic, ${value('app')},
    CASE WHEN ${value('ids')} = 1 THEN lower(hex(randomblob(16))) END, 0, ${value('now')}
  FROM devices o JOIN subscriptions s ON s.device_id = o.id
  WHERE o.push_token_id = ${tokenId} AND o.id <> ${value('deviceId')} AND ${unexpired('o')} AND ${created}
    AND NOT EXISTS (SELECT 1 FROM push_tokens p, json_each(p.dialects) e WHERE p.id = o.push_token_id AND e.value = ${value('dialect')})
    AND s.automatic = 0 AND s.topic NOT IN ${listed('automatic')}
    AND length(s.topic) BETWEEN 1 AND ${value('maxLength')}
    AND NOT EXISTS (SELECT 1 FROM json_each(${value('refused')}) r WHERE s.topic GLOB r.value)
    AND s.topic NOT IN (SELECT topic FROM subscriptions WHERE device_id = ${value('deviceId')})
    AND (${value('catalogued')} = 0 OR EXISTS (SELECT 1 FROM catalogue t
      WHERE t.app_id = ${value('app')} AND t.dialect = ${value('dialect')} AND t.name = s.topic))
  GROUP BY s.topic ORDER BY s.topic
  LIMIT max(0, ${value('limit')} - (SELECT count(*) FROM subscriptions WHERE device_id = ${value('deviceId')}))
  ON CONFLICT DO NOTHING`)

/** Remembers that the dialect had a device on the token, for as long as the app lives. */
export const markDialect = statement(sql`
  UPDATE push_tokens SET dialects = json_insert(dialects, '$[#]', ${value('dialect')})
  WHERE id = ${tokenId} AND NOT EXISTS (SELECT 1 FROM json_each(dialects) e WHERE e.value = ${value('dialect')})
    AND EXISTS (SELECT 1 FROM devices d WHERE d.push_token_id = push_tokens.id AND d.dialect = ${value('dialect')})`)

export const countUpdated = countPatched(unchecked(sql`${keyed('d')} AND ${unexpired('d')}`))

/** Updates a device that exists: what the patch names. */
export const updateDevice = statement(
  sql`UPDATE devices SET ${merged} WHERE ${keyed('devices')} AND ${unexpired('devices')}`,
)

/** Notes that a device's token was registered (identity R11). */
export const touchToken = statement(sql`
  UPDATE push_tokens SET registered_at = ${value('now')}
  WHERE id = (SELECT push_token_id FROM devices WHERE id = ${value('id')}) AND registered_at < ${value('now')}`)

/** Notes that a device was seen (identity R1). */
export const touchDevice = statement(
  sql`UPDATE devices SET last_seen_at = ${value('now')} WHERE id = ${value('id')} AND last_seen_at < ${value('now')}`,
)

export const countDetaching = countDetached(unchecked(sql`${keyed('d')} AND d.push_token_id IS NOT NULL`))

export const logDetached = statement(sql`
  INSERT INTO events (app_id, device_id, kind, cause, detail, at)
  SELECT d.app_id, d.id, 'detached', ${value('cause')}, json_object('pushTokenId', d.push_token_id), ${value('now')}
  FROM devices d WHERE ${keyed('d')} AND d.push_token_id IS NOT NULL`)

/** Takes the pointer to the token from a device that stays (identity R10 in dialects that keep the device). */
export const detachToken = statement(
  sql`UPDATE devices SET push_token_id = NULL, updated_at = max(${value('now')}, updated_at) WHERE ${keyed('devices')} AND push_token_id IS NOT NULL`,
)

/** Erases the token that a device is about to give up, if no other device points at it. */
export const retireDetached = statement(sql`
  UPDATE push_tokens SET state = 'gone', token = '', keys = NULL, state_at = ${value('now')}
  WHERE id = (SELECT d.push_token_id FROM devices d WHERE ${keyed('d')})
    AND NOT EXISTS (SELECT 1 FROM devices o WHERE o.push_token_id = push_tokens.id
      AND NOT (o.dialect = ${value('dialect')} AND o.external_id = ${value('externalId')}))`)
