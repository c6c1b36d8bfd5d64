import type { Outcome } from './outcome.ts'
import type { Probe } from './provider.ts'

/** For everything that a probe does, an exchange for an access token included. */
const PROBE_MILLISECONDS = 5000

/** Any answer that is no credential fault is `ok`; that there was none is shown, but says nothing about the credential. */
export async function probed(ask: () => Promise<Outcome>): Promise<Probe> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ class: 'temporary', reason: 'timeout', floor: 0 }), PROBE_MILLISECONDS)
  })
  const outcome = await Promise.race([ask(), late]).finally(() => clearTimeout(timer))
  if (outcome.class === 'credential') return { state: 'refused', reason: outcome.reason }
  return { state: 'ok', reason: outcome.class === 'temporary' ? outcome.reason : null }
}
