/**
 * The data of a dry run: copies of the devices and tokens that its rows affect, in an app without an owner. Copies are
 * made before their first use, and rows of one file affect each other there. Their ids begin with `prefix`.
 */
import { digest, elements, item, member } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { devices, importMarks, imports, pushTokens, subscriptions, tags } from '../tables.ts'
import { columns, integer, sql, type Template, value } from '../template.ts'

const j = item('j')
const t = pushTokens.as('t')
const d = devices.as('d')
const k = devices.as('k')
const c = devices.as('c')
const p = pushTokens.as('p')
const s = subscriptions.as('s')
const g = tags.as('g')
const i = imports.as('i')

const copied = (id: Template) => sql`${value('prefix')} || ${id}`
const rows = elements(value('importRows'))

/** Devices and tokens that the rows name, and the tokens of these devices. */
const named = sql`SELECT ${k.pushTokenId} FROM ${rows} j CROSS JOIN ${k} WHERE ${k.appId} = ${value('home')}
  AND ${k.dialect} = ${member(j.value, '$.dialect')} AND ${k.externalId} = ${member(j.value, '$.externalId')}`
const sent = sql`SELECT ${p.id} FROM ${rows} j CROSS JOIN ${p} WHERE ${p.appId} = ${value('home')}
  AND ${p.provider} = ${member(j.value, '$.provider')} AND ${p.digest} = ${digest(member(j.value, '$.hash'))}`

export const copyTokens = statement(sql`
  ${insertion(pushTokens, {
    id: copied(t.id),
    appId: value('app'),
    provider: t.provider,
    digest: t.digest,
    token: t.token,
    environment: t.environment,
    keys: t.keys,
    state: t.state,
    stateReason: t.stateReason,
    stateAt: t.stateAt,
    dialects: t.dialects,
    createdAt: t.createdAt,
    registeredAt: t.registeredAt,
  })}
  FROM ${t} WHERE ${t.id} IN (${named} UNION ${sent})
  ON CONFLICT DO NOTHING`)

const holding = sql`SELECT ${c.id} FROM ${c} WHERE ${c.pushTokenId} IN (${named} UNION ${sent})`
const keyed = sql`SELECT ${k.id} FROM ${rows} j CROSS JOIN ${k} WHERE ${k.appId} = ${value('home')}
  AND ${k.dialect} = ${member(j.value, '$.dialect')} AND ${k.externalId} = ${member(j.value, '$.externalId')}`

export const copyDevices = statement(sql`
  ${insertion(devices, {
    id: copied(d.id),
    appId: value('app'),
    dialect: d.dialect,
    externalId: d.externalId,
    platform: d.platform,
    pushTokenId: copied(d.pushTokenId),
    userId: d.userId,
    userProved: d.userProved,
    enabled: d.enabled,
    supersededAt: d.supersededAt,
    expiresAt: d.expiresAt,
    name: d.name,
    model: d.model,
    osVersion: d.osVersion,
    appVersion: d.appVersion,
    sdkVersion: d.sdkVersion,
    language: d.language,
    timezone: d.timezone,
    details: d.details,
    createdAt: d.createdAt,
    updatedAt: d.updatedAt,
    lastSeenAt: d.lastSeenAt,
    importedAt: d.importedAt,
    liveAt: d.liveAt,
    importKey: d.importKey,
    updatedBy: value('change'),
  })}
  FROM ${d} WHERE ${d.id} IN (${keyed} UNION ${holding})
    AND NOT EXISTS (SELECT 1 FROM ${c} WHERE ${c.id} = ${copied(d.id)})
  ON CONFLICT DO NOTHING`)

/** Rows that belong to the devices copied by this step. */
const fresh = sql`${c.appId} = ${value('app')} AND ${c.updatedBy} = ${value('change')}`
const origins = sql`FROM ${d} JOIN ${c} ON ${c.id} = ${copied(d.id)} WHERE ${d.id} IN (${keyed} UNION ${holding}) AND ${fresh}`
export const copyTopics = statement(sql`
  ${insertion(subscriptions, {
    device: sql`m.made`,
    topic: s.topic,
    appId: value('app'),
    id: copied(s.id),
    automatic: s.automatic,
    createdAt: s.createdAt,
  })}
  FROM (SELECT ${d.number} AS origin, ${c.number} AS made ${origins}) m JOIN ${s} ON ${s.device} = m.origin WHERE true
  ON CONFLICT DO NOTHING`)
export const copyTags = statement(sql`
  ${insertion(tags, {
    deviceId: sql`m.made`,
    name: g.name,
    type: g.type,
    value: g.value,
    updatedAt: g.updatedAt,
  })}
  FROM (SELECT ${d.id} AS origin, ${c.id} AS made ${origins}) m JOIN ${g} ON ${g.deviceId} = m.origin WHERE true
  ON CONFLICT DO NOTHING`)

/** A finished dry run whose copies still exist. */
export const shadowed = statement(sql`
  SELECT ${columns({ number: i.number, id: i.id })} FROM ${i} WHERE ${i.finishedAt} IS NOT NULL AND ${i.shadow} = 1 LIMIT 1`)

const batch = sql`SELECT ${d.number} FROM ${d} WHERE ${d.appId} = ${value('app')} ORDER BY ${d.createdAt}, ${d.id} LIMIT ${value('limit')}`
const ids = sql`SELECT ${d.id} FROM ${d} WHERE ${d.appId} = ${value('app')} ORDER BY ${d.createdAt}, ${d.id} LIMIT ${value('limit')}`
/** In batches: rows of the next devices, the devices, then the tokens. */
export const dropShadow = [
  statement(sql`DELETE FROM ${subscriptions} WHERE ${subscriptions.device} IN (${batch})`),
  statement(sql`DELETE FROM ${tags} WHERE ${tags.deviceId} IN (${ids})`),
  statement(sql`DELETE FROM ${importMarks} WHERE ${importMarks.device} IN (${batch})`),
] as const
export const dropShadowDevices = statement(
  sql`DELETE FROM ${devices} WHERE ${devices.number} IN (${batch}) RETURNING ${columns({ number: integer(devices.number) })}`,
)
export const dropShadowTokens = statement(sql`
  DELETE FROM ${pushTokens} WHERE ${pushTokens.id} IN (SELECT ${t.id} FROM ${t} WHERE ${t.appId} = ${value('app')} ORDER BY ${t.createdAt}, ${t.id} LIMIT ${value('limit')})
  RETURNING ${columns({ id: pushTokens.id })}`)
export const endShadow = statement(sql`
  UPDATE ${imports} SET ${imports.shadow} = 0 WHERE ${imports.number} = ${value('importNumber')}
    AND NOT EXISTS (SELECT 1 FROM ${d} WHERE ${d.appId} = ${value('app')}) AND NOT EXISTS (SELECT 1 FROM ${t} WHERE ${t.appId} = ${value('app')})`)
