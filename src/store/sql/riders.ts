import type { Call, Db, Results } from './port.ts'

/** Calls that ride on a plan that somebody else commits. */
export interface Riders {
  /**
   * The calls go at the end of the next plan for the cause; the function returned ends this, and says whether they did. They are
   * asked for only then.
   */
  carry(cause: string, calls: () => Promise<readonly Call[]>): () => boolean
}

/** The same database, and what rides on its plans: all or nothing with them, and in the same round trip. */
export function ridden(db: Db): { readonly db: Db; readonly riders: Riders } {
  const waiting = new Map<string, () => Promise<readonly Call[]>>()

  function causeOf(plan: readonly Call[]): string | undefined {
    if (waiting.size === 0) return undefined
    for (const { values } of plan)
      if (typeof values.cause === 'string' && waiting.has(values.cause)) return values.cause
    return undefined
  }

  async function commit<const Plan extends readonly Call[]>(
    plan: Plan,
    options?: Parameters<Db['commit']>[1],
  ): Promise<Results<Plan>> {
    const cause = causeOf(plan)
    const calls = cause === undefined ? undefined : waiting.get(cause)
    if (cause === undefined || calls === undefined) return db.commit(plan, options)
    waiting.delete(cause)
    try {
      const results = await db.commit([...plan, ...(await calls())], options)
      return results.slice(0, plan.length) as Results<Plan>
    } catch (error) {
      // Nothing of the plan has happened: what is tried instead of it takes them along.
      waiting.set(cause, calls)
      throw error
    }
  }

  return {
    db: { ...db, commit },
    riders: {
      carry(cause, calls) {
        waiting.set(cause, calls)
        return () => !waiting.delete(cause)
      },
    },
  }
}
