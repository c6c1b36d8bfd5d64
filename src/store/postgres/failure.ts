import { DatabaseError } from 'pg'
import { GatewayError, StoreUnavailable } from '../../domain/error.ts'
import { ConstraintViolated } from '../sql/port.ts'
import { refusal } from '../sql/refusals.ts'

/** Two plans would not have been possible one after the other: the server undid this one. Nothing of it has happened. */
const AGAIN = ['40001', '40P01']
/** The statement was prepared for a schema that has changed since, or is not known on this connection. */
const FORGOTTEN = ['0A000', '26000']

/** What is no fault of the statement, by class or code (PostgreSQL's documentation, appendix A). */
const PASSING = new RegExp(
  [
    ...['^08', '^53', '^57P', '^58', '^XX00[12]', '^28', '^3D000'],
    ...['25006', '40', '55P03', '57014', '42P01', '42703'].map((code) => `^${code}`),
  ].join('|'),
)

/** A text that the server cannot hold: a zero byte. */
const NO_TEXT = ['22021', '22P05']
/** A row, or a key of an index, that is larger than it takes. */
const TOO_BIG = /^54/
/** How a statement refuses (`refuse` of the forms). */
const REFUSED = /refused: (\w+)/

const codeOf = (error: unknown) => (error instanceof DatabaseError ? (error.code ?? '') : undefined)

/** Whether the same plan may be sent again at once, since the server has undone it. */
export const undone = (error: unknown): boolean => AGAIN.includes(codeOf(error) ?? '')
/** The same, over a connection that has prepared nothing yet. */
export const forgotten = (error: unknown): boolean => FORGOTTEN.includes(codeOf(error) ?? '')

/** The connection is of no use any more: it broke, the server ends it, or is one that only reads. */
export function broken(error: unknown): boolean {
  const code = codeOf(error)
  return code === undefined || /^(08|57P|25006)/.test(code) || forgotten(error)
}

/** The driver's error in the words of the port; one that is none of the database's is a bug, and stays as it is. */
export function storeError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (error instanceof StoreUnavailable || error instanceof GatewayError) return error
  const code = codeOf(error)
  if (error instanceof TypeError || error instanceof RangeError) return error
  if (code === undefined) return new StoreUnavailable(error.message, { cause: error })
  const refused = refusal(REFUSED.exec(error.message)?.[1], error)
  if (refused) return refused
  const text = `${error.message}: ${code}`
  if (code === '23505') return new ConstraintViolated(text, { cause: error })
  if (NO_TEXT.includes(code))
    return new GatewayError('invalid', 'A text holds a zero byte.', { cause: error })
  if (TOO_BIG.test(code))
    return new GatewayError('too_large', 'A value is larger than the store takes.', { cause: error })
  return PASSING.test(code) ? new StoreUnavailable(text, { cause: error }) : error
}
