import type { Call, Db, Results } from './port.ts'

/** Calls that are appended to another caller's plan. */
export interface Riders {
  /**
   * Appends the calls to the next plan for the cause; `calls` is called then. The returned function ends this and returns
   * whether there was such a plan.
   */
  carry(cause: string, calls: () => Promise<readonly Call[]>): () => boolean
}

/** The same database with appended calls: they share the plan's transaction and round trip. */
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
      // Nothing was written, so the calls join the plan that is tried instead.
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
