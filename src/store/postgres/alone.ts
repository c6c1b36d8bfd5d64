import { type Fault, pause, waitBefore } from './attempts.ts'
import { broken } from './failure.ts'
import type { Step } from './plan-query.ts'
import type { Session } from './session.ts'
import { COMMIT, rolledBack, turn } from './turn.ts'

export interface Acquiring {
  acquire(): Promise<Session>
  /** Time limit for one plan in milliseconds, including waits. */
  readonly patience: number
}

/**
 * Runs a plan in its own transaction and retries it if the server rolled it back. Returns the rows of the plan's steps. A
 * plan without `BEGIN` is a single statement.
 */
export function planAlone({ acquire, patience }: Acquiring) {
  return async (begin: readonly Step[], own: readonly Step[], repeatable: boolean): Promise<unknown[][]> => {
    const whole = begin.length > 0
    const steps = whole ? [...begin, ...own, COMMIT] : own
    const end = performance.now() + patience
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptAt(acquire, steps, end - performance.now())
      if ('rows' in outcome) return whole ? outcome.rows.slice(begin.length, -1) : outcome.rows
      const wait = waitBefore(attempt, outcome, { repeatable, end })
      if (wait === null) throw outcome.reason
      await pause(wait)
    }
  }
}

type Outcome = { readonly rows: unknown[][] } | Fault

async function attemptAt(
  acquire: Acquiring['acquire'],
  steps: readonly Step[],
  left: number,
): Promise<Outcome> {
  let session: Session
  try {
    session = await acquire()
  } catch (reason) {
    return { reason, sent: false }
  }
  const [answer] = await turn(session, [steps], left).catch((reason: unknown) => [
    { status: 'rejected' as const, reason },
  ])
  if (answer?.status === 'fulfilled') {
    session.release(false)
    return { rows: answer.value }
  }
  const reason: unknown = answer?.reason
  session.release(broken(reason) || (steps.at(-1) === COMMIT && !(await rolledBack(session))))
  return { reason, sent: true }
}
