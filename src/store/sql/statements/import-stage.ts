/**
 * The first statement of a round of an import: stages the rows of the round, each with the stored data found for it and its
 * outcome (migration.md 3.2). The following statements (`import-apply.ts`) apply the outcomes.
 */
import { PROFILE_FIELDS } from '../../../domain/device.ts'
import type { Warning } from '../../../domain/import.ts'
import { digest, elements, item, literal, member, numeric, part } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import {
  type Alias,
  devices,
  erasures,
  events,
  importMarks,
  importRows,
  pushTokens,
  subscriptions,
  tags,
  tagTypes,
} from '../tables.ts'
import { type Expression, join, raw, sql, type Template, value } from '../template.ts'
import { eventKind } from './history.ts'
import { begun } from './import-held.ts'

type Device = Alias<'devices'>

const j = item('j')
/** The bound rows; then with the data found, with the winning values, and with the changes. */
const r = importRows.as('bound')
const f = importRows.as('located')
const w = importRows.as('weighed')
const c = importRows.as('compared')
const k = devices.as('k')
const h = devices.as('h')
const d = devices.left('d')
const t = pushTokens.as('t')
const p = pushTokens.left('p')
const m = importMarks.as('m')
const a = importMarks.as('a')
const e = events.as('e')
const z = erasures.as('z')
const n = subscriptions.as('n')
const y = tagTypes.as('y')
const g = tags.as('g')
const x = item('x')

/** It has called by itself, or was never imported. */
const isLive = (of: Pick<Device, 'importedAt' | 'liveAt'> | typeof d) =>
  sql`(${of.importedAt} IS NULL OR ${of.liveAt} IS NOT NULL)`

const given = {
  position: numeric(j.value, '$.position'),
  dialect: member(j.value, '$.dialect'),
  externalId: member(j.value, '$.externalId'),
  deviceId: member(j.value, '$.deviceId'),
  platform: member(j.value, '$.platform'),
  provider: member(j.value, '$.provider'),
  digest: digest(member(j.value, '$.hash')),
  tokenId: member(j.value, '$.tokenId'),
  token: member(j.value, '$.token'),
  environment: member(j.value, '$.environment'),
  keys: part(j.value, '$.keys'),
  userId: member(j.value, '$.userId'),
  userProved: numeric(j.value, '$.userProved'),
  enabled: numeric(j.value, '$.enabled'),
  expiresAt: numeric(j.value, '$.expiresAt'),
  supersededAt: numeric(j.value, '$.supersededAt'),
  name: member(j.value, '$.name'),
  model: member(j.value, '$.model'),
  osVersion: member(j.value, '$.osVersion'),
  appVersion: member(j.value, '$.appVersion'),
  sdkVersion: member(j.value, '$.sdkVersion'),
  language: member(j.value, '$.language'),
  timezone: member(j.value, '$.timezone'),
  details: part(j.value, '$.details'),
  createdAt: numeric(j.value, '$.createdAt'),
  lastSeenAt: numeric(j.value, '$.lastSeenAt'),
  asOf: numeric(j.value, '$.asOf'),
  orderKey: member(j.value, '$.orderKey'),
  mark: digest(member(j.value, '$.mark')),
  topics: part(j.value, '$.topics'),
  tags: part(j.value, '$.tags'),
  ids: numeric(j.value, '$.ids'),
  shown: part(j.value, '$.shown'),
  warnings: member(j.value, '$.warnings'),
} as const
type Given = keyof typeof given

const as = <Names extends string>(of: Template<Names>, name: Expression) => sql`${of} AS ${name}`
const bound = join(
  [
    ...Object.entries(given).map(([name, of]) => as(of, importRows[name as Given])),
    sql`${member(j.value, '$.placeholder')} AS placeholder`,
    sql`${numeric(j.value, '$.existing')} AS existing`,
    sql`${numeric(j.value, '$.spread')} AS spread`,
    sql`${member(j.value, '$.rowId')} AS wanted`,
    sql`${part(j.value, '$.erasable')} AS erasable`,
  ],
  ', ',
)

/** A device that an import created from a token alone, and that has not called yet. */
const isPlaceholder = (of: Device) => sql`(substr(${of.externalId}, 1, 7) = 'import:' AND NOT ${isLive(of)})`

