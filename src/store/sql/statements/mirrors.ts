import { keyed, scoped, unexpired } from '../conditions.ts'
import { elements, item, listed, literal, member, number, numeric, object } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { NEWEST } from '../keyset.ts'
import { statement } from '../statement.ts'
import {
  appDialects,
  devices,
  events,
  mirrorCopies,
  mirrorCopySubjects,
  mirrorCounts,
  mirrorDiffs,
  mirrorIds,
  mirrorMarks,
  mirrorSignatures,
  mirrorSubjects,
  subscriptions,
} from '../tables.ts'
import {
  columns,
  type Expression,
  integer,
  orNull,
  type RowOf,
  sql,
  type Template,
  text,
  value,
} from '../template.ts'
import { eventKind, logged } from './history.ts'

const d = devices.as('d')
const other = devices.as('other')
const taken = subscriptions.as('taken')
const speaks = appDialects.as('speaks')
const waiting = mirrorCopies.as('waiting')
const j = item('j')
const of = (path: string) => text(member(j.value, path))
const numberOf = (path: string) => integer(numeric(j.value, path))

/** No other device has the id. */
const free = sql`NOT EXISTS (SELECT 1 FROM ${other} WHERE ${scoped(other)} AND ${other.externalId} = ${value('renamed')})`
export const logRenamed = statement(sql`
  ${logged} SELECT ${d.appId}, ${d.id}, ${eventKind('renamed')}, ${value('cause')}, ${object({ from: d.externalId })}, ${value('now')}
  FROM ${d} WHERE ${keyed(d)} AND ${free}`)

const alias = mirrorIds.as('alias')
const own = mirrorIds.as('mirror_ids')
const made = events.as('made')
/** No client can know the id of a placeholder, or an id drawn by this very call. */
const givenOut = sql`substr(${d.externalId}, 1, 7) <> 'import:' AND NOT EXISTS (SELECT 1 FROM ${made} WHERE ${made.appId} = ${d.appId}
    AND ${made.deviceId} = ${d.id} AND ${made.kind} = ${eventKind('registered')} AND ${made.cause} = ${value('cause')})`
/** A device has one alias: its previous id. Other entries under either id are obsolete after the change. */
export const dropFormerIds = statement(sql`
  DELETE FROM ${mirrorIds} WHERE ${scoped(own)} AND ${value('line')} <> ''
    AND (${own.vendor} IN (${value('renamed')}, ${value('externalId')}) OR ${own.ours} = ${value('externalId')})
    AND EXISTS (SELECT 1 FROM ${d} WHERE ${keyed(d)} AND ${free})`)
export const keepAlias = statement(sql`
  ${insertion(mirrorIds, {
    appId: value('app'),
    dialect: value('dialect'),
    device: value('line'),
    ours: value('externalId'),
    vendor: value('renamed'),
    usedAt: value('now'),
  })}
  FROM ${d} WHERE ${keyed(d)} AND ${free} AND ${value('line')} <> '' AND ${givenOut} ON CONFLICT DO NOTHING`)
const target = devices.as('target')
export const aliased = statement(sql`
  SELECT ${columns({ external_id: target.externalId, used_at: integer(alias.usedAt) })} FROM ${alias} JOIN ${target}
    ON ${target.appId} = ${alias.appId} AND ${target.dialect} = ${alias.dialect} AND ${target.externalId} = ${alias.vendor}
  WHERE ${scoped(alias)} AND ${alias.ours} = ${value('former')} AND ${alias.usedAt} IS NOT NULL AND ${unexpired(target)}`)
export const touchAlias = statement(sql`
  UPDATE ${mirrorIds} SET ${mirrorIds.usedAt} = ${value('now')}
  WHERE ${scoped(own)} AND ${own.ours} = ${value('former')} AND ${own.usedAt} < ${value('now')}`)
export const pruneAliases = statement(sql`
  DELETE FROM ${mirrorIds} WHERE (${own.appId}, ${own.dialect}, ${own.ours}) IN
    (SELECT ${alias.appId}, ${alias.dialect}, ${alias.ours} FROM ${alias} WHERE ${alias.usedAt} IS NOT NULL AND ${alias.usedAt} < ${value('before')}
    ORDER BY ${alias.usedAt} LIMIT ${value('limit')}) RETURNING ${columns({ alias: mirrorIds.ours })}`)

export const renameDevice = statement(sql`
  UPDATE ${devices} SET ${devices.externalId} = ${value('renamed')} WHERE ${keyed(devices)} AND ${free}`)

const ids = sql`${elements(value('ids'))} j`
const given = sql`(SELECT ${of('$.id')} FROM ${ids} WHERE ${of('$.topic')} = ${subscriptions.topic})`
/** Sets the vendor's ids of a device's subscriptions, unless others have them. */
export const adoptSubscriptions = statement(sql`
  UPDATE ${subscriptions} SET ${subscriptions.id} = ${given}
  WHERE ${subscriptions.device} = (SELECT ${d.number} FROM ${d} WHERE ${keyed(d)})
    AND ${subscriptions.topic} IN (SELECT ${of('$.topic')} FROM ${ids})
    AND NOT EXISTS (SELECT 1 FROM ${taken} JOIN ${ids} ON ${of('$.id')} = ${taken.id}
      WHERE ${of('$.topic')} = ${subscriptions.topic})`)

