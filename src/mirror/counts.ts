import type { Clock } from '../domain/ids.ts'
import type { MirrorSettings } from '../domain/mirror.ts'
import type { Gateway } from '../gateway/gateway.ts'

/** The values that are counted for a mirrored call. */
export type Counted =
  | 'requests'
  | 'sent'
  | 'compared'
  | 'equal'
  | 'differing'
  | 'notComparable'
  | 'diverged'
  | 'dropped'
  | `failed.${'unreachable' | 'timeout' | 'refused'}`
  | `notSent.${'never' | 'loop' | 'backlog'}`
  | `${'ours' | 'vendor'}.${number}`

export interface CountedFor {
  readonly appId: string
  readonly dialect: string
  readonly mirror: Pick<MirrorSettings, 'since'>
  readonly route: string
}

/** Counts in memory and writes the sums together, so that a call needs no write of its own. */
export interface Counts {
  add(of: CountedFor, ...names: readonly Counted[]): void
  /** Writes the sums after a short delay. Never rejects. */
  flush(gateway: Gateway): Promise<void>
}

const HOUR = 3_600_000
/** In milliseconds. */
const GATHERING = 100

export function createCounts(now: Clock): Counts {
  const gathered = new Map<
    string,
    { readonly of: CountedFor; readonly hour: number; names: Map<string, number> }
  >()
  let flushing: Promise<void> | undefined

  async function write(gateway: Gateway): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, GATHERING))
    flushing = undefined
    const rows = [...gathered.values()].flatMap(({ of, hour, names }) =>
      [...names].map(([name, amount]) => ({
        ...{ appId: of.appId, dialect: of.dialect, route: of.route, name, hour, amount },
        since: new Date(of.mirror.since),
      })),
    )
    gathered.clear()
    // Counts that cannot be written are kept for the next write, up to a bound.
    if (rows.length > 0) await gateway.mirrors.count(rows).catch(() => {})
  }

  return {
    add(of, ...names) {
      const hour = Math.floor(now().getTime() / HOUR)
      const key = JSON.stringify([of.appId, of.dialect, of.mirror.since, of.route, hour])
      const row = gathered.get(key) ?? { of, hour, names: new Map<string, number>() }
      gathered.set(key, row)
      for (const name of names) row.names.set(name, (row.names.get(name) ?? 0) + 1)
    },
    flush(gateway) {
      flushing ??= write(gateway)
      return flushing
    },
  }
}
