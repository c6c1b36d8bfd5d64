import type { Bound, Db, Statement } from '../port.ts'
import { call } from '../statement.ts'

/** Whether to claim: where a look costs next to nothing, an idle process begins no transaction each second. */
export const anyDueIn = async <Names extends string>(
  db: Db,
  anyDue: Statement<unknown, Names>,
  values: Readonly<Record<Names, Bound>>,
): Promise<boolean> => !db.inThread || (await db.read([call(anyDue, values)]))[0].length > 0
