import type { Clock } from '../../../domain/ids.ts'
import type { Environment } from '../../../domain/push-token.ts'
import type { Outcome } from '../../outcome.ts'
import type { Reply } from './answers.ts'
import { type Credential, type Place, placesOf } from './credential.ts'

/** Milliseconds until an environment that refused the credential is asked again. */
const CLOSED_MILLISECONDS = 3_600_000

export interface Asked {
  readonly place: Place
  readonly reply: Reply
}

/** Selects the environments for a token and combines their answers (delivery.md 4.6). */
export interface Places {
  /** The environments to ask, in order: one or two. */
  order(environment: Environment | undefined): readonly Place[]
  /** The outcome from the answers, in the order in which they were asked. */
  settle(environment: Environment | undefined, asked: readonly Asked[]): Outcome
}

export function createPlaces(credential: Credential, now: Clock): Places {
  /** With one address for both environments there is no other to try, and a token reveals nothing. */
  const single = typeof credential.endpoint === 'string'
  const usable = placesOf(credential)
  const closed = new Map<Place, number>()

  function isOpen(place: Place): boolean {
    const since = closed.get(place)
    return since === undefined || Math.abs(now().getTime() - since) >= CLOSED_MILLISECONDS
  }

  /** One environment accepts the credential that the other refused. */
  function learn(asked: readonly Asked[]): void {
    if (!asked.some(({ reply }) => reply.elsewhere !== 'credential')) return
    const refused = asked.filter(({ reply }) => reply.elsewhere === 'credential')
    for (const { place } of refused) closed.set(place, now().getTime())
  }

  return {
    order(environment = 'unknown') {
      if (single) return [credential.environment]
      const first = environment === 'unknown' ? credential.environment : environment
      const ordered = [...usable].sort((one, other) => Number(other === first) - Number(one === first))
      const open = ordered.filter(isOpen)
      return open.length > 0 ? open : ordered
    },

    settle(environment, asked) {
      learn(asked)
      const last = asked[asked.length - 1]
      if (!last) throw new Error('nothing was asked')
      const { outcome, elsewhere } = last.reply
      const corrects = !single && outcome.class === 'accepted' && environment !== last.place
      if (!elsewhere) return corrects ? { ...outcome, environment: last.place } : outcome
      const denials = asked.filter(({ reply }) => reply.elsewhere === 'token')
      const [denial] = denials
      if (!denial) return outcome
      const dead = denials.length > 1 || denial.place === environment
      // Not reported as the end of the registration, because the wrong host gives the same answer for valid
      // tokens.
      return dead ? { class: 'dead', reason: 'BadDeviceToken', certain: false } : denial.reply.outcome
    },
  }
}
