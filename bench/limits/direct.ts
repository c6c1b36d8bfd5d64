// The database limit: runs the statements of a measure, with the values that the gateway would bind, directly
// with better-sqlite3, in groups that share one transaction and so one fsync. Prints the results.
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

/** The results. */
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

/** Requests that are recorded before the measurement. */
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
