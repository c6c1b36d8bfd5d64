import type { Work } from '../work/work.ts'
import type { Gateway } from './gateway.ts'

/** How soon a job continues after a restart or a store failure, in milliseconds. */
const JOBS_EVERY = 15_000
/** How soon a webhook call is made that waits for its next attempt or was left by a restart, in milliseconds. */
const CALLS_EVERY = 1000
/** How soon a message is taken up that is due by now, or was left by a restart, in milliseconds. */
const SENDING_EVERY = 1000
/** How soon a copy is sent again to a vendor that failed, or was left by a restart, in milliseconds. */
const COPIES_EVERY = 1000
/** How soon what waits in memory is written, in milliseconds: a process that is killed loses as much of it. */
const GATHERED_EVERY = 500
/** How soon receivers of the feed are told what has happened, in milliseconds. */
const FEED_EVERY = 1000
/** How soon the next values are sealed with a new master key, in milliseconds. */
const KEYS_EVERY = 1000
/** How soon mirrors are known that another process set up, in milliseconds. */
const MIRRORS_EVERY = 1000
/** Job steps in a shared run: a step makes about 100 store calls, and a Worker invocation may make 1,000. */
const JOB_STEPS = 8
/** How soon an import goes on after a restart or a store failure, in milliseconds. */
const IMPORTS_EVERY = 1000
/** Turns of imports in a shared run. */
const IMPORT_STEPS = 4
/** Steps of planning in a shared run: each a few statements. */
const PLANNING_STEPS = 4

export interface WorkTable {
  readonly jobs: Work
  readonly calls: Work
  /** Tells receivers of the feed. */
  readonly feed: Work
  /** Looks up the audience of messages. */
  readonly planning: Work
  /** Sends them. */
  readonly sending: Work
  readonly imports: Work
  /** Copies calls to vendors. */
  readonly copies: Work
  /** Writes what was gathered in memory. */
  readonly gathered: Work
  /** All work, including these. */
  readonly all: readonly Work[]
}

/** What the runtime brings: work that reaches other servers. */
export interface Reaching {
  /** Makes due webhook calls. */
  readonly deliver: () => Promise<number>
  /** Tells receivers of the feed. */
  readonly tell: () => Promise<number>
  readonly plan: () => Promise<boolean>
  readonly send: () => Promise<number>
  /** Works for a turn on the import that has waited longest. */
  readonly import: () => Promise<boolean>
  /** Makes due copies of calls. */
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
      // In one turn, so that they share a commit.
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
