import type { Log } from './log.ts'

/** The process exits after this time even if the stop has not finished, in milliseconds. */
const LONGEST_STOP = 20_000

/** Stops the process gracefully on a signal or an uncaught error: requests are answered, in bounded time. */
export function stopGracefully(log: Log, close: () => Promise<boolean>): void {
  let stopping = false
  const stop = (code: number) => {
    // Signals may arrive twice: a terminal signals npm and this process, and npm forwards its own.
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
