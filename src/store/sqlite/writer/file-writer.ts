import { BUSY_TIMEOUT, pragmas } from '../connection.ts'
import type { Connection } from '../driver.ts'
import { createGroupCommit, type GroupCommitOptions } from './group-commit.ts'

interface FileWriterOptions<Step, Rows> extends GroupCommitOptions<Step, Rows> {
  /** How long emptying the log waits for readers, in milliseconds; this blocks the writing thread. */
  readonly readers: number
}

/** All writes of a connection in its own thread, with the methods of `Writer`. Databases in memory have no log. */
export function fileWriter<Step, Rows>(
  client: Connection,
  { readers, ...options }: FileWriterOptions<Step, Rows>,
) {
  const group = createGroupCommit(client, options)
  const pragma = pragmas(client)

  function empty(patience: number): void {
    if (client.memory) return
    pragma(`busy_timeout = ${patience}`)
    try {
      pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      pragma(`busy_timeout = ${BUSY_TIMEOUT}`)
    }
  }

  return {
    commit: group.commit,
    drain(): void {
      if (client.memory || !client.open) return
      try {
        pragma('wal_checkpoint(PASSIVE)')
      } catch {
        // The next commit checkpoints, or reports the error.
      }
    },
    scrub: () => empty(readers),
    close(): void {
      pragma(`busy_timeout = ${options.patience}`)
      group.finish()
      empty(options.patience)
    },
  }
}
