import type { Jobs } from './gateway/jobs.ts'

/** Does the waiting jobs of one process, one step after the other. */
export interface JobRunner {
  /** Goes on at once, if it is not busy already. */
  wake(): void
  /** Resolves when the step that runs has ended; none follows. */
  stop(): Promise<void>
}

/** A fault ends the round; the next wake or tick tries again. */
export function createJobRunner(jobs: Jobs, report: (error: unknown) => void): JobRunner {
  let round: Promise<void> | undefined
  let stopped = false
  let woken = false

  async function run(): Promise<void> {
    try {
      while (!stopped && (woken || (await jobs.step()))) woken = false
    } catch (error) {
      report(error)
    } finally {
      round = undefined
    }
  }

  return {
    wake() {
      woken = round !== undefined
      if (!stopped) round ??= run()
    },
    async stop() {
      stopped = true
      await round
    },
  }
}
