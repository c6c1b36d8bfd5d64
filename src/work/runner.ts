/** Does waiting work of one process, one step after the other. */
export interface Runner {
  /** Goes on at once, if it is not busy already. */
  wake(): void
  /** Resolves when the step that runs has ended; none follows. */
  stop(): Promise<void>
}

/** `step` does a bounded piece; false or 0 where nothing waits. A fault ends the round; the next wake tries again. */
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
      // What is running may have looked already.
      woken = true
      if (!stopped) round ??= run()
    },
    async stop() {
      stopped = true
      await round
    },
  }
}
