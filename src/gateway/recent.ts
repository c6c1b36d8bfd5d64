import { LRUCache } from 'lru-cache'
import type { Clock } from '../domain/ids.ts'
import { bounded } from './bounded.ts'

/** How long a look-up may be reused. */
export interface Staleness {
  readonly now: Clock
  readonly cacheSeconds: number
}

/** Approximate overhead per entry, in bytes. */
const ENTRY_BYTES = 400
const MOST_BYTES = 8 * 1024 * 1024

/** Caches look-ups for `cacheSeconds`; 0 disables the cache. */
export function createRecent<Known extends object>({ now, cacheSeconds }: Staleness, max: number) {
  const cache = new LRUCache<string, Known>({
    ...bounded({ entries: max, bytes: MOST_BYTES }, (_: Known, name) => ENTRY_BYTES + 2 * name.length),
    ttl: cacheSeconds * 1000 || 1,
    perf: { now: () => now().getTime() },
    ttlResolution: 0,
  })
  return {
    get: (name: string): Known | undefined => (cacheSeconds === 0 ? undefined : cache.get(name)),
    set(name: string, known: Known): void {
      if (cacheSeconds > 0) cache.set(name, known)
    },
    clear: () => cache.clear(),
  }
}
