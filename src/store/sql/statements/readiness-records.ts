/** Reports that operators signed off. */
import { ofApp, scoped } from '../conditions.ts'
import { insertion } from '../insertion.ts'
import { NEWEST } from '../keyset.ts'
import { statement } from '../statement.ts'
import { appDialects, readinessRecords } from '../tables.ts'
import { columns, type RowOf, sql, value } from '../template.ts'

const speaks = appDialects.as('speaks')
const n = readinessRecords
export const insertRecord = statement(sql`
  ${insertion(readinessRecords, {
    id: value('id'),
    appId: value('app'),
    dialect: value('dialect'),
    at: value('now'),
    actor: value('actor'),
    note: value('note'),
    document: value('document'),
    digest: value('hash'),
  })}
  FROM ${speaks} WHERE ${scoped(speaks)} RETURNING ${columns({ id: n.id })}`)
const recordColumns = columns({
  id: n.id,
  dialect: n.dialect,
  created_at: n.at,
  actor: n.actor,
  note: n.note,
  document: n.document,
  digest: n.digest,
})
export type RecordRow = RowOf<typeof recordColumns>
export const recordById = statement(
  sql`SELECT ${recordColumns} FROM ${n} WHERE ${ofApp(n)} AND ${n.id} = ${value('id')}`,
)
export const recordPage = statement(
  sql`SELECT ${recordColumns} FROM ${n} WHERE ${ofApp(n)} AND ${NEWEST.page({ afterAt: n.at, afterId: n.id })}`,
)
