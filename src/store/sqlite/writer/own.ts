import type Database from 'better-sqlite3'
import type { Call } from '../../sql/port.ts'
import { boundValues, type Statement } from '../../sql/statement.ts'
import { pragmas, ready, rowsOf } from '../connection.ts'
import { createGroupCommit } from './group-commit.ts'
import type { Writer } from './writer.ts'

export interface WriterOptions {
  /** Milliseconds for which a plan waits while another process holds the lock. */
  readonly patience: number
}

/** Runs one call over this connection; its statement is prepared once. */
export function runner(client: Database.Database): (call: Call) => unknown[] {
  const prepared = new WeakMap<Statement, (call: Call) => unknown[]>()
  return (call) => {
    let run = prepared.get(call.statement)
    if (!run) {
      const { names, run: rows } = ready(client, call.statement.text)
      const objects = rowsOf(names)
      run = (one) => objects(rows(boundValues(one)))
      prepared.set(call.statement, run)
    }
    return run(call)
  }
}

/** Writes over the connection that reads, in the same thread: for a database in memory, which no second one could see. */
export function ownWriter(client: Database.Database, { patience }: WriterOptions): Writer {
  const group = createGroupCommit(client, { run: runner(client), patience })
  const pragma = pragmas(client)
  return {
    commit: (plan) => group.commit(plan),
    async drain() {
      await new Promise((resume) => setImmediate(resume))
      if (client.memory || !client.open) return
      try {
        pragma('wal_checkpoint(PASSIVE)')
      } catch {
        // The next commit does it, or says why it cannot.
      }
    },
    async scrub() {
      if (!client.memory) pragma('wal_checkpoint(TRUNCATE)')
    },
    async close() {
      pragma(`busy_timeout = ${patience}`)
      group.finish()
      if (!client.memory) pragma('wal_checkpoint(TRUNCATE)')
    },
  }
}
