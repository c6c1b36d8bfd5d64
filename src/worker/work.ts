import type { Pace } from '../gateway/outbox.ts'
import type { Work } from '../work/work.ts'
import type { Log } from './log.ts'

/**
 * One run of the maintenance, a minute before the next. Workers Free allows 50 queries in one invocation, and a fault of
 * D1 may need each piece more than once.
 */
export const BUDGET = { milliseconds: 20_000, steps: 40 }

/**
 * Calls of webhooks in one invocation, which holds six connections at once and, after an answer, lives for half a
 * minute: none begins that could not end.
 */
export const PACE: Pace = { atOnce: 5, each: 2, most: 40, milliseconds: 15_000 }

/** What follows an answer; the cron trigger does the rest. */
export async function some({ name, step, most = 1 }: Work, log: Log): Promise<void> {
  try {
    for (let done = 0; done < most; done++) if (!(await step())) return
  } catch (error) {
    log({ msg: 'maintenance', chore: name, error })
  }
}
