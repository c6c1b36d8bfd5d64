import type { Call } from '../../sql/port.ts'
import { boundValues, type Statement } from '../../sql/statement.ts'
import { BUSY_TIMEOUT, ready, rowsOf } from '../connection.ts'
import type { Connection } from '../driver.ts'
import { fileWriter } from './file-writer.ts'
import type { Writer } from './writer.ts'

export interface WriterOptions {
  /** How long a plan waits while another process has the lock, in milliseconds. */
  readonly patience: number
}

/** Runs calls on this connection; each statement is prepared once. */
export function runner(client: Connection): (call: Call) => unknown[] {
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

/** Writes on the reading connection in the same thread, for databases in memory, which have only one connection. */
export function ownWriter(client: Connection, { patience }: WriterOptions): Writer {
  const own = fileWriter(client, { run: runner(client), patience, readers: BUSY_TIMEOUT })
  return {
    commit: own.commit,
    async drain() {
      // In a new event loop turn.
      await new Promise((resume) => setImmediate(resume))
      own.drain()
    },
    async scrub() {
      own.scrub()
    },
    async close() {
      own.close()
    },
  }
}
