/** A fault in one call of `batch()`. The message is one of D1's own (Cloudflare, "Debug D1"). */
export type Fault =
  /** The call never reaches the database. */
  | { readonly at: 'before'; readonly message: string }
  /** The database executes it, and the answer is lost. */
  | { readonly at: 'after'; readonly message: string }
  /** The answer is delayed by this many milliseconds. */
  | { readonly at: 'late'; readonly milliseconds: number }
  /** The database executes it, and no answer ever comes. */
  | { readonly at: 'never' }

export const PASSING = 'D1_ERROR: Network connection lost.'
export const OVERLOADED = 'D1_ERROR: D1 DB is overloaded. Requests queued for too long.'

export interface FaultyD1 {
  readonly d1: D1Database
  /** Faults for the next calls, one each; later calls succeed. */
  next(...faults: readonly Fault[]): void
  /** Each call asks for its own fault, until this is set to null. */
  each(choose: (() => Fault | undefined) | null): void
  /** The number of calls so far. */
  readonly calls: number
}

/** The real D1 binding over a connection that fails on request. */
export function faultyD1(real: D1Database): FaultyD1 {
  let waiting: Fault[] = []
  let choose: (() => Fault | undefined) | null = null
  let calls = 0

  async function batch<T>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> {
    calls++
    const fault = waiting.shift() ?? choose?.()
    if (fault?.at === 'before') throw new Error(fault.message)
    const answer = await real.batch<T>(statements)
    if (fault?.at === 'after') throw new Error(fault.message)
    if (fault?.at === 'late') await new Promise((resume) => setTimeout(resume, fault.milliseconds))
    if (fault?.at === 'never') await new Promise(() => {})
    return answer
  }

  const d1 = { prepare: (text: string) => real.prepare(text), batch }
  return {
    // The driver uses only this part of the binding.
    d1: d1 as unknown as D1Database,
    next: (...faults) => {
      waiting = [...faults]
    },
    each: (chooser) => {
      choose = chooser
    },
    get calls() {
      return calls
    },
  }
}
