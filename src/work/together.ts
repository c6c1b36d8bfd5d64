/**
 * Resolves at the end of the current interval of that many milliseconds. All callers waiting for it resume together, so that
 * their writes share one commit.
 */
export const together = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds - (performance.now() % milliseconds)))
