import type { Backlog, MeasureStore, ServiceCount } from '../../contract/measures.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as M from '../statements/measures.ts'

type Queue = Backlog['queue']

export function measureStore(db: Db): MeasureStore {
  return {
    async backlogs(limit) {
      const queues = Object.entries(M.backlogs) as [Queue, (typeof M.backlogs)[Queue]][]
      const results = await db.read(queues.map(([, statement]) => call(statement, { limit })))
      return queues.map(([queue], at) => {
        const { waiting = 0, since = null } = results[at]?.[0] ?? {}
        return { queue, waiting, since: since === null ? null : new Date(since) }
      })
    },

    async services(now, limit) {
      const [rows] = await db.read([call(M.serviceCounts, { now: now.getTime(), limit })])
      return rows.map(({ kind, state, count }) => ({
        ...{ provider: kind, state: state as ServiceCount['state'], count },
      }))
    },

    async scopes(after, limit) {
      const { appId: app, dialect } = after ?? { appId: '', dialect: '' }
      const [rows] = await db.read([call(M.scopesAfter, { app, dialect, limit })])
      return rows.map(({ app_id, dialect: spoken }) => ({ appId: app_id, dialect: spoken }))
    },

    async devices({ appId: app, dialect }, afterId, limit) {
      const [[row]] = await db.read([call(M.devicesAfter, { app, dialect, afterId, limit })])
      return { count: row?.count ?? 0, last: row?.last ?? null }
    },
  }
}
