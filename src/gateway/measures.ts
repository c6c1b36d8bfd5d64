import type { Clock } from '../domain/ids.ts'
import type { Tally } from '../domain/meter.ts'
import type { Backlog, ReceiverCount, ServiceCount } from '../store/contract/measures.ts'
import type { Store } from '../store/store.ts'

/** Data for metrics. */
export interface Measures {
  /** Each queue is counted up to 10,000. */
  backlogs(): Promise<readonly Backlog[]>
  services(): Promise<readonly ServiceCount[]>
  receivers(): Promise<readonly ReceiverCount[]>
  /** Counts the devices of each dialect, a few apps at a time, and awaits `rest` in between. */
  devices(rest?: () => Promise<unknown>): Promise<ReadonlyMap<string, number>>
  /** The size of the database in bytes; null if unknown. */
  size(): Promise<number | null>
  /** Adds to sums that several processes share. */
  add(tallies: readonly Tally[]): Promise<void>
  tallies(): Promise<readonly Tally[]>
}

const MOST_COUNTED = 10_000
const APPS = 500

export function createMeasures({ store, now }: { store: Store; now: Clock }): Measures {
  const { measures } = store
  return {
    backlogs: () => measures.backlogs(MOST_COUNTED),
    services: () => measures.services(now(), MOST_COUNTED),
    receivers: () => measures.receivers(now(), MOST_COUNTED),
    async devices(rest = async () => {}) {
      const sums = new Map<string, number>()
      for (let after = ''; ; ) {
        const { counts, last } = await measures.devices(after, APPS)
        for (const [dialect, count] of counts) sums.set(dialect, (sums.get(dialect) ?? 0) + count)
        if (last === null) return sums
        after = last
        await rest()
      }
    },
    size: () => store.size(),
    add: measures.add,
    tallies: measures.tallies,
  }
}
