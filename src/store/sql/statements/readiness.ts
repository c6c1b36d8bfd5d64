/**
 * Counts of an app's devices in a dialect (migration.md, section 7). The query has two times chosen by an operator, so no
 * counter updated with registrations could answer it. Instead the devices are scanned by id, one batch per plan, and the
 * counts of a batch are stored together with the position. No request scans more than its share.
 */
import { ofApp, scoped, unexpired } from '../conditions.ts'
import {
  aside,
  dateOf,
  digits,
  elements,
  flag,
  greatest,
  inTurn,
  item,
  least,
  literal,
  member,
  number,
  total,
} from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import {
  appDialects,
  devices,
  events,
  imports,
  pushTokens,
  readinessCounts,
  readinessRecords,
  readinessRuns,
  readinessStarts,
  tags,
} from '../tables.ts'
import { columns, integer, join, orNull, type RowOf, raw, sql, text, value } from '../template.ts'
import { eventKind } from './history.ts'
import { held } from './import-held.ts'

const d = devices.as('d')
const v = devices.as('v')
const e = events.as('e')
const f = events.as('f')
const p = pushTokens.left('p')
const c = readinessCounts
const own = readinessCounts.as('readiness_counts')
const sent = readinessCounts.as('excluded')
const k = readinessCounts.as('k')
const r = readinessRuns
const w = readinessRuns.as('w')
const z = readinessStarts
const i = imports.as('i')
const speaks = appDialects.as('speaks')
const country = tags.as('country')

const DAY = number(86_400_000)

/** Devices after the last one counted, in the order of `devices_by_dialect`. */
const piece = sql`SELECT ${d.number}, ${d.id} FROM ${d} WHERE ${scoped(d)} AND ${d.id} > ${value('afterId')} ORDER BY ${d.id} LIMIT ${value('each')}`

const isImported = sql`${d.importedAt} IS NOT NULL`
/** The device has called by itself since then. */
const called = sql`(${d.lastSeenAt} >= ${value('since')} AND (${d.importedAt} IS NULL OR ${d.liveAt} IS NOT NULL))`
/** Another device took its token by a call, so the phone was seen. A takeover recorded by an import does not count. */
const taken = sql`(${d.importedAt} IS NOT NULL AND ${d.supersededAt} >= ${value('since')}
  AND (${d.liveAt} IS NOT NULL OR ${d.supersededAt} >= ${d.importedAt}) AND NOT EXISTS (
  SELECT 1 FROM ${e} WHERE ${e.appId} = ${d.appId} AND ${e.deviceId} = ${d.id} AND ${e.kind} = ${eventKind('superseded')}
    AND ${e.at} = ${d.supersededAt} AND substr(${e.cause}, 1, 7) = ${literal('import ')}))`
/**
 * It took the token of an imported device, where the phone is already counted. The event comes first in the join and the
 * device is found by its id; the other way round, every device would be compared with every event.
 */
const heir = sql`EXISTS (SELECT 1 FROM ${f} ${inTurn(v, sql`${v.id} = ${f.deviceId} AND ${v.appId} = ${f.appId}`)}
  WHERE ${f.appId} = ${d.appId} AND ${member(f.detail, '$.by')} = ${aside(d.externalId)} AND ${f.kind} = ${eventKind('superseded')}
    AND ${v.dialect} = ${d.dialect} AND ${v.importedAt} IS NOT NULL AND ${v.supersededAt} IS NOT NULL)`

/** The last activity at the vendor and the time of that row; unknown for imports that changed nothing. */
const vendorSeen = digits(sql`substr(coalesce(${d.importKey}, ''), 16, 14)`)
const asOf = digits(sql`substr(coalesce(${d.importKey}, ''), 1, 14)`)
const isDead = sql`coalesce(${p.state} = 'dead', false)`
const inUse = sql`(${vendorSeen} = 0 OR ${vendorSeen} >= ${asOf} - ${value('activeDays')} * ${DAY})`

/** The first call since then. For a device that had also called before, it is unknown and counts as the period's start. */
const firstCall = sql`CASE WHEN ${called} THEN ${greatest(sql`coalesce(${d.liveAt}, ${value('since')})`, value('since'))} END`
const takenAt = sql`CASE WHEN ${taken} THEN ${d.supersededAt} END`
const firstSeen = least(sql`coalesce(${firstCall}, ${takenAt})`, sql`coalesce(${takenAt}, ${firstCall})`)

