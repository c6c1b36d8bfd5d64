import { LRUCache } from 'lru-cache'
import type { Clock } from '../domain/ids.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { StoredDialectApp } from '../store/store.ts'

/** What was found under a name, and that nothing was. Bounded in entries and in bytes, whatever names callers try. */
export interface AppCache {
  /** Undefined where nothing is remembered; null for a name that was unknown a moment ago. */
  get(name: string): StoredDialectApp | null | undefined
  set(name: string, app: StoredDialectApp | null): void
  clear(): void
  /** What is held: entries, and bytes by the reckoning that bounds them. */
  held(): { readonly entries: number; readonly bytes: number }
}

const MOST_KNOWN = { entries: 10_000, bytes: 32 * 1024 * 1024 }
/** Apart from the known, so that trying names pushes no app out. */
const MOST_UNKNOWN = { entries: 2000, bytes: 1024 * 1024 }
/** Unknown names are remembered for less: an app that was just created elsewhere should not wait. */
const UNKNOWN_SECONDS = 2
/** A longer name is remembered by its hash. */
const LONGEST_KEY = 100
/** About what an entry costs beside its texts. */
const ENTRY_BYTES = 200

export function createAppCache({ now, cacheSeconds }: { now: Clock; cacheSeconds: number }): AppCache {
  const clock = { perf: { now: () => now().getTime() }, ttlResolution: 0 }
  const known = new LRUCache<string, StoredDialectApp>({
    ...clock,
    max: MOST_KNOWN.entries,
    maxSize: MOST_KNOWN.bytes,
    sizeCalculation: (app, key) => ENTRY_BYTES + 2 * (key.length + JSON.stringify(app).length),
    ttl: cacheSeconds * 1000,
  })
  const unknownMilliseconds = Math.min(UNKNOWN_SECONDS, cacheSeconds) * 1000
  const unknown = new LRUCache<string, true>({
    ...clock,
    max: MOST_UNKNOWN.entries,
    maxSize: MOST_UNKNOWN.bytes,
    sizeCalculation: (_, key) => ENTRY_BYTES + 2 * key.length,
    ttl: unknownMilliseconds,
  })
  const keyOf = (name: string) => (name.length > LONGEST_KEY ? sha256Hex(name) : name)

  let swept = now().getTime()
  /** The library lets go of an expired entry when it is asked for, and nobody asks for a name that was tried once. */
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
