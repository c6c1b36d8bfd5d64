/** Work that is done without a request, in pieces: bulk jobs, webhooks, removals, expiry and retention. */
export interface Work {
  readonly name: string
  /** Does one bounded piece; false or 0 when nothing waits. Two processes may do it at the same time. */
  readonly step: () => Promise<number | boolean>
  /**
   * Milliseconds between two looks, for work that should not wait for the next run of the maintenance: a process of its
   * own gives it a runner. Where there is no such process, it takes its turn with the rest.
   */
  readonly every?: number
  /** Most pieces in one run that it shares with other work, for pieces that take many times what others do. */
  readonly most?: number
  /** Removes what is old, so it waits until the clock is trusted. */
  readonly ages?: boolean
}

/** What one run may use: no piece begins once either is used up. */
export interface Budget {
  readonly milliseconds: number
  readonly steps: number
}

export interface Report {
  /** What each work did: the sum of what its pieces returned. */
  readonly done: Readonly<Record<string, number>>
  /** Work that failed is left until the next run; the rest goes on. */
  readonly faults: readonly { readonly chore: string; readonly error: unknown }[]
  /** Whether something may be left to do. */
  readonly more: boolean
}
