import { type Prepared, postgresPlan, valuesFor } from '../sql/engines/postgres.ts'
import type { Call, CommitOptions, Db, Results } from '../sql/port.ts'
import { type Acquiring, planAlone } from './alone.ts'
import { storeError } from './failure.ts'
import { EVERYTHING, lanes } from './lanes.ts'
import type { Step } from './plan-query.ts'
import { BEGIN_EXACT, BEGIN_LOOKING } from './turn.ts'

export interface PlanOptions extends Acquiring {
  /** Most writes that wait at once. */
  readonly waiting: number
  /**
   * How plans that come at once are kept from each other: by the server's own serialization, which every engine of this
   * dialect has, or by locks, which are faster where they are real.
   */
  readonly exact: 'serializable' | 'locks'
  readonly noted: (error: Error) => Error
}

/** Plans over sessions: each one transaction, in one turn of the conversation. */
export function plansOver({ exact, noted, waiting, ...acquiring }: PlanOptions) {
  const alone = planAlone(acquiring)
  const queues = lanes(acquiring, waiting)

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
    // A single statement sees one state of the database by itself.
    read: async <const Plan extends readonly Call[]>(plan: Plan) =>
      (await run(plan, (steps) =>
        alone(plan.length > 1 ? BEGIN_LOOKING : null, steps, true),
      )) as Results<Plan>,
    commit: async <const Plan extends readonly Call[]>(
      plan: Plan,
      { repeatable = false }: CommitOptions = {},
    ) =>
      (await run(plan, (steps) =>
        exact === 'locks'
          ? queues.commit(laneOf(plan), steps, repeatable)
          : alone(BEGIN_EXACT, steps, repeatable),
      )) as Results<Plan>,
    /** Writes that wait for their turn. */
    waiting: () => queues.waiting,
  } satisfies Pick<Db, 'read' | 'commit'> & { waiting: () => number }
}

/** The one app whose rows a plan may touch. */
function laneOf(plan: readonly Call[]): string {
  const [first = EVERYTHING, ...others] = new Set(plan.map(({ values }) => values.app ?? EVERYTHING))
  return others.length > 0 ? EVERYTHING : String(first)
}

function stepOf(statement: Prepared, call: Call | undefined): Step {
  if (!call) throw new Error('a plan has a statement for each call')
  return { statement, values: valuesFor(statement, call) }
}
