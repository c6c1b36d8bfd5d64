import { spawnSync } from 'node:child_process'
import type { Loaded, LoadJob } from '../load/job.ts'
import { answer } from './child.ts'
import { built } from './paths.ts'

let found: 'wrk' | 'autocannon' | undefined
/** wrk if it is installed, because it uses the least CPU; BENCH_GENERATOR overrides this. */
export function generator(): 'wrk' | 'autocannon' {
  const wanted = process.env.BENCH_GENERATOR
  found ??=
    wanted !== 'autocannon' && spawnSync('wrk', ['--version']).error === undefined ? 'wrk' : 'autocannon'
  return found
}

/** Sends the requests of a measure from a second process; returns its results. */
export const load = (job: LoadJob): Promise<Loaded> =>
  answer<Loaded>(built(generator() === 'wrk' ? 'wrk' : 'generator'), job)
