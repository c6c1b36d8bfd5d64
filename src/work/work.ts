/** Background work, done in batches: bulk jobs, webhooks, removals, expiry and retention. */
export interface Work {
  readonly name: string
  /** Processes one batch; returns the number of rows, false or 0 when idle. Safe to run concurrently. */
  readonly step: () => Promise<number | boolean>
  /**
   * Milliseconds between two checks, for work that should not wait for the next maintenance run: a long-lived process
   * gives it its own runner. On other runtimes it takes its turn with the rest.
   */
  readonly every?: number
  /** Most steps in a run shared with other work, for work whose steps take much longer than others. */
  readonly most?: number
  /** Deletes by age, and therefore runs only while the clock is trusted. */
  readonly ages?: boolean
}

/** Limits of one run: no step begins once either is used up. */
export interface Budget {
  readonly milliseconds: number
  readonly steps: number
}

export interface Report {
  /** Rows per work, summed over its steps. */
  readonly done: Readonly<Record<string, number>>
  /** Work that failed stops until the next run; the rest continues. */
  readonly faults: readonly { readonly chore: string; readonly error: unknown }[]
  /** Whether work may be left. */
  readonly more: boolean
}
