import type { Tally } from '../../../domain/meter.ts'
import type { Backlog, MeasureStore, ReceiverCount, ServiceCount } from '../../contract/measures.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as M from '../statements/measures.ts'
import { json } from './values.ts'

/** Above the bound in SQL, which is never exceeded. */
const MOST_TALLIES = 10_000

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

    async receivers(now, limit) {
      const values = { now: now.getTime(), limit }
      const [dialect, feed] = await db.read([
        call(M.receiverCounts.dialect, values),
        call(M.receiverCounts.feed, values),
      ])
      const of = (kind: ReceiverCount['kind'], rows: typeof dialect) =>
        rows.map(({ state, count }) => ({ kind, state: state as ReceiverCount['state'], count }))
      return [...of('dialect', dialect), ...of('feed', feed)]
    },

    async devices(afterId, limit) {
      const [[app], rows] = await db.read([
        call(M.lastApp, { afterId, limit }),
        call(M.deviceTotals, { afterId, limit }),
      ])
      const counts = new Map<string, number>()
      for (const { name, devices } of rows) {
        const [dialect = ''] = name.split('/', 1)
        counts.set(dialect, (counts.get(dialect) ?? 0) + devices)
      }
      return { counts, last: app?.last ?? null }
    },

    async add(tallies) {
      // A fixed order, so that concurrent plans wait for each other's rows without a deadlock.
      const rows = tallies
        .map((of) => ({ ...of, labels: JSON.stringify(of.labels) }))
        .sort((one, other) => (one.metric + one.labels < other.metric + other.labels ? -1 : 1))
      await db.commit([call(M.addTallies, { tallies: json(rows) })])
    },

    async tallies() {
      const [rows] = await db.read([call(M.allTallies, { limit: MOST_TALLIES })])
      return rows.map(({ labels, ...row }) => ({ ...row, labels: JSON.parse(labels) as Tally['labels'] }))
    },
  }
}
