import type { Adapter } from '../adapter.ts'
import type { Ids } from '../domain/ids.ts'
import type { LanesDeps } from '../gateway/lanes.ts'
import { createLanes } from './lanes.ts'
import { LEASE } from './ledger.ts'
import { type Sending as PageUnderWay, sendPage } from './page.ts'
import { createPlanner } from './planner.ts'

/** Limits on sending, per runtime. */
export interface SendingPace {
  /** Devices that one step of planning looks at, and phones of one page. */
  readonly candidates: number
  readonly page: number
  /** Pages under way at once, and requests of one lane. */
  readonly pages: number
  readonly atOnce: number
  /** One `deliver` begins no page after this many or so many milliseconds. */
  readonly most: number
  readonly milliseconds: number
}

/**
 * Brings accepted messages to push services. Safe to run concurrently, in several processes: planning moves on once, a page
 * is leased by one sender, and what a crash leaves is sent after its lease.
 */
export interface Sending {
  /** Looks up a bounded part of an audience. False if there is nothing to plan. */
  plan(): Promise<boolean>
  /** Begins due pages and returns their number. Calls `ended` after each, with the error if its results are not written. */
  begin(ended: (fault?: unknown) => void): Promise<number>
  /** Sends due pages until none is left or the limits of a run are reached. Returns their number. */
  deliver(): Promise<number>
  /** Begins nothing more, waits a little for what is in flight, and gives everything back. */
  stop(): Promise<void>
}

export interface SendingDeps extends LanesDeps {
  readonly ids: Ids
  readonly adapters: readonly Adapter[]
  readonly pace: SendingPace
  /** From 0 to 1; for tests. */
  readonly random?: () => number
}

/** How long a stop waits for answers, in milliseconds. */
const GRACE = 10_000

export function createSending(deps: SendingDeps): Sending {
  const { store, now, ids, push, adapters, pace, random = Math.random } = deps
  const lanes = createLanes({ ...deps, atOnce: pace.atOnce })
  const dialects = new Map(adapters.map((adapter) => [adapter.name, adapter]))
  const running = new Set<PageUnderWay>()
  let stopping = false
  const pageDeps = { store, now, random, dialects, stopping: () => stopping }
  const plan = createPlanner({
    ...{ store, now, candidates: pace.candidates, page: pace.page },
    kinds: new Set(push.all.map(({ kind }) => kind)),
  })

  async function lease() {
    const at = now()
    const later = (leases: number) => new Date(at.getTime() + leases * LEASE)
    const request = {
      lease: ids.row(),
      until: later(1),
      horizon: later(2),
      resting: await lanes.resting(),
      each: 1,
      limit: pace.pages - running.size,
    }
    const pages = stopping || request.limit <= 0 ? [] : await store.messages.claim(request, at)
    return { pages, lease: request.lease }
  }

  async function begin(ended: (fault?: unknown) => void): Promise<number> {
    const { pages, lease: name } = await lease()
    for (const page of pages) {
      const lane = await lanes.get(page.appId, page.provider)
      const one = sendPage(pageDeps, page, name, lane)
      running.add(one)
      if (lane) lane.pages++
      const end = (fault?: unknown) => {
        running.delete(one)
        if (lane) lane.pages--
        ended(fault)
      }
      one.ended.then(() => end(), end)
    }
    return pages.length
  }

  return {
    plan,
    begin,
    async deliver() {
      let made = 0
      const faults: unknown[] = []
      const stop = performance.now() + pace.milliseconds
      while (made < pace.most && performance.now() < stop && faults.length === 0) {
        const begun = await begin((fault) => fault !== undefined && faults.push(fault))
        if (begun === 0) break
        made += begun
        await Promise.allSettled([...running].map((one) => one.ended))
      }
      if (faults.length > 0) throw faults[0]
      return made
    },
    async stop() {
      stopping = true
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, GRACE)
      })
      await Promise.race([Promise.allSettled([...running].map((one) => one.ended)), late])
      clearTimeout(timer)
      await Promise.allSettled([...running].map((one) => one.giveBack()))
      await lanes.close()
    },
  }
}
