/** What goes wrong with one call of `batch()`. The message is one of D1's own (Cloudflare, "Debug D1"). */
export type Fault =
  /** The call never reaches the database. */
  | { readonly at: 'before'; readonly message: string }
  /** The database does it, and the answer gets lost. */
  | { readonly at: 'after'; readonly message: string }
  /** The answer comes so many milliseconds later. */
  | { readonly at: 'late'; readonly milliseconds: number }
  /** The database does it, and there is never an answer. */
  | { readonly at: 'never' }

export const PASSING = 'D1_ERROR: Network connection lost.'
export const OVERLOADED = 'D1_ERROR: D1 DB is overloaded. Requests queued for too long.'

export interface FaultyD1 {
  readonly d1: D1Database
  /** The next calls meet these, one each; later ones go well. */
  next(...faults: readonly Fault[]): void
  /** Each call asks for its own fault, until told otherwise by null. */
  each(choose: (() => Fault | undefined) | null): void
  /** How many calls there have been. */
  readonly calls: number
}

/** The real D1 binding, over a line that breaks when it is told to. */
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
    // The driver uses no more of the binding than this.
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
