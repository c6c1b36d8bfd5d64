import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { value } from './shared.ts'

/** Right behind the statement that decides: what changed nothing leaves no entry. */
export const insertAudit = statement(sql`
  INSERT INTO audit (id, at, actor, action, app_id, target, detail, cause)
  SELECT ${value('auditId')}, ${value('auditAt')}, ${value('actor')}, ${value('action')}, ${value('auditApp')}, ${value('target')},
    ${value('auditDetail')}, ${value('auditCause')}
  WHERE changes() > 0 ON CONFLICT DO NOTHING`)

export interface AuditRow {
  id: string
  at: number
  actor: string
  action: string
  app_id: string | null
  target: string | null
  detail: string
  cause: string
}

const page = (of: SQL): Statement<AuditRow> =>
  statement(sql`
  SELECT id, at, actor, action, app_id, target, detail, cause FROM audit
  WHERE (at, id) < (${value('at')}, ${value('id')}) AND ${of} ORDER BY at DESC, id DESC LIMIT ${value('limit')}`)

export const auditPage = { all: page(sql`true`), app: page(sql`app_id = ${value('app')}`) }

export const dropAudit: Statement<{ id: string }> = statement(sql`
  DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ${value('before')} ORDER BY at LIMIT ${value('batch')}) RETURNING id`)
