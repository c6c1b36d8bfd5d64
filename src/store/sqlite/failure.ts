import { GatewayError, StoreUnavailable } from '../../domain/error.ts'
import { ConstraintViolated } from '../sql/port.ts'
import { refusal } from '../sql/refusals.ts'

/** What SQLite reports when the file, the disk or a lock is in the way, not the statement. */
const PASSING =
  /SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PROTOCOL|INTERRUPT|AUTH|PERM)/

/** How a statement refuses (`refuse` in sql/forms.ts): the only error of SQLite whose text it can choose. */
const REFUSED = /bad JSON path: '?refused: (\w+)/
const TOO_BIG = /SQLITE_TOOBIG|string or blob too big/

/**
 * A driver's error in the words of the port. `text` holds the message and the SQLite code, wherever the driver keeps
 * them. Null for what is neither a refusal nor one of the database's troubles: a bug of ours, which stays as it is.
 */
export function storeFailure(
  text: string,
  cause: unknown,
): ConstraintViolated | StoreUnavailable | GatewayError | null {
  const refused = refusal(REFUSED.exec(text)?.[1], cause)
  if (refused) return refused
  if (TOO_BIG.test(text))
    return new GatewayError('too_large', 'A value is larger than the store takes.', { cause })
  // Other constraints (NOT NULL, a foreign key) are nobody's rule here: such a violation is a bug.
  if (/UNIQUE constraint failed/.test(text)) return new ConstraintViolated(text, { cause })
  return PASSING.test(text) ? new StoreUnavailable(text, { cause }) : null
}
