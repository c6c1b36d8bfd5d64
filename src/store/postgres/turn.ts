import { StoreUnavailable } from '../../domain/error.ts'
import type { Prepared, Type } from '../sql/engines/postgres.ts'
import type { Bound } from '../sql/port.ts'
import { PlanQuery, type Step } from './plan-query.ts'
import type { Session } from './session.ts'

/** A statement of the driver itself. */
export const own = (text: string, types: readonly Type[] = []) => {
  const binds = types.map((_, at) => String(at))
  const statement: Prepared = { text, binds, types, answers: false }
  return (...values: readonly Bound[]): Step => ({ statement, values })
}

export const BEGIN_EXACT = own('BEGIN ISOLATION LEVEL SERIALIZABLE')()
export const BEGIN_LOOKING = own('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')()
export const BEGIN = own('BEGIN ISOLATION LEVEL READ COMMITTED')()
export const COMMIT = own('COMMIT')()

/**
 * Planning takes longer than running most statements, and the values do not change the plan. Within the transaction each
 * statement is planned once per connection, with indexes whatever the table's size.
 */
export const PLANNED_ONCE = own(
  `SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)`,
)()
/** A generic plan does not know how small a LIMIT is, and would read far too much. */
export const plannedOnce = ({ statement }: Step): boolean => !/LIMIT \$/.test(statement.text)

/**
 * Sends lists of steps without waiting in between; returns for each whether it succeeded. A failing list does not undo
 * earlier ones. Rejects if the server does not answer within `left` milliseconds.
 */
export function turn({ client, known }: Session, lists: readonly (readonly Step[])[], left: number) {
  const sent = lists.map(
    (steps) =>
      new Promise<unknown[][]>((resolve, reject) => {
        const query = new PlanQuery(steps, known, (error) => (error ? reject(error) : resolve(query.answers)))
        client.query(query)
      }),
  )
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const told = () => reject(new StoreUnavailable('the database did not answer in time'))
    timer = setTimeout(told, Math.max(1, left))
  })
  return Promise.race([Promise.allSettled(sent), late]).finally(() => clearTimeout(timer))
}

/** Rolls back a failed transaction; false if the connection is unusable. */
export const rolledBack = ({ client }: Session): Promise<boolean> =>
  client.query('ROLLBACK').then(
    () => true,
    () => false,
  )
