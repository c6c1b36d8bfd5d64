import { StoreUnavailable } from '../../domain/error.ts'

/** Whether the store is writable and intact, judged by a probe and by other calls. */
export interface Readiness {
  /** Records a failed call, unless the database is not at fault. Returns the error. */
  noted<Fault extends Error>(error: Fault): Fault
  /** The fault in one sentence, or null. Probes at most once every few seconds, however often it is called. */
  fault(): Promise<string | null>
}

/** How long the result of a write or a failed call counts, in milliseconds. */
const HOLDS = 5000
/** A corrupt page does not recover, and only some calls read it; milliseconds. */
const BROKEN_FOR = 300_000

const BROKEN = /SQLITE_(CORRUPT|NOTADB)/

/**
 * `write` writes the probe. That alone is not enough: a full disk may have room for its single row but for no registration,
 * so failures of other calls count too.
 */
export function createReadiness(write: () => Promise<unknown>, now: () => number): Readiness {
  let broken: { readonly at: number; readonly code: string } | undefined
  let last: { readonly at: number; readonly fault: string | null } | undefined
  let writing: Promise<unknown> | undefined

  // The clock may have been set back.
  const within = (at: number, span: number) => Math.abs(now() - at) < span

  function noted<Fault extends Error>(error: Fault): Fault {
    if (!(error instanceof StoreUnavailable)) return error
    const code = /SQLITE_[A-Z]+/.exec(error.message)?.[0] ?? 'it does not answer'
    last = { at: now(), fault: `The database cannot be used: ${code}.` }
    if (BROKEN.test(code)) broken = { at: now(), code }
    return error
  }

  async function probe(): Promise<void> {
    const before = last
    try {
      await write()
      // Other calls may have failed meanwhile.
      if (last === before) last = { at: now(), fault: null }
    } catch (error) {
      noted(error instanceof Error ? error : new Error(String(error)))
      if (!(error instanceof StoreUnavailable)) throw error
    } finally {
      writing = undefined
    }
  }

  return {
    noted,
    async fault() {
      if (!last || !within(last.at, HOLDS)) {
        writing ??= probe()
        await writing
      }
      if (broken && within(broken.at, BROKEN_FOR)) {
        return `Pages of the database are damaged (${broken.code}): restore a backup, or copy the readable rows into a new file.`
      }
      return last?.fault ?? null
    },
  }
}
