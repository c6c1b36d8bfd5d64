import type { Call } from '../sql/port.ts'
import type { Step } from './plan-query.ts'
import { own } from './turn.ts'

/** What belongs to no app, or to several. */
const EVERYTHING = ''

/** The one app whose rows a plan may touch. */
export function laneOf(plan: readonly Call[]): string {
  const [first = EVERYTHING, ...others] = new Set(plan.map(({ values }) => values.app ?? EVERYTHING))
  return others.length > 0 ? EVERYTHING : String(first)
}

/** "pushport" as a number, which every plan of an app shares. */
const WHOLE = '8101843063862260341'
const adviseAll = own(`SELECT pg_advisory_xact_lock(${WHOLE})`)()
const adviseApp = own(
  `SELECT pg_advisory_xact_lock_shared(${WHOLE}), pg_advisory_xact_lock(hashtextextended($1, 0))`,
  ['text'],
)
/** It waits for every row that is locked, since those who lock one hold ROW SHARE of the table. */
const holdApps = own('LOCK TABLE apps IN EXCLUSIVE MODE')()
const holdApp = own('SELECT 1 FROM apps WHERE id = $1 FOR NO KEY UPDATE', ['text'])

/**
 * What a transaction takes first, so that plans of a lane wait for each other among all gateways: the row of the app, or
 * the table where a plan is of no app or of several. Poolers of transactions (Hyperdrive) document no advisory locks; where
 * the connection is our own they come before, and so a plan waits there too while its app's row is not there.
 */
export const locksOf = (lane: string, { advisory }: { readonly advisory: boolean }): readonly Step[] => {
  const [advised, held] = lane === EVERYTHING ? [adviseAll, holdApps] : [adviseApp(lane), holdApp(lane)]
  return advisory ? [advised, held] : [held]
}
