import { believed, ofApp } from '../conditions.ts'
import { elements, item, literal, number as numeral, objectOf } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { NEWEST } from '../keyset.ts'
import { statement } from '../statement.ts'
import {
  type Alias,
  appDialects,
  apps,
  erasures,
  importChunks,
  importCounts,
  importErrors,
  imports,
} from '../tables.ts'
import { columns, integer, type RowOf, sql, type Template, text, value } from '../template.ts'
import { queue } from './queue.ts'

const i = imports.as('i')
const q = imports.as('waiting')
/** The row itself. */
const own = imports.as('imports')
const n = importCounts.as('n')
const e = importErrors.as('e')
const a = appDialects.as('a')
const z = erasures.as('z')
const b = apps.as('b')
const { id, state, lease, finishedAt } = imports

/** One per app at a time: the oldest. */
const isFirst = (of: Alias<'imports'>) => sql`NOT EXISTS (SELECT 1 FROM ${q}
  WHERE ${q.finishedAt} IS NULL AND ${q.appId} = ${of.appId} AND ${q.number} < ${of.number})`
/** The least recently processed one is next. */
const waiting = queue({
  table: imports,
  key: (of) => [of.number],
  order: (of) => sql`${of.dueAt}, ${of.number}`,
  open: (of) => sql`${of.finishedAt} IS NULL AND ${isFirst(of)}`,
})
export const { anyDue } = waiting

export const insertImport = statement(sql`
  ${insertion(imports, {
    id: value('id'),
    appId: value('app'),
    dialect: value('dialect'),
    format: value('format'),
    dryRun: value('dryRun'),
    options: value('options'),
    state: sql`CASE WHEN ${value('error')} IS NULL THEN 'queued' ELSE 'failed' END`,
    error: value('error'),
    finishedAt: sql`CASE WHEN ${value('error')} IS NOT NULL THEN ${value('now')} END`,
    bytes: value('fileBytes'),
    exportedAt: value('exportedAt'),
    rowsRead: numeral(0),
    rowsDone: numeral(0),
    place: literal('null'),
    createdAt: value('now'),
    idempotencyKey: value('key'),
    idempotencyUntil: value('keyUntil'),
    shadow: numeral(0),
    ...waiting.waiting(value('now')),
  })}
  WHERE EXISTS (SELECT 1 FROM ${b} WHERE ${b.id} = ${value('app')})
    AND (${value('dialect')} = '' OR EXISTS (SELECT 1 FROM ${a} WHERE ${a.appId} = ${value('app')} AND ${a.dialect} = ${value('dialect')}))
  RETURNING ${columns({ id })}`)

/** An expired key is free again. */
export const freeKey = statement(sql`
  UPDATE ${imports} SET ${imports.idempotencyKey} = NULL
  WHERE ${ofApp(imports)} AND ${imports.idempotencyKey} = ${value('key')} AND ${imports.idempotencyUntil} <= ${value('now')}`)
export const importByKey = statement(sql`
  SELECT ${columns({ id: i.id })} FROM ${i}
  WHERE ${ofApp(i)} AND ${i.idempotencyKey} = ${value('key')} AND ${i.idempotencyUntil} > ${value('now')}`)

const countsOf = (kind: 'outcome' | 'reason' | 'warning') =>
  text(
    sql`(SELECT ${objectOf(n.name, n.amount)} FROM ${n} WHERE ${n.number} = ${i.number} AND ${n.kind} = ${literal(kind)})`,
  )
