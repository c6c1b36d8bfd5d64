import { arrayOf, literal, number, objectOf } from '../forms.ts'
import { devices, pushTokens, subscriptions, tags } from '../tables.ts'
import { columns, type Expression, type RowOf, sql, text, value } from '../template.ts'

const d = devices.as('d')
const p = pushTokens.left('p')

/** The columns of a device `d` with its push token `p`, by distinct names. */
const bare = {
  id: d.id,
  app_id: d.appId,
  dialect: d.dialect,
  external_id: d.externalId,
  platform: d.platform,
  user_id: d.userId,
  user_proved: d.userProved,
  enabled: d.enabled,
  superseded_at: d.supersededAt,
  expires_at: d.expiresAt,
  name: d.name,
  model: d.model,
  os_version: d.osVersion,
  app_version: d.appVersion,
  sdk_version: d.sdkVersion,
  language: d.language,
  timezone: d.timezone,
  details: d.details,
  created_at: d.createdAt,
  updated_at: d.updatedAt,
  last_seen_at: d.lastSeenAt,
  imported_at: d.importedAt,
  live_at: d.liveAt,
  token_id: p.id,
  provider: p.provider,
  token: p.token,
  environment: p.environment,
  keys: p.keys,
  state: p.state,
  state_at: p.stateAt,
  registered_at: p.registeredAt,
  delivered_at: p.deliveredAt,
} as const

/**
 * Most bytes of tags in one value. The limits keep devices below it; of devices that old builds filled beyond the limits,
 * only this much is shown, since D1 allows no larger values in a row.
 */
const SHOWN = 524_288

const own = sql`${subscriptions} WHERE ${subscriptions.device} = ${d.number}`
const ordered = sql`${own} ORDER BY ${subscriptions.topic}`
const { name, value: tag, deviceId } = tags
const object = objectOf(name, tag)

/** The device's topics and tags, which cost more than all of its columns. */
const lists = {
  topics: text(
    sql`(SELECT ${arrayOf(subscriptions.topic)} FROM (SELECT ${subscriptions.topic} FROM ${ordered}) own)`,
  ),
  topic_ids: text(sql`CASE WHEN (SELECT ${subscriptions.id} FROM ${own} LIMIT 1) IS NULL THEN '[]' ELSE
    (SELECT ${arrayOf(subscriptions.id)} FROM (SELECT ${subscriptions.id} FROM ${ordered}) own) END`),
  tags: text(sql`CASE WHEN ${d.tagBytes} <= ${number(SHOWN)} THEN
    (SELECT ${object} FROM (SELECT ${name}, ${tag} FROM ${tags} WHERE ${deviceId} = ${d.id} ORDER BY ${name}) own)
  ELSE (SELECT ${object} FROM (
    SELECT ${name}, ${tag}, sum(length(${name}) + length(${tag})) OVER (ORDER BY ${name}) AS upto FROM ${tags} WHERE ${deviceId} = ${d.id}) own
    WHERE upto <= ${number(SHOWN)}) END`),
} as const

export const deviceParts = { ...bare, ...lists } as const
export const deviceColumns = columns(deviceParts)

const where = <const Name extends string>(asked: Name, list: Expression<string>, none: string) =>
  text(sql`CASE WHEN ${value(asked)} = 1 THEN ${list} ELSE ${literal(none)} END`)
const askedColumns = columns({
  ...bare,
  topics: where('withTopics', lists.topics, '[]'),
  topic_ids: where('withTopics', lists.topic_ids, '[]'),
  tags: where('withTags', lists.tags, '{}'),
})

/** A device as SQL returns it: times in milliseconds, documents as JSON text. */
export type DeviceRow = RowOf<typeof deviceColumns>

/** The columns of a device in a page, without the lists. */
export const listedParts = {
  ...bare,
  topics: literal('[]'),
  topic_ids: literal('[]'),
  tags: literal('{}'),
} as const
export const listedColumns = columns(listedParts)

/** The push token `p` of a device `d`, if it has one. */
export const joinedToken = sql`LEFT JOIN ${p} ON ${p.id} = ${d.pushTokenId}`
/** Devices with their tokens. */
export const withToken = sql`${d} ${joinedToken}`

/** Devices with all members. */
export const viewed = sql`SELECT ${deviceColumns} FROM ${withToken}`
/** Devices with the lists that are asked for. */
export const viewedAsAsked = sql`SELECT ${askedColumns} FROM ${withToken}`
