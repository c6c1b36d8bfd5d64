import type { JobItem, JobProgress } from '../../domain/job.ts'
import type { Call, Db } from '../port.ts'
import { call } from '../statement.ts'
import * as J from '../statements/jobs.ts'
import type { JobItemDraft, JobStore } from '../store.ts'
import { json } from './values.ts'

/** Characters of rows that are bound as one value: D1 takes no value over 2 MB, and a character has up to 3 bytes. */
const CHUNK = 300_000

export function jobStore(db: Db): JobStore {
  return {
    async create({ id, appId, dialect, items }, now) {
      const values = { job: id, app: appId, dialect, total: items.length, now: now.getTime() }
      const rows = chunks(items).map(({ offset, text }) =>
        call(J.insertJobItems, { ...values, offset, items: text }),
      )
      await db.commit([call(J.insertJob, values), ...rows] as Call[])
    },

    async find(dialect, id) {
      const [[row]] = await db.read([call(J.jobProgress, { dialect, job: id })])
      return row ? { ...row, state: row.state as JobProgress['state'] } : null
    },

    async items(id, { after, limit }) {
      const [rows] = await db.read([call(J.jobItemPage, { job: id, after, limit })])
      return rows.map((row) => ({ ...row, state: row.state as JobItem['state'] }))
    },

    async lease({ lease, until, limit }, now) {
      const values = { lease, until: until.getTime(), now: now.getTime(), limit }
      const [, [job], items] = await db.commit([
        call(J.leaseJob, values),
        call(J.leasedJob, values),
        call(J.waitingItems, values),
      ])
      if (!job) return null
      return {
        id: job.id,
        appId: job.app_id,
        dialect: job.dialect,
        items: items.map(({ position, input }) => ({ position, input: JSON.parse(input) })),
      }
    },

    async fail({ job, position }, reason) {
      await db.commit([call(J.failJobItem, { job, position, reason })])
    },

    async release(lease, now) {
      await db.commit([call(J.releaseJob, { lease, now: now.getTime() })])
    },

    async endLeases() {
      await db.commit([call(J.endLeases, {})])
    },

    async prune(before) {
      await db.commit(J.pruneJobs.map((one) => call(one, { before: before.getTime() })))
    },
  }
}

/** The rows as JSON arrays of bounded length, each with the position of its first row. */
function chunks(items: readonly JobItemDraft[]): { offset: number; text: string }[] {
  const found: { offset: number; text: string }[] = []
  let rows: string[] = []
  let size = 0
  let offset = 0
  const flush = () => {
    if (rows.length > 0) found.push({ offset, text: `[${rows.join(',')}]` })
    offset += rows.length
    rows = []
    size = 0
  }
  for (const item of items) {
    const row = json(item)
    if (size + row.length > CHUNK) flush()
    rows.push(row)
    size += row.length
  }
  flush()
  return found
}
