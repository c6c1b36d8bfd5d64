import { StoreUnavailable } from '../../domain/error.ts'
import { broken, forgotten, undone } from './failure.ts'

/** Why one attempt at a plan failed. */
export interface Fault {
  readonly reason: unknown
  /** False if nothing was sent to the server, so that the plan cannot have run. */
  readonly sent: boolean
}

/** The longest wait before the first retry, in milliseconds; it doubles with each further one. */
const FIRST_WAIT = 4
const LONGEST_WAIT = 250
const MOST_ATTEMPTS = 40

/**
 * Milliseconds until a plan is retried; null if it is not. A plan that the server rolled back can always be retried. After
 * a lost connection the plan may have run, so only a repeatable one is.
 */
export function waitBefore(
  attempt: number,
  { reason, sent }: Fault,
  { repeatable, end }: { readonly repeatable: boolean; readonly end: number },
): number | null {
  if (!sent || attempt >= MOST_ATTEMPTS) return null
  const safe = undone(reason) || forgotten(reason) || (repeatable && broken(reason))
  const wait = Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1))
  return safe && performance.now() + wait < end ? wait : null
}

export const pause = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds))

export const overdue = () => new StoreUnavailable('the database is overloaded: a transaction waited too long')
