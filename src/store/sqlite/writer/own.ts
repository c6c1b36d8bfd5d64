import type { Call } from '../../sql/port.ts'
import { boundValues, type Statement } from '../../sql/statement.ts'
import { BUSY_TIMEOUT, ready, rowsOf } from '../connection.ts'
import type { Connection } from '../driver.ts'
import { fileWriter } from './file-writer.ts'
import type { Writer } from './writer.ts'

export interface WriterOptions {
  /** Milliseconds for which a plan waits while another process holds the lock. */
  readonly patience: number
}

/** Runs one call over this connection; its statement is prepared once. */
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

/** Writes over the connection that reads, in the same thread: for a database in memory, which no second one could see. */
export function ownWriter(client: Connection, { patience }: WriterOptions): Writer {
  const own = fileWriter(client, { run: runner(client), patience, readers: BUSY_TIMEOUT })
  return {
    commit: own.commit,
    async drain() {
      // In a turn of its own.
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
