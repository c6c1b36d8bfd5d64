import { GatewayError, StoreUnavailable } from '../../domain/error.ts'
import { ConstraintViolated } from '../sql/port.ts'
import { refusal } from '../sql/refusals.ts'

/** SQLite's errors about the file, the disk or a lock, rather than the statement. */
const PASSING =
  /SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PROTOCOL|INTERRUPT|AUTH|PERM)/

/** A refusal by a statement (`refuse` in sql/forms.ts): the only SQLite error whose text a statement can choose. */
const REFUSED = /bad JSON path: '?refused: (\w+)/
const TOO_BIG = /SQLITE_TOOBIG|string or blob too big/

/**
 * Translates a driver's error to one of the port. `text` contains the message and the SQLite code, wherever the driver keeps
 * them. Null for a bug, which is neither a refusal nor a failure of the database and stays as it is.
 */
export function storeFailure(
  text: string,
  cause: unknown,
): ConstraintViolated | StoreUnavailable | GatewayError | null {
  const refused = refusal(REFUSED.exec(text)?.[1], cause)
  if (refused) return refused
  if (TOO_BIG.test(text))
    return new GatewayError('too_large', 'A value is larger than the database accepts.', { cause })
  // Violations of other constraints (NOT NULL, a foreign key) are bugs.
  if (/UNIQUE constraint failed/.test(text)) return new ConstraintViolated(text, { cause })
  return PASSING.test(text) ? new StoreUnavailable(text, { cause }) : null
}
