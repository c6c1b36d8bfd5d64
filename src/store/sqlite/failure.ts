import { GatewayError, StoreUnavailable } from '../../domain/error.ts'
import { ConstraintViolated, type Refusal } from '../sql/port.ts'

/** What SQLite reports when the file, the disk or a lock is in the way, not the statement. */
const PASSING =
  /SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PROTOCOL|INTERRUPT|AUTH|PERM)/

const REFUSALS = {
  tags: 'A device cannot hold so many tags.',
  elements: 'A list cannot hold so many elements.',
  waiting: 'Too many changes of users still wait.',
} as const satisfies Record<Refusal, string>

/** How a statement refuses (`refuse` in sql/forms.ts): the only error of SQLite whose text it can choose. */
const REFUSED = /bad JSON path: '?refused: (\w+)/
const TOO_BIG = /SQLITE_TOOBIG|string or blob too big/

const isRefusal = (name: string): name is Refusal => Object.hasOwn(REFUSALS, name)

/**
 * A driver's error in the words of the port. `text` holds the message and the SQLite code, wherever the driver keeps
 * them. Null for what is neither a refusal nor one of the database's troubles: a bug of ours, which stays as it is.
 */
export function storeFailure(
  text: string,
  cause: unknown,
): ConstraintViolated | StoreUnavailable | GatewayError | null {
  const refused = REFUSED.exec(text)?.[1]
  if (refused !== undefined && isRefusal(refused))
    return new GatewayError('limit', REFUSALS[refused], { cause })
  if (TOO_BIG.test(text))
    return new GatewayError('too_large', 'A value is larger than the store takes.', { cause })
  // Other constraints (NOT NULL, a foreign key) are nobody's rule here: such a violation is a bug.
  if (/UNIQUE constraint failed/.test(text)) return new ConstraintViolated(text, { cause })
  return PASSING.test(text) ? new StoreUnavailable(text, { cause }) : null
}
