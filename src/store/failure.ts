import { ConstraintViolated, StoreUnavailable } from './port.ts'

/** What SQLite reports when the file, the disk or a lock is in the way, not the statement. */
const PASSING =
  /SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PROTOCOL|INTERRUPT|AUTH|PERM)/

/**
 * A driver's error in the words of the port. `text` holds the message and the SQLite code, wherever the driver keeps
 * them. Null for what is none of the database's troubles: a bug of ours, which stays as it is.
 */
export function storeFailure(text: string, cause: unknown): ConstraintViolated | StoreUnavailable | null {
  // Other constraints (NOT NULL, a foreign key) are nobody's rule here: such a violation is a bug.
  if (/UNIQUE constraint failed/.test(text)) return new ConstraintViolated(text, { cause })
  return PASSING.test(text) ? new StoreUnavailable(text, { cause }) : null
}
