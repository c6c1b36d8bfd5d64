/**
 * Resolves at the end of the current stretch of so many milliseconds: whoever waits for it goes on at once with all others, and what
 * they write then is one commit.
 */
export const together = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds - (performance.now() % milliseconds)))
