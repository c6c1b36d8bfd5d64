import { type Prepared, postgresPlan, valuesFor } from '../sql/engines/postgres.ts'
import type { Call, CommitOptions, Db, Results } from '../sql/port.ts'
import { storeError } from './failure.ts'
import { laneOf } from './locks.ts'
import type { Step } from './plan-query.ts'

/** How plans reach the server: each plan is one transaction in one round trip. */
export interface Ways {
  read(steps: readonly Step[]): Promise<unknown[][]>
  /** Plans of a lane are serialized. */
  commit(
    steps: readonly Step[],
    how: { readonly lane: string; readonly repeatable: boolean },
  ): Promise<unknown[][]>
}

/** The two methods of a `Db`; `noted` is called with every failure. */
export function plansOver(ways: Ways, noted: (error: Error) => Error) {
  async function run(calls: readonly Call[], send: (steps: readonly Step[]) => Promise<unknown[][]>) {
    if (calls.length === 0) return []
    const steps = postgresPlan(calls).map((statement, at) => stepOf(statement, calls[at]))
    try {
      const rows = await send(steps)
      return rows.map((one, at) => (steps[at]?.statement.answers ? one : []))
    } catch (error) {
      throw noted(storeError(error))
    }
  }

  return {
    read: async <const Plan extends readonly Call[]>(plan: Plan) =>
      (await run(plan, ways.read)) as Results<Plan>,
    commit: async <const Plan extends readonly Call[]>(
      plan: Plan,
      { repeatable = false }: CommitOptions = {},
    ) =>
      (await run(plan, (steps) => ways.commit(steps, { lane: laneOf(plan), repeatable }))) as Results<Plan>,
  } satisfies Pick<Db, 'read' | 'commit'>
}

function stepOf(statement: Prepared, call: Call | undefined): Step {
  if (!call) throw new Error('a plan has a statement for each call')
  return { statement, values: valuesFor(statement, call) }
}
