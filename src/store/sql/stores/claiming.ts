import type { Bound, Db, Statement } from '../port.ts'
import { call } from '../statement.ts'

/**
 * Whether to claim: if a check is nearly free, idle processes avoid a transaction every second; if a claim blocks all apps,
 * they avoid useless ones.
 */
export const anyDueIn = async <Names extends string>(
  db: Db,
  looks: readonly Statement<unknown, Names>[],
  values: Readonly<Record<Names, Bound>>,
): Promise<boolean> =>
  !(db.inThread || db.holdsAll) ||
  (await db.read(looks.map((one) => call(one, values)))).some((rows) => rows.length > 0)

/** The lease of a removal's process in milliseconds, longer than the batches before an answer take. */
const LEASE = 60_000

/** The lease of a caller that begins a removal or waits for its end. If it is interrupted, others continue afterwards. */
export const leaseFrom = (now: Date) => ({
  lease: String(crypto.randomUUID()),
  until: now.getTime() + LEASE,
})
