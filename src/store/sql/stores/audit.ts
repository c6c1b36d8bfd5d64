import type { AuditEntry, AuditStore } from '../../store.ts'
import { NEWEST } from '../keyset.ts'
import type { Call, Db } from '../port.ts'
import { call } from '../statement.ts'
import { type AuditRow, auditPage, dropAudit, insertAudit, noteAudit } from '../statements/audit.ts'
import { pageOf } from './pages.ts'
import { json } from './values.ts'

/** The audit entry of a plan, directly after the statement that decides whether anything changes. */
export const audited = (entry: AuditEntry | undefined): readonly Call[] =>
  entry ? [call(insertAudit, valuesOf(entry))] : []

const valuesOf = (entry: AuditEntry) => ({
  auditId: entry.id,
  auditAt: entry.at.getTime(),
  actor: entry.actor,
  action: entry.action,
  auditApp: entry.appId,
  target: entry.target,
  auditDetail: json(entry.detail),
  auditCause: entry.cause,
})

const toEntry = ({ app_id, detail, at, ...row }: AuditRow): AuditEntry => ({
  ...row,
  at: new Date(at),
  appId: app_id,
  detail: JSON.parse(detail),
})

export function auditStore(db: Db): AuditStore {
  return {
    async note(entry) {
      await db.commit([call(noteAudit, valuesOf(entry))])
    },

    async list(appId, { after, limit }) {
      const values = { ...NEWEST.values(after), app: appId, limit }
      const [rows] = await db.read([call(auditPage[appId === null ? 'all' : 'app'], values)])
      return pageOf(rows, limit, toEntry, ({ at, id }) => [at, id] as const)
    },

    async drop(before, batch) {
      const [rows] = await db.commit([call(dropAudit, { before: before.getTime(), batch })])
      return rows.length
    },
  }
}
