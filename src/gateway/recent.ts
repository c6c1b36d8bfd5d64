import { LRUCache } from 'lru-cache'
import type { Clock } from '../domain/ids.ts'

/** When a look-up is too old to be used. */
export interface Staleness {
  readonly now: Clock
  readonly cacheSeconds: number
}

/** About what an entry costs beside its name. */
const ENTRY_BYTES = 400
const MOST_BYTES = 8 * 1024 * 1024

/** Keeps what was looked up for so many seconds; nothing at all where they are none. */
export function createRecent<Known extends object>({ now, cacheSeconds }: Staleness, max: number) {
  const cache = new LRUCache<string, Known>({
    max,
    maxSize: MOST_BYTES,
    sizeCalculation: (_, name) => ENTRY_BYTES + 2 * name.length,
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