const region = sql`CASE WHEN length(${d.language}) = 5 AND substr(${d.language}, 3, 1) IN ('-', '_') THEN upper(substr(${d.language}, 4, 2)) END`
const nation = sql`coalesce((SELECT ${member(country.value, '$')} FROM ${country} WHERE ${country.deviceId} = ${d.id} AND ${country.name} = 'Country'), ${region}, '')`

/** Each device of a batch with its classification. */
const judged = sql`SELECT ${columns({
  platform: d.platform,
  app_version: text(sql`coalesce(${d.appVersion}, '')`),
  sdk_version: text(sql`coalesce(${d.sdkVersion}, '')`),
  country: text(nation),
  month: text(sql`CASE WHEN ${vendorSeen} = 0 THEN '' ELSE substr(${dateOf(vendorSeen)}, 1, 7) END`),
  imported: flag(isImported),
  dead: flag(sql`${isImported} AND ${isDead}`),
  active: flag(sql`${isImported} AND NOT ${isDead} AND ${inUse}`),
  seen: flag(sql`${called} OR ${taken}`),
  heir: flag(sql`${d.importedAt} IS NULL AND ${called} AND ${heir}`),
  placeholder: flag(sql`${isImported} AND substr(${d.externalId}, 1, 7) = 'import:'`),
  reachable: flag(sql`${d.enabled} = 1 AND ${p.state} = 'live'`),
  early: flag(sql`${isImported} AND ${called} AND ${d.liveAt} < ${value('since')}`),
  first_day: integer(sql`CASE WHEN ${called} OR ${taken} THEN ${firstSeen} / ${DAY} ELSE -1 END`),
})}
  FROM (${piece}) piece JOIN ${d} ON ${d.number} = piece.number LEFT JOIN ${p} ON ${p.id} = ${d.pushTokenId}
  WHERE ${unexpired(d)}`

const MEASURES = [
  'imported',
  'seen',
  'liveOnly',
  'active',
  'activeSeen',
  'dead',
  'placeholders',
  'reachable',
  'early',
] as const

/** The first day only counts for active devices; all others are summed. */
const day = sql`CASE WHEN active = 1 THEN first_day ELSE -1 END`
const measured = sql`
  sum(imported) AS imported, sum(imported * seen) AS seen, sum(CASE WHEN imported = 0 AND seen = 1 AND heir = 0 THEN 1 ELSE 0 END) AS live_only,
  sum(active) AS active, sum(active * seen) AS active_seen, sum(dead) AS dead, sum(placeholder) AS placeholders,
  sum(reachable) AS reachable, sum(early * active) AS early`

/** Each device is read once and counted in every kind: D1 refuses a union of this many queries. */
const KINDS = {
  all: raw("''"),
  platform: raw('platform'),
  appVersion: raw('app_version'),
  sdkVersion: raw('sdk_version'),
  country: raw('country'),
  lastSeen: raw('month'),
} as const
export const COUNTED_KINDS = JSON.stringify(Object.keys(KINDS))
const kind = item('kinds').value
const named = sql`substr(CASE ${kind} ${join(
  Object.entries(KINDS).map(([name, of]) => sql`WHEN ${literal(name)} THEN ${of}`),
  ' ',
)} END, 1, 100)`
/** A new value is summed under `*` once the count has the most rows allowed. */
const kept = sql`CASE WHEN ${value('full')} = 0 OR EXISTS (
    SELECT 1 FROM ${k} WHERE ${k.run} = ${value('run')} AND ${k.kind} = ${kind} AND ${k.name} = ${named})
  THEN ${named} ELSE '*' END`

/** The count is at the start of this batch. */
const here = sql`EXISTS (SELECT 1 FROM ${w} WHERE ${w.number} = ${value('run')} AND ${w.after} = ${value('afterId')} AND ${w.finishedAt} IS NULL)`

