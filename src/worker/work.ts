import type { Pace } from '../gateway/outbox.ts'
import type { SendingPace } from '../sending/sending.ts'
import type { Work } from '../work/work.ts'
import type { Log } from './log.ts'

/**
 * Limits of one maintenance run; runs are a minute apart. Workers Free allows 50 queries per invocation, and D1 failures
 * may require retries.
 */
export const BUDGET = { milliseconds: 20_000, steps: 40 }

/**
 * Limits on webhook calls per invocation, which has six connections and lives for half a minute after an answer. No call
 * starts that could not finish in time.
 */
export const PACE: Pace = { atOnce: 5, each: 2, most: 40, milliseconds: 15_000 }

/**
 * Limits on sending per invocation, for the same reasons; a page is as many requests as one run has time for.
 */
export const SENDING: SendingPace = {
  ...{ candidates: 500, page: 100, pages: 4, atOnce: 6 },
  ...{ most: 20, milliseconds: 15_000 },
}

/** Does a few steps of work after an answer; the cron trigger does the rest. */
export async function runAfterAnswer({ name, step, most = 1 }: Work, log: Log): Promise<void> {
  try {
    for (let done = 0; done < most; done++) if (!(await step())) return
  } catch (error) {
    log({ msg: 'maintenance', chore: name, error })
  }
}
