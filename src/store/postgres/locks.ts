import type { Call } from '../sql/port.ts'
import type { Step } from './plan-query.ts'
import { own } from './turn.ts'

/** The lane of plans for no app or several. */
const EVERYTHING = ''

/** The single app whose rows a plan may touch. */
export function laneOf(plan: readonly Call[]): string {
  const [first = EVERYTHING, ...others] = new Set(plan.map(({ values }) => values.app ?? EVERYTHING))
  return others.length > 0 ? EVERYTHING : String(first)
}

/** "pushport" as a number; locked in shared mode by every plan of one app. */
const WHOLE = '8101843063862260341'
const adviseAll = own(`SELECT pg_advisory_xact_lock(${WHOLE})`)()
const adviseApp = own(
  `SELECT pg_advisory_xact_lock_shared(${WHOLE}), pg_advisory_xact_lock(hashtextextended($1, 0))`,
  ['text'],
)
/** Waits for all locked rows, since locking a row takes ROW SHARE on its table. */
const holdApps = own('LOCK TABLE apps IN EXCLUSIVE MODE')()
const holdApp = own('SELECT 1 FROM apps WHERE id = $1 FOR NO KEY UPDATE', ['text'])

/**
 * The first statements of a transaction, which serialize the plans of a lane across gateways: they lock the app's row, or the
 * whole table for plans of no app or several. Transaction poolers (Hyperdrive) do not document advisory locks. On own
 * connections an advisory lock comes first, which also covers an app whose row does not exist yet.
 */
export const locksOf = (lane: string, { advisory }: { readonly advisory: boolean }): readonly Step[] => {
  const [advised, held] = lane === EVERYTHING ? [adviseAll, holdApps] : [adviseApp(lane), holdApp(lane)]
  return advisory ? [advised, held] : [held]
}
