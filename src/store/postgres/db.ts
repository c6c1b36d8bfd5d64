import { StoreUnavailable } from '../../domain/error.ts'
import { type Prepared, postgresPlan, valuesFor } from '../sql/engines/postgres.ts'
import type { Call, CommitOptions, Db, Results } from '../sql/port.ts'
import { broken, forgotten, storeError, undone } from './failure.ts'
import { PlanQuery, type Step } from './plan-query.ts'
import type { Session } from './pool.ts'

export interface Sending {
  acquire(): Promise<Session>
  /** Milliseconds for one plan in all, waits included. */
  readonly patience: number
  readonly noted: (error: Error) => Error
}

const constant = (text: string): Step => ({
  statement: { text, binds: [], types: [], answers: false } satisfies Prepared,
  values: [],
})
/** What plans decide by is what was committed when they began, as if they had come one after the other. */
const BEGIN = constant('BEGIN ISOLATION LEVEL SERIALIZABLE')
const LOOK = constant('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
const COMMIT = constant('COMMIT')
const ROLLBACK = 'ROLLBACK'

/** The longest wait before the second time; before each further one it may be twice as long. */
const FIRST_WAIT = 4
const LONGEST_WAIT = 250
const MOST_ATTEMPTS = 40

/** Plans over sessions: each one transaction, in one turn of the conversation. */
export function plansOver({ acquire, patience, noted }: Sending): Pick<Db, 'read' | 'commit'> {
  async function run(calls: readonly Call[], begin: Step | null, repeatable: boolean): Promise<unknown[][]> {
    if (calls.length === 0) return []
    const own = postgresPlan(calls).map((statement, at) => stepOf(statement, calls[at]))
    const steps = begin ? [begin, ...own, COMMIT] : own
    const end = performance.now() + patience
    for (let attempt = 1; ; attempt++) {
      const left = end - performance.now()
      const [rows, fault] = await attemptOf(acquire, steps, left).then(
        (all) => [all, undefined] as const,
        (error: Failed) => [undefined, error] as const,
      )
      if (rows) return answered(begin ? rows.slice(1, -1) : rows, own)
      const wait = Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1))
      const again = attempt < MOST_ATTEMPTS && performance.now() + wait < end && fault.again(repeatable)
      if (!again) throw noted(storeError(fault.reason))
      await new Promise((resume) => setTimeout(resume, wait))
    }
  }

  return {
    // A single statement sees one state of the database by itself.
    read: async <const Plan extends readonly Call[]>(plan: Plan) =>
      (await run(plan, plan.length > 1 ? LOOK : null, true)) as Results<Plan>,
    commit: async <const Plan extends readonly Call[]>(
      plan: Plan,
      { repeatable = false }: CommitOptions = {},
    ) => (await run(plan, BEGIN, repeatable)) as Results<Plan>,
  }
}

function stepOf(statement: Prepared, call: Call | undefined): Step {
  if (!call) throw new Error('a plan has a statement for each call')
  return { statement, values: valuesFor(statement, call) }
}

const answered = (rows: readonly unknown[][], steps: readonly Step[]) =>
  rows.map((one, at) => (steps[at]?.statement.answers ? one : []))

/** Why one attempt failed. */
class Failed {
  readonly reason: unknown
  /** Nothing was sent: no plan can have happened. */
  readonly #sent: boolean

  constructor(reason: unknown, sent: boolean) {
    this.reason = reason
    this.#sent = sent
  }

  /**
   * Whether to send the plan once more. What the server has undone is safe for every plan. Where the connection broke, it
   * may have happened all the same.
   */
  again(repeatable: boolean): boolean {
    if (!this.#sent) return false
    return undone(this.reason) || forgotten(this.reason) || (repeatable && broken(this.reason))
  }
}

async function attemptOf(acquire: Sending['acquire'], steps: readonly Step[], left: number) {
  const session = await acquire().catch((error: unknown) => {
    throw new Failed(error, false)
  })
  try {
    const rows = await send(session, steps, left)
    session.release(false)
    return rows
  } catch (error) {
    const inTransaction = steps.at(-1) === COMMIT
    const useless = broken(error) || (inTransaction && !(await ended(session)))
    session.release(useless)
    throw new Failed(error, true)
  }
}

function send({ client, known }: Session, steps: readonly Step[], left: number): Promise<unknown[][]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new StoreUnavailable('the database did not answer in time')),
      Math.max(1, left),
    )
    const query = new PlanQuery(steps, known, (error) => {
      clearTimeout(timer)
      if (error) reject(error)
      else resolve(query.rows)
    })
    client.query(query)
  })
}

/** Ends a transaction that failed; false where the connection cannot do that any more. */
async function ended({ client }: Session): Promise<boolean> {
  try {
    await client.query(ROLLBACK)
    return true
  } catch {
    return false
  }
}
