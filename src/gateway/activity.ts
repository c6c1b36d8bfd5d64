import type { Activity, ActivityCount } from '../domain/activity.ts'
import type { Clock } from '../domain/ids.ts'
import type { Meter } from '../domain/meter.ts'
import type { Store } from '../store/store.ts'

/** Something that just happened, for whoever watches. */
export interface Happening {
  /** Counts up, in one process or isolate. */
  readonly number: number
  readonly at: Date
  readonly kind: Activity
  readonly app: string | null
  readonly dialect: string
  readonly facet: string
  /** Of a registration: the device. */
  readonly device?: { readonly id: string; readonly externalId: string }
  /** Of a refusal. */
  readonly refusal?: {
    readonly reason: string
    readonly identifier: string | null
    readonly requestId: string
  }
}
export type Happened = Omit<Happening, 'number' | 'at'>

/**
 * What happens, counted by the hour in memory and stored a batch at a time: no call waits for it, and a crash loses some
 * seconds of plots. The last of it can be watched, in one process or isolate alone.
 */
export interface ActivityLog {
  note(happened: Happened, times?: number): void
  /** What happened after a number, the oldest first; of what nobody fetched in time the beginning is lost. */
  after(number: number): readonly Happening[]
  /** The number of the last one. */
  last(): number
  /** Whether counts wait to be stored for so long that a runtime without a timer should do it. */
  due(): boolean
  /** Stores what waits. False if that was nothing. */
  flush(): Promise<boolean>
  since(appId: string | null, hour: number): Promise<readonly ActivityCount[]>
  /** Deletes some counts that are older than a year. */
  drop(batch: number): Promise<number>
}

const HOUR = 3_600_000
const KEPT_HOURS = 400 * 24
/** Sums in memory; beyond, what is new is counted under no facet, and then not at all. */
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
