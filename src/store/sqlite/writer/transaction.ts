import type { Connection } from '../driver.ts'

/** The one transaction that a connection can have at a time. */
export interface Transaction {
  /** Takes the write lock. Throws if another process has it. */
  begin(): void
  /** Runs one plan in its own savepoint. If that fails, undoes it, alone if possible, and throws why. */
  attempt<Rows>(plan: () => Rows): Rows
  /** If it throws, nothing was committed. */
  commit(): void
}

export function createTransaction(client: Connection): Transaction {
  const begin = client.prepare('BEGIN IMMEDIATE')
  const commitAll = client.prepare('COMMIT')
  const abortAll = client.prepare('ROLLBACK')
  const savepoint = client.prepare('SAVEPOINT plan')
  const release = client.prepare('RELEASE plan')
  const undo = client.prepare('ROLLBACK TO plan')

  function undoPlan(): void {
    try {
      // A full disk or a broken file has already ended the whole transaction: then there is no savepoint left.
      if (client.inTransaction) {
        undo.run()
        release.run()
      }
    } catch {
      abort()
    }
  }

  function abort(): void {
    try {
      if (client.inTransaction) abortAll.run()
    } catch {
      // SQLite undoes the transaction by itself when it cannot be told to; the next BEGIN says if it is stuck.
    }
  }

  return {
    begin() {
      begin.run()
    },

    attempt(plan) {
      try {
        savepoint.run()
        const rows = plan()
        release.run()
        return rows
      } catch (error) {
        undoPlan()
        throw error
      }
    },

    commit() {
      try {
        commitAll.run()
      } catch (error) {
        abort()
        throw error
      }
    },
  }
}
