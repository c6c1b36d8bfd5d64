/** Failures in a row, or among the last calls, after which a vendor is left alone. */
const IN_A_ROW = 20
const AMONG = { calls: 100, failures: 50 }
/** For how long, in milliseconds: the first time, the second, and from then on. */
const RESTS = [5000, 30_000, 60_000] as const
/** A probe that does not end by then counts as lost. */
const LONGEST_PROBE = 120_000

/** Leaves a vendor alone while it fails; then a single call tries whether it is back. */
export class Circuit {
  #row = 0
  #last: boolean[] = []
  #rests = 0
  #restingUntil = 0
  #probingSince: number | undefined

  /** Whether a call may be made now; a call that may is expected to report how it ended. */
  admits(at: number): boolean {
    // A clock that was set back must not make anybody wait longer than the longest rest.
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