const importColumns = columns({
  id: i.id,
  app_id: i.appId,
  dialect: i.dialect,
  format: i.format,
  dry_run: i.dryRun,
  options: i.options,
  state: i.state,
  bytes: i.bytes,
  exported_at: i.exportedAt,
  rows_read: i.rowsRead,
  rows_done: i.rowsDone,
  rows_total: i.rowsTotal,
  error: i.error,
  created_at: i.createdAt,
  started_at: i.startedAt,
  finished_at: i.finishedAt,
  outcomes: countsOf('outcome'),
  reasons: countsOf('reason'),
  warnings: countsOf('warning'),
})
export type ImportColumns = RowOf<typeof importColumns>
const shown = sql`SELECT ${importColumns} FROM ${i}`
export const findImport = statement(sql`${shown} WHERE ${ofApp(i)} AND ${i.id} = ${value('id')}`)
export const importPage = statement(
  sql`${shown} WHERE ${ofApp(i)} AND ${NEWEST.page({ afterAt: i.createdAt, afterId: i.id })}`,
)

export const errorPage = statement(sql`
  SELECT ${columns({ position: e.position, outcome: e.outcome, reason: e.reason, warnings: e.warnings, shown: e.shown })}
  FROM ${i} JOIN ${e} ON ${e.number} = ${i.number}
  WHERE ${ofApp(i)} AND ${i.id} = ${value('id')} AND ${e.position} > ${value('afterPosition')}
    AND (${value('withWarnings')} = 1 OR ${e.reason} IS NOT NULL)
  ORDER BY ${e.position} LIMIT ${value('limit')}`)

/** Claims the next import. */
export const claimImport = statement(sql`${waiting.claim}`)
const { number } = imports
const claimed = {
  number,
  id,
  app_id: imports.appId,
  dialect: imports.dialect,
  format: imports.format,
  dry_run: imports.dryRun,
  options: imports.options,
  exported_at: imports.exportedAt,
  rows_read: imports.rowsRead,
  place: imports.place,
  created_at: imports.createdAt,
  erasures: integer(
    sql`(SELECT count(*) FROM (SELECT 1 FROM ${z} WHERE ${z.appId} = ${own.appId} LIMIT 1) any_erased)`,
  ),
} as const
const startedColumns = columns(claimed)
export type ClaimedRow = RowOf<typeof startedColumns>
export const startImport = statement(sql`
  UPDATE ${imports} SET ${state} = 'running', ${imports.startedAt} = coalesce(${imports.startedAt}, ${value('now')})
  WHERE ${lease} = ${value('lease')} RETURNING ${startedColumns}`)

export const releaseImport = statement(
  sql`UPDATE ${imports} SET ${waiting.free(value('now'))} WHERE ${lease} = ${value('lease')}`,
)
/** The data of a dry run is deleted later. */
export const finishImport = statement(sql`
  UPDATE ${imports} SET ${waiting.free(value('now'))}, ${finishedAt} = ${value('now')}, ${imports.rowsTotal} = ${value('total')},
    ${state} = CASE WHEN ${value('error')} IS NULL THEN 'completed' ELSE 'failed' END, ${imports.error} = ${value('error')}, ${imports.shadow} = ${imports.dryRun}
  WHERE ${lease} = ${value('lease')}`)
export const endImportLeases = statement(
  sql`UPDATE ${imports} SET ${waiting.free(value('now'))} WHERE ${lease} IS NOT NULL AND ${finishedAt} IS NULL`,
)

const chosen = sql`${ofApp(imports)} AND ${id} = ${value('id')}`
export const cancelImport = statement(sql`
  UPDATE ${imports} SET ${waiting.free(value('now'))}, ${finishedAt} = ${value('now')}, ${state} = 'cancelled', ${imports.shadow} = ${imports.dryRun}
  WHERE ${chosen} AND ${finishedAt} IS NULL RETURNING ${columns({ id })}`)

/** Deletes a finished import with its counts and errors. A dry run's data is deleted before. */
const forgotten = <Names extends string>(those: Template<Names>) => ({
  counts: statement(
    sql`DELETE FROM ${importCounts} WHERE ${importCounts.number} IN (SELECT ${number} FROM ${imports} WHERE ${those})`,
  ),
  errors: statement(
    sql`DELETE FROM ${importErrors} WHERE ${importErrors.number} IN (SELECT ${number} FROM ${imports} WHERE ${those})`,
  ),
  imports: statement(sql`DELETE FROM ${imports} WHERE ${those} RETURNING ${columns({ id })}`),
})
export const forgetImport = forgotten(sql`${chosen} AND ${finishedAt} IS NOT NULL AND ${imports.shadow} = 0`)
/** Hides an import whose dry run data still exists; it is deleted with the next old ones. */
export const hideImport = statement(sql`
  UPDATE ${imports} SET ${imports.appId} = '', ${imports.idempotencyKey} = NULL, ${finishedAt} = 1
  WHERE ${chosen} AND ${finishedAt} IS NOT NULL AND ${imports.shadow} = 1 RETURNING ${columns({ id })}`)
