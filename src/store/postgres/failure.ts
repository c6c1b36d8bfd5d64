import { DatabaseError } from 'pg'
import { GatewayError, StoreUnavailable } from '../../domain/error.ts'
import { ConstraintViolated } from '../sql/port.ts'
import { refusal } from '../sql/refusals.ts'

/** Serialization failure or deadlock: the server rolled back the plan. */
const AGAIN = ['40001', '40P01']
/** The prepared statement is outdated or unknown on this connection. */
const FORGOTTEN = ['0A000', '26000']

/** Failures not caused by the statement, by class or code (PostgreSQL's documentation, appendix A). */
const PASSING = new RegExp(
  [
    ...['^08', '^53', '^57P', '^58', '^XX00[12]', '^28', '^3D000'],
    ...['25006', '40', '55P03', '57014', '42P01', '42703'].map((code) => `^${code}`),
  ].join('|'),
)

/** Text that the server cannot store: a zero byte. */
const NO_TEXT = ['22021', '22P05']
/** A row or index key beyond the server's limit. */
const TOO_BIG = /^54/
/** A refusal by a statement (`refuse` in sql/forms.ts). */
const REFUSED = /refused: (\w+)/

const codeOf = (error: unknown) => (error instanceof DatabaseError ? (error.code ?? '') : undefined)

/** Whether the server rolled back the plan, so that it can be retried immediately. */
export const undone = (error: unknown): boolean => AGAIN.includes(codeOf(error) ?? '')
/** Whether the plan can be retried on a connection without prepared statements. */
export const forgotten = (error: unknown): boolean => FORGOTTEN.includes(codeOf(error) ?? '')

/** Whether the connection is unusable: it broke, the server is ending it, or it is read-only. */
export function broken(error: unknown): boolean {
  const code = codeOf(error)
  return code === undefined || /^(08|57P|25006)/.test(code) || forgotten(error)
}

/** Translates a driver's error to one of the port; errors not raised by the database are bugs and stay as they are. */
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
    return new GatewayError('invalid', 'A text contains a zero byte.', { cause: error })
  if (TOO_BIG.test(code))
    return new GatewayError('too_large', 'A value is larger than the database accepts.', { cause: error })
  return PASSING.test(code) ? new StoreUnavailable(text, { cause: error }) : error
}