/** Each row with its device, if it exists, the row of its token, and the token's device. */
const found = sql`
  SELECT bound.*, ${t.id} AS token_row, ${h.number} AS holding, ${m.number} AS marked, ${a.number} AS marked_home,
    coalesce(${k.number}, CASE WHEN ${r.externalId} IS NULL OR ${isPlaceholder(h)} THEN ${h.number} END) AS target
  FROM bound
  LEFT JOIN ${k} ON ${k.appId} = ${value('app')} AND ${k.dialect} = ${r.dialect} AND ${k.externalId} = ${r.externalId}
  LEFT JOIN ${t} ON ${t.appId} = ${value('app')} AND ${t.provider} = ${r.provider} AND ${t.digest} = ${r.digest}
  LEFT JOIN ${h} ON ${h.pushTokenId} = ${t.id} AND ${h.dialect} = ${r.dialect}
  LEFT JOIN ${m} ON ${m.appId} = ${value('app')} AND ${m.mark} = ${r.mark}
  LEFT JOIN ${a} ON ${a.appId} = ${value('home')} AND ${a.mark} = ${r.mark}`

const o = devices.left('o')
const joined = (row: Template) => sql`FROM ${row}
  LEFT JOIN ${d} ON ${d.number} = target
  LEFT JOIN ${o} ON ${o.number} = holding
  LEFT JOIN ${p} ON ${p.id} = token_row`

const isNewer = sql`(${d.importKey} IS NULL OR ${f.orderKey} >= ${d.importKey})`
const isOurs = sql`(holding IS NOT NULL AND holding = target)`
/** The token's device keeps it: it has called by itself, or a newer import wrote it. */
const isKept = sql`(holding IS NOT NULL AND (${isLive(o)} OR ${o.importKey} > ${f.orderKey}))`

/** Whose values win, and whether the device gets the token. */
const weighed = sql`
  SELECT located.*,
    CASE WHEN target IS NOT NULL AND ${isLive(d)} THEN 1 ELSE 0 END AS alive,
    CASE WHEN target IS NULL THEN 1 WHEN ${isLive(d)} OR existing = 1 THEN 0 WHEN ${isNewer} THEN 1 ELSE 0 END AS stronger,
    CASE WHEN ${isOurs} THEN 'held' WHEN ${f.digest} IS NULL THEN 'none'
      WHEN ${isKept} AND ${isLive(o)} THEN 'live' WHEN ${isKept} THEN 'newer'
      WHEN target IS NULL THEN 'takes'
      WHEN ${isLive(d)} THEN CASE WHEN coalesce(${f.asOf} > ${d.lastSeenAt}, false) THEN 'takes' ELSE 'late' END
      WHEN ${isNewer} THEN 'takes' ELSE 'late' END AS token_to,
    CASE WHEN ${p.state} = 'dead' AND coalesce(${f.asOf} > ${p.stateAt}, false) THEN 1 ELSE 0 END AS reviving
  ${joined(sql`located`)}`

/** Topics and tags of the row `w` that the device lacks. */
const topicsOf = elements(w.topics)
const topic = member(x.value, '$.t')
const subscribed = sql`EXISTS (SELECT 1 FROM ${n} WHERE ${n.device} = ${d.number} AND ${n.topic} = ${topic}
  AND (alive = 1 OR ${member(x.value, '$.i')} IS NULL OR ${n.id} = ${value('prefix')} || (${member(x.value, '$.i')})))`
const after = (time: Template, asOf: Template) => sql`(${asOf} IS NULL OR ${time} > ${asOf})`
/**
 * A device with this id was unregistered after the row's time: the row describes its previous registration, even if it
 * exists again.
 */
export const endedSince = (
  row: { readonly [Name in 'dialect' | 'externalId' | 'asOf']: Template },
) => sql`EXISTS (
  SELECT 1 FROM ${e} WHERE ${e.appId} = ${value('home')} AND ${e.externalId} = ${row.externalId} AND ${e.dialect} = ${row.dialect}
    AND ${e.kind} IN (${eventKind('unregistered')}, ${eventKind('expired')}) AND ${after(e.at, row.asOf)})`
/** The phone itself left the topic after the row's time. */
export const leftByPhone = (device: Template, asOf: Template, name: Template) => sql`EXISTS (
  SELECT 1 FROM ${e} WHERE ${e.appId} = ${value('home')} AND ${e.deviceId} = substr(${device}, length(${value('prefix')}) + 1)
    AND ${e.kind} = ${eventKind('unsubscribed')} AND ${after(e.at, asOf)}
    AND EXISTS (SELECT 1 FROM ${elements(e.detail, '$.topics')} u WHERE ${item('u').value} = ${name}))`
const newTopic = sql`EXISTS (SELECT 1 FROM ${topicsOf} x WHERE NOT ${subscribed}
  AND NOT (alive = 1 AND ${leftByPhone(d.id, w.asOf, topic)})) AND NOT ${endedSince(w)}`

const tagName = member(x.value, '$.name')
/** The established type of the name in the app; none if only imports have guessed one. */
export const standing = (dialect: Template, name: Template) =>
  sql`(SELECT ${y.type} FROM ${y} WHERE ${y.appId} = ${value('home')} AND ${y.dialect} = ${dialect} AND ${y.name} = ${name} AND ${y.source} <> 'import')`
