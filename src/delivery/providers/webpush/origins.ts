import type { Clock } from '../../../domain/ids.ts'
import type { VapidPair } from '../../../secrets/vapid.ts'
import type { Outcome } from '../../outcome.ts'
import { isStale, type Signed, vapidHeader } from './vapid.ts'

/**
 * Most origins that are remembered, because they come from clients' subscriptions; the least recently used is
 * dropped first.
 */
const MOST_ORIGINS = 1000
/**
 * Consecutive throttled answers after which the whole origin counts as throttled, not just one subscription.
 */
const THROTTLED_IN_A_ROW = 5

interface Origin {
  signed: Promise<Signed> | undefined
  stale: (now: Date) => boolean
  throttled: number
}

/** A lane's state per push service of its subscriptions. */
export interface Origins {
  /** One signature is valid for all messages to an origin, for hours. */
  authorization(origin: string): Promise<string>
  /** Counts the answers of an origin: several consecutive refusals concern the origin, not the phone. */
  judged(origin: string, outcome: Outcome): Outcome
}

export function createOrigins(
  contact: () => Promise<{ readonly pair: VapidPair; readonly subject: string }>,
  now: Clock,
): Origins {
  const known = new Map<string, Origin>()

  function of(name: string): Origin {
    const origin = known.get(name) ?? { signed: undefined, stale: () => true, throttled: 0 }
    known.delete(name)
    known.set(name, origin)
    const [oldest] = known.keys()
    if (known.size > MOST_ORIGINS && oldest !== undefined) known.delete(oldest)
    return origin
  }

  async function sign(audience: string): Promise<Signed> {
    const { pair, subject } = await contact()
    return vapidHeader(pair, { audience, subject, now: now() })
  }

  return {
    async authorization(name) {
      const origin = of(name)
      if (origin.signed === undefined || origin.stale(now())) {
        const signing = sign(name)
        origin.signed = signing
        // While a token is being signed, other requests wait for the same one.
        origin.stale = () => false
        signing.then(
          (signed) => {
            origin.stale = (at) => isStale(signed, at)
          },
          () => {
            origin.signed = undefined
          },
        )
      }
      return (await origin.signed).header
    },

    judged(name, outcome) {
      const origin = of(name)
      origin.throttled = outcome.class === 'throttled' ? origin.throttled + 1 : 0
      if (outcome.class !== 'throttled' || origin.throttled < THROTTLED_IN_A_ROW) return outcome
      return { ...outcome, scope: 'part' }
    },
  }
}
