/** Consecutive failures, or failures among the last calls, after which a vendor is no longer called. */
const IN_A_ROW = 20
const AMONG = { calls: 100, failures: 50 }
/** The length of a pause in milliseconds: the first, the second, and all later ones. */
const RESTS = [5000, 30_000, 60_000] as const
/** A probe that takes longer counts as failed. */
const LONGEST_PROBE = 120_000

/** Stops calls to a vendor that fails; after a pause, a single call probes whether it has recovered. */
export class Circuit {
  #row = 0
  #last: boolean[] = []
  #rests = 0
  #restingUntil = 0
  #probingSince: number | undefined

  /** Whether a call may be made now; each permitted call must report its result. */
  admits(at: number): boolean {
    // After the clock was set back, no pause may exceed the longest one.
    if (at < this.#restingUntil && this.#restingUntil - at <= RESTS[2]) return false
    if (this.#rests === 0) return true
    const since = this.#probingSince
    if (since !== undefined && at >= since && at - since < LONGEST_PROBE) return false
    this.#probingSince = at
    return true
  }

  succeeded(): void {
    this.#note(true)
    this.#row = 0
    this.#rests = 0
    this.#restingUntil = 0
    this.#probingSince = undefined
  }

  failed(at: number): void {
    this.#note(false)
    this.#row++
    const probed = this.#probingSince !== undefined
    this.#probingSince = undefined
    const failures = this.#last.filter((good) => !good).length
    const often = this.#last.length >= AMONG.calls && failures >= AMONG.failures
    if (!probed && this.#row < IN_A_ROW && !often) return
    this.#restingUntil = at + (RESTS[Math.min(this.#rests, RESTS.length - 1)] ?? 0)
    this.#rests++
    this.#row = 0
    this.#last = []
  }

  #note(good: boolean): void {
    this.#last.push(good)
    if (this.#last.length > AMONG.calls) this.#last.shift()
  }
}
