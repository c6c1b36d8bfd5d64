import type { Outcome } from './outcome.ts'
import type { Probe } from './provider.ts'

/** Milliseconds for a whole probe, including a request for an access token. */
const PROBE_MILLISECONDS = 5000

/**
 * Any answer other than a credential fault is `ok`. No answer is reported too, but does not concern the
 * credential.
 */
export async function probed(ask: () => Promise<Outcome>): Promise<Probe> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ class: 'temporary', reason: 'timeout', floor: 0 }), PROBE_MILLISECONDS)
  })
  const outcome = await Promise.race([ask(), late]).finally(() => clearTimeout(timer))
  if (outcome.class === 'credential') return { state: 'refused', reason: outcome.reason }
  return { state: 'ok', reason: outcome.class === 'temporary' ? outcome.reason : null }
}
