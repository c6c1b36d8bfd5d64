import { read } from '../plan.ts'
import type { Bound, Db, Statement } from '../port.ts'
import { call } from '../statement.ts'
import { json } from './values.ts'

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

interface Looks<Names extends string> {
  readonly dueLanes: Statement<{ readonly lane: string; readonly app: string }, Names>
  readonly anyStray: Statement<unknown, Names>
}
type LaneValues<Names extends string> = Readonly<Record<Names | 'limit', Bound>>
/** What a claim in one app binds besides. */
interface OfApp {
  readonly app: string
  readonly lanes: string
  readonly limit: number
}

/**
 * Claims from lanes. Where a plan for several apps blocks all of them, each app with due rows has a plan of its own: `claim` is
 * given the app, its lanes and their share of the limit. It is given nothing where one plan claims from all apps, and for rows
 * whose time lies beyond the horizon. Throws only if nothing was claimed, because what was claimed would wait for the end of its
 * lease.
 */
export async function claimedByApp<Row, Names extends string>(
  db: Db,
  { dueLanes, anyStray }: Looks<Names>,
  values: LaneValues<Names>,
  claim: (of: OfApp | null) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  if (!db.holdsAll) return claim(null)
  const { lanes, strays } = await read(db, { lanes: call(dueLanes, values), strays: call(anyStray, values) })
  if (strays.length > 0) return claim(null)
  const claims = await Promise.allSettled(sharesOf(lanes, Number(values.limit)).map(claim))
  const rows = claims.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  const failed = claims.find((one) => one.status === 'rejected')
  if (failed && rows.length === 0) throw failed.reason
  return rows
}

/** Shares a limit among lanes; what is left goes to the first ones. */
function sharesOf(due: readonly { readonly lane: string; readonly app: string }[], limit: number): OfApp[] {
  const apps = new Map<string, string[]>()
  const shares = new Map<string, number>()
  for (const [at, { app, lane }] of due.entries()) {
    apps.set(app, [...(apps.get(app) ?? []), lane])
    const share = Math.floor(limit / due.length) + (at < limit % due.length ? 1 : 0)
    shares.set(app, (shares.get(app) ?? 0) + share)
  }
  return [...apps].map(([app, lanes]) => ({ app, lanes: json(lanes), limit: shares.get(app) ?? 0 }))
}

/** The lease of a removal's process in milliseconds, longer than the batches before an answer take. */
const LEASE = 60_000

/** The lease of a caller that begins a removal or waits for its end. If it is interrupted, others continue afterwards. */
export const leaseFrom = (now: Date) => ({
  lease: String(crypto.randomUUID()),
  until: now.getTime() + LEASE,
})
