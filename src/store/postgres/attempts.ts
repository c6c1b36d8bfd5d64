import { StoreUnavailable } from '../../domain/error.ts'
import { broken, forgotten, undone } from './failure.ts'

/** Why one attempt at a plan failed. */
export interface Fault {
  readonly reason: unknown
  /** False where nothing went to the server: no plan can have happened. */
  readonly sent: boolean
}

/** The longest wait before the second time; before each further one it may be twice as long. */
const FIRST_WAIT = 4
const LONGEST_WAIT = 250
const MOST_ATTEMPTS = 40

/**
 * Milliseconds until a plan is sent once more, or null where it is not. What the server has undone is safe for every plan.
 * Where the connection broke, it may have happened all the same: then only one that may be sent twice.
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

export const overdue = () => new StoreUnavailable('the database is overloaded: a plan did not get its turn')
