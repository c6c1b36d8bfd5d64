import type { Meter, Tally } from '../domain/meter.ts'
import { activityTally, requestLabels } from '../domain/metrics.ts'
import type { Measures } from '../gateway/measures.ts'

/** Counts what this isolate does, and adds it to the sums of all of them. */
export interface TallyMeter extends Meter {
  /**
   * Whether it is time to. The first count of an isolate is added at once: it may be its only one. Health checks and calls of
   * nothing that there is wait for others.
   */
  due(): boolean
  /** What could not be added is added with the next. */
  flush(): Promise<void>
}

/** Sums in memory; beyond, requests are counted by dialect and status alone, and then not at all. */
const MOST_SUMS = 1000
const MOST_LEFT = 2000

interface TallyMeterDeps {
  readonly seconds: number
  readonly add: Measures['add']
  readonly now: () => number
}

export function createTallyMeter({ seconds, add, now }: TallyMeterDeps): TallyMeter {
  let sums = new Map<string, Tally>()
  let waits = false
  let flushedAt = Number.NEGATIVE_INFINITY

  function count({ metric, labels, amount }: Tally): void {
    const key = `${metric} ${Object.values(labels).join(' ')}`
    const known = sums.get(key)
    if (known || sums.size < MOST_LEFT)
      sums.set(key, { metric, labels, amount: (known?.amount ?? 0) + amount })
  }

  return {
    request(of) {
      count({ metric: 'requests_total', labels: requestLabels(of, sums.size < MOST_SUMS), amount: 1 })
      waits ||= of.dialect !== null
    },
    happened(...of) {
      const tally = activityTally(...of)
      if (tally) count(tally)
      waits ||= tally !== null
    },
    lookedUp: (cached) =>
      count({ metric: 'app_lookups_total', labels: { cache: cached ? 'hit' : 'miss' }, amount: 1 }),
    stored() {},
    grouped() {},
    due: () => waits && now() - flushedAt >= seconds * 1000,
    async flush() {
      if (sums.size === 0) return
      const taken = [...sums.values()]
      sums = new Map()
      waits = false
      flushedAt = now()
      try {
        await add(taken)
      } catch (error) {
        for (const one of taken) count(one)
        waits = true
        throw error
      }
    },
  }
}
