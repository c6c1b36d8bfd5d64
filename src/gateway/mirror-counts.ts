import type { MirrorCount } from '../store/store.ts'

/** Most rows that wait. */
const MOST = 10_000

/** Counts that wait to be written together. */
export interface MirrorCounts {
  add(counts: readonly MirrorCount[]): Promise<void>
  write(): Promise<void>
}

export function createMirrorCounts(store: (counts: readonly MirrorCount[]) => Promise<void>): MirrorCounts {
  let waiting = new Map<string, MirrorCount>()

  async function write(): Promise<void> {
    if (waiting.size === 0) return
    const counts = [...waiting.values()]
    waiting = new Map()
    await store(counts)
  }

  return {
    async add(counts) {
      for (const { amount, ...of } of counts) {
        const key = JSON.stringify([of.appId, of.dialect, of.since.getTime(), of.route, of.name, of.hour])
        waiting.set(key, { ...of, amount: amount + (waiting.get(key)?.amount ?? 0) })
      }
      if (waiting.size >= MOST) await write()
    },
    write,
  }
}
