import type { AuditEntry, AuditStore } from '../../store.ts'
import type { Call, Db } from '../port.ts'
import { call } from '../statement.ts'
import { auditPage, dropAudit, insertAudit } from '../statements/audit.ts'
import { cursorValues, json } from './values.ts'

/** The entry of a plan, to stand right behind the statement that decides whether anything changes. */
export const audited = (entry: AuditEntry | undefined): readonly Call[] =>
  entry
    ? [
        call(insertAudit, {
          auditId: entry.id,
          auditAt: entry.at.getTime(),
          actor: entry.actor,
          action: entry.action,
          auditApp: entry.appId,
          target: entry.target,
          auditDetail: json(entry.detail),
          auditCause: entry.cause,
        }),
      ]
    : []

export function auditStore(db: Db): AuditStore {
  return {
    async list(appId, { cursor, limit }) {
      const values = { ...cursorValues(cursor), app: appId, limit: limit + 1 }
      const [rows] = await db.read([call(auditPage[appId === null ? 'all' : 'app'], values)])
      const last = rows.length > limit ? rows[limit - 1] : undefined
      return {
        items: rows.slice(0, limit).map(({ app_id, detail, at, ...row }) => ({
          ...row,
          at: new Date(at),
          appId: app_id,
          detail: JSON.parse(detail),
        })),
        next: last ? { at: last.at, id: last.id } : null,
      }
    },

    async drop(before, batch) {
      const [rows] = await db.commit([call(dropAudit, { before: before.getTime(), batch })])
      return rows.length
    },
  }
}
