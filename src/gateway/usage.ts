import { LRUCache } from 'lru-cache'
import type { Credential } from '../domain/app.ts'
import type { Clock } from '../domain/ids.ts'

/** When credentials were last used: noted in memory, so that no request waits for a write, and stored periodically. */
export interface Usage {
  note(credential: Credential): void
  last(credential: string): Date | null
  any(): boolean
  /** Returns and clears the uses that are not stored yet. */
  take(): readonly { readonly id: string; readonly at: Date }[]
}

/** How often a use of one credential is noted, in milliseconds. */
const EVERY = 3_600_000
const MOST = 10_000

export function createUsage(now: Clock): Usage {
  const noted = new LRUCache<string, number>({ maxSize: MOST, sizeCalculation: () => 1 })
  let waiting = new Map<string, number>()

  return {
    note({ id }) {
      const at = now().getTime()
      const before = noted.get(id)
      if (before !== undefined && at - before < EVERY) return
      noted.set(id, at)
      if (waiting.size < MOST) waiting.set(id, at)
    },
    last(id) {
      const at = noted.peek(id)
      return at === undefined ? null : new Date(at)
    },
    any: () => waiting.size > 0,
    take() {
      const used = [...waiting].map(([id, at]) => ({ id, at: new Date(at) }))
      waiting = new Map()
      return used
    },
  }
}
