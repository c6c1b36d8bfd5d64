import type { Log } from './log.ts'

/** After this long, a stop ends whatever has not ended. */
const LONGEST_STOP = 20_000

/** Ends the process at a signal, or after a fault that nobody caught: with everything answered, within a bounded time. */
export function stopWell(log: Log, close: () => Promise<boolean>): void {
  let stopping = false
  const stop = (code: number) => {
    // Once: a terminal signals npm and its child, and npm passes its own signal on.
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), LONGEST_STOP).unref()
    close().then(
      (clean) => process.exit(clean ? code : 1),
      (err) => {
        log.fatal({ err }, 'stopped')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0))
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'stopping')
    stop(1)
  })
}
