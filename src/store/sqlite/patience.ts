import { StoreUnavailable } from '../../domain/error.ts'

/** How long a remote database's troubles are borne before the caller is told to try again later. */
export interface Patience {
  /** Most times that one plan is sent. */
  readonly attempts: number
  /** Milliseconds for one plan in all, waits included. */
  readonly milliseconds: number
  /** Longest wait before the second time; before each further one it may be four times as long. */
  readonly firstWait: number
}

export const PATIENCE: Patience = { attempts: 4, milliseconds: 10_000, firstWait: 100 }

/**
 * The errors for which Cloudflare says "retry the operation" ("Debug D1", list of D1_ERRORs). Overload, time and memory
 * limits are not among them: there another try makes it worse.
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
 * Runs a call to a remote database, again where its trouble is a passing one and `repeatable` says that a second time
 * does no harm; the waits between grow and are random, so that callers do not come back together. Throws the last
 * error, or `StoreUnavailable` once the time is over: what was sent may still happen then.
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
