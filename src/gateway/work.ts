import type { Work } from '../work/work.ts'
import type { Gateway } from './gateway.ts'

/** How soon a job continues after a restart or a store failure, in milliseconds. */
const JOBS_EVERY = 15_000
/** How soon a webhook call is made that waits for its next attempt or was left by a restart, in milliseconds. */
const CALLS_EVERY = 1000
/** Job steps in a shared run: a step makes about 100 store calls, and a Worker invocation may make 1,000. */
const JOB_STEPS = 8

export interface WorkTable {
  readonly jobs: Work
  readonly calls: Work
  /** All work, including these two. */
  readonly all: readonly Work[]
}

/** All background work; both runtimes run this table. `deliver` makes due webhook calls. */
export function workTable(gateway: Gateway, deliver: () => Promise<number>): WorkTable {
  const jobs = { name: 'jobs', every: JOBS_EVERY, most: JOB_STEPS, step: gateway.jobs.step }
  const calls = { name: 'outbox', every: CALLS_EVERY, most: 1, step: deliver }
  return { jobs, calls, all: [...gateway.maintenance.work, jobs, calls] }
}
