import type { Meter, Tally } from '../domain/meter.ts'
import { activityTally, requestLabels } from '../domain/metrics.ts'
import type { Measures } from '../gateway/measures.ts'

/** Counts events of this isolate and adds them to the sums of all isolates. */
export interface TallyMeter extends Meter {
  /**
   * Whether the counts are due for writing. The first count of an isolate is written immediately, because it
   * may be the only one. Health checks and unknown paths wait for others.
   */
  due(): boolean
  /** Counts that could not be added are added with the next ones. */
  flush(): Promise<void>
}

/** Most sums in memory; beyond that, requests are counted by dialect and status only, and then not at all. */
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
