import type { Bound, Db, Statement } from '../port.ts'
import { call } from '../statement.ts'

/**
 * Whether to claim: where a look costs next to nothing, an idle process begins no transaction each second; and where one
 * would hold up all apps, it begins none in vain.
 */
export const anyDueIn = async <Names extends string>(
  db: Db,
  looks: readonly Statement<unknown, Names>[],
  values: Readonly<Record<Names, Bound>>,
): Promise<boolean> =>
  !(db.inThread || db.holdsAll) ||
  (await db.read(looks.map((one) => call(one, values)))).some((rows) => rows.length > 0)

/** How long a removal is left to who does its pieces, in milliseconds: longer than those before an answer take. */
const LEASE = 60_000

/** The lease of who begins a removal, or waits until it is done. Where they break off, the rest goes after it. */
export const leaseFrom = (now: Date) => ({
  lease: String(crypto.randomUUID()),
  until: now.getTime() + LEASE,
})
