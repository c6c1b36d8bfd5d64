import Database from 'better-sqlite3'
import { StoreUnavailable } from '../../domain/error.ts'
import type { Call, Results } from '../sql/port.ts'
import { createTransaction } from './transaction.ts'

interface GroupCommit {
  /** Runs a plan, together with all others that wait. Durable once it resolves. */
  commit<const Plan extends readonly Call[]>(plan: Plan): Promise<Results<Plan>>
  /** Writes everything that waits before it returns. */
  finish(): void
}

interface GroupCommitOptions {
  readonly run: (call: Call) => unknown[]
  /** Milliseconds for which a plan waits while another process holds the lock. */
  readonly patience: number
  /** The error that a caller sees, in the words of the port. */
  readonly failure: (error: unknown) => Error
}

interface Waiting {
  readonly plan: readonly Call[]
  readonly resolve: (rows: unknown[][]) => void
  readonly reject: (error: Error) => void
  readonly since: number
}

interface Done {
  readonly one: Waiting
  readonly rows: unknown[][]
}

const RETRY_EVERY = 20

/**
 * Plans that arrive during one turn of the event loop share one transaction and so one fsync; each runs in its own
 * savepoint, so that one refused plan takes no other with it.
 */
export function createGroupCommit(client: Database.Database, options: GroupCommitOptions): GroupCommit {
  const { run, patience, failure } = options
  const transaction = createTransaction(client)
  let waiting: Waiting[] = []
  let scheduled = false

  function schedule(delay?: number): void {
    if (scheduled) return
    scheduled = true
    if (delay === undefined) setImmediate(flush)
    else setTimeout(flush, delay)
  }

  /** One transaction for all that waits. Nothing is acknowledged before COMMIT has succeeded. */
  function flush(): void {
    scheduled = false
    if (waiting.length === 0 || !begun()) return
    const group = waiting
    waiting = []
    const done = attempted(group)
    if (!done) return
    const fault = committed()
    for (const { one, rows } of done) {
      if (fault) one.reject(fault)
      else one.resolve(rows)
    }
  }

  /** Takes the write lock. While another process has it, the plans wait and the event loop goes on. */
  function begun(): boolean {
    try {
      transaction.begin()
      return true
    } catch (error) {
      const now = performance.now()
      const busy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
      const late = waiting.filter((one) => !busy || !client.open || now - one.since >= patience)
      waiting = waiting.filter((one) => !late.includes(one))
      for (const one of late) one.reject(failure(error))
      if (waiting.length > 0) schedule(RETRY_EVERY)
      return false
    }
  }

  /** Runs each plan of a group. Undefined if a failed one ended the transaction: then the others wait again. */
  function attempted(group: readonly Waiting[]): readonly Done[] | undefined {
    const done: Done[] = []
    for (const [at, one] of group.entries()) {
      try {
        done.push({ one, rows: transaction.attempt(() => one.plan.map(run)) })
      } catch (error) {
        one.reject(failure(error))
        if (client.inTransaction) continue
        // The failed plan took the transaction with it: the others start again without it.
        waiting = [...done.map((other) => other.one), ...group.slice(at + 1), ...waiting]
        schedule()
        return undefined
      }
    }
    return done
  }

  /** Why nothing was committed, if so. */
  function committed(): Error | undefined {
    try {
      transaction.commit()
      return undefined
    } catch (error) {
      const code = error instanceof Database.SqliteError ? `: ${error.code}` : ''
      const text = `nothing was committed: ${error instanceof Error ? error.message : error}${code}`
      return failure(new StoreUnavailable(text, { cause: error }))
    }
  }

  return {
    commit<const Plan extends readonly Call[]>(plan: Plan) {
      return new Promise<Results<Plan>>((resolve, reject) => {
        // By position, each call's own row shape; SQLite has no types to check that against.
        const settle = resolve as (rows: unknown[][]) => void
        waiting.push({ plan, resolve: settle, reject, since: performance.now() })
        schedule()
      })
    },

    finish() {
      while (waiting.length > 0) flush()
    },
  }
}
