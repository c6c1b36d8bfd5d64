import type { Clock } from '../domain/ids.ts'
import type { Scope } from '../store/contract/listing.ts'
import type { Backlog, ServiceCount } from '../store/contract/measures.ts'
import type { Store } from '../store/store.ts'

/** What metrics ask. */
export interface Measures {
  /** Of each queue up to 10,000 are counted. */
  backlogs(): Promise<readonly Backlog[]>
  services(): Promise<readonly ServiceCount[]>
  /** Counts the devices of each dialect, a piece at a time; `rest` is waited for between the pieces. */
  devices(rest: () => Promise<unknown>): Promise<ReadonlyMap<string, number>>
}

const MOST_COUNTED = 10_000
const SCOPES = 100
const PIECE = 5000

export function createMeasures({ store: { measures }, now }: { store: Store; now: Clock }): Measures {
  async function devicesOf(scope: Scope, rest: () => Promise<unknown>): Promise<number> {
    let sum = 0
    for (let after: string | null = ''; after !== null; ) {
      const { count, last } = await measures.devices(scope, after, PIECE)
      sum += count
      after = count < PIECE ? null : last
      await rest()
    }
    return sum
  }

  return {
    backlogs: () => measures.backlogs(MOST_COUNTED),
    services: () => measures.services(now(), MOST_COUNTED),
    async devices(rest) {
      const counts = new Map<string, number>()
      for (let after: Scope | null = null; ; ) {
        const scopes: readonly Scope[] = await measures.scopes(after, SCOPES)
        for (const scope of scopes)
          counts.set(scope.dialect, (counts.get(scope.dialect) ?? 0) + (await devicesOf(scope, rest)))
        after = scopes.at(-1) ?? null
        if (scopes.length < SCOPES) return counts
      }
    },
  }
}
