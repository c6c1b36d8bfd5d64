/** The end of a step of an import: counts the outcomes of its rows and stores the position. */
import { elements, holds, item, literal, member, numeric, part } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { importCounts, importErrors, importRows, imports } from '../tables.ts'
import { columns, inner, sql, type Template, value } from '../template.ts'
import { begun } from './import-held.ts'

const s = importRows.as('s')
const j = item('j')
const w = item('w')
const excluded = importCounts.as('excluded')
/** The existing row, by its table's name. */
const kept = importCounts.as('import_counts')
const { number, kind, name, amount } = importCounts
const step = sql`FROM ${s} WHERE ${s.number} = ${value('importNumber')}`

/** Rows rejected before they reached the store. */
export const insertRefused = statement(sql`
  ${insertion(importErrors, {
    number: value('importNumber'),
    position: numeric(j.value, '$.position'),
    outcome: member(j.value, '$.outcome'),
    reason: member(j.value, '$.reason'),
    warnings: member(j.value, '$.warnings'),
    shown: part(j.value, '$.shown'),
    userId: member(j.value, '$.userId'),
  })}
  FROM ${elements(value('refused'))} j WHERE ${begun}
  ON CONFLICT DO NOTHING`)

/** Rows that the store rejected, skipped or applied with warnings. */
export const insertErrors = statement(sql`
  ${insertion(importErrors, {
    number: value('importNumber'),
    position: s.position,
    outcome: s.outcome,
    reason: s.reason,
    warnings: s.warnings,
    shown: s.shown,
    userId: s.userId,
  })}
  ${step} AND (${s.reason} IS NOT NULL OR ${s.warnings} <> '') AND ${begun}
  ON CONFLICT DO NOTHING`)

/** Each row of a query with `kind`, `name` and `n`. */
const counted = <Names extends string>(rows: Template<Names>) =>
  statement(sql`
  INSERT INTO ${importCounts} (${number}, ${kind}, ${name}, ${amount})
  SELECT ${value('importNumber')}, kind, name, sum(n) FROM (${rows}) found WHERE ${begun} GROUP BY kind, name
  ON CONFLICT (${number}, ${kind}, ${name}) DO UPDATE SET ${amount} = ${kept.amount} + ${excluded.amount}`)

export const countRefused = counted(
  inner(
    sql`SELECT ${columns({ kind: member(j.value, '$.kind'), name: member(j.value, '$.name'), n: numeric(j.value, '$.n') })} FROM ${elements(value('counts'))} j`,
  ),
)
export const countRows = counted(sql`
  SELECT 'outcome' AS kind, ${s.outcome} AS name, count(*) AS n ${step} GROUP BY ${s.outcome}
  UNION ALL SELECT 'reason', ${s.reason}, count(*) ${step} AND ${s.reason} IS NOT NULL GROUP BY ${s.reason}
  UNION ALL SELECT 'warning', ${w.value}, count(*) FROM ${s} CROSS JOIN ${elements(value('warnings'))} w
    WHERE ${s.number} = ${value('importNumber')} AND ${s.warnings} <> ''
      AND ${holds(sql`${s.warnings} || ','`, sql`${literal(',')} || ${w.value} || ${literal(',')}`)} GROUP BY ${w.value}`)

/** The last write: the next step begins where this one ended. */
export const checkpoint = statement(sql`
  UPDATE ${imports} SET ${imports.rowsRead} = ${value('rowsRead')}, ${imports.rowsDone} = ${value('rowsRead')}, ${imports.place} = ${value('place')},
    ${imports.exportedAt} = ${value('exportedAt')}, ${imports.dueAt} = ${value('until')}
  WHERE ${imports.number} = ${value('importNumber')} AND ${begun} RETURNING ${columns({ number: imports.number })}`)

export const clearRows = statement(
  sql`DELETE FROM ${importRows} WHERE ${importRows.number} = ${value('importNumber')}`,
)