/** The value of an imported tag in the established type of its name, or else in the preferred one. */
export const fitting = (dialect: Template, name: Template, list: Template) => {
  const type = member(item('v').value, '$.type')
  return sql`(SELECT ${item('v').value} FROM ${elements(list, '$.as')} v
    WHERE CASE WHEN ${standing(dialect, name)} IS NULL THEN ${item('v').key} = 0 ELSE ${type} = ${standing(dialect, name)} END LIMIT 1)`
}
const fits = fitting(w.dialect, tagName, x.value)
const ofTag = sql`FROM ${g} WHERE ${g.deviceId} = ${d.id} AND ${g.name} = ${tagName}`
const newTag = sql`(EXISTS (SELECT 1 FROM ${elements(w.tags)} x WHERE NOT EXISTS (SELECT 1 ${ofTag}) AND ${fits} IS NOT NULL)
  AND NOT ${endedSince(w)})`
const otherTag = sql`EXISTS (SELECT 1 FROM ${elements(w.tags)} x
  WHERE EXISTS (SELECT 1 ${ofTag} AND ${g.value} <> ${part(fits, '$.value')}))`

const either = <const Parts extends readonly Template<string>[]>(conditions: Parts) =>
  sql`(${join(conditions, ' OR ')})`
const differ = (one: Template, other: Template) => sql`${one} <> ${other}`

/** The members that the row would fill in or replace. */
const compared = sql`
  SELECT weighed.*,
    CASE WHEN target IS NULL THEN 0 WHEN ${newTopic} THEN 1 ELSE 0 END AS adds_topics,
    CASE WHEN target IS NULL THEN 0 WHEN ${either([
      ...PROFILE_FIELDS.map((name) => sql`(${d[name]} IS NULL AND ${w[name]} IS NOT NULL)`),
      sql`(alive = 0 AND ${d.userId} IS NULL AND ${w.userId} IS NOT NULL)`,
      sql`(alive = 0 AND ${d.details} = '{}' AND ${w.details} <> '{}')`,
      sql`(alive = 0 AND ${d.expiresAt} IS NULL AND ${w.expiresAt} IS NOT NULL)`,
      sql`(token_to = 'takes' AND ${d.pushTokenId} IS NULL)`,
      sql`(token_to = 'held' AND (${p.keys} IS NULL AND ${w.keys} IS NOT NULL OR ${p.environment} = 'unknown' AND ${w.environment} <> 'unknown' OR reviving = 1))`,
      newTag,
    ])} THEN 1 ELSE 0 END AS fills,
    CASE WHEN target IS NULL OR stronger = 0 THEN 0 WHEN ${either([
      ...PROFILE_FIELDS.map((name) => differ(d[name], w[name])),
      differ(d.userId, w.userId),
      differ(d.platform, w.platform),
      differ(d.enabled, w.enabled),
      differ(d.expiresAt, w.expiresAt),
      sql`(${d.details} <> '{}' AND ${w.details} <> '{}' AND ${d.details} <> ${w.details})`,
      sql`(token_to = 'takes' AND ${d.pushTokenId} IS NOT NULL)`,
      sql`(token_to = 'held' AND ${p.keys} <> ${w.keys})`,
      otherTag,
    ])} THEN 1 ELSE 0 END AS replaces,
    CASE WHEN EXISTS (SELECT 1 FROM ${elements(w.tags)} x WHERE ${fits} IS NULL) THEN 1 ELSE 0 END AS drops_tags,
    CASE WHEN target IS NOT NULL AND ${w.externalId} IS NOT NULL AND ${d.externalId} <> ${w.externalId} THEN 1 ELSE 0 END AS adopting,
    CASE WHEN target IS NOT NULL THEN ${d.id} END AS target_id, ${d.pushTokenId} AS target_token, ${d.lastSeenAt} AS target_seen,
    ${p.state} AS token_state, ${p.stateAt} AS token_at
  ${joined(sql`weighed`)}`

const isErased = sql`EXISTS (SELECT 1 FROM ${elements(sql`erasable`)} x JOIN ${z} ON ${z.appId} = ${value('home')} AND ${z.mark} = ${x.value}
  WHERE ${after(z.at, c.asOf)})`
/** For a missing device: it was unregistered, or no device has its token any more. */
const isGone = sql`(target IS NULL AND ((token_state = 'gone' AND ${after(sql`token_at`, c.asOf)}) OR ${endedSince(c)}))`

const lateForPhone = sql`(token_to = 'late' AND coalesce(${c.asOf} <= target_seen, true))`

