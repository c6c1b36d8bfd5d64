import type { FeedPace } from '../gateway/feed-calls.ts'
import type { Pace } from '../gateway/outbox.ts'
import type { SendingPace } from '../sending/sending.ts'
import type { ImportPace } from '../transfer/import/imports.ts'
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

/** The same for webhooks of the event feed, where a turn is one page. */
export const FEED_PACE: FeedPace = {
  ...{ hooks: 2, each: 2, page: 20, turn: 5000, most: 8, milliseconds: 10_000 },
}

/**
 * Limits on sending per invocation, for the same reasons: a page has as many requests as one run has time
 * for, and a fifth of the platform's limit remains for access tokens and retries.
 */
export function sendingPace(subrequests: number): SendingPace {
  const phones = Math.floor(subrequests * 0.8)
  const page = Math.min(100, phones)
  const most = Math.min(20, Math.floor(phones / page))
  return {
    ...{ candidates: 500, written: 500, look: 500 },
    ...{ page, pages: Math.min(4, most), atOnce: 6, most, milliseconds: 15_000 },
  }
}

/**
 * How much of an import is done per turn: the rows of a D1 batch, for as long as an invocation may run after
 * an answer.
 */
export const IMPORTING: Omit<ImportPace, 'maxRows'> = {
  rows: () => 50,
  milliseconds: 2000,
  rest: async () => {},
}

/**
 * A queue that signals due work. The database determines what is due, so a superfluous message has no effect.
 */
interface Doorbell {
  send(body: unknown): Promise<unknown>
}

/** Sends to the binding DOORBELL, if it exists; without it, the cron trigger does the remaining work. */
export function bellOf({ DOORBELL }: Readonly<Record<string, unknown>>, log: Log): () => Promise<void> {
  const bell = DOORBELL as Doorbell | undefined
  return async () => {
    await bell?.send(0).catch((error) => log({ msg: 'doorbell', error }))
  }
}

/** Does a few steps of work after an answer; the queue or the cron trigger does the rest. */
export async function runAfterAnswer(work: Work, log: Log): Promise<void> {
  await someOf(work).catch((error) => log({ msg: 'maintenance', chore: work.name, error }))
}

/** Does a few steps; returns whether there was any work. */
export async function someOf({ step, most = 1 }: Work): Promise<boolean> {
  for (let done = 0; done < most; done++) if (!(await step())) return done > 0
  return true
}
