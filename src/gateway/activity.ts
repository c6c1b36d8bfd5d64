import type { Activity, ActivityCount } from '../domain/activity.ts'
import type { Clock } from '../domain/ids.ts'
import type { Meter } from '../domain/meter.ts'
import type { Store } from '../store/store.ts'

/** A recent event, for live views. */
export interface Happening {
  /** Increases by one per event, in one process or isolate. */
  readonly number: number
  readonly at: Date
  readonly kind: Activity
  readonly app: string | null
  readonly dialect: string
  readonly facet: string
  /** The device, for registrations. */
  readonly device?: { readonly id: string; readonly externalId: string }
  /** For refusals. */
  readonly refusal?: {
    readonly reason: string
    readonly identifier: string | null
    readonly requestId: string
  }
}
export type Happened = Omit<Happening, 'number' | 'at'>

/**
 * Counts events by the hour in memory and stores the counts in batches: no call waits for a write, and a crash loses a few
 * seconds of statistics. Recent events can be watched, only those of this process or isolate.
 */
export interface ActivityLog {
  note(happened: Happened, times?: number): void
  /** Events after this number, oldest first; events that have left the buffer are missing. */
  after(number: number): readonly Happening[]
  /** The number of the latest event. */
  last(): number
  /** Whether counts have waited long enough that a runtime without a timer should store them. */
  due(): boolean
  /** Stores waiting counts. False if there were none. */
  flush(): Promise<boolean>
  since(appId: string | null, hour: number): Promise<readonly ActivityCount[]>
  /** Deletes a batch of counts that are older than a year. */
  drop(batch: number): Promise<number>
}

const HOUR = 3_600_000
const KEPT_HOURS = 400 * 24
/** Most sums in memory. Beyond, new ones are counted without a facet, and finally not at all. */
const MOST_SUMS = 2000
const MOST_WATCHED = 500
const FLUSH_EVERY = 5000

interface ActivityDeps {
  readonly store: Store
  readonly now: Clock
  readonly meter?: Meter | undefined
}

export function createActivity({ store, now, meter }: ActivityDeps): ActivityLog {
  let sums = new Map<string, ActivityCount>()
  let waitingSince = 0
  let number = 0
  const watched: Happening[] = []

  function count(of: Omit<ActivityCount, 'count'>, times: number): boolean {
    const key = JSON.stringify([of.appId, of.hour, of.kind, of.dialect, of.facet])
    const known = sums.get(key)
    if (!known && sums.size >= MOST_SUMS) return false
    if (sums.size === 0) waitingSince = now().getTime()
    sums.set(key, { ...of, count: (known?.count ?? 0) + times })
    return true
  }

  return {
    note(happened, times = 1) {
      const at = now()
      const { app, kind, dialect, facet } = happened
      const of = { appId: app ?? '', hour: Math.floor(at.getTime() / HOUR), kind, dialect, facet }
      meter?.happened(kind, dialect, facet, times)
      if (!count(of, times)) count({ ...of, facet: '' }, times)
      if (kind === 'accepted' || kind === 'failed') return
      watched.push({ ...happened, number: ++number, at })
      if (watched.length > MOST_WATCHED) watched.shift()
    },
    after: (seen) => watched.filter((one) => one.number > seen),
    last: () => number,
    due: () => sums.size > 0 && now().getTime() - waitingSince >= FLUSH_EVERY,
    async flush() {
      if (sums.size === 0) return false
      const taken = [...sums.values()]
      sums = new Map()
      await store.activity.add(taken)
      return true
    },
    since: (appId, hour) => store.activity.since(appId, hour),
    drop: (batch) => store.activity.drop(Math.floor(now().getTime() / HOUR) - KEPT_HOURS, batch),
  }
}