/** An outcome or a reason; the first condition that holds decides. */
const verdict = sql`CASE
  WHEN ${isErased} THEN 'erased'
  WHEN ${isGone} THEN 'gone_since'
  WHEN marked = ${value('importNumber')} THEN 'duplicate_in_file'
  WHEN marked IS NOT NULL OR marked_home IS NOT NULL THEN 'unchanged'
  WHEN existing = 1 AND target IS NULL THEN 'device_unknown'
  WHEN target IS NULL THEN 'created'
  WHEN adopting = 1 THEN 'updated'
  WHEN existing = 1 THEN CASE WHEN adds_topics = 1 THEN 'merged' ELSE 'unchanged' END
  WHEN alive = 1 THEN CASE WHEN token_to = 'takes' THEN 'updated' WHEN fills = 1 OR adds_topics = 1 THEN 'merged'
    WHEN ${lateForPhone} THEN 'older_than_live' ELSE 'unchanged' END
  WHEN stronger = 1 THEN CASE WHEN replaces = 1 THEN 'updated' WHEN fills = 1 OR adds_topics = 1 THEN 'merged' ELSE 'unchanged' END
  WHEN spread = 1 THEN CASE WHEN adds_topics = 1 THEN 'older_values' ELSE 'unchanged' END
  ELSE 'older_than_import' END`
const isSkipped = sql`decided IN ('erased', 'gone_since', 'duplicate_in_file', 'older_than_live', 'older_than_import')`
const isRefused = sql`decided = 'device_unknown'`

const takes = sql`token_to = 'takes'`
const when = <Names extends string>(condition: Template<Names>, warning: Warning) =>
  sql`CASE WHEN ${condition} THEN ${literal(`,${warning}`)} ELSE '' END`
/** Appended to the row's own warnings. */
const warned = join(
  [
    c.warnings,
    when(sql`decided = 'created' AND ${c.externalId} IS NULL`, 'placeholder'),
    when(sql`${takes} AND holding IS NOT NULL`, 'token_moved'),
    when(sql`token_to = 'newer'`, 'token_held_by_newer'),
    when(sql`token_to = 'live'`, 'token_held_by_live'),
    when(sql`token_state = 'dead' AND reviving = 0 AND token_to IN ('takes', 'held')`, 'token_dead'),
    when(sql`decided = 'older_values'`, 'older_values'),
    when(sql`drops_tags = 1`, 'tags_ignored'),
  ],
  ' || ',
)
/** Rows that are skipped, rejected or already imported get no further warnings. */
const taken = sql`NOT (${isSkipped} OR ${isRefused} OR marked IS NOT NULL OR marked_home IS NOT NULL)`
const written = sql`(decided IN ('created', 'updated', 'merged') AND ${takes})`
const LAID = Object.keys(given) as Given[]
const laid = Object.fromEntries(LAID.map((name) => [name, c[name]])) as Record<Given, Expression>

/**
 * Stages rows only while the lease holds the import; otherwise the other statements find nothing to do. Each row is converted
 * to text once, up front, since `json_each` would serialize it again for every member read.
 */
export const stageRows = statement(sql`
  WITH parcel AS MATERIALIZED (SELECT ${j.value} AS value FROM ${elements(value('importRows'))} j WHERE ${begun}),
    bound AS MATERIALIZED (SELECT ${bound} FROM parcel j),
    located AS MATERIALIZED (${found}), weighed AS MATERIALIZED (${weighed}), diffs AS MATERIALIZED (${compared}),
    decisions AS MATERIALIZED (SELECT compared.*, ${verdict} AS decided FROM diffs compared)
  ${insertion(importRows, {
    ...laid,
    number: value('importNumber'),
    round: value('round'),
    externalId: sql`coalesce(${c.externalId}, placeholder)`,
    deviceId: sql`coalesce(target_id, CASE WHEN ${value('prefix')} = '' AND NOT EXISTS (SELECT 1 FROM ${k} WHERE ${k.id} = wanted) THEN wanted END, ${c.deviceId})`,
    device: raw('target'),
    tokenId: sql`CASE WHEN ${takes} THEN coalesce(token_row, ${c.tokenId}) WHEN token_to = 'held' THEN token_row END`,
    warnings: sql`CASE WHEN ${taken} THEN ${warned} ELSE ${c.warnings} END`,
    outcome: sql`CASE WHEN ${isSkipped} THEN 'skipped' WHEN ${isRefused} THEN 'rejected' WHEN decided = 'older_values' THEN 'merged' ELSE decided END`,
    reason: sql`CASE WHEN ${isSkipped} OR ${isRefused} THEN decided END`,
    live: raw('alive'),
    wins: raw('stronger'),
    takes: sql`CASE WHEN ${written} THEN 1 ELSE 0 END`,
    holder: sql`CASE WHEN ${written} THEN holding END`,
    leftId: sql`CASE WHEN ${written} THEN target_token END`,
    adopted: sql`CASE WHEN decided = 'updated' AND adopting = 1 THEN 1 ELSE 0 END`,
    revives: raw('reviving'),
  })}
  FROM decisions compared`)
