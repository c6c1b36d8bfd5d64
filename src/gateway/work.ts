import type { Work } from '../work/work.ts'
import type { Gateway } from './gateway.ts'

/** How soon a job continues after a restart or a store failure, in milliseconds. */
const JOBS_EVERY = 15_000
/** How soon a webhook call that is due for a retry, or was left by a restart, is made; milliseconds. */
const CALLS_EVERY = 1000
/** How soon a due message, or one left by a restart, is processed; milliseconds. */
const SENDING_EVERY = 1000
/** How soon a failed copy, or one left by a restart, is sent to the vendor again; milliseconds. */
const COPIES_EVERY = 1000
/** How often writes gathered in memory are stored, in milliseconds; a killed process loses at most this much. */
const GATHERED_EVERY = 500
/** How soon receivers of the feed are sent new events, in milliseconds. */
const FEED_EVERY = 1000
/** How soon the next values are re-encrypted with a new master key, in milliseconds. */
const KEYS_EVERY = 1000
/** How soon mirrors set up by another process are known, in milliseconds. */
const MIRRORS_EVERY = 1000
/** Job steps in a shared run: a step makes about 100 store calls, and a Worker invocation may make 1,000. */
const JOB_STEPS = 8
/** How soon an import continues after a restart or a store failure, in milliseconds. */
const IMPORTS_EVERY = 1000
/** Import turns in a shared run. */
const IMPORT_STEPS = 4
/** Planning steps in a shared run, each of a few statements. */
const PLANNING_STEPS = 4

export interface WorkTable {
  readonly jobs: Work
  readonly calls: Work
  /** Sends events to receivers of the feed. */
  readonly feed: Work
  /** Looks up the audiences of messages. */
  readonly planning: Work
  /** Sends messages. */
  readonly sending: Work
  readonly imports: Work
  /** Copies calls to vendors. */
  readonly copies: Work
  /** Stores writes gathered in memory. */
  readonly gathered: Work
  /** All work, including these. */
  readonly all: readonly Work[]
}

/** Work that calls other servers, provided by the runtime. */
export interface Reaching {
  /** Makes due webhook calls. */
  readonly deliver: () => Promise<number>
  /** Sends events to receivers of the feed. */
  readonly tell: () => Promise<number>
  readonly plan: () => Promise<boolean>
  readonly send: () => Promise<number>
  /** Runs one turn of the import that has waited longest. */
  readonly import: () => Promise<boolean>
  /** Sends due copies of calls. */
  readonly copy: () => Promise<number>
}

/** All background work; both runtimes run this table. */
export function workTable(gateway: Gateway, { deliver, plan, send, ...reaching }: Reaching): WorkTable {
  const jobs = { name: 'jobs', every: JOBS_EVERY, most: JOB_STEPS, step: gateway.jobs.step }
  const calls = { name: 'outbox', every: CALLS_EVERY, most: 1, step: deliver }
  const keys = { name: 'keys', every: KEYS_EVERY, most: 4, step: gateway.keys.step }
  const feed = { name: 'feed', every: FEED_EVERY, most: 1, step: reaching.tell }
  const planning = { name: 'planning', every: SENDING_EVERY, most: PLANNING_STEPS, step: plan }
  const sending = { name: 'sending', every: SENDING_EVERY, most: 1, step: send }
  const mirrors = {
    name: 'mirrors',
    every: MIRRORS_EVERY,
    async step() {
      if (gateway.mirrors.stale()) await gateway.mirrors.refresh()
      return 0
    },
  }
  const gathered = {
    name: 'gathered',
    every: GATHERED_EVERY,
    async step() {
      // Together, so that both share one commit.
      await Promise.all([gateway.copies.write(), gateway.mirrors.write()])
      return 0
    },
  }
  const copies = { name: 'copies', every: COPIES_EVERY, most: 1, step: reaching.copy }
  const imports = { name: 'imports', every: IMPORTS_EVERY, most: IMPORT_STEPS, step: reaching.import }
  return {
    jobs,
    calls,
    feed,
    planning,
    sending,
    imports,
    copies,
    gathered,
    all: [
      ...gateway.maintenance.work,
      mirrors,
      jobs,
      keys,
      calls,
      feed,
      planning,
      sending,
      imports,
      gathered,
      copies,
    ],
  }
}
