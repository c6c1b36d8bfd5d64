import { StoreUnavailable } from '../../../domain/error.ts'
import { type Connection, sqliteCode } from '../driver.ts'
import { createTransaction } from './transaction.ts'

interface GroupCommit<Step, Rows> {
  /**
   * Commits a plan together with all other waiting ones. Durable once it resolves with the rows of each step. Rejects with
   * SQLite's error, or `StoreUnavailable` if the whole group failed: either way, nothing of the plan was written.
   */
  commit(plan: readonly Step[]): Promise<Rows[]>
  /** Writes all waiting plans before it returns. */
  finish(): void
}

export interface GroupCommitOptions<Step, Rows> {
  readonly run: (step: Step) => Rows
  /** How long a plan waits while another process has the lock, in milliseconds. */
  readonly patience: number
}

interface Waiting<Step, Rows> {
  readonly plan: readonly Step[]
  readonly resolve: (rows: Rows[]) => void
  readonly reject: (error: unknown) => void
  readonly since: number
}

interface Done<Step, Rows> {
  readonly one: Waiting<Step, Rows>
  readonly rows: Rows[]
}

const RETRY_EVERY = 20

/**
 * Plans of one event loop turn share one transaction and one fsync; each has its own savepoint, so that a refused plan does
 * not affect the others.
 */
export function createGroupCommit<Step, Rows>(
  client: Connection,
  { run, patience }: GroupCommitOptions<Step, Rows>,
): GroupCommit<Step, Rows> {
  const transaction = createTransaction(client)
  let waiting: Waiting<Step, Rows>[] = []
  let scheduled = false

  function schedule(delay?: number): void {
    if (scheduled) return
    scheduled = true
    if (delay === undefined) setImmediate(flush)
    else setTimeout(flush, delay)
  }

  /** Commits all waiting plans in one transaction. Nothing is acknowledged before COMMIT has succeeded. */
  function flush(): void {
    scheduled = false
    if (waiting.length === 0 || !begun()) return
    const group = waiting
    waiting = []
    const done: Done<Step, Rows>[] = []
    for (const [at, one] of group.entries()) {
      const rows = attempt(one)
      if (rows) done.push({ one, rows })
      else if (!client.inTransaction) {
        // The failed plan ended the transaction: the others start again without it.
        waiting = [...done.map((other) => other.one), ...group.slice(at + 1), ...waiting]
        schedule()
        return
      }
    }
    commitAll(done)
  }

  function commitAll(done: readonly Done<Step, Rows>[]): void {
    try {
      transaction.commit()
    } catch (error) {
      const fault = nothingCommitted(error)
      for (const { one } of done) one.reject(fault)
      return
    }
    for (const { one, rows } of done) one.resolve(rows)
  }

  /** Takes the write lock. While another process has it, plans wait without blocking the event loop. */
  function begun(): boolean {
    try {
      transaction.begin()
      return true
    } catch (error) {
      const now = performance.now()
      const busy = sqliteCode(error)?.startsWith('SQLITE_BUSY') ?? false
      const late = waiting.filter((one) => !busy || !client.open || now - one.since >= patience)
      waiting = waiting.filter((one) => !late.includes(one))
      for (const one of late) one.reject(error)
      if (waiting.length > 0) schedule(RETRY_EVERY)
      return false
    }
  }

  function attempt({ plan, reject }: Waiting<Step, Rows>): Rows[] | undefined {
    try {
      return transaction.attempt(() => plan.map(run))
    } catch (error) {
      reject(error)
      return undefined
    }
  }

  return {
    commit: (plan) =>
      new Promise((resolve, reject) => {
        waiting.push({ plan, resolve, reject, since: performance.now() })
        schedule()
      }),

    finish() {
      while (waiting.length > 0) flush()
    },
  }
}

function nothingCommitted(error: unknown): StoreUnavailable {
  const sqlite = sqliteCode(error)
  const code = sqlite === undefined ? '' : `: ${sqlite}`
  const reason = error instanceof Error ? error.message : error
  return new StoreUnavailable(`nothing was committed: ${reason}${code}`, { cause: error })
}
