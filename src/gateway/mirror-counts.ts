import type { MirrorCount } from '../store/store.ts'

/** Most rows that wait; beyond, only those that wait already are added to. */
const MOST = 10_000
/** Rows of one write: a database may bound what a statement is given. */
const PIECE = 1000

/** Counts that wait to be written together. */
export interface MirrorCounts {
  /** Writes them once very many wait. */
  add(counts: readonly MirrorCount[]): Promise<void>
  /**
   * What cannot be written waits for the next write. Where only the answer of the database was lost, it is counted twice: counts
   * are to show where a mirror differs, and one that is missing would hide that.
   */
  write(): Promise<void>
}

export function createMirrorCounts(store: (counts: readonly MirrorCount[]) => Promise<void>): MirrorCounts {
  const waiting = new Map<string, MirrorCount>()
  let failed = false

  function wait({ amount, ...of }: MirrorCount): void {
    const key = JSON.stringify([of.appId, of.dialect, of.since.getTime(), of.route, of.name, of.hour])
    const known = waiting.get(key)
    if (known || waiting.size < MOST) waiting.set(key, { ...of, amount: amount + (known?.amount ?? 0) })
  }

  /** In one order everywhere: writes at the same time wait for one another's rows, and never in a circle. */
  function take(): readonly MirrorCount[] {
    const taken = [...waiting].slice(0, PIECE)
    for (const [key] of taken) waiting.delete(key)
    return taken.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count)
  }

  async function write(): Promise<void> {
    while (waiting.size > 0) {
      const taken = take()
      try {
        await store(taken)
        failed = false
      } catch (error) {
        failed = true
        for (const one of taken) wait(one)
        throw error
      }
    }
  }

  return {
    async add(counts) {
      for (const one of counts) wait(one)
      // While writes fail, each call would try in vain.
      if (waiting.size >= MOST && !failed) await write()
    },
    write,
  }
}
