/** Runs something at intervals, never twice at once. */
export function everySoOften(seconds: number, run: () => Promise<void>) {
  let running: Promise<void> | undefined
  const timer = setInterval(() => {
    running ??= run().finally(() => {
      running = undefined
    })
  }, seconds * 1000).unref()
  return {
    /** Resolves once what runs has ended; nothing follows. */
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