const counted = MEASURES.map((name) => c[name])
export const countPiece = statement(sql`
  INSERT INTO ${c} (${join([c.run, c.kind, c.name, c.day, ...counted], ', ')})
  WITH judged AS MATERIALIZED (${judged})
  SELECT ${value('run')}, ${kind}, ${kept}, CASE WHEN ${kind} = 'lastSeen' THEN -1 ELSE ${day} END, ${measured}
  FROM judged CROSS JOIN ${elements(value('kinds'))} kinds
  WHERE ${here} AND (${kind} <> 'lastSeen' OR imported = 1 AND seen = 0)
  GROUP BY 1, 2, 3, 4
  ON CONFLICT (${join([c.run, c.kind, c.name, c.day], ', ')}) DO UPDATE SET
    ${join(
      MEASURES.map((name) => sql`${c[name]} = ${own[name]} + ${sent[name]}`),
      ', ',
    )}`)

const ofPiece = (what: 'max(id)' | 'count(*)') => sql`(SELECT ${raw(what)} FROM (${piece}) piece)`
const runColumns = columns({ number: r.number, after: r.after, walked: r.walked, started_at: r.startedAt })
export const moveOn = statement(sql`
  UPDATE ${r} SET ${r.walked} = ${r.walked} + ${ofPiece('count(*)')}, ${r.after} = coalesce(${ofPiece('max(id)')}, ${r.after})
  WHERE ${r.number} = ${value('run')} AND ${r.after} = ${value('afterId')} AND ${r.finishedAt} IS NULL RETURNING ${runColumns}`)
/** Whether a new value may get its own row. */
export const rowsOfRun = statement(
  sql`SELECT ${columns({ n: integer(sql`count(*)`) })} FROM ${c} WHERE ${c.run} = ${value('run')}`,
)

const question = sql`${scoped(r)} AND ${r.since} = ${value('since')} AND ${r.activeDays} = ${value('activeDays')}`
export const beginRun = statement(sql`
  ${insertion(readinessRuns, {
    appId: value('app'),
    dialect: value('dialect'),
    since: value('since'),
    activeDays: value('activeDays'),
    startedAt: value('now'),
    after: literal(''),
    walked: number(0),
  })}
  FROM ${speaks} WHERE ${scoped(speaks)} ON CONFLICT DO NOTHING`)
export const openRun = statement(
  sql`SELECT ${runColumns} FROM ${r} WHERE ${question} AND ${r.finishedAt} IS NULL`,
)
const doneColumns = columns({
  walked: r.walked,
  started_at: r.startedAt,
  finished_at: integer(sql`coalesce(${r.finishedAt}, 0)`),
  result: text(sql`coalesce(${r.result}, '{}')`),
})
export const lastRun = statement(sql`
  SELECT ${doneColumns} FROM ${r} WHERE ${question} AND ${r.finishedAt} IS NOT NULL ORDER BY ${r.number} DESC LIMIT 1`)
/** Any running count, the oldest first. */
export const anyOpen = statement(sql`
  SELECT ${columns({ number: r.number, app_id: r.appId, dialect: r.dialect, since: r.since, active_days: r.activeDays, after: r.after, walked: r.walked, started_at: r.startedAt })}
  FROM ${r} WHERE ${r.finishedAt} IS NULL ORDER BY ${r.startedAt}, ${r.number} LIMIT 1`)

export const finishRun = statement(sql`
  UPDATE ${r} SET ${r.finishedAt} = ${value('now')}, ${r.result} = ${value('result')}
  WHERE ${r.number} = ${value('run')} AND ${r.after} = ${value('afterId')} AND ${r.finishedAt} IS NULL RETURNING ${columns({ number: r.number })}`)
/** Earlier results of the same query. */
export const dropEarlier = statement(sql`
  DELETE FROM ${r} WHERE ${question} AND ${r.finishedAt} IS NOT NULL AND ${r.number} < ${value('run')}`)

const sums = columns({
  name: c.name,
  imported: total(c.imported),
  seen: total(c.seen),
  live_only: total(c.liveOnly),
  active: total(c.active),
  active_seen: total(c.activeSeen),
  dead: total(c.dead),
  placeholders: total(c.placeholders),
  reachable: total(c.reachable),
  early: total(c.early),
})
const ofRun = sql`FROM ${c} WHERE ${c.run} = ${value('run')} AND ${c.kind} = ${value('kind')}`
/** The largest values of a kind. */
export const groupsOfRun = statement(sql`
  SELECT ${sums} ${ofRun} GROUP BY ${c.name}
  ORDER BY sum(${c.imported}) + sum(${c.liveOnly}) DESC, ${c.name} LIMIT ${value('limit')}`)
