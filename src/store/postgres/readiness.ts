import { StoreUnavailable } from '../../domain/error.ts'

/** How long it counts that a write went well, or that a call failed: longer than calls that fail are apart. */
const HOLDS = 5000

/** Whether the database can be written: `write` is asked seldom, since every call tells, too. */
export function createReadiness(write: () => Promise<unknown>) {
  let last: { readonly at: number; readonly fault: string | null } | undefined
  let writing: Promise<unknown> | undefined

  /** A call failed; what is no trouble of the database is not looked at. Returns the error. */
  function noted(error: Error): Error {
    if (!(error instanceof StoreUnavailable)) return error
    last = { at: performance.now(), fault: `The database cannot be used: ${error.message}.` }
    return error
  }

  async function probe(): Promise<void> {
    const before = last
    try {
      await write()
      // Other calls may have failed meanwhile.
      if (last === before) last = { at: performance.now(), fault: null }
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    } finally {
      writing = undefined
    }
  }

  return {
    noted,
    /** What is wrong, in a sentence, or null. */
    async fault(): Promise<string | null> {
      // What failed is tried anew each time: a failover ends in seconds.
      if (!last || last.fault !== null || performance.now() - last.at >= HOLDS) {
        writing ??= probe()
        await writing
      }
      return last?.fault ?? null
    },
  }
}
