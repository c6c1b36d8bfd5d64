import { StoreUnavailable } from '../../domain/error.ts'

/** Whether the store can be written and read whole, as far as that can be told without much asking. */
export interface Readiness {
  /** A call failed; what is no trouble of the database is not looked at. Returns the error. */
  noted<Fault extends Error>(error: Fault): Fault
  /** What is wrong, in a sentence, or null. Writes once in some seconds at most, however often it is asked. */
  fault(): Promise<string | null>
}

/** How long it counts that a write went well, or that a call failed. */
const HOLDS = 5000
/** Pages do not mend themselves, and only some calls meet the broken ones. */
const BROKEN_FOR = 300_000

const BROKEN = /SQLITE_(CORRUPT|NOTADB)/

/**
 * `write` writes the probe. It alone says too little: a full disk may have room for its one row and for no registration,
 * so what other calls met counts too.
 */
export function createReadiness(write: () => Promise<unknown>, now: () => number): Readiness {
  let broken: { readonly at: number; readonly code: string } | undefined
  let last: { readonly at: number; readonly fault: string | null } | undefined
  let writing: Promise<unknown> | undefined

  // A clock may be put back.
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
        return `Pages of the database are broken (${broken.code}): restore a backup, or write what is whole into a new file.`
      }
      return last?.fault ?? null
    },
  }
}