export const mark = statement(sql`
  ${insertion(mirrorMarks, {
    appId: value('app'),
    dialect: value('dialect'),
    kind: value('kind'),
    mark: value('mark'),
    at: value('now'),
  })}
  FROM ${speaks} WHERE ${scoped(speaks)} ON CONFLICT DO NOTHING RETURNING ${columns({ mark: mirrorMarks.mark })}`)

const counted = mirrorCounts.as('mirror_counts')
const more = mirrorCounts.as('excluded')
export const addCounts = statement(sql`
  ${insertion(mirrorCounts, {
    appId: of('$.appId'),
    dialect: of('$.dialect'),
    since: numberOf('$.since'),
    route: of('$.route'),
    name: of('$.name'),
    hour: numberOf('$.hour'),
    amount: numberOf('$.amount'),
  })}
  FROM ${elements(value('counts'))} j
  WHERE EXISTS (SELECT 1 FROM ${speaks} WHERE ${speaks.appId} = ${of('$.appId')} AND ${speaks.dialect} = ${of('$.dialect')})
  ON CONFLICT (${mirrorCounts.appId}, ${mirrorCounts.dialect}, ${mirrorCounts.since}, ${mirrorCounts.route}, ${mirrorCounts.name}, ${mirrorCounts.hour})
  DO UPDATE SET ${mirrorCounts.amount} = ${counted.amount} + ${more.amount}`)

const { route, name, amount, since } = mirrorCounts
export const totals = statement(sql`
  SELECT ${columns({ route, name, amount: integer(sql`sum(${amount})`) })} FROM ${mirrorCounts}
  WHERE ${scoped(mirrorCounts)} AND ${since} = ${value('since')} GROUP BY ${route}, ${name} ORDER BY ${route}, ${name}`)

const s = mirrorSignatures
const known = mirrorSignatures.as('mirror_signatures')
const seen = mirrorSignatures.as('excluded')
const same = sql`${known.since} = ${seen.since}`
export const noteSignature = statement(sql`
  ${insertion(mirrorSignatures, {
    appId: value('app'),
    dialect: value('dialect'),
    signature: value('signature'),
    route: value('route'),
    severity: value('severity'),
    differences: value('differences'),
    since: value('since'),
    count: number(1),
    firstAt: value('now'),
    lastAt: value('now'),
    example: value('id'),
  })}
  FROM ${speaks} WHERE ${scoped(speaks)}
  ON CONFLICT (${s.appId}, ${s.dialect}, ${s.signature}) DO UPDATE SET
    ${s.count} = CASE WHEN ${same} THEN ${known.count} + 1 ELSE 1 END,
    ${s.firstAt} = CASE WHEN ${same} THEN ${known.firstAt} ELSE ${seen.firstAt} END,
    ${s.example} = CASE WHEN ${same} THEN ${known.example} ELSE ${seen.example} END,
    ${s.lastAt} = ${seen.lastAt}, ${s.since} = ${seen.since}`)

/** Most differences stored per signature. */
const MOST_KEPT = 100
const x = mirrorDiffs.as('kept')
export const keepDiff = statement(sql`
  ${insertion(mirrorDiffs, {
    id: value('id'),
    appId: value('app'),
    dialect: value('dialect'),
    at: value('now'),
    dropAt: value('dropAt'),
    mode: value('mode'),
    route: value('route'),
    severity: value('severity'),
    signature: value('signature'),
    detail: value('detail'),
    sample: value('sample'),
  })}
  FROM ${speaks} WHERE ${scoped(speaks)}
    AND (${value('copy')} = '' OR EXISTS (SELECT 1 FROM ${waiting} WHERE ${waiting.id} = ${value('copy')}))
    AND (SELECT count(*) FROM ${x} WHERE ${scoped(x)} AND ${x.signature} = ${value('signature')}) < ${number(MOST_KEPT)}`)

export const keepSubjects = statement(sql`
  ${insertion(mirrorSubjects, { appId: value('app'), mark: j.value, diffId: value('id') })}
  FROM ${elements(value('subjects'))} j WHERE EXISTS (SELECT 1 FROM ${mirrorDiffs} WHERE ${mirrorDiffs.id} = ${value('id')})
  ON CONFLICT DO NOTHING`)

const signatureColumns = columns({
  signature: s.signature,
  route: s.route,
  severity: s.severity,
  differences: s.differences,
  count: s.count,
  first_at: s.firstAt,
  last_at: s.lastAt,
  example: s.example,
  accepted: s.accepted,
  note: s.note,
})
export type SignatureRow = RowOf<typeof signatureColumns>
export const signatures = statement(sql`
  SELECT ${signatureColumns} FROM ${s} WHERE ${scoped(s)} AND ${s.since} = ${value('since')}
  ORDER BY ${s.count} DESC, ${s.signature} LIMIT ${value('limit')}`)
