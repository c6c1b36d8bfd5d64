/** The rows of undos: to begin one, to move it on, and to show it with its counts. */
import { objectOf } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { NEWEST } from '../keyset.ts'
import { statement } from '../statement.ts'
import { undoCounts, undos } from '../tables.ts'
import { columns, orNull, type RowOf, sql, text, value } from '../template.ts'

const u = undos
const n = undoCounts.as('n')

export const moveUndo = statement(sql`
  UPDATE ${u} SET ${u.place} = ${value('next')}, ${u.finishedAt} = CASE WHEN ${value('done')} = 1 THEN ${value('now')} END
  WHERE ${u.id} = ${value('undo')} AND ${u.place} = ${value('fromEvent')} AND ${u.finishedAt} IS NULL RETURNING ${columns({ id: u.id })}`)
export const insertUndo = statement(sql`
  ${insertion(undos, {
    id: value('undo'),
    appId: value('app'),
    about: value('about'),
    kind: value('kind'),
    fromAt: value('fromAt'),
    untilAt: value('untilAt'),
    dryRun: value('dryRun'),
    forced: value('forced'),
    actor: value('actor'),
    createdAt: value('now'),
    place: value('fromEvent'),
  })} WHERE true`)
const shown = columns({
  id: u.id,
  app_id: u.appId,
  about: u.about,
  kind: u.kind,
  from_at: u.fromAt,
  until_at: u.untilAt,
  dry_run: u.dryRun,
  forced: u.forced,
  actor: u.actor,
  created_at: u.createdAt,
  place: u.place,
  finished_at: orNull(u.finishedAt),
  counts: text(sql`(SELECT ${objectOf(n.name, n.amount)} FROM ${n} WHERE ${n.undo} = ${u.id})`),
})
export type UndoRow = RowOf<typeof shown>
export const undoById = statement(
  sql`SELECT ${shown} FROM ${u} WHERE ${u.appId} = ${value('app')} AND ${u.id} = ${value('undo')}`,
)
export const undoPage = statement(
  sql`SELECT ${shown} FROM ${u} WHERE ${u.appId} = ${value('app')} AND ${NEWEST.page({ afterAt: u.createdAt, afterId: u.id })}`,
)
export const openUndo = statement(
  sql`SELECT ${shown} FROM ${u} WHERE ${u.finishedAt} IS NULL ORDER BY ${u.createdAt}, ${u.id} LIMIT 1`,
)
/** An undo of the same events that is not a dry run. */
export const sameUndo = statement(sql`
  SELECT ${columns({ id: u.id })} FROM ${u} WHERE ${u.appId} = ${value('app')} AND ${u.about} = ${value('about')} AND ${u.kind} = ${value('kind')} AND ${u.about} <> '' AND ${u.dryRun} = 0 LIMIT 1`)
