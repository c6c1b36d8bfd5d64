import { BUSY_TIMEOUT, pragmas } from '../connection.ts'
import type { Connection } from '../driver.ts'
import { createGroupCommit, type GroupCommitOptions } from './group-commit.ts'

interface FileWriterOptions<Step, Rows> extends GroupCommitOptions<Step, Rows> {
  /** Milliseconds for which an emptying of the log waits for readers; its thread waits, too. */
  readonly readers: number
}

/** All writes over one connection, in its thread: what `Writer` says, for steps of either thread. Databases in memory have no log. */
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
        // The next commit does it, or says why it cannot.
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
