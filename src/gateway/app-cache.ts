import { LRUCache } from 'lru-cache'
import type { Clock } from '../domain/ids.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { StoredDialectApp } from '../store/store.ts'
import { bounded } from './bounded.ts'

/** Caches app look-ups, hits and misses. Bounded in entries and bytes, whatever names callers send. */
export interface AppCache {
  /** Undefined if not cached; null for a cached miss. */
  get(name: string): StoredDialectApp | null | undefined
  set(name: string, app: StoredDialectApp | null): void
  clear(): void
  /** The cache's size: entries, and the estimated bytes that bound it. */
  held(): { readonly entries: number; readonly bytes: number }
}

const MOST_KNOWN = { entries: 10_000, bytes: 32 * 1024 * 1024 }
/** Misses have their own cache, so that guessed names evict no app. */
const MOST_UNKNOWN = { entries: 2000, bytes: 1024 * 1024 }
/** Misses expire sooner, so that an app created by another process is found quickly. */
const UNKNOWN_SECONDS = 2
/** Longer names are cached under their hash. */
const LONGEST_KEY = 100
/** Approximate overhead per entry, in bytes. */
const ENTRY_BYTES = 200

export function createAppCache({ now, cacheSeconds }: { now: Clock; cacheSeconds: number }): AppCache {
  const clock = { perf: { now: () => now().getTime() }, ttlResolution: 0 }
  const known = new LRUCache<string, StoredDialectApp>({
    ...clock,
    ...bounded(
      MOST_KNOWN,
      (app: StoredDialectApp, key) => ENTRY_BYTES + 2 * (key.length + JSON.stringify(app).length),
    ),
    ttl: cacheSeconds * 1000,
  })
  const unknownMilliseconds = Math.min(UNKNOWN_SECONDS, cacheSeconds) * 1000
  const unknown = new LRUCache<string, true>({
    ...clock,
    ...bounded(MOST_UNKNOWN, (_: true, key) => ENTRY_BYTES + 2 * key.length),
    ttl: unknownMilliseconds,
  })
  const keyOf = (name: string) => (name.length > LONGEST_KEY ? sha256Hex(name) : name)

  let swept = now().getTime()
  /** lru-cache drops an expired entry only when its key is read again, which may never happen for a guessed name. */
  function sweep(): void {
    const at = now().getTime()
    if (Math.abs(at - swept) < unknownMilliseconds) return
    swept = at
    unknown.purgeStale()
  }

  return {
    get(name) {
      const key = keyOf(name)
      return known.get(key) ?? (unknown.get(key) ? null : undefined)
    },
    set(name, app) {
      if (cacheSeconds === 0) return
      sweep()
      if (app) known.set(keyOf(name), app)
      else unknown.set(keyOf(name), true)
    },
    clear() {
      known.clear()
      unknown.clear()
    },
    held() {
      sweep()
      return {
        entries: known.size + unknown.size,
        bytes: known.calculatedSize + unknown.calculatedSize,
      }
    },
  }
}
