/**
 * States that a change is about to end, kept for an undo (`UNDO_DAYS`). A plan writes them as text, because no engine has the
 * master key; the gateway seals them soon after (`UndoStore.unsealed`).
 */
import { PROFILE_FIELDS } from '../../../domain/device.ts'
import { array, arrayOf, bytes, json, listed, object } from '../forms.ts'
import { statement } from '../statement.ts'
import { devices, keptStates, pushTokens, subscriptions, tags } from '../tables.ts'
import { columns, orNull, sql, type Template, text, value } from '../template.ts'

const k = keptStates
const own = keptStates.as('k')
const proposed = keptStates.as('excluded')
const d = devices.as('d')
const f = devices.as('f')
const p = pushTokens.as('p')
const t = pushTokens.left('t')
const s = subscriptions.as('s')
const g = tags.as('g')

const into = sql`INSERT INTO ${k} (${k.subject}, ${k.appId}, ${k.dialect}, ${k.deviceId}, ${k.userId}, ${k.document}, ${k.at})`
/** The newest state wins: a token or a device may end several times. */
const instead = sql`ON CONFLICT (${k.subject}) DO UPDATE SET ${k.dialect} = ${proposed.dialect}, ${k.deviceId} = ${proposed.deviceId},
    ${k.userId} = ${proposed.userId}, ${k.document} = ${proposed.document}, ${k.sealed} = NULL, ${k.at} = ${proposed.at}`

const tokenOf = (of: Pick<typeof t, 'id' | 'provider' | 'token' | 'environment' | 'keys'>) =>
  object({
    id: of.id,
    provider: of.provider,
    token: of.token,
    environment: of.environment,
    keys: of.keys,
  })

/**
 * Runs before tokens of `push_tokens` are erased by the same condition; `owner`: the id of the device that loses the token.
 */
export const keepTokens = <Owner extends string, Names extends string>(
  owner: Template<Owner>,
  where: Template<Names>,
) =>
  statement(sql`
  ${into}
  SELECT ${p.id}, ${p.appId}, ${f.dialect}, ${f.id}, ${f.userId}, ${tokenOf(p)}, ${value('now')}
  FROM (SELECT ${pushTokens}.*, (${owner}) AS owner FROM ${pushTokens} WHERE ${where} AND ${pushTokens.state} <> 'gone' AND ${value('keeps')} = 1) p
    JOIN ${f} ON ${f.id} = owner WHERE true
  ${instead}`)

/** All of a device but its number. */
const deviceOf = object({
  id: d.id,
  appId: d.appId,
  dialect: d.dialect,
  externalId: d.externalId,
  platform: d.platform,
  userId: d.userId,
  userProved: d.userProved,
  enabled: d.enabled,
  supersededAt: d.supersededAt,
  expiresAt: d.expiresAt,
  details: d.details,
  createdAt: d.createdAt,
  updatedAt: d.updatedAt,
  lastSeenAt: d.lastSeenAt,
  importedAt: d.importedAt,
  liveAt: d.liveAt,
  importKey: d.importKey,
})
const profileOf = object(Object.fromEntries(PROFILE_FIELDS.map((name) => [name, d[name]])))
const topicsOf = sql`(SELECT ${arrayOf(json(array(s.topic, s.id, s.automatic, s.createdAt)))} FROM ${s} WHERE ${s.device} = ${d.number})`
const tagsOf = sql`(SELECT ${arrayOf(json(array(g.name, g.type, g.value, g.updatedAt)))} FROM ${g} WHERE ${g.deviceId} = ${d.id})`

/** Runs before the rows of removed devices `d` are deleted. */
export const keepDevices = <Names extends string>(chosen: Template<Names>) =>
  statement(sql`
  ${into}
  SELECT ${d.id}, ${d.appId}, ${d.dialect}, ${d.id}, ${d.userId},
    ${object({
      device: json(deviceOf),
      profile: json(profileOf),
      token: json(sql`CASE WHEN ${t.id} IS NULL OR ${t.state} = 'gone' THEN 'null' ELSE ${tokenOf(t)} END`),
      topics: json(topicsOf),
      tags: json(tagsOf),
    })}, ${value('now')}
  FROM ${d} LEFT JOIN ${t} ON ${t.id} = ${d.pushTokenId} WHERE ${chosen} AND ${value('keeps')} = 1
  ${instead}`)

const shown = columns({
  subject: own.subject,
  app_id: own.appId,
  document: orNull(text(own.document)),
  sealed: orNull(text(own.sealed)),
  at: own.at,
})
/** The oldest states that are not sealed yet, at least one, and no more than a number of bytes. */
export const unsealed = statement(sql`
  SELECT ${shown} FROM ${own} WHERE ${own.document} IS NOT NULL AND ${own.subject} IN (
    SELECT subject FROM (SELECT subject, sum(size) OVER (ORDER BY at, subject ROWS UNBOUNDED PRECEDING) - size AS before FROM (
      SELECT ${k.subject}, ${k.at}, ${bytes(k.document)} AS size FROM ${k} WHERE ${k.document} IS NOT NULL
      ORDER BY ${k.at}, ${k.subject} LIMIT ${value('limit')}) next) summed WHERE before < ${value('most')})
  ORDER BY ${own.at}, ${own.subject}`)
/** The same state; not one that has replaced it. */
export const seal = statement(sql`
  UPDATE ${k} SET ${k.sealed} = ${value('sealed')}, ${k.document} = NULL
  WHERE ${k.subject} = ${value('subject')} AND ${k.appId} = ${value('app')} AND ${k.at} = ${value('at')} AND ${k.document} IS NOT NULL`)
export const dropKept = statement(sql`
  DELETE FROM ${k} WHERE ${k.subject} IN (SELECT ${own.subject} FROM ${own} WHERE ${own.at} <= ${value('before')} ORDER BY ${own.at} LIMIT ${value('limit')})
  RETURNING ${columns({ subject: k.subject })}`)
/** States that cannot be opened any more. */
export const dropLost = statement(
  sql`DELETE FROM ${k} WHERE ${k.subject} IN ${listed('lost')} AND ${k.appId} = ${value('app')}`,
)
