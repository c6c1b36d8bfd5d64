/** Runs one process's waiting work, one step at a time. */
export interface Runner {
  /** Starts a round, unless one is running; then it looks for work once more. */
  wake(): void
  /** Resolves when the running step has ended; starts no further step. */
  stop(): Promise<void>
}

/** `step` processes one batch and returns false or 0 when idle. An error ends the round; the next `wake` retries. */
export function createRunner(
  step: () => Promise<number | boolean>,
  report: (error: unknown) => void,
): Runner {
  let round: Promise<void> | undefined
  let stopped = false
  let woken = false

  async function run(): Promise<void> {
    try {
      do woken = false
      while (((await step()) || woken) && !stopped)
    } catch (error) {
      report(error)
    } finally {
      round = undefined
    }
  }

  return {
    wake() {
      // The running step may have looked for work before this call.
      woken = true
      if (!stopped) round ??= run()
    },
    async stop() {
      stopped = true
      await round
    },
  }
}
