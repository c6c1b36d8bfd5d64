/** Runs a task at intervals, without overlapping runs. */
export function everySoOften(seconds: number, run: () => Promise<void>) {
  let running: Promise<void> | undefined
  const timer = setInterval(() => {
    running ??= run().finally(() => {
      running = undefined
    })
  }, seconds * 1000).unref()
  return {
    /** Resolves when the current run has ended; no further run starts. */
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