/** The oldest of all apps, one at a time, since it may have many errors. */
export const pruneImport = forgotten(sql`${number} IN (
  SELECT ${i.number} FROM ${i} WHERE ${i.finishedAt} < ${value('before')} AND ${believed('before')} AND ${i.shadow} = 0 ORDER BY ${i.finishedAt} LIMIT 1)`)

/** Imports of removed apps: they are ended, lose their app and are deleted with the next old ones. */
const gone = sql`${imports.appId} <> '' AND NOT EXISTS (SELECT 1 FROM ${b} WHERE ${b.id} = ${imports.appId})`
export const orphans = statement(sql`SELECT ${columns({ id })} FROM ${imports} WHERE ${gone} LIMIT 1`)
export const hideOrphans = statement(sql`
  UPDATE ${imports} SET ${imports.shadow} = CASE WHEN ${finishedAt} IS NULL THEN ${imports.dryRun} ELSE ${imports.shadow} END,
    ${state} = CASE WHEN ${finishedAt} IS NULL THEN 'cancelled' ELSE ${state} END, ${imports.appId} = '', ${imports.idempotencyKey} = NULL,
    ${imports.options} = '{}', ${lease} = NULL, ${finishedAt} = 1
  WHERE ${gone}`)
/** The apps with marks, each found by one index step, however many marks it has. */
const marked = sql`marked(app) AS (
  SELECT min(${z.appId}) FROM ${z}
  UNION ALL SELECT (SELECT min(${z.appId}) FROM ${z} WHERE ${z.appId} > marked.app) FROM marked WHERE marked.app IS NOT NULL)`
const goneMarks = sql`FROM ${z} WHERE ${z.appId} IN (WITH RECURSIVE ${marked}
  SELECT marked.app FROM marked WHERE NOT EXISTS (SELECT 1 FROM ${b} WHERE ${b.id} = marked.app))`
export const orphanMarks = statement(sql`SELECT ${columns({ mark: z.mark })} ${goneMarks} LIMIT 1`)
export const dropOrphanMarks = statement(sql`
  DELETE FROM ${erasures} WHERE (${erasures.appId}, ${erasures.mark}) IN (SELECT ${z.appId}, ${z.mark} ${goneMarks} LIMIT ${value('limit')})`)

const sentMark = erasures.as('excluded')
export const noteErased = statement(sql`
  ${insertion(erasures, { appId: value('app'), mark: item('m').value, at: value('now') })} FROM ${elements(value('marks'))} m WHERE true
  ON CONFLICT (${erasures.appId}, ${erasures.mark}) DO UPDATE SET ${erasures.at} = ${sentMark.at}`)

export const anyOld = statement(sql`
  SELECT ${columns({ id: i.id })} FROM ${i} WHERE ${i.finishedAt} < ${value('before')} AND ${i.shadow} = 0 LIMIT 1`)

const { place, bytes } = importChunks
export const putChunk = statement(
  sql`${insertion(importChunks, { id: value('id'), place: value('piece'), bytes: value('bytes') })} WHERE true ON CONFLICT DO NOTHING`,
)
export const getChunk = statement(
  sql`SELECT ${columns({ bytes })} FROM ${importChunks} WHERE ${importChunks.id} = ${value('id')} AND ${place} = ${value('piece')}`,
)
export const dropChunks = statement(
  sql`DELETE FROM ${importChunks} WHERE ${importChunks.id} = ${value('id')}`,
)
