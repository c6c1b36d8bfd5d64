import type { Bound, Db, Statement } from '../port.ts'
import { call } from '../statement.ts'

/** Whether to claim: where a look costs next to nothing, an idle process begins no transaction each second. */
export const anyDueIn = async <Names extends string>(
  db: Db,
  looks: readonly Statement<unknown, Names>[],
  values: Readonly<Record<Names, Bound>>,
): Promise<boolean> =>
  !db.inThread || (await db.read(looks.map((one) => call(one, values)))).some((rows) => rows.length > 0)
