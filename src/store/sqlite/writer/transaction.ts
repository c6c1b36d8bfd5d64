import type { Connection } from '../driver.ts'

/** The only open transaction of a connection. */
export interface Transaction {
  /** Takes the write lock. Throws if another process has it. */
  begin(): void
  /** Runs a plan in its own savepoint. If it fails, undoes only that plan if possible, and throws the error. */
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
      // A full disk or a broken file has already ended the whole transaction, including its savepoints.
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
      // SQLite rolls back on its own if the statement fails; otherwise the next BEGIN reports the error.
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
