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
    const done: Done[] = []
    for (const [at, one] of group.entries()) {
      const rows = attempt(one)
      if (rows) done.push({ one, rows })
      else if (!client.inTransaction) {
        // The failed plan took the transaction with it: the others start again without it.
        waiting = [...done.map((other) => other.one), ...group.slice(at + 1), ...waiting]
        schedule()
        return
      }
    }
    commitAll(done)
  }

  function commitAll(done: readonly Done[]): void {
    try {
      transaction.commit()
    } catch (error) {
      const fault = failure(nothingCommitted(error))
      for (const { one } of done) one.reject(fault)
      return
    }
    for (const { one, rows } of done) one.resolve(rows)
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

  function attempt({ plan, reject }: Waiting): unknown[][] | undefined {
    try {
      return transaction.attempt(() => plan.map(run))
    } catch (error) {
      reject(failure(error))
      return undefined
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

function nothingCommitted(error: unknown): StoreUnavailable {
  const code = error instanceof Database.SqliteError ? `: ${error.code}` : ''
  const reason = error instanceof Error ? error.message : error
  return new StoreUnavailable(`nothing was committed: ${reason}${code}`, { cause: error })
}
