/** The end of a batch of an undo, and the deletion of finished undos, which are kept as long as history. */
import { statement } from '../statement.ts'
import { removalPicks, undoCounts, undos } from '../tables.ts'
import { columns, sql, value } from '../template.ts'
import { letGoOfUndo } from './room.ts'

const u = undos.as('u')
const z = undos.as('z')
const { id } = undos

/** The apps with undos, each found by one index step, however many undos it has. */
const having = sql`having_undos(app) AS (
  SELECT min(${z.appId}) FROM ${z}
  UNION ALL SELECT (SELECT min(${z.appId}) FROM ${z} WHERE ${z.appId} > having_undos.app) FROM having_undos WHERE having_undos.app IS NOT NULL)`
const old = sql`(WITH RECURSIVE ${having} SELECT ${u.id} FROM having_undos CROSS JOIN ${u}
  WHERE ${u.appId} = having_undos.app AND ${u.createdAt} < ${value('before')} AND ${u.finishedAt} IS NOT NULL
  ORDER BY ${u.appId}, ${u.createdAt}, ${u.id} LIMIT ${value('limit')})`

export const dropUndoCounts = statement(sql`DELETE FROM ${undoCounts} WHERE ${undoCounts.undo} IN ${old}`)
export const dropUndos = statement(
  sql`DELETE FROM ${undos} WHERE ${id} IN ${old} RETURNING ${columns({ id })}`,
)

/** Run at the end of a batch: no user may have more devices than the app allows. */
export const HOLD = [
  ...letGoOfUndo,
  statement(sql`DELETE FROM ${removalPicks} WHERE ${removalPicks.removalId} = ${value('given')}`),
] as const
