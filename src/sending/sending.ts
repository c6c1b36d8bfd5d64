import type { Adapter } from '../adapter.ts'
import type { Ids } from '../domain/ids.ts'
import type { ActivityLog } from '../gateway/activity.ts'
import type { LanesDeps } from '../gateway/lanes.ts'
import type { LeasedPage } from '../store/contract/messages.ts'
import { createConsumer, type Run } from '../work/consumer.ts'
import type { OpenLane } from './lane.ts'
import { createLanes } from './lanes.ts'
import { LEASE } from './ledger.ts'
import { type Sending as PageUnderWay, sendPage } from './page.ts'
import { createPlanner } from './planner.ts'
import { createTurns, type Waiting } from './turns.ts'

/** Limits on sending, per runtime. */
export interface SendingPace {
  /** Devices per call of `plan`, devices per commit, devices per read, and phones per page. */
  readonly candidates: number
  readonly written: number
  readonly look: number
  readonly page: number
  /** Most concurrent pages, and most concurrent requests per lane. */
  readonly pages: number
  readonly atOnce: number
  /** A `deliver` call starts no page after this many pages or milliseconds. */
  readonly most: number
  readonly milliseconds: number
}

/**
 * Delivers accepted messages to push services. Safe to run concurrently in several processes: each planning
 * step is done once, each page is leased by one sender, and pages of a crashed process are sent after their
 * lease.
 */
export interface Sending {
  /**
   * Immediately takes over the work of a killed process; only for the sole process of a database, before it
   * starts.
   */
  recover(): Promise<void>
  /** Plans a limited part of an audience. False if there is nothing to plan. */
  plan(): Promise<boolean>
  /**
   * Starts due pages and returns their number. Calls `ended` after each, with the error if its results could
   * not be written.
   */
  begin(ended: (fault?: unknown) => void): Promise<number>
  /** Sends due pages until none is left or the limits of a run are reached. Returns their number. */
  deliver(): Promise<number>
  /** Starts nothing more, waits briefly for requests in flight, and releases everything. */
  stop(): Promise<void>
}

export interface SendingDeps extends LanesDeps {
  readonly ids: Ids
  readonly adapters: readonly Adapter[]
  readonly pace: SendingPace
  /** Where results are counted for charts. */
  readonly activity?: Pick<ActivityLog, 'note'> | undefined
  /** Whether live calls wait for their answers; they come first. */
  readonly waiting?: Waiting | undefined
  /** A random number from 0 to 1, replaced in tests. */
  readonly random?: () => number
}

interface Leased {
  readonly page: LeasedPage
  readonly lane: OpenLane | null
}

/** How long a stop waits for answers, in milliseconds. */
const GRACE = 10_000

export function createSending(deps: SendingDeps): Sending {
  const { store, now, ids, push, adapters, pace, waiting = () => false, random = Math.random } = deps
  const lanes = createLanes({ ...deps, atOnce: pace.atOnce })
  const dialects = new Map(adapters.map((adapter) => [adapter.name, adapter]))
  const running = new Set<PageUnderWay>()
  let stopping = false
  const pageDeps = {
    ...{ store, now, random, dialects, stopping: () => stopping },
    turns: createTurns(waiting),
  }
  const plan = createPlanner({
    ...{ store, now, dialects, kinds: new Set(push.all.map(({ kind }) => kind)) },
    ...{ candidates: pace.candidates, written: pace.written, look: pace.look, page: pace.page, waiting },
  })

  /** Each page adds one to its lane immediately, so that the next claim sees it. */
  async function lined(pages: readonly LeasedPage[]): Promise<readonly Leased[]> {
    const leased: Leased[] = []
    try {
      for (const page of pages) {
        const lane = await lanes.get(page.appId, page.provider)
        if (lane) lane.pages++
        leased.push({ page, lane })
      }
      return leased
    } catch (error) {
      for (const { lane } of leased) if (lane) lane.pages--
      throw error
    }
  }

  const consumer = createConsumer<Leased>({
    source: {
      async claim(terms, at) {
        if (stopping) return []
        const claim = { ...terms, each: 1, resting: await lanes.resting() }
        return lined(await store.messages.claim(claim, at))
      },
    },
    now,
    newLease: ids.row,
    lease: LEASE,
    longestWait: LEASE,
    atOnce: pace.pages,
  })

  const send: Run<Leased> = async ({ page, lane }, { lease }) => {
    const one = sendPage(pageDeps, page, lease, lane)
    running.add(one)
    try {
      await one.ended
    } finally {
      running.delete(one)
      if (lane) lane.pages--
    }
  }

  return {
    recover: () => store.messages.endLeases(now()),
    plan,
    begin: (ended) => consumer.begin(send, ended),
    deliver: () => consumer.drain(send, pace),
    async stop() {
      stopping = true
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, GRACE)
      })
      await Promise.race([consumer.idle(), late])
      clearTimeout(timer)
      await Promise.allSettled([...running].map((one) => one.giveBack()))
      await lanes.close()
    },
  }
}
