import type { Phone } from '../store/contract/messages.ts'

interface Dying {
  readonly position: number
  readonly phone: Phone
  readonly reason: string
  readonly deadAt: Date
  readonly tolerance: number
}

/** Counts results that indicate a fault of ours rather than of many phones (delivery.md 2.1). */
export interface Doubts {
  /**
   * Counts a token that the service reports as dead without saying so explicitly. Returns true if there are
   * too many.
   */
  dies(one: Dying): boolean
  /** Returns true if there are too many. */
  mismatches(): boolean
  /** Returns true if the message itself is refused. */
  refuses(reason: string): boolean
  /** The dead tokens; none if there are too many. */
  believed(): readonly Dying[]
}

const DYING = { page: 50, part: 0.3 } as const
const MISMATCHES = { page: 20, part: 0.5 } as const
const REFUSALS = 3
/** Reasons that only concern one phone's address. */
const OF_ONE_PHONE: ReadonlySet<string> = new Set([
  'invalid-token',
  'no-endpoint',
  'no-keys',
  'bad-keys',
  'private-address',
  'endpoint-not-https',
])

/** `size`: the number of phones in the page. */
export function createDoubts(size: number): Doubts {
  const dying: Dying[] = []
  const refusals = new Map<string, number>()
  let mismatched = 0
  const tooMany = () => size >= DYING.page && dying.length > size * DYING.part
  return {
    dies(one) {
      dying.push(one)
      return tooMany()
    },
    mismatches() {
      mismatched++
      return size >= MISMATCHES.page && mismatched > size * MISMATCHES.part
    },
    refuses(reason) {
      const count = (refusals.get(reason) ?? 0) + 1
      refusals.set(reason, count)
      return count >= REFUSALS && !OF_ONE_PHONE.has(reason)
    },
    believed: () => (tooMany() ? [] : dying),
  }
}
