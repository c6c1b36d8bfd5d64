import { changedBefore } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { audit } from '../tables.ts'
import { columns, sql, type Template, value } from '../template.ts'

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

/** Right behind the statement that decides: what changed nothing leaves no entry. */
export const insertAudit = statement(sql`
  ${entry} WHERE ${changedBefore} ON CONFLICT DO NOTHING`)

const { id, at, actor, action, appId, target, detail, cause } = audit
const auditColumns = columns({ id, at, actor, action, app_id: appId, target, detail, cause })

const page = <Names extends string>(of: Template<Names>) =>
  statement(sql`
  SELECT ${auditColumns} FROM ${audit}
  WHERE (${at}, ${id}) < (${value('at')}, ${value('id')}) AND ${of} ORDER BY ${at} DESC, ${id} DESC LIMIT ${value('limit')}`)

export const auditPage = { all: page(sql`true`), app: page(sql`${appId} = ${value('app')}`) }

export const dropAudit = statement(sql`
  DELETE FROM ${audit} WHERE ${id} IN (SELECT ${id} FROM ${audit} WHERE ${at} < ${value('before')} ORDER BY ${at} LIMIT ${value('batch')}) RETURNING ${columns({ id })}`)