export const acceptSignature = statement(sql`
  UPDATE ${s} SET ${s.accepted} = ${value('accepted')}, ${s.note} = ${value('note')}
  WHERE ${scoped(s)} AND ${s.signature} = ${value('signature')} RETURNING ${signatureColumns}`)

const f = mirrorDiffs
const diffColumns = columns({
  id: f.id,
  dialect: f.dialect,
  created_at: f.at,
  mode: f.mode,
  route: f.route,
  severity: f.severity,
  signature: f.signature,
  detail: f.detail,
  sample: orNull(text(f.sample)),
})
export type DiffRow = RowOf<typeof diffColumns>
/** Empty filters match everything. */
export const diffPage = statement(sql`
  SELECT ${diffColumns} FROM ${f} WHERE ${scoped(f)}
    AND ${value('route')} IN (${literal('')}, ${f.route}) AND ${value('signature')} IN (${literal('')}, ${f.signature})
    AND ${value('severity')} IN (${literal('')}, ${f.severity}) AND ${NEWEST.page({ afterAt: f.at, afterId: f.id })}`)

const over = sql`(SELECT ${x.id} FROM ${x} WHERE ${x.dropAt} <= ${value('now')} ORDER BY ${x.dropAt}, ${x.id} LIMIT ${value('limit')})`
export const pruneSubjects = statement(
  sql`DELETE FROM ${mirrorSubjects} WHERE ${mirrorSubjects.diffId} IN ${over}`,
)
export const pruneDiffs = statement(
  sql`DELETE FROM ${mirrorDiffs} WHERE ${mirrorDiffs.id} IN ${over} RETURNING ${columns({ id: mirrorDiffs.id })}`,
)
const c = mirrorCounts.as('c')
const key = (table: typeof c) =>
  sql`${table.appId}, ${table.dialect}, ${table.since}, ${table.route}, ${table.name}, ${table.hour}`
export const pruneCounts = statement(sql`
  DELETE FROM ${mirrorCounts} WHERE (${key(mirrorCounts)}) IN
    (SELECT ${key(c)} FROM ${c} WHERE ${c.hour} < ${value('hour')} ORDER BY ${c.hour} LIMIT ${value('limit')})`)

const about = mirrorSubjects.as('about')
const mentioning = sql`(SELECT ${about.diffId} FROM ${about} WHERE ${about.appId} = ${value('app')} AND ${about.mark} IN ${listed('subjects')})`
export const forgetExamples = statement(
  sql`UPDATE ${s} SET ${s.example} = NULL WHERE ${s.appId} = ${value('app')} AND ${s.example} IN ${mentioning}`,
)
export const forgetDiffs = statement(sql`DELETE FROM ${mirrorDiffs} WHERE ${mirrorDiffs.id} IN ${mentioning}`)
/** Also deletes the other subjects of these differences. */
export const forgetSubjects = statement(
  sql`DELETE FROM ${mirrorSubjects} WHERE ${mirrorSubjects.diffId} IN ${mentioning}`,
)
const kinds = item('k')
const marked = mirrorMarks.as('mirror_marks')
export const forgetMarks = statement(sql`
  DELETE FROM ${mirrorMarks} WHERE (${marked.appId}, ${marked.dialect}, ${marked.kind}, ${marked.mark}) IN
    (SELECT ${speaks.appId}, ${speaks.dialect}, ${kinds.value}, ${j.value}
    FROM ${speaks} CROSS JOIN ${elements(value('kinds'))} k CROSS JOIN ${elements(value('subjects'))} j
    WHERE ${speaks.appId} = ${value('app')})`)
const ofDialect = <T extends Template & { readonly appId: Expression; readonly dialect: Expression }>(
  table: T,
) =>
  statement(sql`
    DELETE FROM ${table} WHERE ${table.appId} = ${value('app')} AND (${value('dialect')} = '' OR ${table.dialect} = ${value('dialect')})`)
/** All data of mirrors of an app, or of one of its dialects. */
export const dropAll = [
  statement(sql`
    DELETE FROM ${mirrorSubjects} WHERE ${mirrorSubjects.diffId} IN (SELECT ${x.id} FROM ${x}
      WHERE ${x.appId} = ${value('app')} AND (${value('dialect')} = '' OR ${x.dialect} = ${value('dialect')}))`),
  ofDialect(mirrorDiffs),
  ofDialect(mirrorSignatures),
  ofDialect(mirrorCounts),
  ofDialect(mirrorMarks),
  statement(sql`
    DELETE FROM ${mirrorCopySubjects} WHERE ${mirrorCopySubjects.copyId} IN (SELECT ${waiting.id} FROM ${waiting}
      WHERE ${waiting.appId} = ${value('app')} AND (${value('dialect')} = '' OR ${waiting.dialect} = ${value('dialect')}))`),
  ofDialect(mirrorCopies),
  ofDialect(mirrorIds),
] as const