export type SumRow = RowOf<typeof sums>
/** Devices by the day on which they were first seen, for one value or (empty) for all. */
export const daysOfRun = statement(sql`
  SELECT ${columns({ day: c.day, n: total(c.activeSeen) })} ${ofRun} AND ${c.name} = ${value('name')} AND ${c.day} >= 0
  GROUP BY ${c.day} ORDER BY ${c.day}`)

/** Rows of finished or deleted counts, a bounded number at a time. */
const key = join([c.run, c.kind, c.name, c.day], ', ')
export const sweepCounts = statement(sql`
  DELETE FROM ${c} WHERE (${key}) IN (SELECT ${join([k.run, k.kind, k.name, k.day], ', ')} FROM ${k}
    WHERE ${k.run} < coalesce((SELECT min(${w.number}) FROM ${w} WHERE ${w.finishedAt} IS NULL), ${number(Number.MAX_SAFE_INTEGER)}) LIMIT ${value('limit')})
  RETURNING ${columns({ run: c.run })}`)
/** Counts that began before a time. */
export const sweepRuns = statement(sql`
  DELETE FROM ${r} WHERE ${r.number} IN (SELECT ${w.number} FROM ${w} WHERE ${w.startedAt} < ${value('before')} ORDER BY ${w.startedAt} LIMIT ${value('limit')})
  RETURNING ${columns({ number: r.number })}`)

const known = readinessStarts.as('readiness_starts')
const more = readinessStarts.as('excluded')
/** Part of a step of an import: records that the dialects of its rows have an import. */
export const noteStart = statement(sql`
  ${insertion(readinessStarts, {
    appId: value('app'),
    dialect: item('named').value,
    importedAt: value('importedAt'),
    exportedAt: value('exportedAt'),
  })}
  FROM ${elements(value('dialects'))} named WHERE ${held}
  ON CONFLICT (${z.appId}, ${z.dialect}) DO UPDATE SET ${z.importedAt} = ${least(known.importedAt, more.importedAt)},
    ${z.exportedAt} = ${greatest(sql`coalesce(${known.exportedAt}, ${more.exportedAt})`, sql`coalesce(${more.exportedAt}, ${known.exportedAt})`)}
  WHERE ${known.importedAt} > ${more.importedAt} OR ${more.exportedAt} > coalesce(${known.exportedAt}, 0)`)

/** The first import of a dialect; for imports older than this record, as far as they are stored. */
const ofDialect = sql`${ofApp(i)} AND ${i.dialect} = ${value('dialect')} AND ${i.dryRun} = 0`
export const starts = statement(sql`
  SELECT ${columns({
    created_at: speaks.createdAt,
    imported_at: orNull(
      integer(
        sql`coalesce((SELECT ${z.importedAt} FROM ${z} WHERE ${scoped(z)}), (SELECT min(${i.createdAt}) FROM ${i} WHERE ${ofDialect}))`,
      ),
    ),
    exported_at: orNull(
      integer(
        sql`coalesce((SELECT ${z.exportedAt} FROM ${z} WHERE ${scoped(z)}), (SELECT max(${i.exportedAt}) FROM ${i} WHERE ${ofDialect} AND ${i.state} = 'completed'))`,
      ),
    ),
  })} FROM ${speaks} WHERE ${scoped(speaks)}`)

const n = readinessRecords
/** All data of an app or of one dialect (empty for all); rows of a count are deleted by maintenance. */
const ofScope = (table: typeof r | typeof n | typeof z) =>
  sql`${ofApp(table)} AND (${value('dialect')} = '' OR ${table.dialect} = ${value('dialect')})`
export const dropReadiness = [
  statement(sql`DELETE FROM ${r} WHERE ${ofScope(r)}`),
  statement(sql`DELETE FROM ${n} WHERE ${ofScope(n)}`),
  statement(sql`DELETE FROM ${z} WHERE ${ofScope(z)}`),
] as const
