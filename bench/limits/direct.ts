// The limit of the database side: the statements of a measure, with the values that the gateway would give them, straight
// on better-sqlite3, in groups that share one transaction and so one fsync. It prints what it measured.
import { withAccess } from '../dialects/access.ts'
import type { Target } from '../load/job.ts'
import { measureNamed } from '../measures.ts'
import { record } from './record.ts'
import { replay } from './replay.ts'

export interface DirectJob {
  readonly file: string
  readonly measure: string
  readonly target: Target
  /** Requests in one transaction. */
  readonly group: number
  readonly seconds: number
}

/** What came of it. */
export interface Direct {
  readonly rate: number
  readonly answers: number
  /** Milliseconds of a whole group. */
  readonly p50: number
  readonly p99: number
  readonly p999: number
  /** SQL statements per request, reads included. */
  readonly statements: number
}

/** So many requests are written down before they are measured. */
const MOST = 4000

const job: DirectJob = JSON.parse(process.argv[2] ?? '{}')
const measure = measureNamed(job.measure)
const most = Math.ceil(MOST / (measure.rows ?? 1))
const recorded = await record(job.file, most, async (send) => {
  const target = { ...job.target, documents: await withAccess(job.target.documents, send) }
  return (k) => measure.shot(target, k)
})
const direct: Direct = replay(job.file, recorded, job)
process.stdout.write(JSON.stringify(direct))
