import { StoreUnavailable } from '../../domain/error.ts'

/** Limits for retrying calls to a remote database. */
export interface Patience {
  /** Most attempts per plan. */
  readonly attempts: number
  /** Time limit for one plan in milliseconds, including waits. */
  readonly milliseconds: number
  /** The longest wait before the first retry, in milliseconds; it grows fourfold with each further one. */
  readonly firstWait: number
}

export const PATIENCE: Patience = { attempts: 4, milliseconds: 10_000, firstWait: 100 }

/**
 * Errors for which Cloudflare recommends a retry ("Debug D1", list of D1_ERRORs). Overload, time and memory limits are not
 * among them, because retrying makes these worse.
 */
const PASSING = new RegExp(
  [
    'Network connection lost',
    'reset because its code was updated',
    'storage caused object to be reset',
    'Cannot resolve D1 DB due to transient issue',
    "Can't read from request stream because client disconnected",
  ].join('|'),
  'i',
)

/**
 * Calls a remote database and retries transient errors if `repeatable` is set. Delays grow and are random, so that callers do
 * not retry in step. Throws the last error, or `StoreUnavailable` once the time is over; a request that was sent may still
 * be executed then.
 */
export async function patiently<T>(
  send: () => Promise<T>,
  repeatable: boolean,
  { attempts, milliseconds, firstWait }: Patience,
): Promise<T> {
  const end = performance.now() + milliseconds
  for (let attempt = 1; ; attempt++) {
    try {
      return await within(send, end - performance.now(), milliseconds)
    } catch (error) {
      const wait = Math.random() * firstWait * 4 ** (attempt - 1)
      const again = repeatable && attempt < attempts && PASSING.test(String(error))
      if (!again || performance.now() + wait >= end) throw error
      await new Promise((resume) => setTimeout(resume, wait))
    }
  }
}

async function within<T>(send: () => Promise<T>, left: number, whole: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailable(`the database did not answer in ${whole} ms`)), left)
  })
  try {
    return await Promise.race([send(), late])
  } finally {
    clearTimeout(timer)
  }
}
