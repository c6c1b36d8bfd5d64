import type { Clock } from '../../../domain/ids.ts'
import type { VapidPair } from '../../../secrets/vapid.ts'
import type { Outcome } from '../../outcome.ts'
import { isStale, type Signed, vapidHeader } from './vapid.ts'

/** Origins come from clients' subscriptions: more than these are forgotten, the one that was used longest ago first. */
const MOST_ORIGINS = 1000
/** Throttled answers in a row after which the origin throttles us, and not one subscription. */
const THROTTLED_IN_A_ROW = 5

interface Origin {
  signed: Promise<Signed> | undefined
  stale: (now: Date) => boolean
  throttled: number
}

/** What a lane knows of the push services that its subscriptions lead to. */
export interface Origins {
  /** One signature serves all messages to an origin for hours. */
  authorization(origin: string): Promise<string>
  /** Counts what an origin answers: several refusals in a row are the origin's, not the phone's. */
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
        // While it is being signed, others wait for the same.
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
