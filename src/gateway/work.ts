import type { Work } from '../work/work.ts'
import type { Gateway } from './gateway.ts'

/** How soon a job goes on that was left waiting: by a restart, or by a fault of the store. */
const JOBS_EVERY = 15_000
/** How soon a webhook's call is made that waits for its next attempt, or was left by a restart. */
const CALLS_EVERY = 1000
/** Steps of jobs in a shared run: a step asks the store a hundred times, an invocation of a Worker may a thousand times. */
const JOB_STEPS = 8

export interface WorkTable {
  readonly jobs: Work
  readonly calls: Work
  /** All of it, these two included. */
  readonly all: readonly Work[]
}

/** Everything that is done without a request: both runtimes run this one table. `deliver` makes due calls of webhooks. */
export function workTable(gateway: Gateway, deliver: () => Promise<number>): WorkTable {
  const jobs = { name: 'jobs', every: JOBS_EVERY, most: JOB_STEPS, step: gateway.jobs.step }
  const calls = { name: 'outbox', every: CALLS_EVERY, most: 1, step: deliver }
  return { jobs, calls, all: [...gateway.maintenance.work, jobs, calls] }
}
