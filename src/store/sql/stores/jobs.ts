import type { JobItem, JobProgress } from '../../../domain/job.ts'
import type { JobItemDraft, JobStore } from '../../store.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as J from '../statements/jobs.ts'
import { anyDueIn } from './claiming.ts'
import { claimValues, json } from './values.ts'

/** Characters of rows bound as one value: D1 allows 2 MB per value, and a character has up to 3 bytes. */
const CHUNK = 300_000

export function jobStore(db: Db): JobStore {
  return {
    async create({ id, appId, dialect, total, items }, now) {
      const values = { job: id, app: appId, dialect, total, now: now.getTime() }
      let open = false
      for (const { offset, text, last } of chunks(items)) {
        const { opened } = await commit(db, {
          begun: offset === 0 ? [call(J.insertJob, values)] : [],
          rows: call(J.insertJobItems, { ...values, offset, items: text }),
          opened: last ? [call(J.openJob, values)] : [],
        })
        open = opened.flat().length > 0
      }
      return open
    },

    async find(dialect, id) {
      const [[row]] = await db.read([call(J.jobProgress, { dialect, job: id })])
      return row ? { ...row, state: row.state as JobProgress['state'] } : null
    },

    async items(id, { after, limit }) {
      const [rows] = await db.read([call(J.jobItemPage, { job: id, afterPosition: after, limit })])
      return rows.map((row) => ({ ...row, state: row.state as JobItem['state'] }))
    },

    async claim({ limit, ...claim }, now) {
      const values = { ...claimValues({ ...claim, limit: 1 }, now), rows: limit }
      if (db.holdsAll && !(await anyDueIn(db, [J.anyDue], values))) return null
      const {
        claimed: [job],
        items,
      } = await commit(db, {
        taken: call(J.claimJob, values),
        claimed: call(J.leasedJob, values),
        items: call(J.waitingItems, values),
      })
      if (!job) return null
      return {
        id: job.id,
        appId: job.app_id,
        dialect: job.dialect,
        items: items.map(({ position, input }) => ({ position, input: JSON.parse(input) })),
      }
    },

    async fail(app, { job, position }, reason) {
      await db.commit([call(J.failJobItem, { app, job, position, reason })])
    },

    async renew(lease, until) {
      await db.commit([call(J.renew, { lease, until: until.getTime() })], { repeatable: true })
    },

    async release(app, lease, now) {
      await db.commit([call(J.releaseJob, { app, lease, now: now.getTime() })])
    },

    async endLeases() {
      await db.commit([call(J.endLeases, {})])
    },

    async prune(before, limit) {
      const values = { before: before.getTime(), limit }
      const plan = { items: call(J.pruneItems, values), jobs: call(J.pruneJobs, values) }
      const { items, jobs } = await commit(db, plan)
      return items.length === limit || jobs.length === limit
    },
  }
}

interface Chunk {
  /** The position of the first row. */
  readonly offset: number
  /** A JSON array. */
  readonly text: string
  readonly last: boolean
}

/** The rows in chunks of bounded length, each built on demand; at least one. */
function* chunks(items: Iterable<JobItemDraft>): Generator<Chunk> {
  let rows: string[] = []
  let size = 0
  let offset = 0
  const chunk = (last: boolean): Chunk => ({ offset, text: `[${rows.join(',')}]`, last })
  for (const { label, input, reason } of items) {
    // The input is JSON already and is not serialized again.
    const row = `{"label":${json(label)},"reason":${json(reason)},"input":${input ?? 'null'}}`
    if (size + row.length > CHUNK && rows.length > 0) {
      yield chunk(false)
      offset += rows.length
      rows = []
      size = 0
    }
    rows.push(row)
    size += row.length
  }
  yield chunk(true)
}
