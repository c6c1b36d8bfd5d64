import type { Clock } from '../domain/ids.ts'
import type { Store } from '../store/store.ts'

/** A server that apps of a dialect are mirrored to, and one of these apps. */
export interface MirroredServer {
  readonly dialect: string
  readonly upstream: string
  readonly appId: string
}

/**
 * Which dialects have mirrored apps at all, known without asking the database: a request of a dialect that has none costs
 * nothing, and most gateways have none. Changes by this process count at once, those by others at the next `refresh`.
 */
export interface Mirrors {
  /** The servers of a dialect, as last seen. */
  servers(dialect: string): readonly MirroredServer[]
  /** Whether what is known is as old as a look-up of an app may be. */
  stale(): boolean
  refresh(): Promise<void>
}

/** Most servers of all dialects. */
const MOST = 1000

export function createMirrors(deps: {
  readonly store: Store
  readonly now: Clock
  readonly appCacheSeconds: number
}): Mirrors {
  const { store, now, appCacheSeconds } = deps
  let known = new Map<string, MirroredServer[]>()
  let seen: number | undefined

  return {
    servers: (dialect) => known.get(dialect) ?? [],
    stale: () =>
      seen === undefined || Math.abs(now().getTime() - seen) >= Math.max(1, appCacheSeconds) * 1000,
    async refresh() {
      const at = now().getTime()
      const servers = await store.apps.mirrored(MOST)
      const next = new Map<string, MirroredServer[]>()
      for (const one of servers) next.set(one.dialect, [...(next.get(one.dialect) ?? []), one])
      known = next
      seen = at
    },
  }
}
