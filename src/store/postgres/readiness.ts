import { StoreUnavailable } from '../../domain/error.ts'

/** How long the result of a write or a failed call counts, in milliseconds; longer than failing calls are apart. */
const HOLDS = 5000

/** Whether the database is writable. `write` is rarely called, since every other call is evidence too. */
export function createReadiness(write: () => Promise<unknown>) {
  let last: { readonly at: number; readonly fault: string | null } | undefined
  let writing: Promise<unknown> | undefined

  /** Records a failed call, unless the database is not at fault. Returns the error. */
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
    /** The fault in one sentence, or null. */
    async fault(): Promise<string | null> {
      // After a failure, try every time: a failover takes only seconds.
      if (!last || last.fault !== null || performance.now() - last.at >= HOLDS) {
        writing ??= probe()
        await writing
      }
      return last?.fault ?? null
    },
  }
}
