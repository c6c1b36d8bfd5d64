import { changedBefore } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { NEWEST } from '../keyset.ts'
import { statement } from '../statement.ts'
import { audit } from '../tables.ts'
import { columns, type RowOf, sql, type Template, value } from '../template.ts'

const entry = insertion(audit, {
  id: value('auditId'),
  at: value('auditAt'),
  actor: value('actor'),
  action: value('action'),
  appId: value('auditApp'),
  target: value('target'),
  detail: value('auditDetail'),
  cause: value('auditCause'),
})

/** Runs directly after the statement that decides, so that nothing is recorded if nothing changed. */
export const insertAudit = statement(sql`
  ${entry} WHERE ${changedBefore} ON CONFLICT DO NOTHING`)
/** For actions without a change. */
export const noteAudit = statement(sql`${entry} WHERE true ON CONFLICT DO NOTHING`)

const { id, at, actor, action, appId, target, detail, cause } = audit
const auditColumns = columns({ id, at, actor, action, app_id: appId, target, detail, cause })
export type AuditRow = RowOf<typeof auditColumns>

const page = <Names extends string>(of: Template<Names>) =>
  statement(sql`
  SELECT ${auditColumns} FROM ${audit}
  WHERE ${of} AND ${NEWEST.page({ afterAt: at, afterId: id })}`)

export const auditPage = { all: page(sql`true`), app: page(sql`${appId} = ${value('app')}`) }

export const dropAudit = statement(sql`
  DELETE FROM ${audit} WHERE ${id} IN (SELECT ${id} FROM ${audit} WHERE ${at} < ${value('before')} ORDER BY ${at} LIMIT ${value('batch')}) RETURNING ${columns({ id })}`)
